import { sql } from "kysely"
import type { Lease } from "./lease.ts"
import type { Db } from "./open.ts"

/**
 * After a run that threw: nothing of it is kept, its deliveries stay, and it is tried again at `until`.
 *
 * @param why `broken`: the reason was in Slipway itself, and the same deliveries will do it again
 * @param tried the last delivery that it had read
 */
export async function postponeRun(
  db: Db,
  lease: Lease,
  {
    until,
    why,
    tried,
  }: { readonly until: Date; readonly why: "unavailable" | "broken"; readonly tried: string | undefined },
): Promise<void> {
  await sql`
    update slipway.keys
    set failures = failures + 1, broken = broken + ${why === "broken" ? 1 : 0}::int, revisit_at = ${until},
        tried = greatest(tried, ${tried ?? "0"}::bigint)
    where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner}`.execute(db)
}

/**
 * Gives a delivery up: it counts as decided, and says why. The key is free of its failures and looks at once at what
 * is true without it.
 *
 * @returns false, and changes nothing, if another has taken the key
 */
export async function buryDelivery(
  db: Db,
  lease: Lease,
  { seq, version, because, now }: { seq: string; version: string; because: string; now: Date },
): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update slipway.keys set failures = 0, broken = 0, revisit_at = ${now}
      where key = ${lease.key} and fence = ${lease.fence} and lease_owner = ${lease.owner} returning 1`.execute(
      transaction,
    )
    if (rows.length === 0) return false
    await transaction
      .updateTable("slipway.inbox")
      .set({ decided_at: now, decided_version: version, dead: because })
      .where("key", "=", lease.key)
      .where("seq", "=", seq)
      .where("decided_at", "is", null)
      .execute()
    return true
  })
}

/** Ends deliveries that need no decision: echoes of our own writes. Nothing happens if another has taken the key. */
export async function dismiss(
  db: Db,
  lease: Lease,
  inbox: readonly string[],
  version: string,
  now: Date,
): Promise<void> {
  await db
    .updateTable("slipway.inbox")
    .set({ decided_at: now, decided_version: version })
    .where("key", "=", lease.key)
    .where("seq", "in", [...inbox])
    .where("decided_at", "is", null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("slipway.keys")
          .select("key")
          .where("key", "=", lease.key)
          .where("fence", "=", lease.fence)
          .where("lease_owner", "=", lease.owner),
      ),
    )
    .execute()
}
