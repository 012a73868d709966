import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { gate, plainly } from "../e2e/support/gates.ts"
import { withQa } from "../e2e/support/people.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody who may write wants into an environment past the people and the times that it asks for. */
let stage: Stage
let place: Place
/** The commit of v0.1.0, which ben wrote and which is out. */
let released: string

const CONFIG = `impact: false
environments:
  staging: { approvals: { required: 1 } }
  production: { approvals: { required: 1 } }
  canary: { soak: 1h }
  vault: { soak: 1h, approvals: { required: 1, from: ["@acme/qa"] } }
`
const MINUTE = 60_000

beforeAll(async () => {
  stage = await setStage({ slack: false, before: withQa })
})
afterAll(() => stage.close())

let count = 0
beforeEach(async () => {
  place = await stage.build(`door-${++count}`, { ".github/slipway.yml": CONFIG })
  for (const environment of ["staging", "production", "canary", "vault"]) stage.github.protect(place.repo, environment)
  released = (await place.merge("ben", "feat: pay by invoice")).sha
  await place.press("approve", "cleo")
  await place.press("publish", "cleo")
  expect(place.world().tags).toEqual({ "v0.1.0": released })
})

const deploy = async (environment: string, ref = "v0.1.0"): Promise<number> => {
  const run = stage.github.startDeploying({ repo: place.repo, by: "ben", ref, environment })
  await stage.quiet()
  return run
}
const verdicts = (run: number) => stage.github.answersOf(place.repo, run).map(({ verdict }) => verdict ?? "waits")
const page = (environment: string) => place.check(`Slipway / ${environment}`, released)
const press = (environment: string, button: string, by: string) => place.pressOn(page(environment), button, by)
const last = (event: string, action: string) => {
  const found = stage.github.deliveries.findLast((one) => one.event === event && one.action === action)
  if (!found) throw new Error(`there was no ${event}`)
  return found
}

test("a question that names another environment than its deployment is answered nowhere", async () => {
  await deploy("production")
  const { payload } = last("deployment_protection_rule", "requested")
  expect(await stage.github.send("deployment_protection_rule", { ...payload, environment: "preview" })).toBe(422)
})

test("a question that is asked again, once it was answered, is no new one", async () => {
  const run = await deploy("production")
  await press("production", "approve", "cleo")
  expect(verdicts(run)).toEqual(["approved"])
  stage.github.resetRequests()
  stage.github.askAgain({ repo: place.repo, by: "ben", runId: run })
  await stage.quiet()
  expect(stage.github.requests.map(({ operationId }) => operationId)).toEqual([])
})

test("an approval on the page of staging lets nothing into production", async () => {
  const production = await deploy("production")
  const staging = await deploy("staging")
  await press("staging", "approve", "cleo")
  expect(verdicts(production)).toEqual(["waits"])
  expect(verdicts(staging)).toEqual(["approved"])
})

test("an approval that let one job in does not let in the next one, sent once more", async () => {
  const first = await deploy("production")
  await press("production", "approve", "cleo")
  expect(verdicts(first)).toEqual(["approved"])
  const click = last("check_run", "requested_action")
  const second = await deploy("production")
  // In other bytes: the very same press is not looked at a second time at all.
  await stage.github.send("check_run", { ...click.payload, again: true })
  await stage.quiet()
  expect(verdicts(second)).toEqual(["waits"])
  expect(plainly(page("production").summary)).toContain("moved since the page was drawn")
})

test("a job that is run again asks again: its approval is spent", async () => {
  const run = await deploy("production")
  await press("production", "approve", "cleo")
  stage.github.endDeploying({ repo: place.repo, runId: run, state: "failure" })
  await stage.quiet()
  stage.github.deployAgain({ repo: place.repo, by: "ben", runId: run, environment: "production" })
  await stage.quiet()
  expect(verdicts(run)).toEqual(["approved", "waits"])
})

test("who takes an environment's gate off the branch does not get what is out past it", async () => {
  await place.push("ben", "chore: no gate", {
    ".github/slipway.yml": CONFIG.replace(/production: .*/, "production: {}"),
  })
  const run = await deploy("production")
  expect(verdicts(run)).toEqual(["waits"])
  expect(gate(page("production"), "approvals")).toContain("waits for 1 approval")
})

test("a release whose tag was moved behind our back is turned away, though its commit is the one that was seen", async () => {
  stage.github.filterDeliveries(({ event }) => event !== "push")
  await stage.github.deleteTag({ repo: place.repo, by: "ben", name: "v0.1.0" })
  const other = await place.push("ben", "fix: a back door", { "door.ts": "open()\n" })
  await stage.github.createTag({ repo: place.repo, by: "ben", name: "v0.1.0", sha: other })
  stage.github.filterDeliveries(undefined)
  const run = await deploy("canary", released)
  await stage.later(61 * MINUTE)
  expect(verdicts(run)).toEqual(["rejected"])
  expect(plainly(stage.github.answersOf(place.repo, run)[0]?.comment ?? "")).toContain("stands on")
})

test("another run of the same commit does not go round a hold", async () => {
  await deploy("canary")
  await press("canary", "hold", "cleo")
  const other = await deploy("canary")
  await stage.later(61 * MINUTE)
  expect(verdicts(other)).toEqual(["waits"])
})

test("who left the team after they approved lets nothing in when its time has come", async () => {
  const run = await deploy("vault")
  await press("vault", "approve", "tina")
  expect(gate(page("vault"), "approvals")).toContain("approved by tina")
  stage.github.leaveTeam("acme", "qa", "tina")
  await stage.later(61 * MINUTE)
  expect(verdicts(run)).toEqual(["waits"])
  stage.github.createTeam("acme", "qa", ["tina"])
})

test("who wrote a part of a release does not let it in alone", async () => {
  const run = await deploy("production")
  await press("production", "approve", "ben")
  expect(verdicts(run)).toEqual(["waits"])
  expect(gate(page("production"), "approvals")).toContain("nobody's counts for what they wrote")
})
