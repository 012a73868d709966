import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "../e2e/support/gates.ts"
import { withQa } from "../e2e/support/people.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** What an approval is bound to moves after it was given, or while it is. */
let stage: Stage
let place: Place
let head: string

beforeAll(async () => {
  stage = await setStage({ slack: false, before: withQa })
})
afterAll(() => stage.close())

const drafted = async (name: string, files?: { readonly [path: string]: string }): Promise<void> => {
  place = await stage.build(name, files)
  head = (await place.merge("ben", "feat: pay by invoice")).sha
}

const CONFIG = ".github/slipway.yml"

test("an approver who has left the team since is no approver when it is published", async () => {
  await drafted("left-the-team", { [CONFIG]: 'approvals: { from: ["@acme/qa", "@cleo"] }\n' })
  expect((await place.press("approve", "tina", head)).conclusion).toBe("success")
  stage.github.leaveTeam("acme", "qa", "tina")
  const page = await place.press("publish", "cleo", head)
  expect(place.world().tags).toEqual({})
  expect(gate(page, "approvals")).toMatch(/⏳/)
})

const GONE = /belongs to a release that no longer exists|is not released from this commit/

test("an approval of what was force-pushed away publishes nothing", async () => {
  await drafted("force-push")
  const before = place.world().branches.main ?? ""
  const { sha } = await place.merge("cleo", "feat: pay by card")
  expect((await place.press("approve", "ana", sha)).conclusion).not.toBe("failure")
  const page = place.readiness(sha)
  stage.github.filterDeliveries(({ event }) => event !== "push")
  await stage.github.pushForce({ repo: place.repo, by: "ana", to: before })
  stage.github.filterDeliveries(undefined)
  await stage.github.clickAnyway({ repo: place.repo, checkRunId: page.id, identifier: "publish", by: "cleo" })
  await stage.github.clickAnyway({ repo: place.repo, checkRunId: page.id, identifier: "approve", by: "ben" })
  await stage.quiet()
  expect(place.world().tags).toEqual({})
  expect(place.readiness(sha)).toMatchObject({ conclusion: "neutral", actions: [] })
  expect(plainly(place.readiness(sha).summary)).toMatch(GONE)
})

test("a configuration that changes after an approval takes the approval with it", async () => {
  await drafted("configuration-moved")
  expect((await place.press("approve", "cleo", head)).conclusion).toBe("success")
  await place.push("ben", "chore: qa looks too", { [CONFIG]: "approvals: { required: 1 }\nplan: { required: true }\n" })
  await place.push("ben", "chore: a plan", { "release-plan.yml": PLAN })
  const page = place.readiness(head)
  expect(page.conclusion).not.toBe("success")
  expect(gate(page, "approvals")).not.toMatch(/✅/)
})
const PLAN = "release: { name: Spring }\ntesting: { required: [] }\nrollback_plan: { procedure: docs/rollback.md }\n"

test("of two approvals that race a push both speak of the commit that was on the page", async () => {
  await drafted("approvals-race", { [CONFIG]: "approvals: { required: 2 }\n" })
  const old = place.readiness(head)
  stage.github.pauseDeliveries()
  const later = await stage.github.pushCommit({
    repo: place.repo,
    by: "ben",
    message: "feat: a door",
    files: { "door.ts": "" },
    author: "ben",
  })
  for (const by of ["ana", "cleo"])
    await stage.github.click({ repo: place.repo, checkRunId: old.id, identifier: "approve", by })
  stage.github.resumeDeliveries((held) => held.toReversed())
  await stage.quiet()
  await place.press("publish", "cleo", head).catch(() => undefined)
  expect(place.readiness(later).conclusion).toBe("neutral")
  expect(place.readiness(head).summary).toMatch(/\[ana\]\(\S+\) pressed \*approve\* — ✅ counted/)
  expect(place.readiness(head).summary).toMatch(/\[cleo\]\(\S+\) pressed \*approve\* — ✅ counted/)
  for (const sha of Object.values(place.world().tags)) expect(sha).toBe(head)
})

test("a Publish that races a stricter configuration is judged by that one", async () => {
  await drafted("publish-race")
  expect((await place.press("approve", "cleo", head)).conclusion).toBe("success")
  stage.github.filterDeliveries(({ event }) => event !== "push")
  await place.push("ana", "chore: two approvals", { [CONFIG]: "approvals: { required: 2 }\n" })
  stage.github.filterDeliveries(undefined)
  const page = await place.press("publish", "cleo", head)
  expect(place.world().tags).toEqual({})
  expect(page.conclusion).not.toBe("success")
  expect(gate(page, "approvals")).not.toMatch(/✅/)
})
