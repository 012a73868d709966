import { sql } from "kysely"
import type { Envelope } from "../model/decision.ts"
import type { Handle, Handles } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"
import { type Lease, releaseLease } from "./lease.ts"
import type { Db } from "./open.ts"

/** Everything known of a key at one instant. */
export interface View {
  readonly repo: Repository
  readonly state: unknown
  readonly version: string
  readonly revisitAt: Date | undefined
  readonly failures: number
  /** Of the failures in a row, those that no peer and no database explains. */
  readonly broken: number
  /** Undecided, oldest first. */
  readonly inbox: readonly InboxRow[]
  readonly handles: Handles
  /** The first pending effect of every lane: the only ones that may be applied. */
  readonly heads: readonly PendingEffect[]
}

interface InboxRow {
  readonly seq: string
  /** The sender's id of it. */
  readonly delivery: string
  readonly signals: readonly unknown[]
  readonly receivedAt: Date
}

export interface PendingEffect {
  readonly seq: string
  readonly lane: string
  readonly effect: Envelope
  readonly attempts: number
  readonly nextAt: Date
}

/** `rest`: nothing is due; give the lease back, and look again at `revisitAt`. */
export type Next = { readonly is: "go" } | { readonly is: "rest"; readonly revisitAt: Date | undefined }

/** So many rows are decided on in one run; the rest in the next. */
const INBOX_BATCH = 500

/**
 * Reads a key and, if `judge` finds that nothing is due, gives the lease back in the same transaction.
 *
 * The row is locked FOR UPDATE first, and by a statement of its own: an ingest in flight holds it FOR KEY SHARE, so
 * we wait for its commit, and the statements after it see what was committed. An ingest that comes later finds the
 * lease free, so no delivery can fall between "nothing there" and "given back".
 *
 * @returns undefined if another has taken the key
 */
export async function look(
  db: Db,
  lease: Lease,
  judge: (view: View) => Next,
): Promise<{ view: View; released: boolean } | undefined> {
  return await db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("slipway.keys")
      .selectAll()
      .where("key", "=", lease.key)
      .forUpdate()
      .executeTakeFirst()
    if (!row || row.fence !== lease.fence || row.lease_owner !== lease.owner) return undefined
    const view: View = {
      repo: row.repo,
      state: row.state ?? undefined,
      version: row.version,
      revisitAt: row.revisit_at ?? undefined,
      failures: row.failures,
      broken: row.broken,
      inbox: await readInbox(transaction, lease.key),
      handles: await readHandles(transaction, lease.key),
      heads: await readHeads(transaction, lease.key),
    }
    const next = judge(view)
    if (next.is === "go") return { view, released: false }
    if (next.revisitAt?.getTime() !== view.revisitAt?.getTime()) {
      await sql`update slipway.keys set revisit_at = ${next.revisitAt ?? null} where key = ${lease.key}`.execute(
        transaction,
      )
    }
    await releaseLease(transaction, lease)
    return { view, released: true }
  })
}

async function readInbox(db: Db, key: string): Promise<InboxRow[]> {
  const rows = await db
    .selectFrom("slipway.inbox")
    .select(["seq", "delivery", "signals", "received_at"])
    .where("key", "=", key)
    .where("decided_at", "is", null)
    .orderBy("seq")
    .limit(INBOX_BATCH)
    .execute()
  return rows.map(({ received_at, ...row }) => ({ ...row, receivedAt: received_at }))
}

async function readHandles(db: Db, key: string): Promise<Handles> {
  const rows = await db.selectFrom("slipway.handles").select(["target", "handle"]).where("key", "=", key).execute()
  const handles: { [target: string]: Handle } = {}
  for (const { target, handle } of rows) handles[target] = handle
  return handles
}

async function readHeads(db: Db, key: string): Promise<PendingEffect[]> {
  const { rows } = await sql<{ seq: string; lane: string; envelope: Envelope; attempts: number; next_at: Date }>`
    select distinct on (lane) seq, lane, envelope, attempts, next_at
    from slipway.outbox where key = ${key} and status = 'pending'
    order by lane, seq`.execute(db)
  return rows.map(({ envelope, next_at, ...rest }) => ({ ...rest, effect: envelope, nextAt: next_at }))
}
