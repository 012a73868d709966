import { afterEach, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody who may write takes away the gate that stands in the way of a candidate. */
let stage: Stage

afterEach(() => stage.close())

test("who drops a gate behind a candidate does not approve that alone; with somebody else it counts", async () => {
  stage = await setStage({
    slack: false,
    files: {
      ".github/slipway.yml": "publish: { manifests: [package.json] }\n",
      "package.json": '{ "name": "shop", "version": "1.0.0" }\n',
    },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "manifests")).toContain("says 1.0.0")

  await stage.merge("cleo", "chore: no manifests", { files: { ".github/slipway.yml": "approvals: { required: 1 }\n" } })
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /the gates in slipway\.yml were changed.*by cleo still needs 1/,
  )
  expect(stage.readiness(sha).conclusion).toBe("action_required")

  await stage.press("approve", "ana", sha)
  await stage.press("publish", "cleo", sha)
  expect(stage.world().tags["v1.1.0"]).toBe(sha)
})

const PLAN = `release: { name: Spring }
testing: { unit_tests: { check: "CI / test" }, required: [unit_tests] }
rollback_plan: { procedure: docs/rollback.md }
`

test("who deletes the plan that stands in the way does not approve that alone", async () => {
  stage = await setStage({ slack: false, files: { "release-plan.yml": PLAN } })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "tests")).not.toContain("✅")

  await stage.push("cleo", "chore: no plan", { "release-plan.yml": null })
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(/the plan was deleted.*by cleo still needs 1/)
  expect(stage.readiness(sha).conclusion).toBe("action_required")
  await stage.press("publish", "cleo", sha).catch(() => undefined)
  expect(stage.world().tags).toEqual({})
})

test("the first configuration, behind a candidate, does not open its way out", async () => {
  stage = await setStage({ slack: false })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "ben", sha)
  await stage.push("ben", "chore: nobody is asked", { ".github/slipway.yml": "approvals: { required: 0 }\n" })
  await stage.press("publish", "ben", sha).catch(() => undefined)
  expect(stage.world().tags).toEqual({})
  expect(gate(stage.readiness(sha), "configuration")).toMatch(/the gates in slipway\.yml were changed/)
})

test("a pull request that takes the gates out changes none before it is merged", async () => {
  stage = await setStage({ slack: false, files: { "release-plan.yml": PLAN } })
  const head = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.github.openPullRequest({
    repo: stage.repo,
    by: "cleo",
    head: "patch-1",
    title: "chore: no gates",
    commits: [
      {
        message: "chore: no gates",
        files: { ".github/slipway.yml": "approvals: { required: 0 }\n", "release-plan.yml": null },
        author: "cleo",
      },
    ],
  })
  await stage.quiet()
  const page = await stage.press("approve", "ben", head)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "tests")).not.toContain("✅")
  expect(gate(page, "approvals")).not.toContain("✅")
})
