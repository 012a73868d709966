import { expect, test } from "vitest"
import { planOf } from "../../src/decide/plan-of.ts"
import type { Plan } from "../../src/model/plan.ts"
import { config, plan, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** What stands in `release-plans/`, one plan a file. */
type Plans = { readonly [name: string]: Plan | "broken" | undefined }

const forVersion = (version: string, more: object = {}) =>
  plan({ release: { version, name: `plan of ${version}` }, ...more })
const unready = { features: [{ id: "PAY", status: "planned" }] }

const begin = (plans: Plans, more: { plan?: Plan; written?: object } = {}) => {
  const w = world((it) => {
    it.truth.plan = more.plan
    if (more.written) it.truth.config = config(more.written)
    Object.assign(it.truth.plans, plans)
  })
  return w.merge(12, "feat: pay", { author: "ann" }).run()
}
const says = (w: World, gate: Parameters<World["gate"]>[0]) => {
  const { state, because } = w.gate(gate)
  return `${state}: ${because}`
}
const publish = (w: World) => w.click("approve", "ben").run().click("publish", "ben").run()

test.each<[string, Plans, Plan | undefined, string, string | undefined]>([
  ["none: there is no plan", {}, undefined, "1.1.0", undefined],
  ["none: the one at plan.path stands", {}, forVersion("1.4.0"), "1.4.0", "plan of 1.4.0"],
  [
    "one: it comes before the one at plan.path",
    { "a.yml": forVersion("1.2.0") },
    forVersion("1.4.0"),
    "1.2.0",
    "plan of 1.2.0",
  ],
  [
    "several versions: the lowest that is not out is due",
    { "2.0.0.yml": forVersion("2.0.0"), "1.10.0.yml": forVersion("1.10.0"), "1.0.0.yml": forVersion("1.0.0") },
    undefined,
    "1.10.0",
    "plan of 1.10.0",
  ],
  [
    "all of them out: the one at plan.path stands",
    { "a.yml": forVersion("1.0.0") },
    forVersion("1.4.0"),
    "1.4.0",
    "plan of 1.4.0",
  ],
  ["one without a version", { "next.yml": plan({ release: { name: "next" } }) }, undefined, "1.1.0", "next"],
])("of %s", (_, plans, single, version, name) => {
  const page = begin(plans, single ? { plan: single } : {}).page()
  expect([page.version, page.name]).toEqual([version, name])
})

test.each<[string, Plans, string]>([
  [
    "the same version",
    { "a.yml": forVersion("1.2.0"), "b.yml": forVersion("1.2.0") },
    "failed: release-plans/a.yml and release-plans/b.yml all speak of this release: keep one of them, or give each its own version or component",
  ],
  [
    "a version, and none",
    { "a.yml": forVersion("1.2.0"), "next.yml": plan() },
    "failed: release-plans/a.yml and release-plans/next.yml all speak of this release: keep one of them, or give each its own version or component",
  ],
  [
    "a component that there is not",
    { "api.yml": plan({ release: { component: "api" } }) },
    "failed: release-plans/api.yml is for the component “api”, and there is none of that name",
  ],
  [
    "one that cannot be read, whatever it is for",
    { "1.2.0.yml": forVersion("1.2.0"), "9.0.0.yml": "broken" },
    "failed: release-plans/9.0.0.yml:3: unknown key “aprovals”; did you mean “approvals”?",
  ],
])("nothing is guessed: %s", (_, plans, expected) => {
  const w = begin(plans)
  expect(says(w, "configuration")).toBe(expected)
  expect(publish(w).release("1").phase.is).not.toBe("published")
})

test("a folder that could not be read passes nothing", () => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0") })
  w.unreadable.set("plans:", "403")
  w.click("approve", "ben").run()
  expect(says(w, "configuration")).toBe("unknown: configuration or plan could not be read: 403")
})

test("nothing is published by a folder that was not looked at just now", () => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0") })
    .click("approve", "ben")
    .run()
  w.omitted.add("planFolders")
  w.click("publish", "ben").run()
  expect(w.answer().because).toContain("not read afresh: the plans of release-plans")
})

test("a required plan may be any of them, and one for a release that is out is none", () => {
  const written = { plan: { required: true } }
  expect(says(begin({ "a.yml": forVersion("1.2.0") }, { written }), "configuration")).toMatch(/^passed/)
  expect(says(begin({ "a.yml": forVersion("1.0.0") }, { written }), "configuration")).toBe(
    "failed: slipway.yml requires a plan, and there is no release-plan.yml, and none in release-plans speaks of this release",
  )
})

test("its gates hold, and each plan is spent with its own release", () => {
  const w = begin({ "1.1.0.yml": forVersion("1.1.0"), "1.2.0.yml": forVersion("1.2.0", unready) })
  expect(publish(w).release("1").phase).toMatchObject({ is: "published", candidate: { version: "1.1.0" } })
  w.merge(13, "fix: a", { author: "ann" }).run()
  expect(w.page().version).toBe("1.2.0")
  expect(says(w, "features")).toBe("pending: PAY is planned")
  expect(publish(w).release("2").phase.is).toBe("cut")
  w.commitFiles({ plans: { "1.2.0.yml": forVersion("1.2.0") }, author: "cleo" }).run()
  expect(publish(w).release("2").phase.is).toBe("published")
})

test("plans without a version are spent by what they were used for, however many there were", () => {
  const w = begin({ "a.yml": plan({ release: { name: "a" } }) })
  publish(w)
  w.commitFiles({ plans: { "b.yml": plan({ release: { name: "b" } }) } })
    .merge(13, "fix: a")
    .run()
  expect(w.page().name).toBe("b")
  publish(w)
  w.merge(14, "fix: b").run()
  expect(w.page().name).toBeUndefined()
  expect(w.page().gates.map(({ name }) => name)).toEqual(["configuration", "checks", "approvals"])
})

const API = { api: { path: "api/**" }, web: { path: "web/**" } }

test("each component has its own", () => {
  const w = world((it) => {
    it.truth.config = config({ components: API })
    it.truth.tags.clear()
    for (const tag of ["api-v1.0.0", "web-v1.0.0"]) it.truth.tags.set(tag, { sha: sha(1), version: "1.0.0" })
    it.truth.plans["api.yml"] = plan({ release: { component: "api", version: "3.0.0" } })
    it.truth.plans["web.yml"] = plan({ release: { component: "web" }, ...unready })
  })
  w.merge(12, "feat: pay", { files: ["api/a.ts", "web/a.ts"] }).run()
  const ids = w.known.releases.map(({ id, component }) => [
    component,
    w.page(id).version,
    w.page(id).gates.map((g) => g.name),
  ])
  expect(ids).toEqual([
    ["api", "3.0.0", expect.not.arrayContaining(["features"])],
    ["web", "1.1.0", expect.arrayContaining(["features"])],
  ])
})

test("a maintenance branch is not held up by the plans of the branch that it was made from", () => {
  const w = begin({ "2.0.0.yml": forVersion("2.0.0") })
  const { main } = w.known.lines
  if (!main) throw new Error("no line")
  const onRange = (range: string) => planOf(w.known, { ...main, kind: { is: "maintenance", range } }, w.release("1"))
  expect(onRange("1.x")).toBeNull()
  expect(onRange("2.x")?.release.version).toBe("2.0.0")
})

test.each<[string, Plans, string]>([
  ["changed", { "1.2.0.yml": forVersion("1.2.0") }, "release-plans/1.2.0.yml was changed"],
  ["deleted", { "1.2.0.yml": undefined }, "release-plans/1.2.0.yml was deleted"],
  [
    "renamed, with other gates",
    { "1.2.0.yml": undefined, "b.yml": forVersion("1.2.0") },
    "release-plans/1.2.0.yml was deleted",
  ],
  [
    "preceded by another one",
    { "1.1.0.yml": forVersion("1.1.0") },
    "release-plans/1.1.0.yml comes before release-plans/1.2.0.yml",
  ],
])("one that is %s keeps its gates until that was approved", (_, plans, because) => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0", unready) })
    .commitFiles({ plans, author: "ann" })
    .run()
  expect(says(w, "configuration")).toBe(
    `pending: ${because}: the gates that were in force ask for the change's approval; waits for 1 approval`,
  )
  expect(w.click("approve", "ann").run().gate("configuration").state).toBe("pending")
  expect(w.click("approve", "ben").run().gate("configuration").state).toBe("passed")
})

test("one that takes the place of the plan in force has to be approved, too", () => {
  const w = begin({}, { plan: forVersion("1.2.0", unready) })
  w.commitFiles({ plans: { "1.2.0.yml": forVersion("1.2.0") }, author: "ann" }).run()
  expect(says(w, "configuration")).toContain(
    "pending: release-plans/1.2.0.yml takes the place of release-plan.yml: the gates that were in force",
  )
})

test("nobody takes a plan away behind a candidate by their own word", () => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0", unready) })
    .click("approve", "cleo")
    .run()
  w.commitFiles({ plans: { "1.2.0.yml": forVersion("1.2.0") }, author: "cleo" }).run()
  w.click("approve", "cleo").run().click("publish", "cleo").run()
  expect(w.release("1").phase.is).toBe("cut")
  expect(says(w, "configuration")).toMatch(/^pending: .* by cleo still needs 1 approval of somebody else/)
})

test("a plan for a later release may be written and changed without a word from anybody", () => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0") })
    .click("approve", "ben")
    .run()
  w.commitFiles({ plans: { "1.3.0.yml": forVersion("1.3.0", unready) }, author: "cleo" }).run()
  w.commitFiles({ plans: { "1.3.0.yml": forVersion("1.3.0") }, author: "cleo" }).run()
  expect(says(w, "configuration")).toBe("passed: no .github/slipway.yml: the defaults count")
  expect(w.click("publish", "ben").run().release("1").phase.is).toBe("published")
})

test("an approval ends with the plan that it saw", () => {
  const w = begin({ "1.2.0.yml": forVersion("1.2.0") })
    .click("approve", "ben")
    .run()
  expect(w.gate("approvals").state).toBe("passed")
  w.commitFiles({ plans: { "1.2.0.yml": forVersion("1.2.0", unready) } }).run()
  expect(w.gate("approvals").state).toBe("pending")
})
