import { Kysely, PostgresDialect, sql } from "kysely"
import pg from "pg"
import { expect, test } from "vitest"
import { readDepths } from "../../src/store/depths.ts"
import { isMigrated, migrate } from "../../src/store/migrate.ts"
import { openStore } from "../../src/store/open.ts"
import type { Tables } from "../../src/store/schema.ts"
import { freshDatabase } from "../engine/databases.ts"
import { startBouncer } from "./bouncer.ts"

// Without the advisory lock in migrate.ts: one of them finds the schema half made.
test("processes that start together on an empty server migrate it once", async () => {
  const connectionString = await freshDatabase("tcp")
  const open = () =>
    new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 2 }) }) })
  const sessions = Array.from({ length: 10 }, open)
  await Promise.all(sessions.map((db) => sql`select 1`.execute(db)))
  await Promise.all(sessions.map(migrate))
  expect(await Promise.all(sessions.map(isMigrated))).toEqual(Array(10).fill(true))
  await Promise.all(sessions.map((db) => db.destroy()))
})

test("a server's database is not ours alone, the embedded one is", async () => {
  const store = await openStore({ databaseUrl: await freshDatabase("tcp"), dataDir: "unused" })
  expect(store.exclusive).toBe(false)
  await store.close()
})

// With the limit as a parameter of the start (`LIMITS` in open.ts): PgBouncer ends every connection.
test("behind PgBouncer, no session does anything before it is limited", async () => {
  const bouncer = await startBouncer(await freshDatabase("tcp"))
  const store = await openStore({ databaseUrl: bouncer.url, dataDir: "unused" })
  expect(await sql`show idle_in_transaction_session_timeout`.execute(store.db)).toMatchObject({
    rows: [{ idle_in_transaction_session_timeout: "5s" }],
  })
  await store.wakes.work(1, async () => undefined)
  await store.close()
  bouncer.stop()
  const ofWakes = bouncer.sessions.filter(({ name }) => name === "slipway wakes")
  const ofStore = bouncer.sessions.filter(({ name }) => name === "slipway")
  expect(ofStore.length).toBeGreaterThan(0)
  expect(ofWakes.length).toBeGreaterThan(1)
  // The one that listens is in no transaction, ever.
  const firsts = new Set(bouncer.sessions.map(({ first }) => first.replace(/^LISTEN .*/, "LISTEN")))
  expect(firsts).toEqual(new Set(["set idle_in_transaction_session_timeout = 5000", "LISTEN"]))
})

test("ping says what is wrong", async () => {
  const store = await openStore({ databaseUrl: await freshDatabase("tcp"), dataDir: "unused" })
  await store.db.schema.dropSchema("slipway").cascade().execute()
  await expect(store.ping()).rejects.toThrow("migration")
  await store.close()
})

test.each([
  ["nobody listens", { port: "1" }, "ECONNREFUSED"],
  ["the database does not exist", { pathname: "/nowhere" }, "nowhere"],
  ["the user is unknown", { username: "stranger" }, "stranger"],
])("an unusable DATABASE_URL is named without its password: %s", async (_, spoiled, reason) => {
  const url = Object.assign(new URL(await freshDatabase("tcp")), { password: "hunter2", ...spoiled })
  const refusal = await openStore({ databaseUrl: url.href, dataDir: "unused" }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ name: "StoreError", problem: "unreachable" })
  const { message } = refusal as Error
  expect(message).toContain(reason)
  expect(message).toContain("127.0.0.1")
  expect(message).not.toContain("hunter2")
})

test("a DATABASE_URL that is no URL", async () => {
  await expect(openStore({ databaseUrl: "::", dataDir: "unused" })).rejects.toMatchObject({ problem: "unreachable" })
})

test("depths of an empty store", async () => {
  const store = await openStore({ databaseUrl: await freshDatabase("tcp"), dataDir: "unused" })
  expect(await readDepths(store.db, new Date())).toEqual({
    inbox: 0,
    inboxAgeSeconds: 0,
    outbox: 0,
    outboxAgeSeconds: 0,
    dead: 0,
    failing: 0,
    waiting: [],
    missed: 0,
  })
  await store.close()
})

test("depths of what waits: the oldest of each, and gates of all repositories together", async () => {
  const store = await openStore({ databaseUrl: await freshDatabase("tcp"), dataDir: "unused" })
  const approvals = { of: "release", gate: "approvals", state: "pending" }
  const soak = { of: "environment", gate: "soak", state: "pending" }
  const key = (name: string, failures: number, waiting: unknown) =>
    sql`
    insert into slipway.keys (key, repo, failures, waiting)
    values (${name}, '{}', ${failures}, ${waiting === null ? null : JSON.stringify(waiting)}::jsonb)`.execute(store.db)
  await key("1", 0, [{ ...approvals, count: 2 }])
  await key("2", 3, [
    { ...approvals, count: 1 },
    { ...soak, count: 1 },
  ])
  await key("3", 0, null)
  await sql`
    insert into slipway.outbox (key, effect_key, kind, target, lane, mode, envelope, content_hash, next_at, created_at)
    values ('1', 'a', 'draft', 't', 'l', 'replace', '{}', 'h', now(), '2026-11-22T08:59:00Z'),
           ('1', 'b', 'draft', 't', 'l', 'replace', '{}', 'h', now(), '2026-11-22T08:58:00Z')`.execute(store.db)
  const depths = await readDepths(store.db, new Date("2026-11-22T09:00:00Z"))
  expect(depths).toMatchObject({ outbox: 2, outboxAgeSeconds: 120, failing: 1 })
  expect(depths.waiting.toSorted((a, b) => b.count - a.count)).toEqual([
    { ...approvals, count: 3 },
    { ...soak, count: 1 },
  ])
  await store.close()
})
