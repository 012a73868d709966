import { sql } from "kysely"
import { type AuditRecord, type ChainHead, chained } from "../model/audit-chain.ts"
import type { AuditEntry } from "../model/decision.ts"
import type { Db } from "./open.ts"

/**
 * Puts entries behind a repository's chain, in the transaction of the decision that they are of.
 *
 * @param head where the chain ends, read from the key's row by a statement that locked it: one writer at a time
 */
export async function appendAudit(
  transaction: Db,
  { key, version, at }: { readonly key: string; readonly version: string; readonly at: Date },
  head: ChainHead,
  entries: readonly AuditEntry[],
): Promise<void> {
  const records = chained(head, entries, { repository: key, version, at: at.toISOString() })
  const last = records.at(-1)
  if (!last) return
  await transaction
    .insertInto("slipway.audit")
    .values(
      records.map(({ sequence, entry, previous, hash }) => ({
        key,
        sequence: String(sequence),
        version,
        at,
        entry: JSON.stringify(entry),
        previous,
        hash,
      })),
    )
    .execute()
  await sql`
    update slipway.keys set audit_sequence = ${last.sequence}, audit_hash = ${last.hash} where key = ${key}`.execute(
    transaction,
  )
}

/** Where a repository's chain ends; undefined: nothing was ever delivered for it. */
export async function auditHead(db: Db, key: string): Promise<ChainHead | undefined> {
  const { rows } = await sql<{ sequence: string; hash: string }>`
    select audit_sequence as sequence, audit_hash as hash from slipway.keys where key = ${key}`.execute(db)
  return rows[0] && { sequence: Number(rows[0].sequence), hash: rows[0].hash }
}

/** So many records are in memory at once, for a trail of many years. */
const PAGE = 1_000

/** A repository's records in the order of their numbers, from the database's one view of an instant or as it grows. */
export async function* readAudit(db: Db, key: string): AsyncGenerator<AuditRecord> {
  let after: { sequence: string; seq: string } = { sequence: "-1", seq: "0" }
  for (;;) {
    const { rows } = await sql<Row>`
      select seq, key, sequence, version, at, entry, previous, hash from slipway.audit
      where key = ${key} and (sequence, seq) > (${after.sequence}, ${after.seq})
      order by sequence, seq limit ${PAGE}`.execute(db)
    for (const row of rows) yield recordOf(row)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last
  }
}

/** Somebody who presses a button again and again does not make an issue of a megabyte. */
const STORY_MOST = 1_000

/** The newest records of a release, oldest first. All of the repository's are looked through: this is asked once a rollback. */
export async function auditOf(db: Db, key: string, release: string): Promise<readonly AuditRecord[]> {
  const { rows } = await sql<Row>`
    select seq, key, sequence, version, at, entry, previous, hash from slipway.audit
    where key = ${key} and entry ->> 'release' = ${release}
    order by sequence desc, seq desc limit ${STORY_MOST}`.execute(db)
  return rows.reverse().map(recordOf)
}

interface Row {
  readonly seq: string
  readonly key: string
  readonly sequence: string
  readonly version: string
  readonly at: Date
  readonly entry: AuditEntry
  readonly previous: string
  readonly hash: string
}

const recordOf = ({ key, sequence, version, at, entry, previous, hash }: Row): AuditRecord => ({
  repository: key,
  sequence: Number(sequence),
  version,
  at: at.toISOString(),
  entry,
  previous,
  hash,
})

/** A repository that has an audit trail, as it was last named. */
export interface Audited {
  readonly key: string
  readonly name: string
}

/** @param name `owner/name`, in any case of letters; undefined: all. A name can have been given to a second repository. */
export async function auditedRepositories(db: Db, name?: string): Promise<readonly Audited[]> {
  const which =
    name === undefined ? sql`true` : sql`lower(repo ->> 'owner' || '/' || (repo ->> 'name')) = ${name.toLowerCase()}`
  const { rows } = await sql<Audited>`
    select key, repo ->> 'owner' || '/' || (repo ->> 'name') as name from slipway.keys
    where ${which} order by lower(repo ->> 'owner' || '/' || (repo ->> 'name')), key`.execute(db)
  return rows
}

/** The newest place up to which a repository's trail was cut off, as it was stored; undefined: it begins with record 1. */
export async function lastCut(db: Db, key: string): Promise<unknown> {
  const { rows } = await sql<{ checkpoint: unknown }>`
    select checkpoint from slipway.audit_checkpoints where key = ${key} order by sequence desc limit 1`.execute(db)
  return rows[0]?.checkpoint
}
