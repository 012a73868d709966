import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** eve, who may write nothing here, has a fork, and opens pull requests from it. */
let stage: Stage
let place: Place
let fork: string
/** The candidate: what ben has merged. */
let head: string

const CONFIG = ".github/slipway.yml"
const PLAN = `release: { name: Spring }
testing: { unit_tests: { check: "CI / test" }, required: [unit_tests] }
rollback_plan: { procedure: docs/rollback.md }
`

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    env: { ALLOWED_ACCOUNTS: "acme" },
    before: async (github) => {
      github.createUser("eve")
    },
  })
})
afterAll(() => stage.close())

let count = 0
beforeEach(async () => {
  place = await stage.build(`forked-${++count}`, { "release-plan.yml": PLAN, CODEOWNERS: "* @cleo\n" })
  fork = stage.github.forkRepository(place.repo, "eve")
  head = (await place.merge("ben", "feat: pay by invoice")).sha
})

const propose = (title: string, files: { readonly [path: string]: string | null }) =>
  stage.github.openPullRequest({
    repo: place.repo,
    from: fork,
    by: "eve",
    head: "patch-1",
    title,
    commits: [{ message: title, files: { ...files }, author: "eve" }],
  })

test("a pull request of a fork that takes the gates out changes none, and its page says what it would do", async () => {
  const pull = await propose("chore: no gates", {
    [CONFIG]: "approvals: { required: 0, from: ['@eve'] }\n",
    "release-plan.yml": null,
    CODEOWNERS: "* @eve\n",
  })
  await stage.quiet()
  expect(place.check("Slipway / plan", pull.headSha).summary).toMatch(/weaker.*takes the plan away/)
  const page = await place.press("approve", "ben", head)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "tests")).not.toContain("✅")
  expect(gate(page, "approvals")).not.toContain("✅")
  await stage.github.clickAnyway({ repo: place.repo, checkRunId: page.id, identifier: "approve", by: "eve" })
  await stage.quiet()
  expect(gate(place.readiness(head), "approvals")).not.toContain("✅")
})

test("a job of a fork that takes the name of our checks hides nothing: it counts as the failure that it is", async () => {
  const { headSha } = await propose("feat: a door", { "door.ts": "open()\n" })
  for (const [name, conclusion] of [
    ["Slipway / readiness", "success"],
    ["Slipway / e2e", "failure"],
  ] as const)
    await stage.github.reportCheck({ repo: place.repo, sha: headSha, name, app: "github-actions", conclusion })
  await stage.quiet()
  // Git knows no green button: what somebody pushes is the fork's very commit.
  await stage.github.pushForce({ repo: place.repo, by: "ana", to: headSha })
  await stage.quiet()
  const ours = () => {
    const runs = stage.github.checkRuns(place.repo, { sha: headSha, name: "Slipway / readiness" })
    const found = runs.filter(({ app }) => app === "slipway")
    expect([runs.length, found.length]).toEqual([2, 1])
    return found[0] as (typeof found)[number]
  }
  await stage.github.click({ repo: place.repo, checkRunId: ours().id, identifier: "approve", by: "ben" })
  await stage.quiet()
  expect(gate(ours(), "checks")).toContain("Slipway / e2e did not pass")
})
