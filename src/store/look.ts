import { sql } from "kysely"
import type { Envelope } from "../model/decision.ts"
import type { Handles } from "../model/outcome.ts"
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
  /** The last row of the inbox that the run had read that failed. */
  readonly tried: string
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
      tried: row.tried,
      ...(await readRest(transaction, lease.key)),
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

/** As JSON has it: times are texts. */
interface Rest {
  readonly inbox: readonly (Omit<InboxRow, "receivedAt"> & { readonly received_at: string })[]
  readonly handles: Handles
  readonly heads: readonly (Omit<PendingEffect, "nextAt"> & { readonly next_at: string })[]
}

/**
 * All that stands in other tables, in one statement: a key is looked at after each of its effects. `seq` becomes text in the
 * outermost list alone: a column of that name and type would be what `order by seq` goes by, and "10" comes before "9".
 */
async function readRest(db: Db, key: string): Promise<Pick<View, "inbox" | "handles" | "heads">> {
  const { rows } = await sql<Rest>`
    select
      (select coalesce(json_agg(json_build_object('seq', undecided.seq::text, 'delivery', delivery, 'signals', signals,
           'received_at', received_at) order by undecided.seq), '[]') from (
         select seq, delivery, signals, received_at from slipway.inbox
         where key = ${key} and decided_at is null order by seq limit ${INBOX_BATCH}) undecided) as inbox,
      (select coalesce(json_object_agg(target, handle), '{}') from slipway.handles where key = ${key}) as handles,
      (select coalesce(json_agg(json_build_object('seq', head.seq::text, 'lane', lane, 'effect', envelope,
           'attempts', attempts, 'next_at', next_at) order by lane), '[]') from (
         select distinct on (lane) seq, lane, envelope, attempts, next_at from slipway.outbox
         where key = ${key} and status = 'pending' order by lane, seq) head) as heads`.execute(db)
  const { inbox = [], handles = {}, heads = [] } = rows[0] ?? {}
  return {
    inbox: inbox.map(({ received_at, ...row }) => ({ ...row, receivedAt: new Date(received_at) })),
    handles,
    heads: heads.map(({ next_at, ...head }) => ({ ...head, nextAt: new Date(next_at) })),
  }
}
