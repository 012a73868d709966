import { generateKeyPairSync } from "node:crypto"
import { Kysely, PostgresDialect, sql } from "kysely"
import { type Migration, Migrator } from "kysely/migration"
import pg from "pg"
import { afterEach, expect, test } from "vitest"
import { type AuditRecord, type Break, EMPTY_CHAIN, followChain } from "../../src/model/audit-chain.ts"
import { checkpointSchema } from "../../src/model/checkpoint.ts"
import type { AuditEntry } from "../../src/model/decision.ts"
import { auditHead, auditOf, lastCut, readAudit } from "../../src/store/audit.ts"
import { auditKey, isSigned } from "../../src/store/audit-key.ts"
import { commitDecision, type DecisionCommit } from "../../src/store/commit-decision.ts"
import { cutAudit } from "../../src/store/cut-audit.ts"
import { migrate } from "../../src/store/migrate.ts"
import { start } from "../../src/store/migrations/0001-start.ts"
import { upkeep } from "../../src/store/migrations/0002-upkeep.ts"
import type { Db } from "../../src/store/open.ts"
import type { Tables } from "../../src/store/schema.ts"
import { freshDatabase } from "../engine/databases.ts"

const AT = new Date("2026-03-01T10:00:00Z")
const opened: Db[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.destroy()))
})

function connect(connectionString: string): Db {
  const pool = new pg.Pool({ connectionString, max: 4 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  opened.push(db)
  return db
}

async function migrated(): Promise<Db> {
  const db = connect(await freshDatabase("socket"))
  await migrate(db)
  return db
}

const addKey = async (db: Db, key: string): Promise<void> => {
  await sql`insert into slipway.keys (key, repo) values (${key}, '{}')`.execute(db)
}

const commit = async (db: Db, key: string, version: string, audit: readonly AuditEntry[], more = {}) =>
  await commitDecision({ db, wakes: { send: async () => {} } }, {
    key,
    read: { version, inbox: [] },
    now: AT,
    state: {},
    revisitAt: undefined,
    effects: [],
    audit,
    times: [],
    forgets: [],
    retries: [],
    listens: [],
    waiting: [],
    ...more,
  } satisfies DecisionCommit)

const entry = (what: string): AuditEntry => ({ what, by: "lea", facts: { ü: [1, { z: null, a: 0.1 }], n: 1e21 } })

async function recordsOf(db: Db, key: string): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = []
  for await (const record of readAudit(db, key)) records.push(record)
  return records
}

async function breaksOf(db: Db, key: string): Promise<readonly Break[]> {
  const chain = followChain(key, EMPTY_CHAIN)
  for await (const record of readAudit(db, key)) chain.next(record)
  return chain.end((await auditHead(db, key)) ?? EMPTY_CHAIN).breaks
}

/** As somebody does who owns the server, and knows of the triggers. */
const tamper = async (db: Db, statement: string): Promise<void> => {
  await db.transaction().execute(async (transaction) => {
    await sql`set local session_replication_role = replica`.execute(transaction)
    await sql.raw(statement).execute(transaction)
  })
}

test("records follow each other within a decision and from one to the next, per repository", async () => {
  const db = await migrated()
  for (const key of ["1", "2"]) await addKey(db, key)
  await commit(db, "1", "0", [entry("cut"), entry("approved")])
  await commit(db, "2", "0", [entry("cut")])
  await commit(db, "1", "1", [])
  await commit(db, "1", "2", [entry("published")])
  const records = await recordsOf(db, "1")
  expect(records.map(({ sequence, version, entry: { what } }) => [sequence, version, what])).toEqual([
    [1, "1", "cut"],
    [2, "1", "approved"],
    [3, "3", "published"],
  ])
  expect(records.map(({ previous }) => previous).slice(1)).toEqual(records.map(({ hash }) => hash).slice(0, -1))
  expect(await auditHead(db, "1")).toEqual({ sequence: 3, hash: records[2]?.hash })
  expect(await breaksOf(db, "1")).toEqual([])
  expect(await breaksOf(db, "2")).toEqual([])
})

test("of decisions that race, one writes, and the chain has no fork", async () => {
  const db = await migrated()
  await addKey(db, "1")
  const ends = await Promise.all(["a", "b", "c", "d"].map((what) => commit(db, "1", "0", [entry(what)])))
  expect(ends.filter((end) => end === "committed")).toHaveLength(1)
  expect(await auditHead(db, "1")).toMatchObject({ sequence: 1 })
  expect(await breaksOf(db, "1")).toEqual([])
})

test("recovers after a decision that broke off behind its records: they were never there", async () => {
  const db = await migrated()
  await addKey(db, "1")
  await commit(db, "1", "0", [entry("cut")])
  const times = [{ what: "cut", release: "1", subject: null as never, at: AT.toISOString() }]
  await expect(commit(db, "1", "1", [entry("approved")], { times })).rejects.toThrow()
  await commit(db, "1", "1", [entry("held")])
  const whats = (await recordsOf(db, "1")).map(({ entry: { what } }) => what)
  expect(whats).toEqual(["cut", "held"])
  expect(await breaksOf(db, "1")).toEqual([])
})

test.each<[string, string, readonly Partial<Break>[]]>([
  [
    "a fact changed",
    `update slipway.audit set entry = jsonb_set(entry, '{by}', '"eve"') where sequence = 2`,
    [{ is: "changed", at: 2 }],
  ],
  [
    "a time moved",
    `update slipway.audit set at = at + interval '1 second' where sequence = 3`,
    [{ is: "changed", at: 3 }],
  ],
  ["a record taken out", `delete from slipway.audit where sequence = 2`, [{ is: "missing", from: 2, to: 2 }]],
  ["the beginning taken off", `delete from slipway.audit where sequence < 3`, [{ is: "missing", from: 1, to: 2 }]],
  ["the end taken off", `delete from slipway.audit where sequence > 2`, [{ is: "missing", from: 3, to: 4 }]],
  [
    "two contents exchanged",
    `update slipway.audit a set entry = b.entry from slipway.audit b where a.sequence + b.sequence = 5 and a.sequence in (2, 3)`,
    [
      { is: "changed", at: 2 },
      { is: "changed", at: 3 },
    ],
  ],
  [
    "the trail moved to another repository",
    `update slipway.audit set key = '2' where sequence = 4`,
    [{ is: "missing", from: 4, to: 4 }],
  ],
])("tampering with the tables themselves is found: %s", async (_, statement, found) => {
  const db = await migrated()
  for (const key of ["1", "2"]) await addKey(db, key)
  for (const [at, what] of ["cut", "approved", "held", "published"].entries())
    await commit(db, "1", String(at), [entry(what)])
  await tamper(db, statement)
  expect(await breaksOf(db, "1")).toMatchObject(found)
})

test("rows from before the chain become its beginning, in their order, and it goes on from them", async () => {
  const db = connect(await freshDatabase("socket"))
  await sql`create schema slipway`.execute(db)
  const old: Record<string, Migration> = { "0001-start": start, "0002-upkeep": upkeep }
  const before = new Migrator({ db, provider: { getMigrations: async () => old }, migrationTableSchema: "slipway" })
  expect((await before.migrateToLatest()).error).toBeUndefined()
  for (const key of ["1", "2", "3"]) await addKey(db, key)
  // More than a batch, and rows of two repositories mixed.
  await sql`
    insert into slipway.audit (key, version, at, entry)
    select case when i % 3 = 0 then '2' else '1' end, i, ${AT}::timestamptz + i * interval '1 ms',
           jsonb_build_object('what', 'old ' || i, 'facts', jsonb_build_object('i', i))
    from generate_series(1, 3200) i`.execute(db)
  await migrate(db)
  const whats = (await recordsOf(db, "1")).map(({ entry: { what } }) => what)
  expect(whats).toEqual(Array.from({ length: 3200 }, (_, i) => i + 1).flatMap((i) => (i % 3 ? [`old ${i}`] : [])))
  await commit(db, "1", "0", [entry("new")])
  await commit(db, "3", "0", [entry("first")])
  for (const key of ["1", "2", "3"]) expect(await breaksOf(db, key)).toEqual([])
  expect(await auditHead(db, "1")).toMatchObject({ sequence: whats.length + 1 })
})

test.each([
  ["changed", `update slipway.audit set at = now()`],
  ["deleted", `delete from slipway.audit`],
  ["emptied", `truncate slipway.audit`],
  ["a checkpoint changed", `update slipway.audit_checkpoints set checkpoint = '{}'`],
  ["checkpoints emptied", `truncate slipway.audit_checkpoints`],
])("no trail can be %s, also by a superuser", async (_, statement) => {
  const db = await migrated()
  await addKey(db, "1")
  await commit(db, "1", "0", [entry("cut")])
  await sql`insert into slipway.audit_checkpoints (key, sequence, checkpoint) values ('1', 0, '{}')`.execute(db)
  await expect(sql.raw(statement).execute(db)).rejects.toThrow("append-only")
})

/** A database as its superuser sees it, and as the role that owns it and migrated it. */
async function asRole(): Promise<{ readonly db: Db; readonly app: Db }> {
  const url = new URL(await freshDatabase("tcp"))
  const name = `app_${url.pathname.slice(-12)}`
  const db = connect(url.href)
  await sql.raw(`create role ${name} login`).execute(db)
  await sql.raw(`alter database ${url.pathname.slice(1)} owner to ${name}`).execute(db)
  url.username = name
  const app = connect(url.href)
  await migrate(app)
  return { db, app }
}

test("a role that is no superuser has no right to, and works all the same", async () => {
  const { app } = await asRole()
  await addKey(app, "1")
  await commit(app, "1", "0", [entry("cut")])
  for (const statement of [
    "update slipway.audit set at = now()",
    "delete from slipway.audit",
    "truncate slipway.audit",
  ])
    await expect(sql.raw(statement).execute(app)).rejects.toThrow("permission denied")
  expect(await breaksOf(app, "1")).toEqual([])
})

const KEY = auditKey(
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
)

/** Five records, an hour apart. */
async function grown(db: Db): Promise<void> {
  await sql`insert into slipway.keys (key, repo) values ('1', '{"owner":"acme","name":"shop"}')`.execute(db)
  for (let at = 0; at < 5; at += 1)
    await commit(db, "1", String(at), [entry(`decision ${at}`)], { now: new Date(AT.getTime() + at * 3_600_000) })
}

const cutBefore = (db: Db, hours: number) =>
  cutAudit(db, { key: "1", before: new Date(AT.getTime() + hours * 3_600_000), at: AT, signer: KEY })

test.each([
  ["nothing is that old", 0, 0],
  ["what is older goes, an instant itself stays", 2, 2],
  ["the newest stays, however old", 1_000, 4],
])("a cut: %s", async (_, hours, gone) => {
  const db = await migrated()
  await grown(db)
  expect(await cutBefore(db, hours)).toBe(gone)
  expect(await cutBefore(db, hours)).toBe(0)
  const left = await recordsOf(db, "1")
  expect(left.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5].slice(gone))
  const stored = await lastCut(db, "1")
  expect(stored === undefined).toBe(gone === 0)
  if (stored === undefined) return
  const checkpoint = checkpointSchema.parse(stored)
  expect(isSigned(checkpoint)).toBe(true)
  expect(checkpoint).toMatchObject({ sequence: gone, repository: { id: "1", name: "acme/shop" } })
  const chain = followChain("1", checkpoint)
  for (const record of left) chain.next(record)
  expect(chain.end((await auditHead(db, "1")) ?? EMPTY_CHAIN).breaks).toEqual([])
})

test("recovers after a cut that broke off: nothing went, nor did the right to delete stay", async () => {
  const { db, app } = await asRole()
  await grown(app)
  const fail = `create function fail() returns trigger language plpgsql as $$ begin raise exception 'power is out'; end $$`
  await sql.raw(fail).execute(db)
  await sql`
    create trigger fail after delete on slipway.audit
    for each row when (old.sequence = 2) execute function fail()`.execute(db)
  await expect(cutBefore(app, 3)).rejects.toThrow("power is out")
  expect(await lastCut(app, "1")).toBeUndefined()
  await expect(sql`delete from slipway.audit`.execute(app)).rejects.toThrow("permission denied")
  await sql`drop trigger fail on slipway.audit`.execute(db)
  expect(await cutBefore(app, 3)).toBe(3)
  await expect(sql`delete from slipway.audit`.execute(app)).rejects.toThrow("permission denied")
})

test("what no checkpoint stands for cannot be taken off, and a second cut follows the first", async () => {
  const db = await migrated()
  await grown(db)
  await cutBefore(db, 2)
  await expect(sql`delete from slipway.audit where sequence = 3`.execute(db)).rejects.toThrow("append-only")
  expect(await cutBefore(db, 4)).toBe(2)
  expect(checkpointSchema.parse(await lastCut(db, "1")).sequence).toBe(4)
})

test("a signature is of one App's key, and of every word", () => {
  const head = { sequence: 7, hash: "ab".repeat(32), at: AT.toISOString() }
  const signed = KEY.sign({ repository: { id: "1", name: "acme/shop" }, ...head })
  expect(isSigned(signed)).toBe(true)
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const other = (type: "pkcs1" | "pkcs8") => auditKey(privateKey.export({ type, format: "pem" }).toString()).publicKey
  expect(other("pkcs1")).toBe(other("pkcs8"))
  expect(other("pkcs8")).not.toBe(signed.publicKey)
  const forged = [
    { ...signed, sequence: 8 },
    { ...signed, hash: "cd".repeat(32) },
    { ...signed, at: "2026-03-01T10:00:00.001Z" },
    { ...signed, repository: { id: "2", name: "acme/shop" } },
    { ...signed, release: { version: "1.0.0", tag: "v1.0.0", sha: "a".repeat(40) } },
    { ...signed, publicKey: other("pkcs8") },
    { ...signed, publicKey: "A".repeat(43) },
  ]
  expect(forged.map(isSigned)).toEqual(forged.map(() => false))
})

test("the records of a release are told oldest first, those of other releases and repositories are not among them", async () => {
  const db = await migrated()
  await addKey(db, "7")
  await addKey(db, "8")
  const of = (release: string, what: string): AuditEntry => ({ ...entry(what), release })
  await commit(db, "7", "0", [of("1", "cut"), of("2", "cut"), entry("locked"), of("1", "published")])
  await commit(db, "7", "1", [of("1", "live")])
  await commit(db, "8", "0", [of("1", "abandoned")])
  expect((await auditOf(db, "7", "1")).map(({ entry: { what } }) => what)).toEqual(["cut", "published", "live"])
  expect(await auditOf(db, "7", "3")).toEqual([])
})
