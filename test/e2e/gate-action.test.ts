import { afterAll, beforeAll, expect, test } from "vitest"
import { jobAt, runGate } from "../gate/run-gate.ts"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/**
 * A private repository without protection rules: jobs wait by the gate action, as its own process with the job's token. Each
 * test is the next step of one story.
 */
let stage: Stage
let released: string

const CONFIG = `impact: false
approvals: { required: 1 }
environments:
  production:
    window: { days: mon-fri, hours: "09:00-16:00", zone: Europe/Berlin }
    approvals: { required: 1, from: ["@acme/sre"] }
`
/** A Monday, 08:00 in Berlin. */
const MORNING = "2027-01-11T07:00:00.000Z"
const HOUR = 60 * 60_000
const NAME = "Slipway / production"

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      github.createTeam("acme", "sre", ["cleo"])
    },
  })
  stage.pass(Date.parse(MORNING) - stage.clock.now().getTime())
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
})
afterAll(() => stage.close())

/** Ours, whoever else made one of that name. */
function page() {
  const run = stage.github.checkRuns(stage.repo, { name: NAME, sha: released }).find(({ app }) => app === "slipway")
  if (!run) throw new Error(`there is no ${NAME} on ${released}`)
  return run
}
const press = (button: string, by: string) => stage.pressOn(page(), button, by)
const job = () => runGate(jobAt(stage.github, stage.repo, released))
const deployed = (state: "success" | "failure") => stage.deploy("production", released, "ben", state)
const asked = () =>
  stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)

test("what is out waits before production, though nothing asks", () => {
  expect(page()).toMatchObject({
    conclusion: "action_required",
    title: "0.1.0 waits to enter production: window, approvals",
  })
  expect(gate(page(), "approvals")).toContain("waits for 1 approval from @acme/sre")
  expect(gate(page(), "window")).toContain("2027-01-11 08:00 UTC")
})

test("a job is blocked, also by a green check run that another App made", async () => {
  expect(await job()).toMatchObject({ code: 1, log: expect.stringContaining("the check run is action_required") })
  await stage.github.reportCheck({ repo: stage.repo, sha: released, name: NAME, app: "evil", conclusion: "success" })
  expect(await job()).toMatchObject({ code: 1, log: expect.stringContaining("the check run is action_required") })
})

test("an approval is asked of those who may, and outlives a restart", async () => {
  await press("approve", "ana")
  expect(gate(page(), "approvals")).toContain("waits for 1 approval")
  await press("approve", "cleo")
  expect(gate(page(), "approvals")).toContain("approved by cleo")
  await stage.restart()
  expect((await job()).code).toBe(1)
})

test("the window opens by the clock, and the job passes", async () => {
  stage.github.resetRequests()
  await stage.later(HOUR + 60_000)
  expect(page()).toMatchObject({ conclusion: "success", title: "0.1.0 may enter production" })
  // Five of them are the daily look at settings.
  expect(asked().length).toBeLessThanOrEqual(24)
  expect(await job()).toMatchObject({ code: 0, log: expect.stringContaining("0.1.0 may enter production") })
})

test("the window closes, and a second job is blocked", async () => {
  await stage.later(8 * HOUR)
  expect(page().conclusion).toBe("action_required")
  expect((await job()).code).toBe(1)
})

test("a deployment that failed uses the approval up: the next one asks again", async () => {
  await stage.later(17 * HOUR)
  expect((await job()).code).toBe(0)
  await deployed("failure")
  expect(page()).toMatchObject({ conclusion: "failure", title: expect.stringContaining("failed") })
  expect(await job()).toMatchObject({ code: 1, log: expect.stringContaining("the check run is failure") })
  await press("approve", "cleo")
  expect(page()).toMatchObject({ conclusion: "success", title: "0.1.0 may enter production" })
  expect((await job()).code).toBe(0)
})

test("what is live and was let in is no entry: the same commit may be deployed once more", async () => {
  await deployed("success")
  expect(page()).toMatchObject({ conclusion: "success", title: "0.1.0 is live in production" })
  await stage.later(8 * HOUR)
  expect((await job()).code).toBe(0)
})

test("a newer release that is live there blocks a job of the older one", async () => {
  const first = released
  released = (await stage.merge("ben", "fix: round")).sha
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
  await press("approve", "cleo")
  await stage.later(17 * HOUR)
  expect((await job()).code).toBe(0)
  await deployed("success")
  released = first
  expect(page().conclusion).toBe("neutral")
  expect((await job()).code).toBe(1)
  expect(stage.check("Slipway / readiness", released).conclusion).toBe("success")
})
