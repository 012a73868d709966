import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Database, startDatabase } from "./database.ts"
import { type DatabaseProxy, startDatabaseProxy } from "./database-proxy.ts"
import { merge, seed } from "./story.ts"
import { openTheatre, type Theatre } from "./theatre.ts"

/** The real process on a Postgres server to which everything happens that happens to servers. It is never started again. */

/** A condition is waited for as long as a busy machine may need. */
const SOON = { timeout: 90_000, interval: 50 }
const REPO = "acme/shop"

const cache = mkdtempSync(join(tmpdir(), "slipway-compiled-"))
let database: Database
let proxy: DatabaseProxy
let theatre: Theatre

beforeAll(async () => {
  database = await startDatabase()
  proxy = await startDatabaseProxy(database.port)
  theatre = await openTheatre(cache, () => "pass", { DATABASE_URL: database.urlAt(proxy.port) })
  await seed(theatre)
  theatre.app.start()
  await theatre.until("a first page", () => theatre.github.latestCheck(REPO, "Slipway / readiness") !== undefined)
  await merge(theatre, "ben", "feat: pay by invoice")
})
afterAll(async () => {
  await theatre.close()
  await proxy.close()
  await database.close()
  rmSync(cache, { recursive: true, force: true })
})

const status = async (path: string): Promise<number> => (await fetch(`${theatre.app.url}${path}`)).status

const drafts = () => theatre.github.world()[REPO]?.releases.filter(({ draft }) => draft) ?? []

/** Somebody merges a pull request; what GitHub sends of it is held back. @returns its number */
async function mergeUnheard(title: string): Promise<number> {
  const { github } = theatre
  const commits = [{ message: title, files: { [`src/${title.replace(/\W+/g, "-")}.txt`]: title }, author: "cleo" }]
  const { number } = await github.openPullRequest({ repo: REPO, by: "cleo", title, commits })
  await github.mergePullRequest({ repo: REPO, number, by: "ana", method: "squash" })
  return number
}

/** Of what Slipway keeps, all at once. @returns how each was answered */
async function sendHeld(): Promise<(number | string)[]> {
  const { github } = theatre
  const held = github.deliveries.filter(
    ({ event, status: is }) => is === "pending" && /^(?:push|pull_request)$/.test(event),
  )
  return await Promise.all(held.map(({ id }) => github.redeliver(id)))
}

/** As many as are broken; by turns, since nobody can tell the two ways apart. */
const COMMITS = 12
const TABLES = ["keys", "inbox", "outbox", "audit"].map((table) => `slipway.${table}`)

interface Fault {
  readonly name: string
  readonly begin: () => Promise<unknown> | undefined
  readonly end: () => Promise<unknown> | undefined
}

const FAULTS: readonly Fault[] = [
  { name: "was killed", begin: () => database.kill(), end: () => database.start() },
  { name: "is restarted", begin: () => database.stop(), end: () => database.start() },
  {
    name: "has no connection left (SQLSTATE 53300)",
    begin: async () => {
      await database.asAdmin("alter role app connection limit 0")
      await database.asAdmin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'")
    },
    end: () => database.asAdmin("alter role app connection limit -1"),
  },
  {
    // What a full disk is to who writes, without one: only root makes a file system that is small enough.
    name: "has no room left (SQLSTATE 53100)",
    begin: async () => {
      await database.asAdmin(`create function no_room() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`)
      for (const table of TABLES)
        await database.asAdmin(
          `create trigger no_room before insert or update on ${table} for each statement execute function no_room()`,
        )
    },
    end: () => database.asAdmin("drop function no_room cascade"),
  },
  { name: "takes 5 s for each query", begin: async () => proxy.slow(5_000), end: async () => proxy.slow(0) },
  {
    name: "is silent: its machine is gone, and nobody said so",
    begin: async () => proxy.silence(true),
    end: async () => proxy.silence(false),
  },
]

test.each(FAULTS)(
  "while Postgres $name: it lives, is not ready, turns webhooks away, and goes on by itself",
  async (fault) => {
    const { github, app } = theatre
    await theatre.quiet()
    const life = app.lives
    github.pauseDeliveries()
    await fault.begin()
    const number = await mergeUnheard(`feat: something while it ${fault.name}`)
    const answers = await sendHeld()
    expect(answers.length).toBeGreaterThan(2)
    expect(new Set(answers)).toEqual(new Set([503]))
    expect([await status("/healthz"), await status("/readyz")]).toEqual([200, 503])
    await fault.end()
    await expect.poll(() => status("/readyz"), SOON).toBe(200)
    github.resumeDeliveries(() => [])
    await theatre.until(`#${number} drafted`, () => drafts().some(({ body }) => body?.includes(`(#${number})`)))
    await theatre.quiet()
    expect([app.lives, app.accident]).toEqual([life, undefined])
  },
)

test("commits whose end nobody hears: what was done is not done twice, what was not is done", async () => {
  const { github, app } = theatre
  const life = app.lives

  proxy.breakCommits(Array.from({ length: COMMITS }, (_, at) => (at % 2 ? "lost" : "done unheard")))
  const number = await mergeUnheard("feat: something while its commits break")
  await theatre.until(`#${number} drafted`, () => drafts().some(({ body }) => body?.includes(`(#${number})`)))
  await theatre.quiet()
  // Of each fate several.
  expect(proxy.commitsToBreak()).toBeLessThan(COMMITS - 4)
  proxy.breakCommits([])
  expect([app.lives, app.accident]).toEqual([life, undefined])
  expect(github.problems).toEqual([])
})

test("and all of it is one release, one page a commit, one thread, and no dead letter", async () => {
  const { github, slack } = theatre
  expect(drafts()).toHaveLength(1)
  const pages = (github.world()[REPO]?.checkRuns ?? []).map(({ headSha, name }) => `${name} ${headSha}`)
  expect(new Set(pages).size).toBe(pages.length)
  const threads = await slack.messages("releases")
  expect(threads).toHaveLength(1)
  const replies = threads.flatMap((thread) => thread.replies.map(({ text }) => text))
  expect(new Set(replies).size).toBe(replies.length)
  expect([await theatre.deadLetters(), github.problems, slack.problems]).toEqual([0, [], []])
})
