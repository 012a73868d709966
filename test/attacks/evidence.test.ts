import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** The branch's rules require a check of GitHub Actions; somebody else says that it has passed. */
let stage: Stage
let head: string

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) =>
      github.setBranchRules("acme/shop", "main", [
        {
          type: "required_status_checks",
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: "build", integration_id: 15_368 }],
          },
          ruleset_source_type: "Repository",
          ruleset_source: "acme/shop",
          ruleset_id: 1,
        },
      ]),
  })
  head = (await stage.merge("ben", "feat: pay by invoice")).sha
})
afterAll(() => stage.close())

const waits = /⏳.*waiting for build of the App 15368, which the branch's rules require/

test("a commit status of that name, set with a person's token, is not the check that is required", async () => {
  await stage.github.setStatus({ repo: stage.repo, sha: head, context: "build", state: "success", by: "ben" })
  await stage.quiet()
  const page = await stage.press("approve", "cleo", head)
  expect(gate(page, "checks")).toMatch(waits)
  expect(page.conclusion).toBe("action_required")
})

test("a check run of that name, made by another App, is not the check that is required", async () => {
  await stage.github.reportCheck({ repo: stage.repo, sha: head, name: "build", app: "evil", conclusion: "success" })
  await stage.quiet()
  const page = await stage.press("approve", "ana", head)
  expect(gate(page, "checks")).toMatch(waits)
  expect(page.conclusion).toBe("action_required")
})
