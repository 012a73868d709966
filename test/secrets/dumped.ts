import pg from "pg"
import { leaksIn } from "./planted.ts"

/** Secrets in any row of any table of a database, by table. @param url of somebody who may read all of them */
export async function leaksInDatabase(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`)
    if (tables.length === 0) return []
    // One statement for all: a run makes a hundred databases of two dozen tables, and they are looked at when it ends.
    const all = tables.map(
      ({ name }) => `select ${client.escapeLiteral(name)} as name, to_jsonb(t)::text as row from ${name} t`,
    )
    const { rows } = await client.query<{ name: string; row: string }>(all.join(" union all "))
    const leaks = new Set(rows.flatMap(({ name, row }) => leaksIn(row).map((leak) => `${name}: ${leak}`)))
    return [...leaks]
  } finally {
    await client.end()
  }
}
