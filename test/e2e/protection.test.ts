import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Deployments that wait for Slipway's answer, as GitHub's custom protection rule; each test is the next step of one story. */
let stage: Stage
let released: string
let waiting: number

const CONFIG = `impact: false
approvals: { required: 1 }
environments:
  staging: {}
  production:
    after: staging
    soak: 30m
    checks: ["smoke"]
    freshness: 6h
    window: { days: mon-fri, hours: "09:00-16:00", zone: Europe/Berlin }
    approvals: { required: 2 }
`
/** A Monday, 08:00 in Berlin. */
const MORNING = "2027-01-11T07:00:00.000Z"
const MINUTE = 60_000

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      for (const environment of ["staging", "production"]) github.protect("acme/shop", environment)
    },
  })
  stage.pass(Date.parse(MORNING) - stage.clock.now().getTime())
})

afterAll(async () => {
  await stage.close()
})

const PRODUCTION = "Slipway / production"
const page = (name = PRODUCTION) => stage.check(name, released)
const asked = () =>
  stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)
const answersOf = (run: number) => stage.github.answersOf(stage.repo, run)
const runs = (run: number) => stage.github.runsOf(stage.repo).find(({ id }) => id === run)
const deploy = (ref: string, environment: string, by = "ben") =>
  stage.github.startDeploying({ repo: stage.repo, by, ref, environment })
const press = (button: string, by: string) => stage.pressOn(page(), button, by)

test("a commit that was not released is turned away with the reason", async () => {
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  const run = deploy("main", "staging")
  await stage.quiet()
  expect(runs(run)).toMatchObject({ status: "completed", conclusion: "failure" })
  expect(plainly(answersOf(run)[0]?.comment ?? "")).toContain("v1.1.0 at")
  expect(plainly(answersOf(run)[0]?.comment ?? "")).toContain("is not published yet")
})

test("what was released enters an environment that asks for nothing else", async () => {
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
  expect(stage.world().tags).toMatchObject({ "v1.1.0": released })
  stage.github.resetRequests()
  const run = deploy("v1.1.0", "staging")
  await stage.quiet()
  expect(answersOf(run)).toMatchObject([{ verdict: "approved", reports: [] }])
  expect(asked().length).toBeLessThanOrEqual(14)
  stage.github.endDeploying({ repo: stage.repo, runId: run, state: "success" })
  await stage.quiet()
  expect(page("Slipway / staging").title).toBe("1.1.0 is live in staging")
})

test("production waits, and says what for", async () => {
  waiting = deploy("v1.1.0", "production")
  await stage.quiet()
  expect(answersOf(waiting)).toMatchObject([{ reports: [expect.stringContaining("1.1.0")] }])
  expect(page()).toMatchObject({ conclusion: "action_required" })
  expect(gate(page(), "after")).toContain("live in staging")
  expect(gate(page(), "soak")).toContain("pending")
  expect(gate(page(), "window")).toContain("2027-01-11 08:00 UTC")
  expect(gate(page(), "checks")).toContain("waits for a check named “smoke”")
  expect(gate(page(), "approvals")).toContain("waits for 2 approvals")
})

test("the soak ends, and the window opens, by the clock alone", async () => {
  await stage.later(31 * MINUTE)
  expect(gate(page(), "soak")).toContain("passed")
  expect(gate(page(), "window")).toContain("pending")
  await stage.later(35 * MINUTE)
  expect(gate(page(), "window")).toContain("passed")
})

test("while it waits nothing is asked of GitHub but to write what changed", async () => {
  stage.github.resetRequests()
  await stage.report("smoke", released, "failure")
  expect(gate(page(), "checks")).toContain("did not pass")
  expect(page().conclusion).toBe("failure")
  await stage.report("smoke", released)
  expect(new Set(asked())).toEqual(new Set(["checks/update", "actions/review-custom-gates-for-run"]))
})

test("an attempt that failed holds it although the next one passed", async () => {
  expect(gate(page(), "checks")).toContain("passed")
  await press("approve", "ana")
  expect(gate(page(), "approvals")).toContain("1 of 2 approvals")
  await press("approve", "ben")
  expect(plainly(page().summary)).toContain("four eyes: they wrote all of it")
  await stage.restart()
  await press("approve", "cleo")
  expect(gate(page(), "approvals")).toContain("approved by ana and cleo")
  expect(gate(page(), "freshness")).toContain("smoke failed on")
  expect(answersOf(waiting)[0]?.verdict).toBeUndefined()
})

test("after a restart nothing is forgotten: it is let in when the last gate is passed", async () => {
  await stage.restart()
  await stage.later(5 * 60 * MINUTE + 30 * MINUTE)
  await stage.report("smoke", released)
  expect(answersOf(waiting)[0]?.verdict).toBeUndefined()
  await stage.later(35 * MINUTE)
  expect(answersOf(waiting)).toMatchObject([{ verdict: "approved" }])
  expect(runs(waiting)).toMatchObject({ status: "in_progress" })
  expect(page()).toMatchObject({ conclusion: "success", title: "1.1.0 was let into production" })
})

test("the question once more is answered by nobody twice", async () => {
  const before = stage.github.requests.length
  stage.github.askAgain({ repo: stage.repo, by: "ben", runId: waiting })
  const { id } = stage.github.deliveries.findLast(({ event }) => event === "deployment_protection_rule") ?? { id: "" }
  await stage.github.redeliver(id)
  await stage.quiet()
  expect(stage.github.requests.slice(before)).toEqual([])
  stage.github.endDeploying({ repo: stage.repo, runId: waiting, state: "success" })
  await stage.quiet()
  expect(page().title).toBe("1.1.0 is live in production")
})

test("what looks like a question of another repository, or of another GitHub, is refused", async () => {
  const question = stage.github.deliveries.findLast(({ event }) => event === "deployment_protection_rule")
  for (const url of [
    `${stage.github.url}/repos/acme/other/actions/runs/1/deployment_protection_rule`,
    `https://evil.example/repos/acme/shop/actions/runs/1/deployment_protection_rule`,
  ]) {
    const fate = await stage.github.send("deployment_protection_rule", {
      ...question?.payload,
      deployment_callback_url: url,
    })
    expect(fate).toBe(422)
  }
})

test("a rollback that somebody pressed for is let in without soak, window and approvals", async () => {
  const { sha } = await stage.merge("ben", "fix: round")
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
  await stage.github.setDeploymentStatus({
    repo: stage.repo,
    by: "ana",
    deploymentId: await stage.github.createDeployment({
      repo: stage.repo,
      by: "ana",
      ref: sha,
      environment: "production",
    }),
    state: "failure",
  })
  await stage.quiet()
  const failing = stage.check(PRODUCTION, sha)
  await stage.later(12 * 60 * MINUTE)
  await stage.github.click({ repo: stage.repo, checkRunId: failing.id, identifier: "rollback:production", by: "cleo" })
  await stage.quiet()
  const back = stage.github.startDeploying({
    repo: stage.repo,
    by: "ana",
    ref: "v1.1.0",
    environment: "production",
    event: "deployment",
  })
  await stage.quiet()
  expect(answersOf(back)).toMatchObject([{ verdict: "approved", reports: [] }])
})

test("what was live before, and whose webhooks were lost, is asked for by a timer", async () => {
  const { repo, github } = stage
  const { sha } = await stage.merge("ben", "fix: round down")
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
  github.pauseDeliveries()
  const deploymentId = await github.createDeployment({ repo, by: "ana", ref: sha, environment: "staging" })
  await github.setDeploymentStatus({ repo, by: "ana", deploymentId, state: "success" })
  github.resumeDeliveries(() => [])
  await stage.quiet()
  expect(gate(stage.check(PRODUCTION, sha), "after")).toContain("1.1.0 is live in staging, not 1.1.2")
  github.resetRequests()
  await stage.later(16 * MINUTE)
  await stage.later(MINUTE)
  expect(asked().filter((operation) => operation?.startsWith("repos/list-deployment") === true)).toEqual([
    "repos/list-deployments",
    "repos/list-deployment-statuses",
  ])
  expect(gate(stage.check(PRODUCTION, sha), "after")).toContain("passed")
  expect(stage.check("Slipway / staging", sha).title).toBe("1.1.2 is live in staging")
  expect(github.problems).toEqual([])
})

test("a job that was cancelled while it waited is waited for no longer", async () => {
  const run = deploy("v1.1.2", "production")
  await stage.quiet()
  stage.github.endDeploying({ repo: stage.repo, runId: run, state: "error" })
  await stage.quiet()
  stage.github.resetRequests()
  await stage.later(31 * 24 * 60 * MINUTE)
  expect(asked()).not.toContain("actions/review-custom-gates-for-run")
})
