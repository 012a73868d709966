import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

const STATEMENTS: readonly string[] = [
  // What a key wants to hear of that happens elsewhere: `repository:acme/web`, `issue:acme/web#812`.
  `alter table slipway.keys add column listens text[] not null default '{}'`,
  `create index keys_listens on slipway.keys using gin (listens)`,
]

/** Repositories of one account that wait for each other. */
export const listeners: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
