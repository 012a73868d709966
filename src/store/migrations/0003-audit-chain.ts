import { type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"
import { type ChainHead, chained, EMPTY_CHAIN } from "../../model/audit-chain.ts"
import type { AuditEntry } from "../../model/decision.ts"

const BEFORE: readonly string[] = [
  `drop trigger audit_is_append_only on slipway.audit`,
  `drop function slipway.refuse_change()`,
  `alter table slipway.audit add column sequence bigint, add column previous text, add column hash text`,
  // Where a chain ends is kept apart from it: a record that is taken off its end would leave a chain that holds.
  `alter table slipway.keys
     add column audit_sequence bigint not null default 0,
     add column audit_hash text not null default repeat('0', 64)`,
]

const AFTER: readonly string[] = [
  `alter table slipway.audit
     alter column sequence set not null, alter column previous set not null, alter column hash set not null`,
  `create unique index audit_chain on slipway.audit (key, sequence)`,
  `drop index slipway.audit_by_key`,

  // The signed place up to which a chain was cut off: what comes after it verifies from there.
  `create table slipway.audit_checkpoints (
     key text not null references slipway.keys (key),
     sequence bigint not null,
     checkpoint jsonb not null,
     primary key (key, sequence)
   )`,

  // A trail that can be rewritten is none. Who owns the tables can still drop the triggers, and is then seen to: the
  // chain's heads stand in the releases themselves. A beginning may go, once a checkpoint stands in its place.
  `create function slipway.refuse_audit_change() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       if exists (select from slipway.audit_checkpoints c where c.key = old.key and c.sequence >= old.sequence) then
         return old;
       end if;
     end if;
     raise exception 'the audit trail is append-only';
   end $$`,
  `create function slipway.refuse_change() returns trigger language plpgsql as
     $$ begin raise exception 'the audit trail is append-only'; end $$`,
  `create trigger audit_is_append_only before update or delete on slipway.audit
     for each row execute function slipway.refuse_audit_change()`,
  `create trigger audit_is_not_emptied before truncate on slipway.audit
     for each statement execute function slipway.refuse_change()`,
  `create trigger checkpoints_are_append_only before update or delete on slipway.audit_checkpoints
     for each row execute function slipway.refuse_change()`,
  `create trigger checkpoints_are_not_emptied before truncate on slipway.audit_checkpoints
     for each statement execute function slipway.refuse_change()`,
  // A superuser needs no right, and an owner can take it back: but neither by accident, nor by an injected statement
  // that does not know of it.
  `revoke update, delete, truncate on slipway.audit, slipway.audit_checkpoints from public, current_user`,
]

/** Records that follow each other by hashes. Those from before become the chain's beginning, in their order. */
export const auditChain: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of BEFORE) await sql.raw(statement).execute(db)
    const { rows } = await sql<{ key: string }>`select distinct key from slipway.audit`.execute(db)
    for (const { key } of rows) await chainOld(db, key)
    for (const statement of AFTER) await sql.raw(statement).execute(db)
  },
}

/** A trail of years is not taken into memory at once. */
const BATCH = 1_000

interface OldRow {
  readonly seq: string
  readonly version: string
  readonly at: Date
  readonly entry: AuditEntry
}

async function chainOld(db: Kysely<unknown>, key: string): Promise<void> {
  let head: ChainHead = EMPTY_CHAIN
  for (let after = "0"; ; ) {
    const { rows } = await sql<OldRow>`
      select seq, version, at, entry from slipway.audit
      where key = ${key} and seq > ${after} order by seq limit ${BATCH}`.execute(db)
    const records = rows.map(({ version, at, entry }) => {
      const [record] = chained(head, [entry], { repository: key, version, at: at.toISOString() })
      if (!record) throw new Error("an entry makes a record")
      head = record
      return record
    })
    const last = rows.at(-1)
    if (!last) break
    await sql`
      update slipway.audit a set sequence = r.sequence, previous = r.previous, hash = r.hash
      from unnest(${rows.map(({ seq }) => seq)}::bigint[], ${records.map(({ sequence }) => sequence)}::bigint[],
                  ${records.map(({ previous }) => previous)}::text[], ${records.map(({ hash }) => hash)}::text[])
        as r (seq, sequence, previous, hash)
      where a.seq = r.seq`.execute(db)
    after = last.seq
  }
  await sql`
    update slipway.keys set audit_sequence = ${head.sequence}, audit_hash = ${head.hash} where key = ${key}`.execute(db)
}
