import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

const STATEMENTS: readonly string[] = [
  // What is done every few minutes, by one process at a time, and what it has to remember until then.
  `create table slipway.chores (
     name text primary key,
     begun_at timestamptz not null,
     memory jsonb
   )`,

  // Webhooks that GitHub could not deliver, until they have come, or are too old to be had.
  `create table slipway.missed_deliveries (
     guid text primary key,
     repository text,
     attempt text not null,
     only_word boolean not null,
     delivered_at timestamptz not null,
     asked integer not null default 0,
     next_at timestamptz not null
   )`,

  // When it was last looked whether anything of a repository was missed.
  `alter table slipway.keys add column looked_at timestamptz not null default clock_timestamp()`,
  `create index keys_looked on slipway.keys (looked_at)`,
  `create index inbox_glances on slipway.inbox (decided_at) where delivery like 'glance:%'`,
]

/** What is needed to notice that something never arrived. */
export const missedDeliveries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
