import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { sql } from "kysely"
import { fullName, type Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/** Of what a token may report: one repository by its key, or those of an installation of the App. */
export type Reach =
  | { readonly is: "repository"; readonly key: string }
  | { readonly is: "installation"; readonly installation: string }

/** A token as it is kept; nothing of it can be turned back into the token. */
export interface ReportToken {
  readonly id: string
  /** What the reports are by, as people named it. */
  readonly name: string
  readonly reach: Reach
  /** Empty: all of them. */
  readonly environments: readonly string[]
  /** Whether who has it may ask for drills, too. */
  readonly drills: boolean
  readonly madeAt: Date
  readonly expiresAt?: Date
  /** To the minute. */
  readonly usedAt?: Date
  readonly revokedAt?: Date
}

export type NewToken = Pick<ReportToken, "name" | "reach" | "environments" | "drills" | "expiresAt">

const ID_BYTES = 6
/** 256 bits that nobody can guess: a hash that takes long would protect nothing. */
const SECRET_BYTES = 32
const TOKEN = /^slipway_([0-9a-f]{12})_([\w-]{43})$/

/** @returns the token itself, which is nowhere else, with its id */
export async function createReportToken(
  db: Db,
  { name, reach, environments, drills, expiresAt }: NewToken,
  now: Date,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = randomBytes(ID_BYTES).toString("hex")
  const secret = randomBytes(SECRET_BYTES).toString("base64url")
  await db
    .insertInto("slipway.report_tokens")
    .values({
      id,
      hash: hashOf(secret),
      name,
      repository: reach.is === "repository" ? reach.key : null,
      installation: reach.is === "installation" ? reach.installation : null,
      environments: [...environments],
      drills,
      made_at: now,
      expires_at: expiresAt ?? null,
      used_at: null,
      revoked_at: null,
    })
    .execute()
  return { id, token: `slipway_${id}_${secret}` }
}

const NOBODY = hashOf("")

/**
 * The token that a text is, where it is one that counts. It takes as long for one that nobody has.
 *
 * @returns undefined: it is none, was revoked, or its time is over
 */
export async function reportToken(db: Db, text: string, now: Date): Promise<ReportToken | undefined> {
  const [, id = "", secret = ""] = TOKEN.exec(text) ?? []
  const row = await db.selectFrom("slipway.report_tokens").selectAll().where("id", "=", id).executeTakeFirst()
  const [given, right] = [Buffer.from(hashOf(secret)), Buffer.from(row?.hash ?? NOBODY)]
  // guard: report-token
  const isIt = given.length === right.length && timingSafeEqual(given, right)
  if (!row || !isIt) return undefined
  const token = tokenIn(row)
  // guard: report-token-over
  const isOver = token.revokedAt !== undefined || (token.expiresAt !== undefined && token.expiresAt <= now)
  if (isOver) return undefined
  await sql`
    update slipway.report_tokens set used_at = ${now}
    where id = ${id} and (used_at is null or used_at < ${new Date(now.getTime() - 60_000)})`.execute(db)
  return token
}

/** All of them, the oldest first. */
export async function reportTokens(db: Db): Promise<readonly ReportToken[]> {
  const rows = await db.selectFrom("slipway.report_tokens").selectAll().orderBy("made_at").orderBy("id").execute()
  return rows.map(tokenIn)
}

/** From now on nobody gets in by it. @returns false: there is no such token, or it was revoked before */
export async function revokeReportToken(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("slipway.report_tokens")
    .set({ revoked_at: now })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * The repository that a report is about, among those that its token reaches.
 *
 * @param name `owner/name`, as the report names it, where it does
 */
export async function reportedRepository(
  db: Db,
  reach: Reach,
  name: string | undefined,
): Promise<Repository | undefined> {
  const key = reach.is === "repository" ? reach.key : null
  const { rows } = await sql<{ repo: Repository }>`
    select repo from slipway.keys
    where (key = ${key} or lower((repo ->> 'owner') || '/' || (repo ->> 'name')) = ${name?.toLowerCase() ?? null})
      and state is not null and coalesce((state ->> 'uninstalled')::boolean, false) = false`.execute(db)
  const named = rows.filter(({ repo }) => name === undefined || fullName(repo).toLowerCase() === name.toLowerCase())
  // guard: report-reach
  const reached = named.filter(({ repo }) => isReached(reach, repo))
  return reached.length === 1 ? reached[0]?.repo : undefined
}

const isReached = (reach: Reach, { id, installation }: Repository): boolean =>
  reach.is === "repository" ? id === reach.key : installation === reach.installation

interface Row {
  readonly id: string
  readonly name: string
  readonly repository: string | null
  readonly installation: string | null
  readonly environments: readonly string[]
  readonly drills: boolean
  readonly made_at: Date
  readonly expires_at: Date | null
  readonly used_at: Date | null
  readonly revoked_at: Date | null
}

const tokenIn = (row: Row): ReportToken => ({
  id: row.id,
  name: row.name,
  reach:
    row.repository === null
      ? { is: "installation", installation: row.installation ?? "" }
      : { is: "repository", key: row.repository },
  environments: row.environments,
  drills: row.drills,
  madeAt: row.made_at,
  ...(row.expires_at ? { expiresAt: row.expires_at } : {}),
  ...(row.used_at ? { usedAt: row.used_at } : {}),
  ...(row.revoked_at ? { revokedAt: row.revoked_at } : {}),
})

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex")
}
