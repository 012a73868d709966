import pg from "pg"
import { expect, test } from "vitest"
import { freshDatabase } from "../engine/databases.ts"
import { leaksInDatabase } from "../secrets/dumped.ts"
import { planted } from "../secrets/planted.ts"

/** That test/postgres.ts finds what it looks for in every database when the run ends. */
test("a secret that is kept anywhere in a database is found", async () => {
  const url = await freshDatabase("tcp", "tables")
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const secret = planted("kept")
  try {
    expect(await leaksInDatabase(url)).toEqual([])
    await client.query("insert into slipway.keys (key, repo) values ('1', $1)", [{ deep: [{ down: secret }] }])
    await client.query('create table slipway."odd name" (bytes text)')
    await client.query('insert into slipway."odd name" values ($1)', [`line\n${secret}\n`])
    const found = await leaksInDatabase(url)
    expect(found.toSorted()).toEqual([
      expect.stringMatching(/^slipway\."odd name": planted5ecret-kept/),
      expect.stringMatching(/^slipway\.keys: planted5ecret-kept/),
    ])
  } finally {
    // The end of the run would find it as well.
    await client.query('delete from slipway.keys; drop table slipway."odd name"')
    await client.end()
  }
})
