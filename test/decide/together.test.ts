import { expect, test } from "vitest"
import { newlyListening } from "../../src/decide/joint/face.ts"
import type { Face, Neighbour } from "../../src/model/joint.ts"
import type { Plan } from "../../src/model/plan.ts"
import { leadOf, OFFER, showing } from "./support/ready-release.ts"
import { config, plan, REPO } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const NAMES = { repositories: [{ repo: "acme/api", version: "1.4.0" }] }
const planned = (more: object): Plan => plan({ release: { version: "1.1.0" }, testing: { required: [] }, ...more })

const NAMED = leadOf("a".repeat(40), { is: "asking" })

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

const planAs = (it: Plan | "broken") => (w: World) => {
  w.truth.plan = it
}

test.each<[string, (w: World) => void, string | undefined]>([
  ["was never read", (w) => void w.unreadable.set("history:", "404: Not Found"), "main: 404: Not Found"],
  ["is broken from the first", planAs("broken"), "main: “release-plan.yml” cannot be read: mend it there"],
  ["could not be read", (w) => void w.unreadable.set("plan:", "403"), "main: 403"],
  ["names nobody", planAs(planned({})), undefined],
])("what a plan names that %s is shown as such", (_, change, unread) => {
  const w = world(change).merge(12, "feat: pay by invoice").run()
  expect(w.known.face?.unread).toBe(unread)
})

test.each<[string, Partial<Face>, boolean, string, string]>([
  [
    "nobody read yet",
    { unread: "main: 404" },
    false,
    "unknown",
    "is not known (main: 404): mend it there, or take acme/suite out",
  ],
  [
    "nobody read yet, of a private repository",
    { unread: "main: 404" },
    true,
    "unknown",
    "is not known (see its readiness page)",
  ],
  [
    "names it, beside another one that nobody read",
    { unread: "next: 404", leads: [NAMED] },
    false,
    "pending",
    "goes out with",
  ],
  ["names nobody", {}, false, "passed", "it goes out on its own"],
])("a release that may be named by a plan that %s", (_, face, isPrivate, state, because) => {
  const w = world((it) => {
    it.neighbours = { "acme/suite": { ...showing(face), isPrivate } as Neighbour }
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
  })
  w.merge(12, "feat: pay by invoice").run().later(1).run()
  expect(w.gate("together")).toMatchObject({ state, because: expect.stringContaining(because) })
})

test("a release that a plan names, in a repository that could not be read", () => {
  const w = world((it) => {
    it.neighbours = { "acme/api": showing({ unread: "main: 404" }) }
    it.truth.plan = planned(NAMES)
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.gate("repositories")).toMatchObject({ state: "unknown", because: "acme/api could not be read: main: 404" })
})
