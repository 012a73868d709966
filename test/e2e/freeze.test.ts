import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Candidates: cut by the clock, moved, one behind another. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const HOUR = 3_600_000
const now = (): number => Date.parse(stage.github.requests.at(-1)?.at ?? "")
const planWith = (freeze: number): string => `release: { name: Spring }
timeline: { code_freeze: "${new Date(freeze).toISOString()}" }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
`

describe("a code freeze", () => {
  test("cuts the release when its time comes, with nobody there", async () => {
    place = await stage.build("frozen", { "release-plan.yml": planWith(now() + HOUR) })
    const { sha } = await place.merge("ben", "feat: in time")
    expect(gate(place.readiness(sha), "code freeze")).toMatch(/⏳/)
    await stage.later(HOUR)
    const page = place.readiness(sha)
    expect(page.conclusion).toBe("action_required")
    expect(gate(page, "code freeze")).toMatch(/✅/)
    expect((await place.threads())[0]?.replies.map((r) => r.text)).toEqual([
      expect.stringMatching(/Cut.*by the plan's code freeze/),
      expect.stringMatching(/Waits for approval.*0\.1\.0/),
    ])
  })

  test("what lands later drafts the next release; the frozen one is published as it was", async () => {
    const frozen = place.readiness().headSha
    const late = await place.merge("ben", "feat: too late")
    expect(place.readiness(late.sha)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.2.0") })
    expect((await place.press("approve", "cleo", frozen)).conclusion).toBe("success")
    await place.press("publish", "cleo", frozen)
    expect(place.world().tags).toEqual({ "v0.1.0": frozen })
    expect(place.releases().find((r) => !r.draft)?.body).not.toMatch(/too late/)
  })

  test("recovers after Slipway was away when the time came: cut at what had landed before", async () => {
    place = await stage.build("frozen-away", { "release-plan.yml": planWith(now() + HOUR) })
    const { sha } = await place.merge("ben", "feat: in time")
    await stage.stop()
    stage.pass(2 * HOUR)
    stage.github.setWebhookUrl(undefined)
    await stage.github.pushCommit({
      repo: place.repo,
      by: "ben",
      message: "feat: late",
      files: { l: "l" },
      author: "ben",
    })
    await stage.restart()
    await stage.quiet()
    expect(place.readiness(sha).conclusion).toBe("action_required")
    expect(gate(place.readiness(sha), "code freeze")).toMatch(/✅/)
    const later = await place.merge("cleo", "fix: later still")
    expect(place.readiness(later.sha)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.2.0") })
    expect(gate(place.readiness(sha), "code freeze")).toMatch(/✅/)
  })
})

describe("open pull requests during a code freeze", () => {
  const NAME = "Slipway / freeze"
  let early: { number: number; headSha: string }
  let urgent: { number: number; headSha: string }
  const open = async (title: string, labels: string[] = []) => {
    const files = { [`src/${title.replace(/\W+/g, "-")}.txt`]: title }
    const commits = [{ message: title, files, author: "ben" }]
    const pull = await stage.github.openPullRequest({ repo: place.repo, by: "ben", title, labels, commits })
    await stage.quiet()
    return pull
  }
  const checks = () => stage.github.checkRuns(place.repo, { name: NAME })
  const asked = async (during: () => Promise<unknown>): Promise<string[]> => {
    stage.github.resetRequests()
    await during()
    return stage.github.requests
      .filter(({ by, path }) => by === "installation" && !path.includes("access_tokens"))
      .map(({ method, path }) => `${method} ${path.replace(/^\/repos\/acme\/[^/]+\//, "")}`)
  }

  test("before it, there is no check", async () => {
    place = await stage.build("frozen-pulls", { "release-plan.yml": planWith(now() + HOUR) })
    await place.merge("ben", "feat: in time")
    early = await open("docs: later")
    expect(checks()).toEqual([])
  })

  test("when it begins, those that are open show it: listed once, one request each", async () => {
    const requests = await asked(async () => {
      await stage.later(HOUR)
      await stage.later(2_000)
    })
    expect(requests.filter((request) => request.startsWith("GET pulls"))).toHaveLength(1)
    expect(checks()).toHaveLength(1)
    expect(place.check(NAME, early.headSha)).toMatchObject({
      conclusion: "failure",
      title: "main is frozen until 0.1.0 is out",
      summary: expect.stringMatching(/label `hotfix`/),
    })
  })

  test("those that come meanwhile show it, and the label hotfix lets one in, for a request each", async () => {
    const requests = await asked(async () => {
      urgent = await open("docs: urgent")
    })
    expect(requests).toEqual(["POST check-runs", "POST check-runs"])
    expect(place.check(NAME, urgent.headSha).conclusion).toBe("failure")
    const at = { owner: "acme", repo: "frozen-pulls", issue_number: urgent.number }
    const labelled = await asked(async () => {
      await stage.github.as("ben").rest.issues.addLabels({ ...at, labels: ["hotfix"] })
      await stage.quiet()
    })
    expect(labelled).toEqual([expect.stringMatching(/^PATCH check-runs\/\d+$/)])
    expect(place.check(NAME, urgent.headSha).conclusion).toBe("success")
    expect(checks()).toHaveLength(2)
  })

  test("recovers after a restart: it is lifted by itself when the release is out, in place", async () => {
    await stage.restart()
    const frozen = place.readiness().headSha
    await place.press("approve", "cleo", frozen)
    await place.press("publish", "cleo", frozen)
    expect(Object.keys(place.world().tags)).toEqual(["v0.1.0"])
    expect(place.check(NAME, early.headSha)).toMatchObject({
      conclusion: "success",
      title: "No longer frozen: the release of the plan is out",
    })
    expect(checks()).toHaveLength(2)
    expect((await asked(() => open("docs: quiet"))).filter((request) => request.includes("pulls"))).toEqual([])
    expect(checks()).toHaveLength(2)
  })
})

describe("Re-cut", () => {
  test("takes the draft's changes, voids the approvals, and the old page is not green any more", async () => {
    place = await stage.build("recut")
    const { sha } = await place.merge("ben", "feat: one")
    expect((await place.press("approve", "cleo", sha)).conclusion).toBe("success")
    const later = await place.merge("ben", "feat: two")
    expect(
      place
        .releases()
        .map((r) => r.tagName)
        .sort(),
    ).toEqual(["v0.1.0", "v0.2.0"])
    await place.press("recut", "cleo", sha)
    expect(place.readiness(sha)).toMatchObject({ conclusion: "neutral", actions: [] })
    expect(place.readiness(later.sha)).toMatchObject({ conclusion: "action_required" })
    expect(gate(place.readiness(later.sha), "approvals")).toMatch(/⏳/)
    expect(place.releases()).toMatchObject([
      { tagName: "v0.1.0", body: expect.stringMatching(/one \(#1\)[\s\S]*two \(#2\)/) },
    ])
    await place.press("approve", "cleo", later.sha)
    await place.press("publish", "cleo", later.sha)
    expect(place.world().tags).toEqual({ "v0.1.0": later.sha })
  })
})

describe("two releases that are cut in a row", () => {
  let first: string
  let second: string

  test("the second waits for the first", async () => {
    place = await stage.build("in-a-row")
    first = (await place.merge("ben", "feat: one")).sha
    await place.press("approve", "cleo", first)
    second = (await place.merge("ben", "feat: two")).sha
    const page = await place.press("approve", "cleo", second)
    expect(gate(page, "version")).toMatch(/⏳.*v0\.1\.0 was cut before it: publish that first/)
    expect(page.conclusion).toBe("action_required")
    await stage.github.clickAnyway({ repo: place.repo, checkRunId: page.id, identifier: "publish", by: "cleo" })
    await stage.quiet()
    expect(place.world().tags).toEqual({})
  })

  test("recovers after the first is out: both are, in their order, each with its own changes", async () => {
    await place.press("publish", "cleo", first)
    await place.press("publish", "cleo", second)
    expect(place.world().tags).toEqual({ "v0.1.0": first, "v0.2.0": second })
    const bodies = Object.fromEntries(place.releases().map((r) => [r.tagName, r.body ?? ""]))
    expect(bodies["v0.1.0"]).toMatch(/one \(#1\)/)
    expect(bodies["v0.2.0"]).toMatch(/two \(#2\)/)
    expect(bodies["v0.2.0"]).not.toMatch(/one \(#1\)/)
    expect(await place.threads()).toHaveLength(2)
  })
})
