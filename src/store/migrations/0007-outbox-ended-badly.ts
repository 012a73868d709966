import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

/** Whoever wants a target anew asks whether content before it ended in doubt: few rows ever do. */
export const outboxEndedBadly: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index outbox_ended_badly on slipway.outbox (key, target) where status in ('refused', 'dead')`.execute(
      db,
    )
  },
}
