import { sql } from "kysely"
import type { Db } from "./open.ts"

/** The right to run a key and to speak for it. `fence` tells this holder from every other, also of one process. */
export interface Lease {
  readonly key: string
  readonly owner: string
  readonly fence: string
}

/*
 * Leases are the one thing that is timed by the database's clock: processes on several machines must agree on it,
 * and it must go on when a test holds the domain's clock. Domain times never come from the database.
 */

/**
 * Takes the key if nobody holds it, or if its holder's lease has run out.
 *
 * @returns the lease, or undefined while somebody else holds it (also another run of the same process)
 */
export async function takeLease(db: Db, key: string, owner: string, leaseMs: number): Promise<Lease | undefined> {
  const { rows } = await sql<{ fence: string }>`
    update slipway.keys
    set lease_owner = ${owner}, lease_until = ${ahead(leaseMs)}, fence = fence + 1
    where key = ${key} and (lease_owner is null or lease_until < clock_timestamp())
    returning fence`.execute(db)
  return rows[0] && { key, owner, fence: rows[0].fence }
}

/** @returns false if another has taken the key: whoever holds `lease` must not act any more */
export async function renewLease(db: Db, lease: Lease, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    update slipway.keys set lease_until = ${ahead(leaseMs)}
    where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}
    returning 1`.execute(db)
  return rows.length > 0
}

/** Gives the key back early; nothing happens if it has been taken meanwhile. */
export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await sql`
    update slipway.keys set lease_owner = null, lease_until = null
    where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}`.execute(db)
}

/**
 * For a process that is known to be alone (embedded database): whoever held a lease is dead. A key is free at once,
 * unless an attempt was under way: its request may still reach the peer, so `landingMs` are waited out.
 *
 * @returns how many leases there were
 */
export async function inheritLeases(db: Db, landingMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update slipway.keys k set lease_until = least(lease_until, ${ahead(landingMs)})
    where lease_owner is not null and exists (
      select from slipway.outbox o where o.key = k.key and o.status = 'pending' and o.started_at is not null
    )`.execute(db)
  const freed = await sql`
    update slipway.keys k set lease_owner = null, lease_until = null
    where lease_owner is not null and not exists (
      select from slipway.outbox o where o.key = k.key and o.status = 'pending' and o.started_at is not null
    )`.execute(db)
  return Number((numAffectedRows ?? 0n) + (freed.numAffectedRows ?? 0n))
}

export const ahead = (ms: number) => sql`clock_timestamp() + ${ms} * interval '1 millisecond'`
