import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** The main job, from merged pull requests to a rollback notice; each test is the next step of one story. */
let stage: Stage
let candidate: string
let second: string

const CONFIG = `approvals: { required: 1 }
environments:
  staging: {}
  production: { after: staging }
`
const PLAN = `release:
  name: Spring release
  date: "2026-11-30"
stakeholders: { product_owner: "@ana" }
features:
  - { id: PAY-1, name: Pay by invoice, team: Payments, status: ready }
  - { id: SEARCH-7, name: Faster search, status: ready, dependencies: [PAY-1] }
bug_fixes: { critical: 1, high: 2, medium: 3 }
testing:
  unit_tests: { check: "unit" }
  required: [unit_tests]
rollback_plan: { estimated_time: 15 minutes, procedure: docs/rollback.md, responsible: "@ana" }
`

beforeAll(async () => {
  stage = await setStage({
    embedded: true,
    files: {
      ".github/slipway.yml": CONFIG,
      "release-plan.yml": PLAN,
      ".github/workflows/ci.yml": "on: [push]\njobs: { unit: { runs-on: ubuntu-latest, steps: [] } }\n",
    },
  })
})

afterAll(async () => {
  const { problems } = stage.github
  const slackProblems = stage.slack.problems
  await stage.close()
  expect({ problems, slackProblems }).toEqual({ problems: [], slackProblems: [] })
})

const releases = () => Object.values(stage.github.world())[0]?.releases ?? []

test("a merged feature becomes a version, a draft, a neutral check and one announcement", async () => {
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  expect(releases()).toMatchObject([
    { draft: true, tagName: "v0.1.0", body: expect.stringContaining("pay by invoice (#1)") },
  ])
  expect(stage.readiness()).toMatchObject({
    headSha: sha,
    conclusion: "neutral",
    title: expect.stringContaining("0.1.0"),
  })
  expect(stage.readiness().actions.map((a) => a.identifier)).toEqual(["approve", "hold"])
  expect(await stage.slack.messages("releases")).toHaveLength(1)
})

test("a second merge keeps the one draft and the one thread", async () => {
  await stage.merge("cleo", "fix: round half up", { method: "merge" })
  candidate = (await stage.merge("ben", "docs: say how to pay", { method: "rebase", order: "pr-first" })).sha
  expect(releases()).toHaveLength(1)
  expect(releases()[0]?.body).toMatch(/pay by invoice \(#1\)[\s\S]*round half up \(#2\)/)
  expect(await stage.slack.messages("releases")).toHaveLength(1)
})

test("a check that reports is seen on the page", async () => {
  await stage.github.reportCheck({
    repo: stage.repo,
    sha: candidate,
    name: "unit",
    status: "completed",
    conclusion: "success",
  })
  await stage.quiet()
  expect(stage.readiness(candidate).summary).toMatch(/tests \| ✅ passed/)
})

test("an approval counts for the changes of others only, and the page says which remain", async () => {
  const page = await stage.press("approve", "ben", candidate)
  expect(page.conclusion).toBe("action_required")
  expect(page.summary).toMatch(/covers 2 of 4 changes; not their own #1 and #3/)
  expect(page.actions.map((a) => a.identifier)).toEqual(["approve", "hold", "recut"])
})

test("somebody else's approval completes four eyes; hold blocks; approve lifts it", async () => {
  expect((await stage.press("approve", "ana", candidate)).conclusion).toBe("success")
  const held = await stage.press("hold", "cleo", candidate)
  expect(held).toMatchObject({ conclusion: "failure", title: expect.stringContaining("hold") })
  const lifted = await stage.press("approve", "ana", candidate)
  expect(lifted.actions.map((a) => a.identifier)).toEqual(["publish", "hold", "recut"])
})

test("a later merge drafts the next release and leaves the candidate alone", async () => {
  second = (await stage.merge("cleo", "feat: search faster")).sha
  expect(
    releases()
      .map((r) => r.tagName)
      .sort(),
  ).toEqual(["v0.1.0", "v0.2.0"])
  expect(stage.readiness(candidate).conclusion).toBe("success")
  expect(stage.readiness(second)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.2.0") })
})

test("publish tags exactly the candidate", async () => {
  const page = await stage.press("publish", "cleo", candidate)
  expect(page).toMatchObject({ conclusion: "success", title: "0.1.0 is published" })
  const world = Object.values(stage.github.world())[0]
  expect(world?.tags).toEqual({ "v0.1.0": candidate })
  expect(releases().find((r) => r.tagName === "v0.1.0")).toMatchObject({ draft: false })
  expect(releases().find((r) => r.tagName === "v0.2.0")).toMatchObject({ draft: true })
})

const deploy = (sha: string, environment: string, state: "success" | "failure") =>
  stage.deploy(environment, sha, "ana", state)

test("deployments make it live, with a way back only where there is one", async () => {
  await deploy(candidate, "staging", "success")
  await deploy(candidate, "production", "success")
  expect(stage.github.latestCheck(stage.repo, "Slipway / production")).toMatchObject({
    conclusion: "success",
    title: "0.1.0 is live in production",
  })
  const page = await pressRollback("ana", candidate)
  expect(page.summary).toMatch(/no release was ever live and well here/)
})

const pressRollback = async (by: string, sha: string) => {
  const run = stage.github.checkRuns(stage.repo, { sha, name: "Slipway / production" })[0]
  if (!run) throw new Error("no check of production")
  await stage.github.click({ repo: stage.repo, checkRunId: run.id, identifier: "rollback:production", by })
  await stage.quiet()
  const after = stage.github.checkRuns(stage.repo, { sha, name: "Slipway / production" })[0]
  if (!after) throw new Error("the check of production is gone")
  return after
}

test("the second release fails in production: the notice names the last known good one", async () => {
  await stage.github.reportCheck({
    repo: stage.repo,
    sha: second,
    name: "unit",
    status: "completed",
    conclusion: "success",
  })
  await stage.quiet()
  const own = await stage.press("approve", "cleo", second)
  expect(own.conclusion).toBe("neutral")
  expect(own.summary).toMatch(/not counted\*\*: four eyes: they wrote #4/)
  await stage.press("approve", "ana", second)
  expect((await stage.press("publish", "ana", second)).title).toBe("0.2.0 is published")
  await deploy(second, "production", "failure")
  expect(stage.github.latestCheck(stage.repo, "Slipway / production")).toMatchObject({ conclusion: "failure" })
  const replies = await repliesOf("0.2.0")
  expect(replies.at(-1)).toMatch(/Failed in production[\s\S]*0\.1\.0/)
})

const repliesOf = async (version: string): Promise<string[]> => {
  const message = (await stage.slack.messages("releases")).find((m) => m.text.includes(version))
  return message?.replies.map((r) => r.text) ?? []
}

test("the rollback deploys the last known good commit, follows it, and says so", async () => {
  await pressRollback("cleo", second)
  const deployment = Object.values(stage.github.world())[0]?.deployments.find((d) => d.task === "rollback")
  expect(deployment).toMatchObject({ sha: candidate, environment: "production", creator: "slipway[bot]" })
  await stage.github.setDeploymentStatus({
    repo: stage.repo,
    deploymentId: deployment?.id ?? 0,
    state: "success",
    by: "ana",
  })
  await stage.quiet()
  const notice = (await repliesOf("0.2.0")).find((text) => text.includes("Rollback: "))
  for (const part of ["acme/shop", "production", "0.2.0", "0.1.0", "cleo"]) expect(notice).toContain(part)
  expect(releases().find((r) => r.tagName === "v0.2.0")?.body).toMatch(/Rolled back from production to 0\.1\.0/)
  const issues = Object.values(stage.github.world())[0]?.issues.filter((i) => i.author === "slipway[bot]")
  expect(issues).toHaveLength(1)
  expect(issues?.[0]?.body).toContain("0.2.0")
})

test("the first message tells the present state", async () => {
  const message = (await stage.slack.messages("releases")).find((m) => m.text.includes("0.2.0"))
  expect(JSON.stringify(message?.blocks)).toMatch(/[Rr]olled back/)
})

test("every instant that release measurement needs is recorded", async () => {
  const rows = await stage.app.store.db.selectFrom("slipway.times").select(["what", "release", "subject"]).execute()
  const of = (what: string) => rows.filter((row) => row.what === what).map((row) => `${row.release} ${row.subject}`)
  expect(of("committed")).toContain(`1 ${candidate}`)
  expect(of("merged")).toEqual(expect.arrayContaining(["1 #1", "1 #2", "1 #3", "2 #4"]))
  expect(of("cut")).toEqual(expect.arrayContaining([`1 ${candidate}`, `2 ${second}`]))
  expect(of("approval-asked")).toHaveLength(2)
  expect(of("approval-given").map((row) => row.split("@")[0])).toEqual(
    expect.arrayContaining(["1 ben", "1 ana", "2 ana"]),
  )
  expect(of("published")).toEqual(expect.arrayContaining([`1 ${candidate}`, `2 ${second}`]))
  expect(of("deployment").map((row) => row.replace(/\d+\/(?=\w+$)/, ""))).toEqual(
    expect.arrayContaining(["1 staging/success", "1 production/success", "2 production/failure"]),
  )
  for (const what of ["failure-noticed", "rollback-begun", "rollback-ended"]) expect(of(what), what).toHaveLength(1)
})

test("no webhook was refused", () => {
  expect(stage.github.deliveries.filter((d) => d.status !== 200 && d.status !== 202)).toEqual([])
})
