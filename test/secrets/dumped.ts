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
    const leaks: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`)
      for (const leak of new Set(rows.flatMap(({ row }) => leaksIn(row)))) leaks.push(`${name}: ${leak}`)
    }
    return leaks
  } finally {
    await client.end()
  }
}
