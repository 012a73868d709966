import { afterAll, beforeAll, expect, test } from "vitest"
import { plainly } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody who may write starts deployments that are not what they look like. */
let stage: Stage

const CONFIG = `impact: false
environments: { staging: {}, production: { approvals: { required: 1 } } }
`

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
  for (const environment of ["staging", "production"]) stage.github.protect(stage.repo, environment)
  await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
  expect(Object.keys(stage.world().tags)).toEqual(["v0.1.0"])
})
afterAll(() => stage.close())

const answersOf = (run: number) => stage.github.answersOf(stage.repo, run)
const deploy = (ref: string, environment: string) =>
  stage.github.startDeploying({ repo: stage.repo, by: "ben", ref, environment })

test("a commit that was not released does not enter an environment, though a release is out", async () => {
  await stage.push("ben", "fix: a back door", { "door.ts": "open()\n" })
  const run = deploy("main", "staging")
  await stage.quiet()
  expect(answersOf(run)).toMatchObject([{ verdict: "rejected" }])
  expect(plainly(answersOf(run)[0]?.comment ?? "")).toContain("is not published yet")
})

test("an environment that is written in another way has the gates of the one that it is", async () => {
  const run = deploy("v0.1.0", "PRODUCTION")
  await stage.quiet()
  expect(answersOf(run)[0]?.verdict).toBeUndefined()
  expect(answersOf(run)[0]?.reports.join()).toContain("waits for 1 approval")
})

test("a question that names the run of another repository is answered nowhere", async () => {
  const other = await stage.build("till", { ".github/slipway.yml": CONFIG })
  stage.github.protect(other.repo, "production")
  const run = stage.github.startDeploying({ repo: other.repo, by: "ben", ref: "main", environment: "staging" })
  deploy("v0.1.0", "staging")
  await stage.quiet()
  const ours = stage.github.deliveries.findLast(({ event }) => event === "deployment_protection_rule")
  const fate = await stage.github.send("deployment_protection_rule", {
    ...ours?.payload,
    deployment_callback_url: `${stage.github.url}/repos/${other.repo}/actions/runs/${run}/deployment_protection_rule`,
  })
  expect(fate).toBe(422)
})
