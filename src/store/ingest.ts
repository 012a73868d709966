import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { Db, Store } from "./open.ts"

export interface Delivery {
  /** The sender's id of this delivery: a second one with the same id is a redelivery. */
  readonly id: string
  readonly key: string
  readonly repo: Repository
  readonly signals: readonly unknown[]
  readonly receivedAt: Date
  /** It need not be looked at before then. Absent: at once. */
  readonly mayWaitUntil?: Date | undefined
  /** A person waits for what it leads to: it is looked at before what nobody waits for. */
  readonly isUrgent?: boolean
}

/**
 * Keeps a delivery and wakes its key, in one transaction. When this resolves, both are on disk.
 *
 * A key whose timer stands and comes soon enough is not woken: a burst would be looked at once a delivery, each time
 * with all that has gathered, only to wait on. The timer cannot vanish unseen. Who clears it holds the key, and looks
 * before giving it back; that look waits for our lock on the key row, and so finds what we kept.
 *
 * The key row is locked FOR KEY SHARE before the wake is sent. A wake may coalesce into one that is queued; the run
 * of that one reads with FOR UPDATE and so waits for us. Without the lock it could have read already, and the
 * delivery would lie there unseen.
 */
export async function ingest(store: Store, delivery: Delivery): Promise<"stored" | "duplicate"> {
  return await store.db.transaction().execute(async (transaction) => {
    let kept = await keep(transaction, delivery)
    if (!kept.known) {
      await nameKey(transaction, delivery)
      kept = await keep(transaction, delivery)
    }
    if (!kept.stored) return "duplicate"
    if (!kept.named) await nameKey(transaction, delivery)
    if (!kept.awaited)
      await store.wakes.send(transaction, delivery.key, delivery.isUrgent ? "somebody waits" : undefined)
    return "stored"
  })
}

interface Kept {
  readonly known: boolean
  readonly named: boolean
  readonly stored: boolean
  /** The key's timer will look at it in time. */
  readonly awaited: boolean
}

/** One round trip for the usual case: lock the known key and insert the row. */
async function keep(db: Db, delivery: Delivery): Promise<Kept> {
  const { rows } = await sql<Kept>`
    with locked as (
      select key, repo, revisit_at from slipway.keys where key = ${delivery.key} for key share
    ), stored as (
      insert into slipway.inbox (delivery, key, signals, received_at)
      select ${delivery.id}, key, ${JSON.stringify(delivery.signals)}::jsonb, ${delivery.receivedAt}::timestamptz from locked
      on conflict do nothing
      returning 1
    )
    select exists (select from locked) as known,
           coalesce((select repo = ${JSON.stringify(delivery.repo)}::jsonb from locked), false) as named,
           exists (select from stored) as stored,
           coalesce((select revisit_at <= ${delivery.mayWaitUntil ?? null}::timestamptz from locked), false) as awaited`.execute(
    db,
  )
  return rows[0] ?? { known: false, named: false, stored: false, awaited: false }
}

/** A repository keeps its id through a rename or transfer; its names are whatever was said last. */
async function nameKey(db: Db, { key, repo }: Delivery): Promise<void> {
  await sql`
    insert into slipway.keys (key, repo) values (${key}, ${JSON.stringify(repo)}::jsonb)
    on conflict (key) do update set repo = excluded.repo`.execute(db)
}

/**
 * Makes the key's run due at `now`, whatever it waits for, and wakes it. The version moves on, so that a run that has
 * already looked at the world does not count as the look that is asked for here.
 *
 * @returns false if the key is unknown
 */
export async function wakeKey(store: Store, key: string, now: Date): Promise<boolean> {
  return await store.db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update slipway.keys set revisit_at = ${now}, version = version + 1 where key = ${key} returning 1`.execute(
      transaction,
    )
    if (rows.length === 0) return false
    await store.wakes.send(transaction, key)
    return true
  })
}
