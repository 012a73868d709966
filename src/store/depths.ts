import { sql } from "kysely"
import type { Db } from "./open.ts"

/** How much waits, for `/metrics`. */
export interface Depths {
  readonly inbox: number
  /** Age of the oldest undecided delivery in seconds; 0 if there is none. */
  readonly inboxAgeSeconds: number
  readonly outbox: number
  /** Effects that were given up after every retry, and deliveries on which every run threw. */
  readonly dead: number
}

/** Counts what waits; the partial indexes hold only these rows. */
export async function readDepths(db: Db, now: Date): Promise<Depths> {
  const { rows } = await sql<{ inbox: number; oldest: Date | null; outbox: number; dead: number }>`
    select (select count(*)::int from slipway.inbox where decided_at is null) as inbox,
           (select min(received_at) from slipway.inbox where decided_at is null) as oldest,
           (select count(*)::int from slipway.outbox where status = 'pending') as outbox,
           (select count(*)::int from slipway.outbox where status = 'dead')
             + (select count(*)::int from slipway.inbox where dead is not null) as dead`.execute(db)
  const row = rows[0]
  if (!row) throw new Error("the counts of inbox and outbox came back empty")
  const age = row.oldest ? Math.max(0, now.getTime() - row.oldest.getTime()) / 1000 : 0
  return { inbox: row.inbox, inboxAgeSeconds: age, outbox: row.outbox, dead: row.dead }
}
