import { sql } from "kysely"
import type { Lease } from "./lease.ts"
import type { Db } from "./open.ts"

/** After a run that threw: nothing of it is kept, its deliveries stay, and it is tried again at `until`. */
export async function postponeRun(db: Db, lease: Lease, until: Date): Promise<void> {
  await sql`
    update slipway.keys set failures = failures + 1, revisit_at = ${until}
    where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}`.execute(db)
}

/** Ends deliveries that need no decision: echoes of our own writes. */
export async function dismiss(
  db: Db,
  key: string,
  inbox: readonly string[],
  version: string,
  now: Date,
): Promise<void> {
  await db
    .updateTable("slipway.inbox")
    .set({ decided_at: now, decided_version: version })
    .where("key", "=", key)
    .where("seq", "in", [...inbox])
    .where("decided_at", "is", null)
    .execute()
}
