import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** Webhooks that never arrived: Slipway finds out by itself, and asks GitHub for them. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterEach(() => {
  stage.github.filterDeliveries(undefined)
  stage.github.intercept(undefined)
})
afterAll(() => stage.close())

/** Rounds until nothing is asked for any more; a webhook that was asked for has its pause before each further time. */
async function catchUp(rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await stage.app.catchUp()
    await stage.quiet()
  }
}

const attemptsAt = (path: string) => stage.github.requests.filter((r) => r.method === "POST" && r.path.startsWith(path))

test("a press that was lost on the way counts, once", async () => {
  const place = await stage.build("lost-press")
  const { sha } = await place.merge("ben", "feat: pay by invoice")
  stage.github.filterDeliveries(({ event }) => event !== "check_run")
  await stage.github.click({
    repo: place.repo,
    checkRunId: place.readiness(sha).id,
    identifier: "approve",
    by: "cleo",
  })
  await stage.quiet()
  expect(place.readiness(sha).conclusion).not.toBe("success")
  stage.github.filterDeliveries(undefined)
  stage.github.resetRequests()
  await catchUp(3)
  expect(place.readiness(sha).conclusion).toBe("success")
  const lost = stage.github.deliveries.filter((d) => d.action === "requested_action")
  expect(lost.map(({ attempts, status }) => [attempts, status])).toEqual([[1, 202]])
})

// Without `missedSince` (app.ts) it is a press of now: the release is published hours after somebody wanted it.
test("a press of one moment that comes hours later does nothing, and the page says so", async () => {
  const place = await stage.build("late-press")
  const { sha } = await place.merge("ben", "feat: pay by invoice")
  await place.press("approve", "cleo", sha)
  stage.github.filterDeliveries(({ event }) => event !== "check_run")
  const { id } = place.readiness(sha)
  await stage.github.click({ repo: place.repo, checkRunId: id, identifier: "publish", by: "cleo" })
  await stage.quiet()
  stage.github.filterDeliveries(undefined)
  stage.pass(2 * 60 * 60_000)
  await catchUp(3)
  expect(place.releases()).toMatchObject([{ draft: true }])
  expect(place.readiness(sha).summary).toMatch(/more than an hour before it was decided on/)
  await place.press("publish", "cleo", sha)
  expect(place.releases()).toMatchObject([{ draft: false }])
})

test("what failed while Slipway was down comes after its start, without a person", async () => {
  await stage.stop()
  stage.github.resetRequests()
  const { number } = await stage.github.openPullRequest({
    repo: stage.repo,
    by: "ben",
    title: "feat: three",
    commits: [{ message: "feat: three", files: { three: "3" }, author: "ben" }],
  })
  await stage.github.mergePullRequest({ repo: stage.repo, number, by: "ana" })
  await stage.github.settled()
  await stage.restart()
  // It is asked for at the start, when GitHub does not know the new address yet, and then once more.

  await expect.poll(() => attemptsAt("/app/hook/deliveries/").length, { timeout: 20_000 }).toBeGreaterThan(0)
  stage.pass(61_000)
  await catchUp(2)
  expect(stage.releases()[0]?.body).toMatch(/three \(#/)
})

test("in the steady state a round of each costs one request, and nothing is asked for", async () => {
  await catchUp(2)
  stage.github.resetRequests()
  await catchUp()
  const paths = [
    "/app/hook/deliveries?per_page=100",
    "/app/installations?per_page=100",
    "/installation/repositories?per_page=100",
  ]
  expect(stage.github.requests.map(({ path }) => path)).toEqual(paths)
})

test("what never gets through is asked for six times in all, with growing pauses, and then no more", async () => {
  stage.github.filterDeliveries(() => false)
  await stage.github.pushCommit({ repo: stage.repo, by: "ana", message: "fix: lost", files: { lost: "x" } })
  stage.github.resetRequests()
  await catchUp(2)
  expect(attemptsAt("/app/hook/deliveries/")).toHaveLength(1)
  for (let hours = 0; hours < 40; hours++) {
    stage.pass(60 * 60_000)
    await catchUp()
  }
  expect(attemptsAt("/app/hook/deliveries/")).toHaveLength(6)
  expect(stage.lines).toContainEqual(expect.objectContaining({ msg: expect.stringContaining("asked for a last time") }))
})

test("recovers after GitHub could not be asked: the webhook is asked for in a later round", async () => {
  const place = await stage.build("busy")
  stage.github.filterDeliveries(() => false)
  await place.merge("ben", "feat: pay by invoice")
  stage.github.filterDeliveries(undefined)
  stage.github.intercept(({ operationId }) =>
    operationId === "apps/redeliver-webhook-delivery" ? { status: 503, body: { message: "Busy" } } : undefined,
  )
  await catchUp()
  expect(place.releases()).toEqual([])
  stage.github.intercept(undefined)
  stage.pass(61_000)
  await catchUp()
  expect(place.releases()).toMatchObject([{ draft: true, tagName: "v0.1.0" }])
})
