import { expect, test } from "vitest"
import { newlyListening } from "../../src/decide/joint/face.ts"
import type { Face, Neighbour, Offer } from "../../src/model/joint.ts"
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

const DOCS: Offer = { ...OFFER, version: "3.0.0", sha: "d".repeat(40) }

/** acme/shop comes out first of three, and the row stops at acme/api after that. */
function stoppedBehindItsLead(): World {
  const show = (api: Partial<Offer>, docs: Partial<Offer> = {}) => {
    w.neighbours = {
      "acme/api": showing({ offers: [{ ...OFFER, ...api }] }),
      "acme/docs": showing({ offers: [{ ...DOCS, ...docs }] }),
    }
    w.hear({ kind: "neighbour", of: "acme/api" }).run()
  }
  const w = world((it) => {
    it.neighbours = { "acme/api": showing({ offers: [OFFER] }), "acme/docs": showing({ offers: [DOCS] }) }
    it.truth.plan = planned({
      repositories: [
        { repo: "acme/shop", version: "1.1.0" },
        ...NAMES.repositories,
        { repo: "acme/docs", version: "3.0.0" },
      ],
    })
  })
  w.merge(12, "feat: pay by invoice").run().click("approve", "ben").run().click("publish", "ben").run()
  const row = w.release().row?.id ?? ""
  const ready = ({ sha }: Offer) => ({ answer: { row, sha, is: "ready" as const } })
  show(ready(OFFER), ready(DOCS))
  w.later(1).run()
  show({ answer: { row, sha: OFFER.sha, is: "failed", because: "its tag is taken" } }, ready(DOCS))
  return w
}

test("what a row has left when it stops behind its lead is still called, in its order", () => {
  const w = stoppedBehindItsLead()
  expect(w.known.releases.find(({ id }) => id === "1")).toMatchObject({
    phase: { is: "published" },
    row: { is: "stopped", at: 1 },
  })
  const places = [{ repo: "acme/api" }, { repo: "acme/docs" }]
  expect(w.known.face?.leads).toMatchObject([{ isOut: true, places, row: { is: "stopped" } }])
})

test.each([
  ["of that version is out", "1.4.0", { is: "going", turn: 2 }],
  ["of a later version is out", "1.5.0", { is: "going", turn: 2 }],
  ["of an earlier version is out", "1.3.9", { is: "stopped", at: 1 }],
])("a row that stopped behind its lead, once the release %s", (_, version, row) => {
  const w = stoppedBehindItsLead()
  w.neighbours = {
    ...w.neighbours,
    "acme/api": showing({ offers: [{ ...OFFER, version, is: "published" }] }),
  }
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  expect(w.release("1").row).toMatchObject(row)
})

test("a row that stops again, at a later place, is told again", () => {
  const w = stoppedBehindItsLead()
  const row = w.release("1").row?.id ?? ""
  const failed = { answer: { row, sha: DOCS.sha, is: "failed" as const, because: "its checks are red" } }
  w.neighbours = {
    "acme/api": showing({ offers: [{ ...OFFER, is: "published" }] }),
    "acme/docs": showing({ offers: [{ ...DOCS, ...failed }] }),
  }
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  expect(w.release("1").row).toMatchObject({ is: "stopped", at: 2 })
  const stops = w.applied.flatMap((it) =>
    it.kind === "reply" && it.content.reply.is === "row" && it.content.reply.what === "stopped"
      ? [it.content.reply.because]
      : [],
  )
  expect(stops).toEqual([expect.stringContaining("its tag is taken"), expect.stringContaining("its checks are red")])
})

const LEFT = { repo: "acme/api", component: "", version: "1.4.0" }
const SHOP = { repo: "acme/shop", component: "", version: "1.1.0" }
test.each([
  ["is next goes by its own Publish", [SHOP], "passed", "acme/suite 2.5.0 is out, and its row stopped here"],
  ["is not next waits", [LEFT, SHOP], "pending", "its row stopped at acme/api 1.4.0. Once that is published"],
  ["is not left goes its own way", [LEFT], "passed", "no plan of acme/suite names this release"],
])("a release that %s, where a row stopped behind its lead", (_, places, state, because) => {
  const stopped = { is: "stopped", at: 1, because: "its tag is taken" }
  const w = world((it) => {
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
    it.neighbours = { "acme/suite": showing({ leads: [{ ...leadOf("b".repeat(40), stopped), places, isOut: true }] }) }
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.gate("together")).toMatchObject({ state, because: expect.stringContaining(because) })
})

test("what a row has left, another plan takes along", () => {
  const stopped = {
    ...leadOf("b".repeat(40), { is: "stopped", at: 1, because: "x" }),
    places: [SHOP],
    isOut: true as const,
  }
  const w = world((it) => {
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
    it.neighbours = { "acme/suite": showing({ leads: [stopped, { ...NAMED, release: "2", version: "2.6.0" }] }) }
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.gate("together")).toMatchObject({
    state: "pending",
    because: expect.stringContaining("goes out with acme/suite 2.6.0"),
  })
})

test("what the others have to tell is passed on when it is new, and in no other run", () => {
  const w = lead()
  const news = (...keys: readonly string[]) => {
    const told = keys.map((key) => ({ key, reply: { is: "recut", by: "lea", sha: "a".repeat(40), at: "x" } as never }))
    w.neighbours = { "acme/api": showing({ offers: [{ ...OFFER, news: told }] }) }
    w.hear({ kind: "neighbour", of: "acme/api" }).run()
    return w.applied.flatMap(({ kind, key }) => (kind === "reply" && key.includes(":from:") ? [key] : []))
  }
  expect(news("2:1:cut")).toEqual(["reply:1:from:2:1:cut"])
  w.hear({ kind: "look", because: "a test" }).run()
  expect(w.decision?.effects.filter(({ kind }) => kind === "reply")).toEqual([])
  expect(news("2:1:cut", "2:1:out")).toEqual(["reply:1:from:2:1:cut", "reply:1:from:2:1:out"])
  const { relayed } = w.release()
  w.announcements = { is: "on", channel: "#elsewhere" }
  w.hear({ kind: "look", because: "a test" }).run()
  expect(w.release().relayed).not.toBe(relayed)
})
