import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

/** Up to which delivery the run had read that failed last: who presses a button after that starts one of their own. */
export const tried: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table slipway.keys add column tried bigint not null default 0`.execute(db)
  },
}
