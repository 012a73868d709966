import { sql } from "kysely"
import type { Envelope } from "../model/decision.ts"
import type { Outcome } from "../model/outcome.ts"
import { ahead, type Lease } from "./lease.ts"
import type { Db } from "./open.ts"

export interface Attempt {
  /** Counted from 1. */
  readonly number: number
  /** An earlier attempt was begun and nobody knows what became of it. */
  readonly mayHaveHappened: boolean
  /** Nothing is begun after it (ISO 8601): the effect's own, or when it was withdrawn. */
  readonly notAfter?: string
}

/**
 * Renews the lease and, if it is still ours, notes durably that an attempt begins, in one statement: a process that
 * was paused while another took the key cannot begin anything.
 *
 * @returns undefined if the key has been taken, or the effect ended, meanwhile
 */
export async function beginAttempt(
  db: Db,
  lease: Lease,
  seq: string,
  leaseMs: number,
  now: Date,
): Promise<Attempt | undefined> {
  const { rows } = await sql<{ number: number; may_have_happened: boolean; not_after: string | null }>`
    with held as (
      update slipway.keys set lease_until = ${ahead(leaseMs)}
      where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}
      returning key
    ), before as (
      select started_at is not null as in_doubt from slipway.outbox where seq = ${seq}
    ), begun as (
      update slipway.outbox o set started_at = ${now}, next_at = least(next_at, ${now}), attempts = attempts + 1
      from held where o.seq = ${seq} and o.status = 'pending'
      returning attempts, envelope #>> '{guard,notAfter}' as not_after
    )
    select begun.attempts as number, before.in_doubt as may_have_happened, begun.not_after from begun, before`.execute(
    db,
  )
  const [row] = rows
  return (
    row && {
      number: row.number,
      mayHaveHappened: row.may_have_happened,
      ...(row.not_after === null ? {} : { notAfter: row.not_after }),
    }
  )
}

/** An effect's end, and how it is told to the next decision. */
export interface End {
  readonly seq: string
  readonly effect: Envelope
  readonly attempt: number
  readonly status: "done" | "refused" | "dead"
  readonly outcome: Exclude<Outcome, { is: "retry" }>
  readonly signals: readonly unknown[]
  readonly now: Date
}

/**
 * Ends an effect: its row, its target's handle and the signal that tells of it, in one transaction.
 *
 * @returns false, and changes nothing, if another has taken the key: its own attempt is the one that counts
 */
export async function endEffect(db: Db, lease: Lease, end: End): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    return (await isHeld(transaction, lease)) && (await writeEnd(transaction, lease.key, end))
  })
}

/**
 * As `endEffect`, in the transaction of whoever has the key's row.
 *
 * @returns false if it has ended already
 */
export async function writeEnd(transaction: Db, key: string, end: End): Promise<boolean> {
  const { rows } = await sql<{ content_hash: string; revivals: number }>`
    update slipway.outbox
    set status = ${end.status}, ended_at = ${end.now}, outcome = ${JSON.stringify(end.outcome)}::jsonb,
        started_at = null, last_error = ${end.outcome.is === "refused" ? end.outcome.because : null}
    where seq = ${end.seq} and status = 'pending'
    returning content_hash, revivals`.execute(transaction)
  if (!rows[0]) return false
  await keepHandle(transaction, key, end, rows[0].content_hash)
  await passDoubtOn(transaction, key, end)
  await sql`
    insert into slipway.inbox (delivery, key, signals, received_at)
    values (${deliveryOf(end, rows[0].revivals)}, ${key}, ${JSON.stringify(end.signals)}::jsonb, ${end.now})
    on conflict do nothing`.execute(transaction)
  return true
}

/** An effect that was put back begins to count its attempts anew; its second end must not pass for the first. */
const deliveryOf = ({ seq, attempt }: End, revivals: number): string =>
  revivals === 0 ? `effect:${seq}:${attempt}` : `effect:${seq}:${attempt}:${revivals}`

async function keepHandle(db: Db, key: string, { effect, outcome }: End, contentHash: string): Promise<void> {
  const { target } = effect
  const written = effect.mode === "replace" ? contentHash : null
  if (outcome.is === "refused") {
    if (outcome.code === "gone") await forget(db, key, target)
    // What the peer shows now is not known: the next content is written, even if it equals the one before.
    else await setContent(db, key, target, null)
  } else if (effect.forgets) {
    await forget(db, key, target)
  } else if (outcome.handle) {
    await sql`
      insert into slipway.handles (key, target, handle, content_hash)
      values (${key}, ${target}, ${JSON.stringify(outcome.handle)}::jsonb, ${written})
      on conflict (key, target) do update set handle = excluded.handle, content_hash = excluded.content_hash`.execute(
      db,
    )
  } else {
    await setContent(db, key, target, written)
  }
}

/**
 * Newer content that waits behind what was given up looks before it makes the target: an attempt before the last may have made it
 * unheard. What is decided later finds that out by itself (`leftInDoubt`, store/commit-decision).
 */
async function passDoubtOn(db: Db, key: string, { seq, effect, attempt, outcome, now }: End): Promise<void> {
  if (effect.mode !== "replace" || attempt <= 1 || outcome.is !== "refused" || outcome.code === "gone") return
  await sql`
    update slipway.outbox set started_at = ${now}
    where key = ${key} and target = ${effect.target} and mode = 'replace' and status = 'pending' and seq > ${seq}
      and started_at is null
      and not exists (select from slipway.handles h where h.key = ${key} and h.target = ${effect.target})`.execute(db)
}

async function setContent(db: Db, key: string, target: string, contentHash: string | null): Promise<void> {
  await sql`
    update slipway.handles set content_hash = ${contentHash} where key = ${key} and target = ${target}`.execute(db)
}

async function forget(db: Db, key: string, target: string): Promise<void> {
  await db.deleteFrom("slipway.handles").where("key", "=", key).where("target", "=", target).execute()
}

/**
 * Puts an effect off. It keeps its place in its lane.
 *
 * @param certain the peer did nothing, and no earlier attempt is in doubt: the next one need not look
 */
export async function postponeEffect(
  db: Db,
  lease: Lease,
  seq: string,
  { nextAt, because, certain }: { nextAt: Date; because: string; certain: boolean },
): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    if (!(await isHeld(transaction, lease))) return false
    await sql`
      update slipway.outbox
      set next_at = ${nextAt}, last_error = ${because}, started_at = case when ${certain} then null else started_at end
      where seq = ${seq} and status = 'pending'`.execute(transaction)
    return true
  })
}

/** Locks the key against being taken, but not against ingests. */
async function isHeld(db: Db, lease: Lease): Promise<boolean> {
  const { rows } = await sql`
    select 1 from slipway.keys
    where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}
    for no key update`.execute(db)
  return rows.length > 0
}
