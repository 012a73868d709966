import { existsSync } from "node:fs"
import { type Environment, readEnvironment, type Settings, type SettingsWithoutApp } from "../../config/environment.ts"
import type { AuditRecord, Break, ChainFollower, ChainHead } from "../../model/audit-chain.ts"
import { EMPTY_CHAIN, followChain } from "../../model/audit-chain.ts"
import { type Checkpoint, checkpointSchema } from "../../model/checkpoint.ts"
import { type Audited, auditHead, lastCut, readAudit } from "../../store/audit.ts"
import { type AuditKey, auditKey, isSigned } from "../../store/audit-key.ts"
import { type Db, visitStore } from "../../store/open.ts"
import { StoreError } from "../../store/store-error.ts"
import { ProblemFound } from "../command.ts"

/** The database, and the key of this environment's App where it has one. */
export interface Opened {
  readonly db: Db
  readonly key: AuditKey | undefined
}

/**
 * Opens the database that the environment names, for as long as `use` takes, beside a Slipway that runs on it.
 *
 * @throws ProblemFound with what to do
 */
export async function withDatabase<T>(
  env: Environment,
  doing: "read" | "write",
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const read = readEnvironment(env)
  const settings: Settings | SettingsWithoutApp | undefined = read.ok ? read.settings : read.rest
  if (!settings) throw new ProblemFound(read.ok ? "" : read.problems.join("\n\n"))
  const { database } = settings
  if (database.is === "embedded" && !existsSync(database.dataDir))
    throw new ProblemFound(
      `there is no database: DATABASE_URL is not set, and there is no folder ${database.dataDir} (SLIPWAY_DATA_DIR)`,
    )
  const where = database.is === "server" ? { databaseUrl: database.url, dataDir: "" } : { dataDir: database.dataDir }
  const visited = await visitStore(where, doing).catch((error: unknown) => {
    throw error instanceof StoreError ? new ProblemFound(error.message) : error
  })
  try {
    return await use({ db: visited.db, key: read.ok ? auditKey(read.settings.app.privateKey) : undefined })
  } finally {
    await visited.close()
  }
}

/** Whose signatures count: public keys that the reader knows. Empty: they know none. */
export type Trusted = ReadonlySet<string>

/** A chain that was followed to its end. */
export interface Followed {
  readonly of: Audited
  readonly records: number
  /** Numbers of the first and the last record that are there. */
  readonly from: number
  readonly head: ChainHead
  readonly breaks: readonly Break[]
  /** What is wrong with the place where it was cut off. */
  readonly cut: readonly string[]
  readonly hashAt: ChainFollower["hashAt"]
}

/**
 * Reads a repository's trail from its beginning, or from where it was cut off, as it is at one instant.
 *
 * @param wanted numbers whose hashes are to be kept
 * @param see gets every record
 */
export async function follow(
  db: Db,
  of: Audited,
  trusted: Trusted,
  wanted: readonly number[],
  see: (record: AuditRecord) => void = () => undefined,
): Promise<Followed> {
  // One view of the database: a decision that comes meanwhile would look like a chain that goes on behind its end.
  return await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (transaction) => {
      const start = await startOf(transaction, of, trusted)
      const chain = followChain(of.key, start.head, wanted)
      for await (const record of readAudit(transaction, of.key)) {
        chain.next(record)
        see(record)
      }
      const head = (await auditHead(transaction, of.key)) ?? EMPTY_CHAIN
      const { records, breaks } = chain.end(head)
      return { of, records, from: start.head.sequence + 1, head, breaks, cut: start.wrong, hashAt: chain.hashAt }
    })
}

async function startOf(
  db: Db,
  of: Audited,
  trusted: Trusted,
): Promise<{ readonly head: ChainHead; readonly wrong: readonly string[] }> {
  const stored = await lastCut(db, of.key)
  if (stored === undefined) return { head: EMPTY_CHAIN, wrong: [] }
  const read = checkpointSchema.safeParse(stored)
  if (!read.success)
    return { head: EMPTY_CHAIN, wrong: ["the checkpoint at which it was cut off is not one that Slipway wrote"] }
  const { sequence, hash } = read.data
  const wrong = doubts(read.data, of, trusted)
  return { head: { sequence, hash }, wrong: wrong.map((why) => `the checkpoint at record ${sequence}: ${why}`) }
}

/** Why a checkpoint says nothing about a repository. */
export function doubts(checkpoint: Checkpoint, of: Audited, trusted: Trusted): readonly string[] {
  if (checkpoint.repository.id !== of.key) return ["it is of another repository"]
  if (!isSigned(checkpoint)) return ["its signature is not of what it says"]
  if (trusted.size > 0 && !trusted.has(checkpoint.publicKey))
    return [`it is signed by the key ${checkpoint.publicKey}, which is not known here; --key names one that is`]
  return []
}
