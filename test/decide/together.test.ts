import { expect, test } from "vitest"
import { newlyListening } from "../../src/decide/joint/face.ts"
import type { Plan } from "../../src/model/plan.ts"
import { OFFER, showing } from "./support/ready-release.ts"
import { plan, REPO } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const NAMES = { repositories: [{ repo: "acme/api", version: "1.4.0" }] }
const planned = (more: object): Plan => plan({ release: { version: "1.1.0" }, testing: { required: [] }, ...more })

/** acme/shop, whose plan names acme/api 1.4.0. */
function lead(): World {
  const w = world((it) => {
    it.neighbours = { "acme/api": showing({ offers: [OFFER] }) }
    it.truth.plan = planned(NAMES)
  })
  return w.merge(12, "feat: pay by invoice").run()
}

test.each([
  ["broken", "broken" as const],
  ["deleted", undefined],
  ["without the list", planned({})],
])("a plan that is %s lets go of nobody before that was approved", (_, then) => {
  const w = lead()
  const before = w.known.face?.leads
  expect(before).toMatchObject([{ version: "1.1.0", places: [{ repo: "acme/api" }, { repo: "acme/shop" }] }])
  w.commitFiles({ plan: then as Plan | undefined }).run()
  expect(w.known.face?.leads).toMatchObject([{ places: [{ repo: "acme/api" }, { repo: "acme/shop" }] }])
})

test("what is shown changes when a gate does, and those that listen are told once", () => {
  const w = lead()
  expect(w.decision?.listens).toEqual(["repository:acme/api"])
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  expect(w.decision?.tells).toBeUndefined()
})

test("a repository that names nobody and lets itself be named by nobody shows nothing, and listens to nothing", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  expect(w.known.face).toBeUndefined()
  expect(w.decision?.listens).toBeUndefined()
  expect(w.decision?.tells).toBeUndefined()
})

test("what was just subscribed to is looked at once more, a second later and not at once", () => {
  const w = lead()
  const run = { repo: REPO, before: undefined, now: w.now }
  expect(newlyListening(run, w.known)).toEqual([new Date(w.now.getTime() + 1_000).toISOString()])
  expect(newlyListening({ ...run, before: w.known }, w.known)).toEqual([])
})
