import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

/** Tokens that may ask for drills as well. Those from before may not: nobody gave them that. */
export const drillTokens: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table slipway.report_tokens add column drills boolean not null default false`.execute(db)
  },
}
