import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type Stage, setStage } from "../e2e/support/stage.ts"
import { runGate } from "../gate/run-gate.ts"

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
const press = async (button: string, by: string) => {
  await stage.github.click({ repo: stage.repo, checkRunId: page().id, identifier: button, by })
  await stage.quiet()
}
const gate = () =>
  runGate({
    GITHUB_API_URL: stage.github.url,
    GITHUB_REPOSITORY: stage.repo,
    GITHUB_SHA: released,
    INPUT_ENVIRONMENT: "production",
    "INPUT_APP-ID": stage.github.app.id,
    "INPUT_TIMEOUT-MINUTES": "0.01",
    "INPUT_INTERVAL-SECONDS": "1",
    INPUT_TOKEN: stage.github.jobToken(stage.repo, { checks: "read" }),
  })
const deployed = async (state: "in_progress" | "success" | "failure") => {
  const { github, repo } = stage
  const deploymentId = await github.createDeployment({ repo, by: "ben", ref: released, environment: "production" })
  await github.setDeploymentStatus({ repo, by: "ben", deploymentId, state })
  await stage.quiet()
}

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
