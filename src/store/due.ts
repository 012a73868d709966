import { sql } from "kysely"
import type { Db } from "./open.ts"

/** `orphaned`: its holder's lease ran out, so its holder is dead or asleep. */
export interface DueKey {
  readonly key: string
  readonly orphaned: boolean
}

/** More are found the next time. */
const BATCH = 500

/**
 * Keys whose timer, or whose next effect, is due at `now`, and those whose holder has died. Keys that somebody
 * works on are left out: whoever holds a key looks again before giving it back.
 */
export async function findDueKeys(db: Db, now: Date): Promise<DueKey[]> {
  const { rows } = await sql<DueKey>`
    select key, lease_owner is not null as orphaned from slipway.keys
    where revisit_at <= ${now} and (lease_owner is null or lease_until < clock_timestamp())
    union
    select key, true from slipway.keys
    where lease_owner is not null and lease_until < clock_timestamp()
    union
    select k.key, k.lease_owner is not null from slipway.outbox o join slipway.keys k using (key)
    where o.status = 'pending' and o.next_at <= ${now}
      and (k.lease_owner is null or k.lease_until < clock_timestamp())
      and not exists (select from slipway.outbox ahead
                      where ahead.key = o.key and ahead.lane = o.lane and ahead.status = 'pending'
                        and ahead.seq < o.seq)
    limit ${BATCH}`.execute(db)
  return rows
}

/** Keys with undecided deliveries that nobody works on: if their wake was lost, this finds them. */
export async function findStrandedKeys(db: Db): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key from slipway.keys k
    where (lease_owner is null or lease_until < clock_timestamp())
      and exists (select from slipway.inbox i where i.key = k.key and i.decided_at is null)`.execute(db)
  return rows.map((row) => row.key)
}

/** Whether any run is under way in whatever process. */
export async function isAnyLeased(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select 1 from slipway.keys where lease_owner is not null and lease_until >= clock_timestamp() limit 1`.execute(db)
  return rows.length > 0
}
