import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

const STATEMENTS: readonly string[] = [
  `create table slipway.keys (
     key text primary key,
     repo jsonb not null,
     state jsonb,
     version bigint not null default 0,
     revisit_at timestamptz,
     failures integer not null default 0,
     lease_owner text,
     lease_until timestamptz,
     fence bigint not null default 0,
     check ((lease_owner is null) = (lease_until is null))
   )`,
  `create index keys_revisit on slipway.keys (revisit_at) where revisit_at is not null`,
  `create index keys_leased on slipway.keys (lease_until) where lease_owner is not null`,

  `create table slipway.inbox (
     delivery text not null,
     key text not null references slipway.keys (key),
     seq bigint generated always as identity,
     signals jsonb not null,
     received_at timestamptz not null,
     decided_at timestamptz,
     decided_version bigint,
     primary key (delivery, key)
   )`,
  `create index inbox_undecided on slipway.inbox (key, seq) where decided_at is null`,

  `create table slipway.outbox (
     seq bigint generated always as identity primary key,
     key text not null references slipway.keys (key),
     effect_key text not null,
     kind text not null,
     target text not null,
     lane text not null,
     mode text not null check (mode in ('replace', 'append')),
     envelope jsonb not null,
     content_hash text not null,
     status text not null default 'pending' check (status in ('pending', 'done', 'superseded', 'refused', 'dead')),
     attempts integer not null default 0,
     started_at timestamptz,
     next_at timestamptz not null,
     last_error text,
     created_at timestamptz not null,
     ended_at timestamptz,
     outcome jsonb,
     unique (key, effect_key),
     check ((status = 'pending') = (ended_at is null))
   )`,
  `create index outbox_pending_lane on slipway.outbox (key, lane, seq) where status = 'pending'`,
  `create index outbox_pending_next on slipway.outbox (next_at) where status = 'pending'`,
  `create index outbox_dead on slipway.outbox (seq) where status = 'dead'`,

  `create table slipway.handles (
     key text not null references slipway.keys (key),
     target text not null,
     handle jsonb not null,
     content_hash text,
     primary key (key, target)
   )`,

  `create table slipway.audit (
     seq bigint generated always as identity primary key,
     key text not null references slipway.keys (key),
     version bigint not null,
     at timestamptz not null,
     entry jsonb not null
   )`,
  `create index audit_by_key on slipway.audit (key, seq)`,
  // A trail that can be rewritten is none. Who owns the table can still drop the trigger, and is then seen to.
  `create function slipway.refuse_change() returns trigger language plpgsql as
     $$ begin raise exception 'the audit trail is append-only'; end $$`,
  `create trigger audit_is_append_only before update or delete on slipway.audit
     for each row execute function slipway.refuse_change()`,

  `create table slipway.times (
     key text not null references slipway.keys (key),
     what text not null,
     release text not null,
     subject text not null,
     at timestamptz not null,
     primary key (key, what, release, subject)
   )`,
]

/** The first tables. Never edited once released: a change is a new migration. */
export const start: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
