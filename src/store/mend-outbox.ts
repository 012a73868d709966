import { sql } from "kysely"
import type { AuditEntry, Envelope } from "../model/decision.ts"
import type { Json } from "../model/json.ts"
import type { Outcome } from "../model/outcome.ts"
import { appendAudit } from "./audit.ts"
import type { Db } from "./open.ts"
import { type OutboxRow, outboxRow } from "./outbox.ts"

/** Who mends, when, and what is said of it in the audit trail. */
export interface Mending {
  readonly id: string
  readonly by: string
  readonly now: Date
  /** The account and the machine it was done on: the name is whatever was claimed. */
  readonly from: string
}

/**
 * What came of it. `missing`: there is no such effect or delivery. `over`: it ended otherwise. `busy`: it is being tried at
 * this moment. `uninstalled`: the App was taken away from there. `redecided`: its end was decided on already, and what is to
 * follow it is decided anew, by whom `kind` concerns. `dropped in doubt`: it was begun, and nobody knows whether it was done.
 */
export type Mended =
  | { readonly is: "missing" | "busy" | "uninstalled" }
  | { readonly is: "over"; readonly status: string }
  | { readonly is: "redecided"; readonly kind: string }
  | {
      readonly is: "mended"
      readonly how: "at once" | "looked at again" | "newer was written" | "dropped" | "dropped in doubt"
    }

/** A request that was begun may take effect for as long as this: nothing looks for it before (engine/apply-effect). */
const LANDING_MS = 60_000

interface Key {
  readonly key: string
  readonly version: string
  readonly head: { readonly sequence: number; readonly hash: string }
  readonly held: boolean
  readonly uninstalled: boolean
}

/**
 * Has a delivery or an effect tried again. What waits is tried at once. What ended was decided on, so that it is not done
 * as it was: its repository is looked at again, which writes anew what pages show and puts back what was to be said.
 *
 * @param isTriedAgain whether a look puts an append of this target back
 * @param look the signal that asks for a look
 */
export async function retryStuck(
  db: Db,
  mending: Mending,
  { isTriedAgain, look }: { readonly isTriedAgain: (target: string) => boolean; readonly look: Json },
): Promise<Mended> {
  return await mend(db, mending, "outbox retried", {
    async delivery(transaction, seq, key) {
      if (key.uninstalled) return { is: "uninstalled" }
      await sql`
        update slipway.inbox set decided_at = null, decided_version = null, dead = null
        where key = ${key.key} and seq = ${seq}`.execute(transaction)
      await nudge(transaction, key, mending.now)
      return { is: "mended", how: "looked at again" }
    },
    async effect(transaction, row, key) {
      if (row.status === "done" || row.status === "superseded" || row.code === "dropped")
        return { is: "over", status: row.code ?? row.status }
      if (key.uninstalled) return { is: "uninstalled" }
      if (row.status === "pending") {
        const landed = row.started_at ? row.started_at.getTime() + LANDING_MS : 0
        const at = new Date(Math.max(mending.now.getTime(), landed))
        await sql`update slipway.outbox set next_at = least(next_at, ${at}) where seq = ${row.seq}`.execute(transaction)
        return { is: "mended", how: "at once" }
      }
      if (row.mode === "append" && !isTriedAgain(row.target)) return { is: "redecided", kind: row.kind }
      // It is not what is to be written now; what is, the look finds.
      if (row.mode === "replace")
        await sql`update slipway.outbox set status = 'superseded' where seq = ${row.seq}`.execute(transaction)
      if (row.mode === "replace" && (await isWrittenSince(transaction, row)))
        return { is: "mended", how: "newer was written" }
      await hear(transaction, key, mending.now, look)
      return { is: "mended", how: "looked at again" }
    },
  })
}

/**
 * Takes a dead delivery or an effect out: it is not tried again. Of an effect that waited the next decision hears that it
 * was refused; one that was begun, and of which nobody heard, may have been done before all the same: what is written in its place
 * looks first, and not before the request has landed or never will.
 *
 * @param ended the signal that tells of an effect's end
 */
export async function dropStuck(
  db: Db,
  mending: Mending & { readonly because: string },
  ended: (effect: Envelope, outcome: Outcome) => Json,
): Promise<Mended> {
  const because = `dropped by ${mending.by}: ${mending.because}`
  return await mend(db, mending, "outbox dropped", {
    async delivery(transaction, seq, key) {
      await sql`update slipway.inbox set dead = null where key = ${key.key} and seq = ${seq}`.execute(transaction)
      return { is: "mended", how: "dropped" }
    },
    async effect(transaction, row, key) {
      if (row.status === "done" || row.status === "superseded" || row.code === "dropped")
        return { is: "over", status: row.code ?? row.status }
      if (row.status === "pending" && row.started_at && key.held) return { is: "busy" }
      const isInDoubt = row.started_at !== null
      const why = isInDoubt ? `${because}; it was begun before, and may have been done all the same` : because
      const outcome: Outcome = { is: "refused", code: "dropped", because: why }
      const landed = row.started_at && new Date(row.started_at.getTime() + LANDING_MS)
      await sql`
        update slipway.outbox
        set status = 'refused', next_at = coalesce(${landed}, next_at), ended_at = coalesce(ended_at, ${mending.now}),
            last_error = ${why}, outcome = ${JSON.stringify(outcome)}::jsonb
        where seq = ${row.seq}`.execute(transaction)
      if (row.status !== "pending") return { is: "mended", how: "dropped" }
      if (row.mode === "replace" && landed) await passDoubtOn(transaction, row, landed)
      // What the peer shows is not known: the next content is written, even if it equals the one before.
      await sql`
        update slipway.handles set content_hash = null where key = ${key.key} and target = ${row.target}`.execute(
        transaction,
      )
      await hear(transaction, key, mending.now, ended(row.envelope, outcome))
      return { is: "mended", how: isInDoubt ? "dropped in doubt" : "dropped" }
    },
  })
}

interface Ways {
  /** Of a delivery that is dead. */
  delivery(db: Db, seq: string, key: Key): Promise<Mended>
  effect(db: Db, row: OutboxRow, key: Key): Promise<Mended>
}

/** What is mended, and what the audit trail says of it, in one transaction that has the key's row. */
async function mend(
  db: Db,
  mending: Mending & { readonly because?: string },
  what: string,
  ways: Ways,
): Promise<Mended> {
  const [, kind, seq = ""] = /^([de])(\d{1,18})$/.exec(mending.id) ?? []
  if (kind === undefined) return { is: "missing" }
  return await db.transaction().execute(async (transaction) => {
    const of = kind === "e" ? await outboxRow(transaction, seq) : await deadDelivery(transaction, seq)
    const key = of && (await lockKey(transaction, of.key))
    // Read anew, as it stands now that nobody else can end it.
    const row = key && kind === "e" ? await outboxRow(transaction, seq) : undefined
    const delivery = key && kind === "d" ? await deadDelivery(transaction, seq) : undefined
    if (!key || (!row && !delivery)) return { is: "missing" }
    const mended = row ? await ways.effect(transaction, row, key) : await ways.delivery(transaction, seq, key)
    if (mended.is !== "mended") return mended
    const { id, by, now, from, because } = mending
    const about: AuditEntry["facts"] = row
      ? { effect: row.envelope.key, kind: row.kind, target: row.target, was: row.status }
      : { delivery: delivery?.delivery ?? "" }
    const inDoubt = mended.how === "dropped in doubt" ? { inDoubt: true } : {}
    const release = row && /^(?:draft|thread|reply|mail|post|pull|comment):(\d+)\b/.exec(row.target)?.[1]
    const facts = { id, ...about, ...inDoubt, from, ...(because === undefined ? {} : { because }) }
    const entry: AuditEntry = { what, by, facts, ...(release === undefined ? {} : { release }) }
    await appendAudit(transaction, { key: key.key, version: key.version, at: now }, key.head, [entry])
    return mended
  })
}

async function lockKey(db: Db, key: string): Promise<Key | undefined> {
  const { rows } = await sql<{
    version: string
    audit_sequence: string
    audit_hash: string
    held: boolean
    uninstalled: boolean
  }>`
    select version, audit_sequence, audit_hash,
           lease_owner is not null and lease_until >= clock_timestamp() as held,
           coalesce((state ->> 'uninstalled')::boolean, false) as uninstalled
    from slipway.keys where key = ${key} for update`.execute(db)
  const [row] = rows
  return (
    row && {
      key,
      version: row.version,
      head: { sequence: Number(row.audit_sequence), hash: row.audit_hash },
      held: row.held,
      uninstalled: row.uninstalled,
    }
  )
}

async function deadDelivery(
  db: Db,
  seq: string,
): Promise<{ readonly key: string; readonly delivery: string } | undefined> {
  const { rows } = await sql<{ key: string; delivery: string }>`
    select key, delivery from slipway.inbox where seq = ${seq} and dead is not null`.execute(db)
  return rows[0]
}

/** Newer content that waits behind it looks before it makes the target; what is decided later does so by itself (commit-decision). */
async function passDoubtOn(db: Db, { seq, key, target, started_at }: OutboxRow, landed: Date): Promise<void> {
  await sql`
    update slipway.outbox
    set started_at = coalesce(started_at, ${started_at}), next_at = greatest(next_at, ${landed})
    where key = ${key} and target = ${target} and mode = 'replace' and status = 'pending' and seq > ${seq}`.execute(db)
}

async function isWrittenSince(db: Db, { seq, key, target }: OutboxRow): Promise<boolean> {
  const { rows } = await sql`
    select 1 from slipway.outbox
    where key = ${key} and target = ${target} and mode = 'replace' and seq > ${seq} and status in ('done', 'pending')
    limit 1`.execute(db)
  return rows.length > 0
}

/** A delivery of ours, named by the record that tells of it. */
async function hear(db: Db, key: Key, now: Date, signal: Json): Promise<void> {
  await sql`
    insert into slipway.inbox (delivery, key, signals, received_at)
    values (${`outbox:${key.head.sequence + 1}`}, ${key.key}, ${JSON.stringify([signal])}::jsonb, ${now})`.execute(db)
  await nudge(db, key, now)
}

/** No wake is sent from here: whoever runs looks for keys that are due every few seconds (engine/poll). */
async function nudge(db: Db, { key }: Key, now: Date): Promise<void> {
  await sql`
    update slipway.keys set revisit_at = least(coalesce(revisit_at, ${now}), ${now}) where key = ${key}`.execute(db)
}
