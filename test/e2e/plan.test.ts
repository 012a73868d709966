import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Plans and configurations that are wrong, changed, or gone; and checks that report, or do not. */
let stage: Stage
let place: Place
let candidate: string

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const PLAN = `release: { name: Spring }
features:
  - { id: A, status: ready }
testing: { unit_tests: passed, required: [unit_tests] }
rollback_plan: { procedure: docs/rollback.md }
`
/** Ten aliases of ten aliases of …: a thousand million words from a few lines. */
const BOMB = ["a: &a [x,x,x,x,x,x,x,x,x,x]", ..."bcdefghi"]
  .map((line, at) =>
    at === 0
      ? line
      : `${line}: &${line} [${Array(10)
          .fill(`*${"abcdefghi"[at - 1]}`)
          .join(",")}]`,
  )
  .join("\n")

const problemsAt = (sha: string) => {
  const check = place.check("Slipway / plan", sha)
  return {
    conclusion: check.conclusion,
    problems: check.annotations.map(({ path, start_line, message }) => `${path}:${start_line} ${message}`),
  }
}

describe("a plan that is wrong", () => {
  beforeAll(async () => {
    place = await stage.build("planned", { "release-plan.yml": PLAN })
    await place.merge("ben", "feat: pay by invoice")
  })

  test.each<[string, string, RegExp]>([
    ["with tabs", "release:\n\tname: Spring\n", /^release-plan\.yml:2 .*tab/i],
    ["with aliases without end", `release: {}\n${BOMB}\n`, /^release-plan\.yml:\d+ .*alias/i],
    ["with a date that is none", "release:\n  name: Spring\n  date: 2026-02-30\n", /^release-plan\.yml:3 .*2026-02-30/],
    [
      "with a cycle of dependencies",
      "release: {}\nfeatures:\n  - { id: A, dependencies: [B] }\n  - { id: B, dependencies: [A] }\n",
      /^release-plan\.yml:[34] .*circle/,
    ],
    [
      "with a dependency that does not exist",
      "release: {}\nfeatures:\n  - { id: SEARCH-7 }\n  - { id: A, dependencies: [SEARCH-8] }\n",
      /^release-plan\.yml:4 .*SEARCH-8.*did you mean .SEARCH-7./,
    ],
    ["with a key that is none", "release:\n  nmae: Spring\n", /^release-plan\.yml:2 .*nmae.*did you mean .name./],
    ["that is no mapping", "- a\n- b\n", /^release-plan\.yml:1 /],
  ])("%s fails on its very line, and nothing is ready", async (_, text, problem) => {
    const sha = await place.push("ana", "chore: plan", { "release-plan.yml": text })
    const { conclusion, problems } = problemsAt(sha)
    expect(conclusion).toBe("failure")
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(gate(place.readiness(sha), "configuration")).toMatch(/❌.*release-plan\.yml:\d+/)
  })

  test("the last valid one does not silently go on counting, not even at the click", async () => {
    const page = await place.press("approve", "cleo")
    candidate = page.headSha
    expect(page.conclusion).toBe("failure")
    expect(gate(page, "configuration")).toMatch(/❌/)
    expect(page.summary).not.toMatch(/\| features \|/)
    expect(page.actions.map((a) => a.identifier)).not.toContain("publish")
  })

  test("recovers after it was mended: the next page is passed again", async () => {
    const sha = await place.push("ana", "chore: mend the plan", { "release-plan.yml": PLAN })
    expect(problemsAt(sha)).toEqual({ conclusion: "success", problems: [] })
    await place.press("recut", "ana", candidate)
    candidate = sha
    await place.press("approve", "ben", sha)
    const page = await place.press("approve", "cleo", sha)
    expect(gate(page, "configuration")).toMatch(/✅/)
    expect(gate(page, "features")).toMatch(/✅/)
    expect(page.conclusion).toBe("success")
  })

  test("deleted again, it removes no gate until that is approved under the old ones", async () => {
    const sha = await place.push("ana", "chore: no plan", { "release-plan.yml": null })
    await place.press("recut", "ben", candidate)
    expect(gate(place.readiness(sha), "configuration")).toMatch(/⏳.*the plan was deleted.*waits for 1 approval/)
    expect(place.readiness(sha).conclusion).toBe("action_required")
    await place.press("approve", "ben", sha)
    const page = await place.press("approve", "cleo", sha)
    expect(page.conclusion).toBe("success")
    expect((await place.press("publish", "ben", sha)).title).toMatch(/is published/)
  })
})

describe("a configuration", () => {
  test("that is wrong from the start fails on its line; mended, it passes", async () => {
    place = await stage.build("misconfigured", { ".github/slipway.yml": "approvals:\n  requierd: 1\n" })
    const { sha } = await place.merge("ben", "feat: a")
    expect(gate(place.readiness(sha), "configuration")).toMatch(/❌.*slipway\.yml:2.*did you mean .required./)
    const mended = await place.push("ana", "chore: mend", { ".github/slipway.yml": "approvals:\n  required: 1\n" })
    expect(problemsAt(mended)).toEqual({ conclusion: "success", problems: [] })
    expect(gate(place.readiness(mended), "configuration")).toMatch(/✅/)
  })

  test.each<[string, string | null, RegExp]>([
    ["weakened", "approvals: { required: 0 }\n", /the gates in slipway\.yml were changed.*waits for 2 approvals/],
    ["deleted", null, /slipway\.yml was deleted.*waits for 2 approvals/],
    ["broken", "approvals: { required: many }\n", /slipway\.yml:1/],
  ])("%s is not in force until the old gates are satisfied", async (name, text, because) => {
    place = await stage.build(name, { ".github/slipway.yml": "approvals: { required: 2 }\n" })
    stage.github.createOrganization("acme", { members: ["dora"] })
    stage.github.addCollaborator(place.repo, "dora", "write")
    await place.merge("ben", "feat: a")
    const sha = await place.push("ben", "chore: fewer gates", { ".github/slipway.yml": text })
    expect(gate(place.readiness(sha), "configuration")).toMatch(because)
    const once = await place.press("approve", "cleo", sha)
    expect(once.conclusion).not.toBe("success")
    expect(gate(once, "configuration")).not.toMatch(/✅/)
    const twice = await place.press("approve", "dora", sha)
    expect(twice.conclusion).toBe(name === "broken" ? "failure" : "success")
  })
})

describe("checks", () => {
  const WORKFLOW = { ".github/workflows/ci.yml": "on: [push]\njobs: { test: { runs-on: ubuntu-latest, steps: [] } }\n" }

  test("nothing has reported: pending where a workflow should, passed where nothing could, with the evidence", async () => {
    place = await stage.build("checked", WORKFLOW)
    const { sha } = await place.merge("ben", "feat: a")
    expect(gate(place.readiness(sha), "checks")).toMatch(/⏳.*no check has reported yet; .*ci\.yml should/)
    const bare = await stage.build("unchecked")
    const { sha: other } = await bare.merge("ben", "feat: a")
    expect(gate(bare.readiness(other), "checks")).toMatch(/✅.*no workflow runs on main.*\[files\]\(.*\[rules\]\(/)
  })

  test("running, failed, and passed when run again; a commit status counts as much", async () => {
    const { headSha } = place.readiness()
    await stage.github.reportCheck({ repo: place.repo, sha: headSha, name: "test", status: "in_progress" })
    await stage.quiet()
    expect(gate(place.readiness(headSha), "checks")).toMatch(/⏳.*test still running/)
    await place.report("test", headSha, "timed_out")
    expect(gate(place.readiness(headSha), "checks")).toMatch(/❌.*test did not pass/)
    await place.report("test", headSha)
    expect(gate(place.readiness(headSha), "checks")).toMatch(/✅/)
    const status = { repo: place.repo, sha: headSha, context: "coverage", by: "ana" }
    await stage.github.setStatus({ ...status, state: "error" })
    await stage.quiet()
    expect(gate(place.readiness(headSha), "checks")).toMatch(/❌.*coverage did not pass/)
    await stage.github.setStatus({ ...status, state: "success" })
    await stage.quiet()
    expect(gate(place.readiness(headSha), "checks")).toMatch(/✅.*all 2 checks have passed/)
  })

  test("a check that the branch's rules require and nobody reports is waited for", async () => {
    stage.github.setBranchRules(place.repo, "main", [
      {
        type: "required_status_checks",
        ruleset_source_type: "Repository",
        ruleset_source: place.repo,
        ruleset_id: 1,
        parameters: { required_status_checks: [{ context: "security" }], strict_required_status_checks_policy: false },
      },
    ])
    const page = await place.press("approve", "cleo")
    expect(gate(page, "checks")).toMatch(/⏳.*waiting for security, which the branch's rules require/)
    await place.report("security", page.headSha)
    expect(gate(place.readiness(page.headSha), "checks")).toMatch(/✅/)
  })
})
