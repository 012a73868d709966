import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

const STATEMENTS: readonly string[] = [
  // Of the runs in a row that threw, those whose reason was in Slipway itself: no peer and no database was away.
  `alter table slipway.keys add column broken integer not null default 0`,

  // Why a delivery was given up; it counts as decided then.
  `alter table slipway.inbox add column dead text`,
  `create index inbox_dead on slipway.inbox (seq) where dead is not null`,
  `create index inbox_decided on slipway.inbox (decided_at) where decided_at is not null`,

  // How often an effect that had ended was put back: each end is told by a delivery of its own.
  `alter table slipway.outbox add column revivals integer not null default 0`,
  `create index outbox_ended on slipway.outbox (ended_at) where ended_at is not null`,

  // Keys of appends whose rows were removed for their age. What was said once is never said again.
  `create table slipway.spent_keys (
     key text not null references slipway.keys (key),
     effect_key text not null,
     primary key (key, effect_key)
   )`,
]

/** What a process needs that runs for years: dead deliveries, effects that come back, old rows that go. */
export const upkeep: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
