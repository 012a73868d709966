import { expect, test } from "vitest"
import { land, openOf, partsWorld, press } from "./support/parts.ts"
import type { World } from "./support/world.ts"

/** Two pages stand on one commit: a click speaks of the one whose name and release it bears, or of none. */
const both = (): World => land(partsWorld(), "feat: a", "core", "shop")
const pageOf = (w: World, part: "core" | "shop") => w.readiness(openOf(w, part)?.id)
const phases = (w: World) => [openOf(w, "core")?.phase.is, openOf(w, "shop")?.phase.is]

test("the page of one is for that one", () => {
  const w = press(both(), "approve", "core")
  expect(pageOf(w, "core").sha).toBe(pageOf(w, "shop").sha)
  expect(phases(w)).toEqual(["cut", "drafted"])
  expect(openOf(w, "shop")?.approvals).toEqual([])
})

test.each([
  ["the other's name", { name: "Slipway / readiness (shop)" }],
  ["the name of the whole repository's page", { name: "Slipway / readiness" }],
  ["the name of no component", { name: "Slipway / readiness (nobody)" }],
  ["a name with two endings", { name: "Slipway / readiness (core) (shop)" }],
])("a click with the release of one and %s counts for neither, nor for Publish", (_, forged) => {
  const w = both()
  w.click("approve", "ben", { ...pageOf(w, "core"), ...forged }).run()
  expect(phases(w)).toEqual(["drafted", "drafted"])
  expect(w.audit.filter(({ what }) => what === "approved" || what === "cut")).toEqual([])

  press(press(w, "approve", "core"), "approve", "shop")
  w.click("publish", "ben", { ...pageOf(w, "core"), ...forged }).run()
  expect(w.applied.filter(({ kind }) => kind === "publish")).toEqual([])
})

test("an approval of one is none of the other, though both stand on one commit and the same people may", () => {
  const w = press(both(), "approve", "core")
  const shop = pageOf(w, "shop")
  w.click("publish", "ben", shop).run()
  expect(w.applied.filter(({ kind }) => kind === "publish")).toEqual([])
  press(w, "publish", "core")
  expect([...w.truth.tags.keys()].filter((tag) => tag.includes("1.1.0"))).toEqual(["core@1.1.0"])
})
