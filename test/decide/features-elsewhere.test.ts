import { expect, test } from "vitest"
import type { Face, Neighbour, ShownFeature } from "../../src/model/joint.ts"
import { OFFER, showing } from "./support/ready-release.ts"
import { config, plan, REPO } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const NEEDS = { features: [{ id: "PAY", status: "ready", dependencies: ["acme/API#INV-7"] }] }
const planned = (more: object) => plan({ release: { version: "1.1.0" }, testing: { required: [] }, ...more })
const INV: ShownFeature = { id: "INV-7", component: "", version: "1.4.0", is: "out", because: "is out" }
const shows = (feature: Partial<ShownFeature>, face: Partial<Face> = {}): Neighbour =>
  showing({ features: [{ ...INV, ...feature }], ...face })
const hidden = (neighbour: Neighbour): Neighbour => ({ ...neighbour, isPrivate: true }) as Neighbour
const API = { repo: "acme/api", version: "1.4.0" }
const SHOP = { repo: "acme/shop", version: "1.1.0" }

function needing(api: Neighbour | undefined, more: object = {}): World {
  const w = world((it) => {
    it.neighbours = { "acme/docs": showing({}), ...(api ? { "acme/api": api } : {}) }
    it.truth.plan = planned({ ...NEEDS, ...more })
  })
  return w.merge(12, "feat: pay by invoice").run()
}
const LETS = { lets: ["acme/shop"] }
const READY = { is: "ready", because: "is ready: acme/api#8 is closed" } as const
const OPEN = { is: "open", because: "waits for acme/api#8, which is open" } as const

test.each<[string, Neighbour | undefined, object, string, string]>([
  ["out", shows({}), {}, "passed", "every feature has what it needs"],
  ["not ready", shows(OPEN), {}, "pending", "PAY needs acme/API#INV-7, which waits for acme/api#8, which is open"],
  ["dropped", shows({ is: "dropped" }), {}, "failed", "which is dropped there"],
  [
    "not known there",
    shows({ is: "unknown", because: "is bound to acme/api#8: 403" }),
    {},
    "unknown",
    "acme/api#8: 403",
  ],
  [
    "ready, and comes out some time",
    shows(READY),
    {},
    "pending",
    "is ready, but not out: release acme/API 1.4.0 first, or name it in",
  ],
  [
    "ready, and comes out before, with it",
    shows(READY, { offers: [OFFER] }),
    { repositories: [API] },
    "passed",
    "every feature",
  ],
  [
    "ready, and comes out with it as another version",
    shows({ ...READY, version: "1.5.0" }),
    { repositories: [API] },
    "pending",
    "release acme/API 1.5.0 first",
  ],
  [
    "ready, and comes out after it",
    shows(READY, { offers: [OFFER] }),
    { repositories: [SHOP, API] },
    "failed",
    "comes out after: put it before",
  ],
  [
    "in no plan",
    showing({ features: [{ ...INV, id: "INV-8" }] }),
    {},
    "unknown",
    "is in no plan of acme/API, and in no release of it: mend the id",
  ],
  ["of a repository that has no plan", showing({}), {}, "unknown", "is in no plan of acme/API"],
  [
    "in a plan that could not be read",
    showing({ unread: "main: 403" }),
    {},
    "unknown",
    "acme/API could not be read (main: 403)",
  ],
  ["of a repository that was not read", undefined, {}, "unknown", "is not known: acme/API was not read yet"],
  [
    "of a repository that is not installed",
    { is: "unseen", because: "no repository acme/api is known: add it" },
    {},
    "unknown",
    "no repository acme/api is known: add it",
  ],
  [
    "of a private repository, unasked",
    hidden(shows({})),
    {},
    "unknown",
    "is not shown to this repository: add “with: [acme/shop]” under “plan:” in the slipway.yml of acme/API",
  ],
  ["of a private repository that lets it", hidden(shows({}, LETS)), {}, "passed", "every feature"],
  ["not ready in a private repository", hidden(shows(OPEN, LETS)), {}, "pending", "is not ready there: see its page"],
  [
    "of the repository itself",
    shows({}),
    { features: [{ id: "PAY", status: "ready", dependencies: ["acme/shop#PAY-2"] }] },
    "failed",
    "is this one: name it “PAY-2”",
  ],
])("a feature that is %s", (_, api, more, state, because) => {
  const w = needing(api, more)
  expect(w.gate("dependencies")).toMatchObject({ state, because: expect.stringContaining(because) })
})

test.each([
  ["open", "pending", "PAY needs acme/api#8, which waits for acme/api#8, which is open"],
  ["closed", "passed", "every feature has what it needs"],
] as const)("an issue of another repository that is %s", (issue, state, because) => {
  const w = world((it) => {
    it.truth.issues["acme/api#8"] = issue
    it.truth.plan = planned({ features: [{ id: "PAY", status: "ready", dependencies: ["acme/api#8"] }] })
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.gate("dependencies")).toMatchObject({ state, because })
})

test("a dropped feature needs nothing of anybody", () => {
  const w = needing(undefined, { features: [{ id: "PAY", status: "dropped", dependencies: ["acme/api#INV-7"] }] })
  expect(w.decision?.listens).toBeUndefined()
})

test("nothing is published by what another repository showed before", () => {
  const w = needing(shows({}))
  w.click("approve", "ben").run()
  w.omitted.add("neighbours")
  w.click("publish", "ben").run()
  expect(w.answer().because).toContain("not read afresh: what acme/api shows")
  w.omitted.clear()
  w.click("publish", "ben").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("what a repository shows of its features: as they are, and once they are out for ever", () => {
  const w = world((it) => {
    it.truth.issues["#7"] = "open"
    it.truth.config = config({ plan: { with: ["acme/web"] } })
    it.neighbours = { "acme/web": showing({}) }
    it.truth.plan = planned({
      features: [
        { id: "A", status: "ready" },
        { id: "B", issue: 7 },
        { id: "C", status: "dropped" },
      ],
    })
  })
  w.merge(12, "feat: pay by invoice").run()
  const shown = () => w.known.face?.features?.map(({ id, is, because }) => [id, is, because])
  expect(shown()).toEqual([
    ["A", "ready", "is ready"],
    ["B", "open", `waits for ${REPO.owner}/${REPO.name}#7, which is open`],
    ["C", "dropped", "is dropped"],
  ])
  expect(w.known.face?.lets).toEqual(["acme/web"])
  w.hear({ kind: "issue", number: 7, state: "closed" }).run()
  w.truth.issues["#7"] = "closed"
  w.click("approve", "ben").run().click("publish", "ben").run()
  expect(w.known.shipped?.map(({ id, version }) => [id, version])).toEqual([
    ["A", "1.1.0"],
    ["B", "1.1.0"],
  ])
  w.commitFiles({ plan: plan({ release: { version: "1.2.0" }, features: [{ id: "B", status: "in-progress" }] }) }).run()
  expect(shown()).toEqual([
    ["A", "out", "is out"],
    ["B", "open", "is in-progress"],
  ])
})
