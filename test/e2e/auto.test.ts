import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Releases that go by themselves when every gate is passed; each test is the next step of one story. */
let stage: Stage

const CONFIG = "publish: { mode: auto }\napprovals: { required: 0 }\nimpact: false\n"
const CI = "on: [push]\njobs: { unit: { runs-on: ubuntu-latest, steps: [] } }\n"

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG, ".github/workflows/ci.yml": CI },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
})

afterAll(async () => {
  await stage.close()
})

const tags = () => stage.world().tags

test("it waits for the checks, and costs no more than a draft while it does", async () => {
  await stage.merge("ben", "feat: pay by invoice")
  stage.github.resetRequests()
  const { sha } = await stage.merge("ben", "fix: round")
  const asked = stage.github.requests.filter((r) => r.by === "installation").map((r) => r.operationId)
  expect(asked.sort()).toEqual(["checks/create", "repos/update-release"])
  expect(gate(stage.readiness(sha), "checks")).toContain("no check has reported yet")
  expect(Object.keys(tags())).toEqual(["v1.0.0"])
})

test("a failing check only shows", async () => {
  const sha = stage.world().branches.main ?? ""
  await stage.report("unit", sha, "failure")
  expect(gate(stage.readiness(sha), "checks")).toContain("did not pass")
  expect(Object.keys(tags())).toEqual(["v1.0.0"])
})

test("when the last gate is passed it is read afresh, cut at the head, and published", async () => {
  const { sha } = await stage.merge("ben", "fix: round half up")
  stage.github.resetRequests()
  await stage.report("unit", sha)
  expect(tags()).toMatchObject({ "v1.1.0": sha })
  expect(stage.readiness(sha)).toMatchObject({ conclusion: "success", title: "1.1.0 is published" })
  const asked = stage.github.requests.map((r) => r.operationId)
  expect(asked).toEqual(expect.arrayContaining(["git/get-ref", "checks/list-for-ref", "repos/get-branch-rules"]))
  expect(asked.indexOf("checks/list-for-ref")).toBeLessThan(asked.indexOf("git/create-ref"))
})

test("a check that failed since it was last heard of holds it back", async () => {
  const { sha } = await stage.merge("ben", "fix: a")
  stage.github.filterDeliveries(({ event }) => event !== "check_run")
  await stage.github.reportCheck({ repo: stage.repo, sha, name: "e2e", status: "completed", conclusion: "failure" })
  await stage.quiet()
  stage.github.filterDeliveries(undefined)
  await stage.report("unit", sha)
  expect(tags()).not.toHaveProperty("v1.1.1")
  expect(gate(stage.readiness(sha), "checks")).toContain("e2e did not pass")
})

test("a tag whose webhook was lost is seen before the version is fixed", async () => {
  const { sha } = await stage.merge("ben", "fix: b")
  const elsewhere = tags()["v1.1.0"] ?? ""
  stage.github.filterDeliveries(({ event }) => event !== "push" && event !== "create")
  await stage.github.createTag({ repo: stage.repo, by: "ana", name: "v1.1.1", sha: elsewhere })
  await stage.quiet()
  stage.github.filterDeliveries(undefined)
  await stage.report("unit", sha)
  // Nothing goes by what was read for another tag: it is looked at again.
  await stage.later(6 * 60_000)
  expect(tags()).toMatchObject({ "v1.1.1": elsewhere, "v1.1.2": sha })
  expect(stage.readiness(sha).title).toBe("1.1.2 is published")
})

test("a tag that is taken in the last moment stops it, without a circle of requests", async () => {
  const { sha } = await stage.merge("ben", "fix: c")
  const elsewhere = tags()["v1.1.2"] ?? ""
  stage.github.filterDeliveries(({ event }) => event !== "push" && event !== "create")
  stage.github.intercept(async ({ method, path }) => {
    if (method !== "POST" || path !== `/repos/${stage.repo}/git/refs`) return undefined
    stage.github.intercept(undefined)
    await stage.github.createTag({ repo: stage.repo, by: "ana", name: "v1.1.3", sha: elsewhere })
    return undefined
  })
  stage.github.resetRequests()
  await stage.report("unit", sha)
  stage.github.filterDeliveries(undefined)
  expect(stage.github.requests.filter((r) => r.operationId === "git/create-ref")).toHaveLength(1)
  expect(tags()["v1.1.3"]).toBe(elsewhere)
  expect(stage.readiness(sha).summary).toMatch(/could not be published by itself/)
  await stage.github.deleteTag({ repo: stage.repo, by: "ana", name: "v1.1.3" })
  await stage.quiet()
  await stage.later(6 * 60_000)
  expect(tags()["v1.1.3"]).toBe(sha)
})
