import { expect, test } from "vitest"
import { config, plan, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const of = (w: World, gate: "configuration" | "approvals" | "version" | "features") => {
  const { state, because } = w.gate(gate)
  return `${state}: ${because}`
}

/** The gates stood once and a release went out under them: from now on they are in force. */
const inForce = (written: object, withPlan?: ReturnType<typeof plan>) => {
  const w = world((it) => {
    it.truth.config = config(written)
    it.truth.plan = withPlan
    it.truth.admit("rosa", "write", { teams: ["acme/release"] })
  })
  return w.merge(12, "feat: a", { author: "ann" }).run()
}

const PLACE = /slipway.yml:3: unknown key “aprovals”; did you mean “approvals”\?/

test("the first configuration of a repository needs nobody", () => {
  const w = world().merge(12, "feat: a").run()
  expect(of(w, "configuration")).toBe("passed: no .github/slipway.yml: the defaults count")
  w.commitFiles({ config: config({ approvals: { required: 2 } }) }).run()
  expect(of(w, "configuration")).toBe("passed: .github/slipway.yml is valid")
  expect(w.known.lines.main?.inForce.config?.value.approvals.required).toBe(2)
})

const CHANGED = "the gates in slipway.yml were changed"

test.each<[string, object, ReturnType<typeof config> | undefined, readonly string[], string, string]>([
  ["fewer approvals", { approvals: { required: 2 } }, config({}), ["ben"], "cleo", CHANGED],
  ["none at all", {}, config({ approvals: { required: 0 } }), ["ann"], "ben", CHANGED],
  ["other people", { approvals: { from: ["@acme/release"] } }, config({}), ["ben"], "rosa", CHANGED],
  [
    "deletion",
    { approvals: { from: ["@acme/release"] } },
    undefined,
    ["ben"],
    "rosa",
    ".github/slipway.yml was deleted",
  ],
  ["other risks", { risk: { high: [{ paths: "db/**" }] } }, config({}), [], "ben", CHANGED],
])("a change of the gates counts when it was approved under the old ones: %s", (_, before, now, few, last, what) => {
  const w = inForce(before).commitFiles({ config: now }).run()
  for (const login of few) w.click("approve", login).run()
  expect(of(w, "configuration")).toContain(
    `pending: ${what}: the gates that were in force ask for the change's approval;`,
  )
  w.click("publish", "ann").run()
  expect(w.release("1").phase.is).not.toBe("published")
  expect(w.click("approve", last).run().gate("configuration").state).toBe("passed")
})

test.each<[string, object, (w: World) => World]>([
  ["a gate", { plan: { required: true } }, (w) => w.commitFiles({ config: config({}), author: "cleo" })],
  ["a plan", {}, (w) => w.commitFiles({ plan: undefined, author: "cleo" })],
])("nobody takes %s away from a candidate by their own word", (_, before, take) => {
  const w = inForce(before, plan({ features: [{ id: "PAY-1", status: "ready" }] }))
  w.click("approve", "cleo").run()
  // Of her own, behind the candidate: no change of the release, which she may well approve.
  take(w).run()
  w.click("approve", "cleo").run().click("publish", "cleo").run()
  expect(w.release("1").phase.is).not.toBe("published")
  expect(of(w, "configuration")).toMatch(/^pending: .* by cleo still needs 1 approval of somebody else/)
  w.click("approve", "ben").run()
  expect(w.gate("configuration").state).toBe("passed")
})

test("what lands behind a candidate, and behind a change of the gates, asks for nobody", () => {
  const w = inForce({ approvals: { required: 1 } }, plan())
  w.commitFiles({ plan: plan({ features: [{ id: "PAY-1", status: "ready" }] }), author: "ann" }).run()
  w.click("approve", "ben").run().push("fix: b", { author: "ben" }).run()
  expect(w.gate("configuration").state).toBe("passed")
})

test("whom the new rule shuts out can still approve the change, and the change alone shuts out nobody's veto", () => {
  const w = inForce({ approvals: { from: ["@acme/release"] } })
  w.commitFiles({ config: config({ approvals: { from: ["@mallory"] } }) }).run()
  w.truth.admit("mallory", "write")
  w.click("approve", "mallory").run()
  expect(of(w, "approvals")).toMatch(/^passed/)
  expect(of(w, "configuration")).toMatch(/^pending/)
  expect(w.readiness().conclusion).toBe("action_required")
  w.click("hold", "rosa").run()
  expect(w.gate("hold").state).toBe("failed")
  w.click("approve", "rosa").run()
  expect(w.page().gates.filter((g) => g.state !== "passed")).toEqual([])
})

test("an invalid configuration fails on its line, and the last valid one does not go on counting", () => {
  const w = inForce({ approvals: { required: 1 } })
  w.click("approve", "ben").run()
  expect(w.readiness().conclusion).toBe("success")
  w.commitFiles({ config: "broken" }).run()
  expect(of(w, "configuration")).toMatch(PLACE)
  expect(w.readiness().conclusion).toBe("failure")
  expect(w.check(`check:plan:${w.truth.head}`)).toMatchObject({
    name: "Slipway / plan",
    conclusion: "failure",
    page: { problems: [{ line: 3, message: expect.stringContaining("did you mean") }] },
  })
  const mended = w.truth.head
  w.commitFiles({ config: config({ approvals: { required: 1 } }) }).run()
  expect(w.gate("configuration").state).toBe("passed")
  expect(w.readiness("1").conclusion).toBe("success")
  expect(w.check(`check:plan:${w.truth.head}`).conclusion).toBe("success")
  expect(w.check(`check:plan:${mended}`).conclusion).toBe("failure")
})

test("an invalid plan fails likewise", () => {
  const w = inForce({}, plan()).commitFiles({ plan: "broken" }).run().click("approve", "ben").run()
  expect(of(w, "configuration")).toMatch(/^failed: release-plan.yml:3/)
})

test.each<[string, ReturnType<typeof plan> | undefined, string]>([
  ["deleted", undefined, "the plan was deleted"],
  ["changed", plan({ testing: { unit_tests: "failed", required: [] } }), "the plan was changed"],
  ["withdrawn", plan({ release: { version: "0.9.0" } }), "the plan was withdrawn"],
])("a plan that is %s keeps its gates until that was approved", (_, now, because) => {
  const w = inForce({}, plan()).commitFiles({ plan: now }).run()
  expect(of(w, "configuration")).toBe(
    `pending: ${because}: the gates that were in force ask for the change's approval; waits for 1 approval`,
  )
  expect(w.click("approve", "ann").run().gate("configuration").state).toBe("pending")
  expect(w.click("approve", "ben").run().gate("configuration").state).toBe("passed")
})

test("a required plan that is missing fails, also where only the old configuration asked for it", () => {
  const w = inForce({ plan: { required: true } })
  expect(of(w, "configuration")).toBe("failed: slipway.yml requires a plan, and there is no release-plan.yml")
})

test("what is in force moves when a release goes out, and a deleted configuration leaves the defaults in force", () => {
  const w = inForce({ approvals: { required: 2 } })
    .commitFiles({ config: undefined })
    .run()
  for (const login of ["ben", "cleo"]) w.click("approve", login).run()
  w.commitFiles({ author: "rosa" }).run()
  expect(w.known.lines.main?.inForce.config?.value.approvals.required).toBe(2)
  w.click("approve", "rosa", w.readiness("1")).run().click("publish", "ann", w.readiness("1")).run()
  expect(w.release("1").phase.is).toBe("published")
  expect(w.known.lines.main?.inForce.config?.value.approvals.required).toBe(1)

  w.merge(20, "fix: b", { author: "ann" })
    .commitFiles({ config: config({ approvals: { required: 0 } }) })
    .run()
  w.click("approve", "ann").run()
  expect(of(w, "configuration")).toMatch(/^pending: the gates in slipway.yml were changed/)
})

test("a plan is spent by its release: it neither blocks the next one nor comes back", () => {
  const w = inForce({}, plan({ features: [{ id: "PAY-1", status: "ready" }] }))
  w.click("approve", "ben").run().click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("published")
  expect(w.known.lines.main?.inForce.plan).toBeUndefined()
  w.merge(13, "fix: b").run()
  expect(w.page().gates.map((g) => g.name)).toEqual(["configuration", "checks", "approvals"])
  w.commitFiles({ plan: plan({ features: [{ id: "PAY-2" }] }) }).run()
  expect(of(w, "features")).toBe("pending: PAY-2 is planned")
  expect(of(w, "configuration")).toMatch(/^passed/)
})

test("a plan that names a version speaks of it until it is out", () => {
  const w = inForce({}, plan({ release: { version: "1.1.0" } }))
  expect(of(w, "version")).toBe("passed: 1.1.0, as the plan says")
  w.click("approve", "ben").run().merge(13, "fix: b").run()
  expect(w.page("2").gates.map((g) => g.name)).not.toContain("version")
  w.click("publish", "ann", w.readiness("1")).run()
  expect(w.page("2").gates.map((g) => g.name)).toEqual(["configuration", "checks", "approvals"])
})

test.each<[string, string, string, string]>([
  ["higher: a stated override", "2.0.0", "2.0.0", "passed: 2.0.0, as the plan says"],
  ["equal", "1.1.0", "1.1.0", "passed: 1.1.0, as the plan says"],
  [
    "lower than the changes ask for",
    "1.0.5",
    "1.1.0",
    "failed: the plan says 1.0.5, but the changes require 1.1.0: correct “release.version” in the plan",
  ],
])("a plan's version that is %s", (_, stated, version, gate) => {
  const w = inForce({}, plan({ release: { version: stated } }))
  expect(w.page()).toMatchObject({ version })
  expect(of(w, "version")).toBe(gate)
  if (stated === "2.0.0") expect(w.page().stated).toBe("2.0.0")
})

test("a version that is stated after the cut asks for a re-cut", () => {
  const w = inForce({}, plan()).click("approve", "ben").run()
  w.commitFiles({ plan: plan({ release: { version: "3.0.0" } }) }).run()
  expect(of(w, "version")).toBe(
    "failed: the plan says 3.0.0, but the release was cut as 1.1.0: press Re-cut to take it over",
  )
  w.click("recut", "ben", w.readiness("1")).run()
  expect(w.release("1")).toMatchObject({ tag: "v3.0.0", phase: { candidate: { version: "3.0.0" } } })
})

test("files that could not be read are not the ones that were read before", () => {
  const w = inForce({}).click("approve", "ben").run()
  w.unreadable.set("config:", "the App lacks `contents: read`")
  w.hear({ kind: "look", because: "a sweep" }).run()
  expect(of(w, "configuration")).toBe(
    "unknown: configuration or plan could not be read: the App lacks “contents: read”",
  )
  w.hear({ kind: "evidence", sha: w.truth.head, report: report("test") }).run()
  expect(w.gate("configuration").state).toBe("unknown")
  w.unreadable.clear()
  w.hear({ kind: "look", because: "a sweep" }).run()
  expect(w.gate("configuration").state).toBe("passed")
})

test("a plan appoints nobody to approve the release that brings it", () => {
  const w = inForce({ approvals: { from: ["@acme/release"] } })
  w.truth.admit("sock", "none")
  w.commitFiles({ plan: plan({ stakeholders: { qa: "@sock" } }) }).run()
  w.click("approve", "sock").run()
  expect(w.release("1").phase.is).toBe("drafted")
  expect(w.answer("1")).toMatchObject({ counted: false, because: expect.stringContaining("for the first time") })
})

test("the stakeholders of an approved plan count from the next release on", () => {
  const w = inForce({})
  w.truth.admit("qa", "none")
  w.commitFiles({ plan: plan({ stakeholders: { qa: "@qa" } }) }).run()
  w.click("approve", "ben").run().click("publish", "ben").run()
  w.merge(13, "fix: b")
    .commitFiles({ plan: plan({ release: { name: "Next" }, stakeholders: { qa: "@qa" } }) })
    .run()
  w.click("approve", "qa").run()
  expect(w.answer("2")).toMatchObject({ by: "qa", counted: true })
})

test("after a release under the defaults the first configuration changes gates that were in force", () => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "cleo").run()
  w.merge(13, "fix: b")
    .commitFiles({ config: config({ approvals: { required: 0 } }) })
    .run()
  w.click("approve", "ann").run().click("publish", "ann").run()
  expect(w.release("2").phase.is).not.toBe("published")
  expect(of(w, "configuration")).toMatch(/^pending: the gates in slipway.yml were changed/)
})

test("a required plan that is spent is a missing one", () => {
  const w = inForce({ plan: { required: true } }, plan({ release: { name: "First" } }))
  w.click("approve", "ben").run().click("publish", "ben").run().merge(13, "fix: b").run()
  expect(of(w, "configuration")).toMatch(/^failed: .* is spent/)
})
