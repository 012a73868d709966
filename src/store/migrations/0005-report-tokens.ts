import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

const STATEMENTS: readonly string[] = [
  // Who may report deployments. Of the token itself only a hash is here.
  `create table slipway.report_tokens (
     id text primary key,
     hash text not null,
     name text not null,
     repository text references slipway.keys (key),
     installation text,
     environments text[] not null default '{}',
     made_at timestamptz not null,
     expires_at timestamptz,
     used_at timestamptz,
     revoked_at timestamptz,
     check ((repository is null) <> (installation is null))
   )`,
]

/** Tokens of systems outside of GitHub that say what they deployed. */
export const reportTokens: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
