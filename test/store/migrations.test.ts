import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Kysely, PostgresDialect, sql } from "kysely"
import pg from "pg"
import { afterEach, expect, test } from "vitest"
import { EMPTY_CHAIN, followChain } from "../../src/model/audit-chain.ts"
import { auditHead, auditOf, readAudit } from "../../src/store/audit.ts"
import { backUp } from "../../src/store/backup.ts"
import { readLine } from "../../src/store/backup-format.ts"
import { readDepths } from "../../src/store/depths.ts"
import { ingest } from "../../src/store/ingest.ts"
import { takeLease } from "../../src/store/lease.ts"
import { look } from "../../src/store/look.ts"
import { isMigrated, migrate, migrateTo, newestApplied } from "../../src/store/migrate.ts"
import { type Db, openStore } from "../../src/store/open.ts"
import { listStuck } from "../../src/store/outbox.ts"
import { removeOld } from "../../src/store/remove-old.ts"
import { restore } from "../../src/store/restore.ts"
import type { Tables } from "../../src/store/schema.ts"
import { freshDatabase } from "../engine/databases.ts"

/**
 * What databases of each level looked like, with rows in every table: backups that were made then, and are never made
 * anew. A migration that is not released yet may have none.
 */
const FOLDER = join(import.meta.dirname, "levels")
const MIGRATIONS = readdirSync(join(import.meta.dirname, "../../src/store/migrations"))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort()
const LEVELS = readdirSync(FOLDER)
  .map((file) => file.replace(/\.backup$/, ""))
  .sort()
/** Before it, Slipway was never run by anybody; it put records into a chain, which no older version could have added to. */
const FIRST_KEPT = "0003-audit-chain"
const NOW = new Date("2026-03-02T12:00:00Z")
const LOOK = { kind: "look", because: "a test" }

const linesOf = (level: string): readonly string[] =>
  readFileSync(join(FOLDER, `${level}.backup`), "utf8")
    .trimEnd()
    .split("\n")
async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

const opened: Db[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.destroy()))
})
function connect(connectionString: string): Db {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 2 }) }) })
  opened.push(db)
  return db
}

type Row = { readonly [column: string]: unknown }
/** By table, as parsed JSON: enough to compare, though no number of a row may be believed to its last digit. */
function rowsIn(lines: readonly string[]): ReadonlyMap<string, readonly Row[]> {
  const tables = new Map<string, Row[]>()
  let rows: Row[] = []
  for (const text of lines) {
    const line = readLine(text)
    if (line?.is === "table") {
      rows = []
      tables.set(line.table, rows)
    } else if (line?.is === "row") rows.push(JSON.parse(line.text))
  }
  return tables
}

test("there is a database of each level that was ever released, and no gap", () => {
  expect(LEVELS.length).toBeGreaterThanOrEqual(9)
  expect(MIGRATIONS.slice(0, LEVELS.length)).toEqual(LEVELS)
})

test.each(LEVELS)("a database of %s, with rows, comes to the newest schema and is worked on", async (level) => {
  const url = await freshDatabase("tcp")
  await restore(given(linesOf(level)), { databaseUrl: url, dataDir: "", now: NOW, look: LOOK })
  const store = await openStore({ databaseUrl: url, dataDir: "unused" })
  const { db } = store
  try {
    expect(await isMigrated(db)).toBe(true)
    // Every row is there, with everything that it said; what restoring itself changes is left out.
    const changed = new Set(["started_at", "next_at", "lease_owner", "lease_until", "audit_sequence", "audit_hash"])
    const now: string[] = []
    for await (const line of backUp(db, { version: "x", now: NOW })) now.push(line)
    const after = rowsIn(now)
    for (const [table, rows] of rowsIn(linesOf(level)))
      for (const row of rows) {
        const kept = Object.fromEntries(Object.entries(row).filter(([column]) => !changed.has(column)))
        expect(after.get(table), table).toContainEqual(expect.objectContaining(kept))
      }
    // The trail holds, and goes on.
    const chain = followChain("11", EMPTY_CHAIN)
    for await (const record of readAudit(db, "11")) chain.next(record)
    expect(chain.end((await auditHead(db, "11")) ?? EMPTY_CHAIN)).toMatchObject({ records: 3, breaks: [] })
    expect((await auditOf(db, "11", "3")).map(({ entry }) => entry.what)).toEqual(["cut", "approved", "published"])
    // What waits is known to wait, in doubt; new rows get new numbers.
    expect(await readDepths(db, NOW)).toMatchObject({ outbox: 2, failing: 1, dead: level === "0001-start" ? 1 : 2 })
    const { stuck } = await listStuck(db, { names: ["acme/shop"], refused: false, most: 9 })
    expect(stuck.map(({ is }) => is).sort()).toEqual(["dead", "trying", "trying"])
    const [repo] = (await db.selectFrom("slipway.keys").select("repo").where("key", "=", "11").execute()).map(
      (row) => row.repo,
    )
    if (!repo) throw new Error("the repository is gone")
    const delivery = { key: "11", repo, signals: [LOOK], receivedAt: NOW }
    expect(await ingest(store, { id: "d-2", ...delivery })).toBe("duplicate")
    expect(await ingest(store, { id: "d-9", ...delivery })).toBe("stored")
    const lease = await takeLease(db, "11", "a test", 60_000)
    const seen = lease && (await look(db, lease, () => ({ is: "go" })))
    expect(seen?.view.inbox.map((row) => row.delivery)).toEqual(["d-2", expect.stringMatching(/^restored:/), "d-9"])
    expect(seen?.view.heads.map(({ effect }) => effect.key)).toEqual(["thread:3@y"])
    while (await removeOld(db, new Date("2026-06-01T00:00:00Z")));
    const left = await sql<{ n: number }>`select count(*)::int as n from slipway.outbox`.execute(db)
    expect(left.rows).toEqual([{ n: 2 }])
  } finally {
    await store.close()
  }
})

/** What a version that runs beside a newer one, or comes back after it, rests on. */
async function shapeOf(db: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ what: string }>`
    select format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then ' required' else '' end,
                  case when a.atthasdef or a.attidentity <> '' then ' filled' else '' end) as what
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'slipway'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and c.relname not like 'kysely%'
    union all
    select format('rule %s %s', c.relname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'slipway'::regnamespace and k.contype <> 'n' and c.relname not like 'kysely%'
    union all
    select format('unique %s %s', c.relname, pg_get_indexdef(i.indexrelid))
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'slipway'::regnamespace and i.indisunique and c.relname not like 'kysely%'
    union all
    select format('trigger %s %s', c.relname, t.tgname)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'slipway'::regnamespace and not t.tgisinternal`.execute(db)
  return new Set(rows.map(({ what }) => what))
}

const tableIn = (what: string): string => /^\w+ (\w+)/.exec(what)?.[1] ?? ""
const tablesIn = (shape: ReadonlySet<string>): ReadonlySet<string> => new Set([...shape].map(tableIn))

/** Why the version before could not go on working on what a migration made of its schema. */
function breaksOf(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  const old = tablesIn(before)
  const gone = [...before].filter((what) => !after.has(what)).map((what) => `gone or changed: ${what}`)
  const added = [...after].filter((what) => !before.has(what) && old.has(tableIn(what)))
  const stricter = added.filter((what) => !what.startsWith("column ") || / required$/.test(what))
  return [...gone, ...stricter.map((what) => `stricter than before: ${what}`)]
}

test("migrations only add: what the version before reads stays, and what it writes is taken", async () => {
  const db = connect(await freshDatabase("tcp"))
  let before: ReadonlySet<string> | undefined
  for (const migration of MIGRATIONS.slice(MIGRATIONS.indexOf(FIRST_KEPT))) {
    await migrateTo(db, migration)
    const after = await shapeOf(db)
    if (before) expect({ migration, breaks: breaksOf(before, after) }).toEqual({ migration, breaks: [] })
    before = after
  }
})

test.each<[string, string]>([
  ["a column that goes", "alter table slipway.keys drop column waiting"],
  ["a column of another name", "alter table slipway.outbox rename column lane to queue"],
  ["a column of another type", "alter table slipway.times alter column release type varchar(20)"],
  ["a new column that the version before leaves empty", "alter table slipway.keys add column owner text not null"],
  ["a rule that it may break", "alter table slipway.outbox add check (attempts < 5)"],
  ["a unique index that it may break", "create unique index one on slipway.outbox (key, lane)"],
  ["a table that goes", "drop table slipway.spent_keys"],
])("that check is red for %s", async (_, statement) => {
  const db = connect(await freshDatabase("tcp"))
  await migrate(db)
  const before = await shapeOf(db)
  await sql.raw(statement).execute(db)
  expect(breaksOf(before, await shapeOf(db))).not.toEqual([])
})

test.each(LEVELS.slice(LEVELS.indexOf(FIRST_KEPT)))(
  "two versions at once: what a version of %s writes is taken by the newest schema",
  async (level) => {
    const db = connect(await freshDatabase("tcp"))
    await migrate(db)
    for (const [table, rows] of rowsIn(linesOf(level)))
      for (const row of rows) {
        const columns = sql.raw(Object.keys(row).join(", "))
        const of = sql.table(`slipway.${table}`)
        await sql`
          insert into ${of} (${columns}) overriding system value
          select ${columns} from jsonb_populate_record(null::${of}, ${JSON.stringify(row)}::jsonb)
          on conflict do nothing`.execute(db)
      }
    expect(await readDepths(db, NOW)).toMatchObject({ inbox: 1, outbox: 2 })
  },
)

test("a version starts on a database that a newer one has migrated, and leaves it as it is", async () => {
  const url = await freshDatabase("tcp")
  const db = connect(url)
  await migrate(db)
  const ours = await newestApplied(db)
  await sql`insert into slipway.kysely_migration (name, timestamp) values ('9999-of-the-future', 'now')`.execute(db)
  await migrate(db)
  expect(await isMigrated(db)).toBe(true)
  const store = await openStore({ databaseUrl: url, dataDir: "unused" })
  await store.ping()
  await store.close()
  // One that lacks a migration of ours as well is another branch of history: nobody knows what it is.
  await sql`delete from slipway.kysely_migration where name = ${ours}`.execute(db)
  await expect(migrate(db)).rejects.toThrow("9999-of-the-future")
})
