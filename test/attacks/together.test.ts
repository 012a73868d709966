import { expect, test } from "vitest"
import type { Lead, Offer } from "../../src/model/joint.ts"
import { gatesIn, leadOf, OFFER, showing } from "../decide/support/ready-release.ts"
import { config, plan } from "../decide/support/truth.ts"
import { type World, world } from "../decide/support/world.ts"

/** acme/shop, whose plan names acme/api 1.4.0, and which lets acme/suite name its own 1.1.0: cut, and approved by ben. */
function stage(offer: Partial<Offer> = {}, leads: (head: string) => readonly Lead[] = () => []): World {
  const w = world((it) => {
    it.neighbours = { "acme/api": showing({ offers: [{ ...OFFER, ...offer }] }), "acme/suite": showing({}) }
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
    it.truth.plan = plan({
      release: { version: "1.1.0" },
      testing: { required: [] },
      repositories: [{ repo: "acme/api", version: "1.4.0" }],
    })
  })
  w.merge(12, "feat: pay by invoice").run().click("approve", "ben").run()
  w.neighbours = { ...w.neighbours, "acme/suite": showing({ leads: leads(w.truth.head) }) }
  w.hear({ kind: "neighbour", of: "acme/suite" }).run()
  return w
}
const gate = (w: World, name: string) => gatesIn(w.known, w.now).find((one) => one.name === name)
const tagsOf = (w: World) => [...w.truth.tags.keys()].filter((tag) => tag !== "v1.0.0")
/** Presses Publish, whether there is a button or not. */
const publish = (w: World): void => void w.click("publish", "ben").run()

test("a plan names a release that does not let itself be named", () => {
  const w = stage({ lets: ["acme/other"] })
  expect(gate(w, "repositories")).toMatchObject({ state: "failed" })
  publish(w)
  expect(w.release().row).toBeUndefined()
})

test("a plan names a repository of another account", () => {
  const w = stage()
  w.neighbours = { ...w.neighbours, "rival/api": showing({ offers: [OFFER] }) }
  w.commitFiles({
    plan: plan({ release: { version: "1.1.0" }, repositories: [{ repo: "rival/api", version: "1.4.0" }] }),
  }).run()
  expect(gate(w, "repositories")).toMatchObject({
    state: "failed",
    because: "rival/api belongs to another account: only repositories of acme come out together",
  })
})

test("a release goes before its turn", () => {
  const before = { repo: "acme/docs", component: "", version: "3.0.0", sha: "d".repeat(40), isOut: false }
  const w = stage({}, (head) => {
    const { row, ...lead } = leadOf(head)
    return row ? [{ ...lead, row: { ...row, places: [before, ...row.places] } }] : []
  })
  w.hear({ kind: "neighbour", of: "acme/suite" }).run().later(1).run()
  expect(gate(w, "together")).toMatchObject({ state: "pending" })
  publish(w)
  expect(tagsOf(w)).toEqual([])
})

test("a turn that was given to another commit", () => {
  const w = stage({}, () => [leadOf("e".repeat(40))])
  expect(gate(w, "together")).toMatchObject({ state: "failed" })
  publish(w)
  expect(tagsOf(w)).toEqual([])
})

test("an answer to an earlier press", () => {
  const w = stage({ answer: { row: "1:1:2026-11-01T00:00:00.000Z", sha: OFFER.sha, is: "ready" } })
  expect(gatesIn(w.known, w.now).filter(({ state }) => state !== "passed")).toEqual([])
  publish(w)
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  expect(w.release().row).toMatchObject({ is: "asking", places: [{ repo: "acme/api" }, { repo: "acme/shop" }] })
  expect(tagsOf(w)).toEqual([])
})

test("a hold while the others are asked", () => {
  const w = stage()
  publish(w)
  w.click("hold", "cleo").run()
  expect(w.release().row).toMatchObject({
    is: "stopped",
    because: expect.stringContaining("hold is failed (cleo holds"),
  })
})

test("what was known of another repository before", () => {
  const w = stage()
  w.omitted.add("neighbours")
  publish(w)
  expect(w.answer()).toMatchObject({ counted: false, because: expect.stringContaining("not read afresh: what acme/") })
  expect(w.release().row).toBeUndefined()
})

test("a plan that names a release only since its row stopped", () => {
  const w = stage({}, (head) => {
    const { row, ...lead } = leadOf(head, { is: "stopped", at: 0, because: "acme/shop 1.0.1 moved" })
    const before = row?.places.map((place) => ({ ...place, version: "1.0.1" })) ?? []
    return row ? [{ ...lead, row: { ...row, places: before } }] : []
  })
  expect(gate(w, "together")).toMatchObject({ state: "pending" })
  publish(w)
  expect(tagsOf(w)).toEqual([])
})

test("a plan that nobody could read yet", () => {
  const w = stage()
  w.neighbours = { ...w.neighbours, "acme/suite": showing({ unread: "main: 404: Not Found" }) }
  w.hear({ kind: "neighbour", of: "acme/suite" }).run()
  expect(gate(w, "together")).toMatchObject({ state: "unknown" })
  publish(w)
  expect(w.release().row).toBeUndefined()
})

test("a release overtakes the one at which a row stopped behind its lead", () => {
  const before = { repo: "acme/docs", component: "", version: "3.0.0" }
  const w = stage({}, (head) => {
    const lead = leadOf(head, { is: "stopped", at: 1, because: "the tag is taken" })
    return [{ ...lead, places: [before, ...lead.places], isOut: true }]
  })
  expect(gate(w, "together")).toMatchObject({ state: "pending" })
  publish(w)
  expect(w.release().row).toBeUndefined()
})

test("a plan needs a feature of another account", () => {
  const w = stage()
  const features = [{ id: "INV", component: "", is: "out" as const, because: "is out" }]
  w.neighbours = { ...w.neighbours, "rival/api": showing({ features }) }
  const needs = { features: [{ id: "PAY", status: "ready", dependencies: ["rival/api#INV"] }] }
  w.commitFiles({ plan: plan({ release: { version: "1.1.0" }, testing: { required: [] }, ...needs }) }).run()
  expect(gate(w, "dependencies")).toMatchObject({
    state: "failed",
    because: expect.stringContaining("belongs to another account"),
  })
})
