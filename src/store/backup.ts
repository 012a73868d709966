import { sql } from "kysely"
import { lineOf } from "./backup-format.ts"
import { newestApplied } from "./migrate.ts"
import type { Db } from "./open.ts"

/** So many rows are in memory at once; a state may be a megabyte. */
const PAGE = 50

/**
 * All rows of our tables as lines, as they were at one instant, beside whoever works on them (REPEATABLE READ). What pg-boss
 * keeps is left out: a wake that is lost is found by the next start.
 *
 * @param version of Slipway
 */
export async function* backUp(
  db: Db,
  { version, now }: { readonly version: string; readonly now: Date },
): AsyncGenerator<string> {
  const session = await db.startTransaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute()
  try {
    const schema = await newestApplied(session)
    yield lineOf({ format: "slipway backup 1", version, schema, at: now.toISOString() })
    const rows: { [table: string]: number } = {}
    for (const table of await ourTables(session)) {
      yield lineOf({ table })
      let count = 0
      for await (const row of rowsOf(session, table)) {
        count++
        yield row
      }
      rows[table] = count
    }
    // Sequences know no snapshot: read last, they are at least as far as the rows.
    yield lineOf({ end: true, rows, sequences: await sequencesOf(session) })
  } finally {
    await session.rollback().execute()
  }
}

/** Each after those that it refers to: all refer to `keys` alone. */
export async function ourTables(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = to_regnamespace('slipway') and relkind = 'r' and relname not like 'kysely%'
    order by relname <> 'keys', relname`.execute(db)
  return rows.map(({ name }) => name)
}

async function* rowsOf(db: Db, table: string): AsyncGenerator<string> {
  await sql`
    declare backup no scroll cursor for select to_jsonb(t)::text as row from ${sql.table(`slipway.${table}`)} t`.execute(
    db,
  )
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${sql.raw(String(PAGE))} from backup`.execute(db)
    for (const { row } of rows) yield row
    if (rows.length < PAGE) break
  }
  await sql`close backup`.execute(db)
}

/** By table: each has one identity column at most, `seq`. */
async function sequencesOf(db: Db): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ name: string; last: string | null }>`
    select c.table_name as name, s.last_value::text as last
    from information_schema.columns c
    join pg_sequences s on format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence('slipway.' || c.table_name, c.column_name)
    where c.table_schema = 'slipway' and c.is_identity = 'YES'`.execute(db)
  return Object.fromEntries(rows.flatMap(({ name, last }) => (last === null ? [] : [[name, last]])))
}
