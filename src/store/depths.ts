import { sql } from "kysely"
import type { Waiting } from "../model/waiting.ts"
import type { Db } from "./open.ts"

/** How much waits, for `/metrics`. */
export interface Depths {
  readonly inbox: number
  /** Age of the oldest undecided delivery in seconds; 0 if there is none. */
  readonly inboxAgeSeconds: number
  readonly outbox: number
  /** Age of the oldest effect that is not applied in seconds; 0 if there is none. */
  readonly outboxAgeSeconds: number
  /** Effects that were given up after every retry, and deliveries on which every run threw. */
  readonly dead: number
  /** Keys whose last run threw. */
  readonly failing: number
  readonly waiting: readonly Waiting[]
  /** Webhooks that GitHub could not deliver, and that have not come since. */
  readonly missed: number
}

interface Counts {
  readonly inbox: number
  readonly inbox_oldest: Date | null
  readonly outbox: number
  readonly outbox_oldest: Date | null
  readonly dead: number
  readonly failing: number
  readonly waiting: readonly Waiting[] | null
  readonly missed: number
}

/** Counts what waits; the partial indexes hold only these rows, and of a key its large state is not read. */
export async function readDepths(db: Db, now: Date): Promise<Depths> {
  const { rows } = await sql<Counts>`
    select (select count(*)::int from slipway.inbox where decided_at is null) as inbox,
           (select min(received_at) from slipway.inbox where decided_at is null) as inbox_oldest,
           (select count(*)::int from slipway.outbox where status = 'pending') as outbox,
           (select min(created_at) from slipway.outbox where status = 'pending') as outbox_oldest,
           (select count(*)::int from slipway.outbox where status = 'dead')
             + (select count(*)::int from slipway.inbox where dead is not null) as dead,
           (select count(*)::int from slipway.missed_deliveries) as missed,
           (select count(*)::int from slipway.keys where failures > 0) as failing,
           (select jsonb_agg(summed) from (
              select w.of, w.gate, w.state, sum(w.count)::int as count
              from slipway.keys, jsonb_to_recordset(waiting) as w (of text, gate text, state text, count int)
              where waiting is not null group by 1, 2, 3) as summed) as waiting`.execute(db)
  const row = rows[0]
  if (!row) throw new Error("the counts of inbox and outbox came back empty")
  const age = (oldest: Date | null): number => (oldest ? Math.max(0, now.getTime() - oldest.getTime()) / 1000 : 0)
  const { inbox, outbox, dead, failing, missed } = row
  return {
    inbox,
    inboxAgeSeconds: age(row.inbox_oldest),
    outbox,
    outboxAgeSeconds: age(row.outbox_oldest),
    dead,
    failing,
    waiting: row.waiting ?? [],
    missed,
  }
}
