import { sql } from "kysely"
import type { Db } from "./open.ts"

/**
 * Takes a chore that no process has begun within `sinceMs`. As with leases the database's clock counts: processes on
 * several machines have to agree on it.
 *
 * @returns what was remembered of it, undefined the first time; or false, if it was begun since
 */
export async function claimChore(db: Db, name: string, sinceMs: number): Promise<{ readonly memory: unknown } | false> {
  const { rows } = await sql<{ memory: unknown }>`
    insert into slipway.chores as c (name, begun_at) values (${name}, clock_timestamp())
    on conflict (name) do update set begun_at = excluded.begun_at
      where c.begun_at <= clock_timestamp() - ${sinceMs} * interval '1 millisecond'
    returning memory`.execute(db)
  const [row] = rows
  return row ? { memory: row.memory ?? undefined } : false
}

export async function rememberChore(db: Db, name: string, memory: unknown): Promise<void> {
  await sql`update slipway.chores set memory = ${JSON.stringify(memory)}::jsonb where name = ${name}`.execute(db)
}
