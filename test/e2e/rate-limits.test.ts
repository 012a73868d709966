import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** GitHub's limits: what nobody waits for yields, nothing hammers, and what is used up is waited for. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterEach(async () => {
  stage.github.limitRequests("acme", { limit: 5_000, remaining: 5_000 })
  stage.github.intercept(undefined)
  await stage.later(3_700_000)
})
afterAll(() => stage.close())

const asked = () => stage.github.requests.filter(({ by }) => by === "installation")

test("an hour's limit that is used up is waited for: a few requests, a line in the log, and then all is done", async () => {
  const place = await stage.build("spent")
  await place.merge("ben", "feat: pay by invoice")
  stage.github.limitRequests("acme", { limit: 5_000, remaining: 0 })
  stage.github.resetRequests()
  await place.merge("cleo", "fix: one")
  await place.merge("ben", "fix: two")
  await stage.later(60_000)
  await stage.later(600_000)
  const refused = asked().filter(({ status }) => status === 403)
  expect(asked()).toEqual(refused)
  expect(refused.length).toBeLessThanOrEqual(4)
  expect(stage.lines).toContainEqual(
    expect.objectContaining({ level: 40, until: expect.any(String), msg: expect.stringContaining("used up") }),
  )
  expect(await stage.metrics()).toMatch(/slipway_github_waits_seconds\{installation="\d+"\} [1-9]/)
  await stage.later(3_600_000)
  expect(place.releases()[0]?.body).toMatch(/one \(#2\)[\s\S]*two \(#3\)/)
  expect(place.readiness(place.world().branches.main).title).toContain("0.1.0")
})

test("a secondary limit: nothing of that installation is asked until it is over, whatever else happens", async () => {
  const place = await stage.build("hasty")
  const other = await stage.build("beside")
  let left = 1
  stage.github.intercept(({ operationId }) =>
    operationId === "repos/create-release" && left-- > 0
      ? { status: 403, body: { message: "You have exceeded a secondary rate limit" }, headers: { "retry-after": "90" } }
      : undefined,
  )
  await place.merge("ben", "feat: pay by invoice")
  stage.github.resetRequests()
  await other.merge("cleo", "feat: search")
  expect(asked()).toEqual([])
  await stage.later(100_000)
  for (const one of [place, other]) expect(one.releases()).toMatchObject([{ draft: true, tagName: "v0.1.0" }])
})

test("the last of an hour's requests are for people: a push waits, and a press on the same release does not", async () => {
  const place = await stage.build("scarce")
  const { sha } = await place.merge("ben", "feat: pay by invoice")
  const push = (message: string) =>
    stage.github.pushCommit({ repo: place.repo, by: "ana", message, files: { [`${message}.txt`]: "x\n" } })
  stage.github.limitRequests("acme", { limit: 5_000, remaining: 200 })
  await place.merge("cleo", "fix: round")
  stage.github.filterDeliveries(() => false)
  await push("fix: lost")
  stage.github.filterDeliveries(undefined)
  stage.github.resetRequests()
  await push("fix: heard")
  await stage.github.settled()
  // History has to be read back for it: nobody waits for that.
  stage.pass(2_100)
  const isKept = expect.objectContaining({ level: 40, msg: expect.stringContaining("kept for clicks") })
  await expect.poll(() => stage.lines, { timeout: 20_000 }).toContainEqual(isKept)
  await stage.app.engine.idle()
  expect(asked()).toEqual([])
  await stage.github.click({ repo: place.repo, checkRunId: place.readiness(sha).id, identifier: "approve", by: "cleo" })
  await stage.quiet()
  expect(asked().length).toBeGreaterThan(5)
  expect(place.releases()[0]?.body).toMatch(/lost[\s\S]*heard|heard[\s\S]*lost/)
})
