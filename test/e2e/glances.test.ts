import { sql } from "kysely"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What no delivery ever tells: repositories with an open release are looked at again by themselves. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage()
})
afterEach(() => stage.github.filterDeliveries(undefined))
afterAll(() => stage.close())

/** Half an hour in which nobody looked, by the database's clock; what was not delivered is not asked for. */
async function glance(): Promise<void> {
  await sql`update slipway.keys set looked_at = now() - interval '31 minutes'`.execute(stage.app.store.db)
  await sql`update slipway.missed_deliveries set asked = 99`.execute(stage.app.store.db)
  stage.github.intercept(({ operationId }) =>
    operationId === "apps/list-webhook-deliveries" ? { status: 200, body: [] } : undefined,
  )
  await stage.app.catchUp()
  await stage.quiet()
  stage.github.intercept(undefined)
}

const asked = () => stage.github.requests.filter(({ by }) => by === "installation")

test("a push of which GitHub never told is found, and its draft is written", async () => {
  place = await stage.build("glanced")
  await place.merge("ben", "feat: pay by invoice")
  stage.github.filterDeliveries(() => false)
  await place.merge("cleo", "fix: round half up")
  expect(place.releases()[0]?.body).not.toContain("round half up")
  await glance()
  expect(place.releases()).toMatchObject([{ draft: true, body: expect.stringContaining("round half up (#2)") }])
})

test("a check that ended without a word is found", async () => {
  stage.github.filterDeliveries(() => false)
  const head = place.world().branches.main ?? ""
  await stage.github.reportCheck({ repo: place.repo, sha: head, name: "ci", conclusion: "failure" })
  await glance()
  expect(place.readiness(head).summary).toMatch(/ci/)
})

test("where nothing was missed it costs four conditional requests, of which none counts, and changes nothing", async () => {
  await glance()
  const before = place.world()
  stage.github.resetRequests()
  await glance()
  const ours = asked().filter(({ path }) => path.includes("/glanced/"))
  expect(ours.map(({ method, status }) => [method, status])).toEqual(Array(4).fill(["GET", 304]))
  expect(place.world()).toEqual(before)
})

test("a repository without an open release is not asked about", async () => {
  const quiet = await stage.build("released")
  const { sha } = await quiet.merge("ben", "feat: one")
  await quiet.press("approve", "cleo", sha)
  await quiet.press("publish", "cleo", sha)
  expect(quiet.releases()).toMatchObject([{ draft: false }])
  stage.github.resetRequests()
  await glance()
  expect(asked().filter(({ path }) => path.includes("/released/"))).toEqual([])
})
