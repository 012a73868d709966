import { Kysely, PostgresDialect, sql } from "kysely"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { commitDecision, type DecisionCommit } from "../../src/store/commit-decision.ts"
import { listenersTo } from "../../src/store/listeners.ts"
import { migrate } from "../../src/store/migrate.ts"
import { readNeighbours } from "../../src/store/neighbours.ts"
import type { Db } from "../../src/store/open.ts"
import type { Tables } from "../../src/store/schema.ts"
import { freshDatabase } from "../engine/databases.ts"

const SHOP: Repository = {
  id: "1",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation: "7",
}
const SUBJECT = "repository:acme/shop"
let db: Db

beforeAll(async () => {
  const pool = new pg.Pool({ connectionString: await freshDatabase("socket"), max: 2 })
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  await migrate(db)
  await add("1", {})
  await add("2", { name: "api" })
  await add("3", { owner: "ACME", name: "Docs" })
  await add("4", { name: "old", installation: "8" })
  await add("5", { owner: "rival", name: "lib" })
  await add("6", { name: "gone" }, { uninstalled: true, face: { offers: [], leads: [] } })
  await add("7", { name: "new" }, null)
  await add("8", { name: "twice" })
  await add("9", { name: "twice" })
  await add("10", { name: "quiet" }, { face: null }, [])
})
afterAll(() => db.destroy())

const add = (
  key: string,
  more: Partial<Repository>,
  state: object | null = { face: { offers: [], leads: [] } },
  listens: readonly string[] = [SUBJECT],
) =>
  sql`insert into slipway.keys (key, repo, state, listens) values (${key}, ${JSON.stringify({ ...SHOP, id: key, ...more })}::jsonb,
      ${state === null ? null : JSON.stringify(state)}::jsonb, ${[...listens]}::text[])`.execute(db)

const shownBy = async (name: string) => (await readNeighbours(db, SHOP, [name]))[name]

test.each([
  ["shows what a repository of the same account and installation decided last", "acme/api", "seen"],
  ["knows a name in whatever letters", "acme/docs", "seen"],
  ["shows nothing of a repository of another installation", "acme/old", "no repository acme/old is known"],
  ["shows nothing of a repository of another account", "rival/lib", "no repository rival/lib is known"],
  ["shows nothing of one that the App was taken from", "acme/gone", "no repository acme/gone is known"],
  ["shows nothing of one that was not looked at yet", "acme/new", "acme/new was not looked at yet"],
  ["shows neither of two of one name", "acme/twice", "two repositories were known as acme/twice"],
])("%s", async (_, name, says) => {
  const shown = await shownBy(name)
  if (says === "seen") expect(shown).toEqual({ is: "seen", isPrivate: false, face: { offers: [], leads: [] } })
  else expect(shown).toMatchObject({ is: "unseen", because: expect.stringContaining(says) })
})

test("a repository that lets nobody name it has no face", async () => {
  expect(await shownBy("acme/quiet")).toEqual({ is: "seen", isPrivate: false, face: null })
})

test("tells nobody of another installation or account, and none but who listens", async () => {
  const told = await listenersTo(db, SHOP, [SUBJECT])
  expect(told.map(({ repo }) => `${repo.owner}/${repo.name}`).sort()).toEqual([
    "ACME/Docs",
    "acme/api",
    "acme/gone",
    "acme/new",
    "acme/twice",
    "acme/twice",
  ])
  expect(await listenersTo(db, SHOP, ["issue:acme/shop#1"])).toEqual([])
  expect(await listenersTo(db, SHOP, [])).toEqual([])
})

const commit = (version: string): DecisionCommit => ({
  key: "1",
  read: { version, inbox: [] },
  now: new Date("2026-11-21T09:00:00Z"),
  state: {},
  revisitAt: undefined,
  effects: [],
  audit: [],
  times: [],
  forgets: [],
  retries: [],
  listens: ["repository:acme/api"],
  waiting: [],
  tells: { by: SHOP, subjects: [SUBJECT], signal: { kind: "neighbour", of: "acme/shop" } },
})
const inbox = async () =>
  (await db.selectFrom("slipway.inbox").select(["key", "delivery"]).orderBy("seq").execute()).map(
    ({ key, delivery }) => `${key} ${delivery}`,
  )

test("a decision tells each that listens once, in its own transaction; one that lost tells nobody", async () => {
  const woken: string[] = []
  const send = async (_: unknown, key: string): Promise<void> => void woken.push(key)
  const failing = { send: async () => Promise.reject(new Error("no more room")) }
  await expect(commitDecision({ db, wakes: failing }, commit("0"))).rejects.toThrow("no more room")
  expect(await inbox()).toEqual([])

  expect(await commitDecision({ db, wakes: { send } }, commit("0"))).toBe("committed")
  const told = ["2", "3", "6", "7", "8", "9"]
  expect(woken).toEqual(told)
  expect(await inbox()).toEqual(told.map((key) => `${key} neighbour:1:1`))
  expect(await commitDecision({ db, wakes: { send } }, commit("0"))).toBe("lost")
  expect(await inbox()).toHaveLength(told.length)
})
