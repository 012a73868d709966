import { expect, test } from "vitest"
import { stopped } from "../../src/decide/stopped.ts"
import { config, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const AUTO = config({ publish: { mode: "auto" }, approvals: { required: 0 } })
const auto = (prepare: (w: World) => void = () => undefined) =>
  world((w) => {
    w.truth.config = AUTO
    prepare(w)
  })

test("every gate passed: the next run reads everything afresh, cuts at the head and publishes", () => {
  const w = auto().merge(12, "feat: a").decide()
  expect(w.release()).toMatchObject({ phase: { is: "drafted" }, unattended: { is: "asked", sha: w.truth.head } })
  expect(w.revisitAt).toBeDefined()
  w.later(1).run()
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { sha: w.truth.head } })
})

test("a gate that does not pass when it is read afresh only shows", () => {
  const w = auto().merge(12, "feat: a").decide()
  w.truth.checks.set(w.truth.head, [report("e2e", { state: "failed" })])
  w.later(1).run()
  expect(w.release()).toMatchObject({ phase: { is: "drafted" } })
  expect(w.release().unattended).toBeUndefined()
  expect(w.gate("checks").because).toContain("e2e did not pass")
})

test("approvals that are required come first; then it goes without Publish", () => {
  const w = auto((it) => (it.truth.config = config({ publish: { mode: "auto" } })))
    .merge(12, "feat: a")
    .run()
  w.later(1).run()
  expect(w.release().phase.is).toBe("drafted")
  w.click("approve", "ben").run()
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { by: "ben" } })
})

test("a hold stops it", () => {
  const w = auto().merge(12, "feat: a").decide().act().click("hold", "cleo").run().later(1).run()
  expect(w.truth.tags.has("v1.1.0")).toBe(false)
  expect(w.gate("hold").because).toContain("cleo")
})

test.each(["ledgers", "configs", "plans", "ci", "evidence", "authorship", "tags"] as const)(
  "nothing goes by %s that was not read for it",
  (kind) => {
    const w = auto().merge(12, "feat: a").decide()
    w.omitted.add(kind)
    w.later(1).run()
    expect(w.truth.tags.has("v1.1.0")).toBe(false)
    expect(w.release().unattended).toMatchObject({ is: "stopped", times: 1 })
  },
)

test("what stands in the way is said and tried again ever more rarely", () => {
  const w = auto().merge(12, "feat: a").decide()
  w.truth.tags.set("v1.1.0", { sha: sha(9), version: "1.1.0" })
  w.later(1).run()
  expect(w.release().unattended).toMatchObject({
    is: "stopped",
    because: expect.stringContaining("stands on"),
    times: 1,
  })
  expect(w.page().warnings.join()).toContain("could not be published by itself")
  w.later(1)
    .hear({ kind: "evidence", sha: w.truth.head, report: report("e2e") })
    .run()
  expect(w.release().unattended).toMatchObject({ is: "stopped", times: 1 })
  w.later(5).run().later(1).run()
  expect(w.release().unattended).toMatchObject({ is: "stopped", times: 2 })
})

test("a refused publication is not asked for in a circle", () => {
  const w = auto()
  w.refusing.set("publish", { is: "refused", code: "invalid", because: "a ruleset restricts tags" })
  w.merge(12, "feat: a").run().later(1).run()
  expect(w.applied.filter((e) => e.kind === "publish")).toHaveLength(1)
  expect(w.release()).toMatchObject({ phase: { is: "cut" }, unattended: { is: "stopped", times: 1 } })
})

test.each([
  [1, 5],
  [2, 10],
  [3, 20],
  [8, 360],
  [400, 360],
])("the wait after %i vain attempts is %i minutes", (times, minutes) => {
  const now = new Date("2026-11-02T09:00:00.000Z")
  const before = { is: "stopped", hash: "h", because: "x", times: times - 1, again: "" } as const
  const after = stopped(before, "h", "x", now)
  expect(after).toMatchObject({ times, again: new Date(now.getTime() + minutes * 60_000).toISOString() })
})
