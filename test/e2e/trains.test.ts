import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** Releases that go out by a timetable, by the clock of the stage. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR

/** To an instant, and to what is read at once then. */
async function reach(at: number): Promise<void> {
  await stage.later(at - stage.clock.now().getTime() + 1_000)
  await stage.later(1_000)
}

/** A train in about three hours, cut an hour before, and how long that is from now. */
function trainAhead(more = "approvals: { required: 0 }\n") {
  const due = Math.floor((stage.clock.now().getTime() + 3 * HOUR) / 60_000) * 60_000
  const [, weekday, time] = /^(\w{3}), .* (\d\d:\d\d):00 GMT$/.exec(new Date(due).toUTCString()) ?? []
  const config = `train: { every: "${weekday?.toLowerCase()} ${time}", zone: UTC, cutoff: 1h }\n${more}`
  return { due, files: { ".github/slipway.yml": config }, until: (at: number) => at - stage.clock.now().getTime() }
}
const said = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ")

test("one that departs: cut an hour before, published when it is due, for two requests a merge until then", async () => {
  const { due, files } = trainAhead()
  const place = await stage.build("departs", files)
  await place.merge("ben", "feat: pay by invoice")
  stage.github.resetRequests()
  const { sha } = await place.merge("ben", "fix: in time")
  const asked = stage.github.requests.filter((r) => r.by === "installation").map((r) => r.operationId)
  expect(asked.sort()).toEqual(["checks/create", "repos/update-release"])
  await reach(due - HOUR)
  expect(place.readiness(sha)).toMatchObject({ conclusion: "success" })
  await place.merge("ben", "feat: for the next one")
  expect(place.world().tags).toEqual({})
  await reach(due)
  expect(place.world().tags).toEqual({ "v0.1.0": sha })
  expect(place.releases().find(({ draft }) => !draft)?.body).not.toMatch(/for the next one/)
  const [thread] = await place.threads()
  expect(thread?.replies.map(({ text }) => text)).toEqual([
    expect.stringMatching(new RegExp(`Cut.*by the train of ${said(due)} UTC`)),
    expect.stringMatching(/Ready/),
    expect.stringMatching(new RegExp(`Published.*by the train of ${said(due)} UTC`)),
  ])
})

test("one that is missed by a gate: nothing goes out, and the thread says by which, and when the next one goes", async () => {
  const { due, files } = trainAhead("")
  const place = await stage.build("missed", files)
  const { sha } = await place.merge("ben", "feat: nobody looked at it")
  await reach(due - HOUR)
  await reach(due)
  expect(place.world().tags).toEqual({})
  const [thread] = await place.threads()
  expect(thread?.replies.map(({ text }) => text)).toEqual([
    expect.stringMatching(/Cut/),
    expect.stringMatching(/Waits for approval/),
    expect.stringMatching(
      new RegExp(`Missed the train.*approvals is pending.*departed ${said(due)} UTC · next ${said(due + WEEK)} UTC`),
    ),
  ])
  expect(place.readiness(sha).summary).toMatch(/missed the train/)
  await place.press("approve", "cleo", sha)
  await reach(due + WEEK - HOUR)
  await reach(due + WEEK)
  expect(place.world().tags).toEqual({ "v0.1.0": sha })
})

test("recovers after Slipway was away at the departure: it departs late, with what had landed by the cutoff", async () => {
  const { due, files, until } = trainAhead()
  const place = await stage.build("late", files)
  const { sha } = await place.merge("ben", "feat: in time")
  await stage.stop()
  stage.pass(until(due) + HOUR / 2)
  await stage.restart()
  await stage.quiet()
  expect(place.world().tags).toEqual({ "v0.1.0": sha })
})

test("recovers after it was away for longer: missed, said once, and the next one departs", async () => {
  const { due, files, until } = trainAhead()
  const place = await stage.build("away", files)
  const { sha } = await place.merge("ben", "feat: in time")
  await stage.stop()
  stage.pass(until(due) + 2 * HOUR)
  await stage.restart()
  await stage.quiet()
  expect(place.world().tags).toEqual({})
  const missed = async () =>
    (await place.threads())[0]?.replies.filter(({ text }) => text.includes("was not there when it departed"))
  expect(await missed()).toHaveLength(1)
  await stage.restart()
  await stage.quiet()
  expect(await missed()).toHaveLength(1)
  await reach(due + WEEK)
  expect(place.world().tags).toEqual({ "v0.1.0": sha })
})
