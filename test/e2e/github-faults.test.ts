import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { manifestGrants } from "../../demo/peers/github/manifest.ts"
import { plainly } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A GitHub that refuses, is busy, or has lost something; each story goes on after it is well again. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage()
})
afterEach(() => {
  stage.github.intercept(undefined)
  stage.github.setPermissions("acme", manifestGrants().permissions)
})
afterAll(() => stage.close())

type Answer = { status: number; body: { message: string }; headers?: Record<string, string> }
const UNAVAILABLE: Answer = { status: 503, body: { message: "Service unavailable" } }
const BUSY: Answer = {
  status: 403,
  body: { message: "You have exceeded a secondary rate limit" },
  headers: { "retry-after": "60" },
}

/** Answers the next `times` matching requests of the App so. @returns how many are left */
const faulty = (times: number, answer: Answer, matches: (operation: string) => boolean): (() => number) => {
  let left = times
  stage.github.intercept(({ operationId = "", path }) => {
    if (left === 0 || !path.startsWith(`/repos/${place.repo}/`) || !matches(operationId)) return undefined
    left--
    return answer
  })
  return () => left
}

const writes = (repo: string) =>
  stage.github.requests.filter(
    (r) => r.by === "installation" && r.method !== "GET" && r.path.startsWith(`/repos/${repo}/`),
  )

describe("recovers after", () => {
  test.each<[string, Answer, number]>([
    ["503 on every write of a draft and a check", UNAVAILABLE, 4],
    ["a secondary rate limit on them", BUSY, 3],
  ])("%s: one draft, one check", async (what, answer, times) => {
    place = await stage.build(`busy-${answer.status}`)
    const left = faulty(times, answer, (operation) => /create-release|checks\/create/.test(operation))
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    expect(place.releases(), what).toEqual([])
    for (let i = 0; i < 6; i++) await stage.later(70_000)
    expect(left()).toBe(0)
    expect(place.releases()).toMatchObject([{ draft: true, tagName: "v0.1.0" }])
    expect(stage.github.checkRuns(place.repo, { sha, name: "Slipway / readiness" })).toHaveLength(1)
  })

  test("503 while history is read back: the deliveries are kept, and everything is there", async () => {
    place = await stage.build("unreadable")
    stage.github.filterDeliveries(() => false)
    await place.merge("ben", "feat: lost on the way")
    stage.github.filterDeliveries(undefined)
    const left = faulty(2, UNAVAILABLE, (operation) => /compare|list-commits|get-ref/.test(operation))
    await place.merge("cleo", "fix: seen")
    expect(left()).toBe(0)
    expect(place.releases()[0]?.body).toMatch(/lost on the way \(#1\)[\s\S]*seen \(#2\)/)
  })

  test("a draft that a person deleted: made anew, once", async () => {
    place = await stage.build("deleted-draft")
    await place.merge("ben", "feat: pay by invoice")
    const [first] = place.releases()
    await stage.github.deleteRelease({ repo: place.repo, releaseId: first?.id ?? 0, by: "ana" })
    await stage.quiet()
    await place.merge("cleo", "fix: round")
    expect(place.releases()).toMatchObject([
      { draft: true, tagName: "v0.1.0", body: expect.stringContaining("round (#2)") },
    ])
    expect(place.releases()[0]?.id).not.toBe(first?.id)
    await place.merge("cleo", "fix: round again")
    expect(place.releases()).toHaveLength(1)
  })

  test("a draft that a person deleted before Publish: nothing is tagged, the draft comes back, Publish works", async () => {
    place = await stage.build("deleted-late")
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    await place.press("approve", "cleo", sha)
    await stage.github.deleteRelease({ repo: place.repo, releaseId: place.releases()[0]?.id ?? 0, by: "ana" })
    await stage.quiet()
    const page = await place.press("publish", "cleo", sha)
    expect(plainly(page.summary)).toMatch(/draft of v0\.1\.0 was deleted; nothing was tagged or published/)
    expect(place.world()).toMatchObject({ tags: {}, releases: [{ draft: true, tagName: "v0.1.0" }] })
    await place.press("publish", "cleo", sha)
    expect(place.world()).toMatchObject({ tags: { "v0.1.0": sha }, releases: [{ draft: false, tagName: "v0.1.0" }] })
  })

  test("a redelivery of everything: nothing is written, nothing changes", async () => {
    const before = place.world()
    stage.github.resetRequests()
    for (const { id } of [...stage.github.deliveries]) await stage.github.redeliver(id)
    await stage.quiet()
    expect(writes(place.repo)).toEqual([])
    expect(place.world()).toEqual(before)
  })
})

describe("without a permission each effect fails alone, and is seen", () => {
  const readOnly = (permission: string): void =>
    stage.github.setPermissions("acme", { ...manifestGrants().permissions, [permission]: "read" })

  test("contents: write — no draft, but the check stands and names the permission", async () => {
    place = await stage.build("no-contents")
    readOnly("contents")
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    expect(place.releases()).toEqual([])
    expect(plainly(place.readiness(sha).summary)).toMatch(/draft release could not be written:.*contents: ?write/)
    expect(await place.threads()).toHaveLength(1)
  })

  test("recovers after it was granted, at the next event", async () => {
    const { sha } = await place.merge("cleo", "fix: round")
    expect(place.releases()).toMatchObject([{ draft: true, tagName: "v0.1.0" }])
    expect(plainly(place.readiness(sha).summary)).not.toMatch(/could not be written/)
  })

  test("checks — no page, but the draft and the thread stand; log and metrics tell", async () => {
    place = await stage.build("no-checks")
    readOnly("checks")
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    expect(stage.github.checkRuns(place.repo, { sha })).toEqual([])
    expect(place.releases()).toMatchObject([{ draft: true, tagName: "v0.1.0" }])
    expect(await place.threads()).toHaveLength(1)
    expect(await stage.metrics()).toMatch(/slipway_effects_total\{kind="check",outcome="refused"\} [1-9]/)
    expect(stage.lines).toContainEqual(
      expect.objectContaining({ level: 40, kind: "check", because: expect.stringMatching(/checks: ?write/) }),
    )
  })

  test("deployments — a rollback that GitHub refuses is said on the page and in the thread", async () => {
    place = await stage.build("no-deployments")
    const shas: string[] = []
    for (const title of ["feat: one", "feat: two"]) {
      const { sha } = await place.merge("ben", title)
      await place.press("approve", "cleo", sha)
      await place.press("publish", "cleo", sha)
      const deploymentId = await stage.github.createDeployment({
        repo: place.repo,
        by: "ana",
        ref: sha,
        environment: "production",
      })
      const state = shas.length === 0 ? "success" : "failure"
      await stage.github.setDeploymentStatus({ repo: place.repo, deploymentId, state, by: "ana" })
      await stage.quiet()
      shas.push(sha)
    }
    readOnly("deployments")
    const run = place.check("Slipway / production", shas[1])
    await stage.github.click({ repo: place.repo, checkRunId: run.id, identifier: "rollback:production", by: "cleo" })
    await stage.quiet()
    const page = place.check("Slipway / production", shas[1])
    expect(page.conclusion).toBe("failure")
    expect(plainly(page.summary)).toMatch(/rollback to 0\.1\.0 failed:.*deployments: ?write/)
    const replies = (await place.threads()).at(-1)?.replies.map((reply) => reply.text) ?? []
    expect(replies).toContainEqual(expect.stringMatching(/deployments: ?write/))
    expect(place.world().deployments.filter((d) => d.task === "rollback")).toEqual([])
  })
})

describe("what can never be done", () => {
  test("is a dead letter in the end: seen in metrics, log and on the page; the next event tries anew", async () => {
    place = await stage.build("dead")
    const left = faulty(Number.POSITIVE_INFINITY, UNAVAILABLE, (operation) => operation === "repos/create-release")
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    for (let i = 0; i < 12; i++) await stage.later(6.5 * 60_000)
    expect(left()).toBe(Number.POSITIVE_INFINITY)
    expect(await stage.metrics()).toMatch(/^slipway_dead_letters 1$/m)
    expect(stage.lines).toContainEqual(
      expect.objectContaining({ level: 50, kind: "draft", msg: "an effect is a dead letter" }),
    )
    expect(plainly(place.readiness(sha).summary)).toMatch(
      /draft release could not be written: given up after 12 attempts/,
    )
    stage.github.intercept(undefined)
    await place.merge("cleo", "fix: round")
    await stage.later(10 * 60_000)
    expect(place.releases()).toMatchObject([{ draft: true, body: expect.stringContaining("round (#2)") }])
    expect(plainly(place.readiness().summary)).not.toMatch(/could not be written/)
  })
})
