import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type Stage, setStage } from "../e2e/support/stage.ts"
import { jobAt, runGate } from "../gate/run-gate.ts"

/** Somebody who may write wants a job past the gate action, in a repository without protection rules. */
let stage: Stage
let released: string

const CONFIG = `impact: false
environments: { production: { approvals: { required: 2 } } }
`
const NAME = "Slipway / production"

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
})
afterAll(() => stage.close())

/** Each story is of a release of its own. */
beforeEach(async () => {
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
  expect(page()).toMatchObject({ conclusion: "action_required" })
})

const page = () => stage.check(NAME, released)
const press = (button: string, by: string) => stage.pressOn(page(), button, by)
const gate = () => runGate(jobAt(stage.github, stage.repo, released))
const deployed = (state: "in_progress" | "success" | "failure") => stage.deploy("production", released, "ben", state)

test("a deployment status that somebody writes does not let the next job pass", async () => {
  await deployed("success")
  expect(page()).toMatchObject({ conclusion: "action_required" })
  expect(await gate()).toMatchObject({ code: 1, log: expect.stringContaining("action_required") })
  expect(stage.check("Slipway / readiness", released).conclusion).toBe("failure")
})

test("an approval of the entry before does not let in the next one", async () => {
  await press("approve", "ana")
  await press("approve", "cleo")
  expect((await gate()).code).toBe(0)
  await deployed("failure")
  expect((await gate()).code).toBe(1)
  await press("approve", "cleo")
  expect(page()).toMatchObject({ conclusion: "action_required" })
  expect((await gate()).code).toBe(1)
})
