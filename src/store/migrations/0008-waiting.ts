import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

/** Which gates a repository's releases and deployments wait for, as its last decision left it; null: none. */
export const waiting: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table slipway.keys add column waiting jsonb`.execute(db)
  },
}
