import { expect, test } from "vitest"
import { learn } from "../../src/decide/learn.ts"
import type { Back } from "../../src/model/after.ts"
import { type World, world } from "./support/world.ts"

/** A hotfix v1.0.1 of a published 1.0.1 that is on its way back to main, where a fix was merged since. */
function bringing(back: Partial<Back>): World {
  const w = world()
  w.merge(11, "fix: a").run().click("approve", "ben").run().click("publish", "cleo").run()
  w.merge(12, "fix: b").run()
  const [out] = w.known.releases
  if (out?.phase.is !== "published") throw new Error("it is not out")
  const after = { back: { to: "main", is: "open" as const, at: w.now.toISOString(), reminded: 0, ...back } }
  const phase = { ...out.phase, candidate: { ...out.phase.candidate, sha: "f".repeat(40), version: "1.0.9" } }
  const hotfix = { ...out, id: "77", tag: "v1.0.9", branch: "hotfix/a", phase, after }
  w.state = { ...w.known, releases: [hotfix, ...w.known.releases] }
  return w
}

const backOf = (w: World) => w.known.releases.find(({ id }) => id === "77")?.after?.back

test("a hotfix that the branch has already has reached it: nothing is left to be merged", () => {
  const w = bringing({ is: "asked" })
  w.hear({
    kind: "ended",
    effect: "back:77",
    of: "pull-request",
    target: "back:77",
    outcome: { is: "done", result: { has: true } },
    at: w.now.toISOString(),
  }).run()
  expect(backOf(w)).toMatchObject({ is: "reached", landed: w.truth.head })
  expect(w.audit.map(({ what }) => what)).toContain("reached")
  const { page } = w.readiness()
  expect(page.is === "readiness" && page.gates.filter(({ name }) => name === "back")).toEqual([])
})

test("a hotfix is brought to the default branch under its new name", () => {
  const w = bringing({ number: 57 })
  const { ledger, config } = w.known.lines.main ?? {}
  if (!ledger || !config) throw new Error("no main")
  const learned = { ledgers: { trunk: { ...ledger, branch: "trunk" } }, configs: { trunk: config } }
  const facts = { learned, unknown: [], announcements: w.announcements }
  const { releases } = learn(w.known, facts, w.now.toISOString(), "trunk")
  expect(releases.map(({ branch, after }) => [branch, after?.back?.to])).toEqual([
    ["hotfix/a", "trunk"],
    ["trunk", undefined],
    ["trunk", undefined],
  ])
})
