import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import type { ReadinessPage } from "../../src/model/page.ts"
import type { ReleaseEdited, Signal } from "../../src/model/signal.ts"
import { sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const drafted = (prepare?: (w: World) => void): World => world(prepare).merge(12, "feat: pay by invoice").run()
const isCut = (prepare?: (w: World) => void): World => drafted(prepare).click("approve", "ben").run()
const released = (): World => isCut().click("publish", "ann").run()

const touched = (w: World, action: ReleaseEdited["action"], more: Partial<ReleaseEdited> = {}): Signal => ({
  kind: "release-edited",
  action,
  releaseId: w.handles["draft:1"]?.id ?? "",
  tag: "v1.1.0",
  draft: action !== "published",
  body: "",
  by: "mo",
  ...more,
})

const pushed = (at: string | null, name = "v1.1.0", more: { isPerson?: true; by?: string } = {}): Signal => ({
  kind: "look",
  because: `the tag ${name} was pushed`,
  tag: { name, at, by: "mo", isPerson: true, ...more },
})

/** GitHub makes the tag at the target of the draft, and tells of both. */
function publishByHand(w: World, order: "release first" | "tag first" | "at once"): World {
  const at = w.truth.head
  w.truth.tags.set("v1.1.0", { sha: at, version: "1.1.0" })
  const events = [touched(w, "published"), pushed(at)]
  if (order === "at once") return w.hear(...events).run()
  for (const event of order === "tag first" ? events.reverse() : events) w.hear(event).run()
  return w
}

const found = (w: World) =>
  (w.known.findings ?? []).filter(({ ended }) => !ended).map(({ kind, by, release }) => ({ kind, by, release }))
const page = (w: World, at = w.truth.head): ReadinessPage => {
  const { page } = w.check(`check:readiness:${at}`)
  if (page.is !== "readiness") throw new Error(`the page is ${page.is}`)
  return page
}
const told = (w: World, id = "1") => w.replies(id).filter((is) => is === "went round")
const rounds = (w: World) => w.audit.filter(({ what }) => what === "went round").map(({ facts }) => facts.kind)

test.each(["release first", "tag first", "at once"] as const)(
  "a draft that a person publishes: page, thread and audit say who did it, whatever is heard %s",
  (order) => {
    const w = publishByHand(drafted(), order)
    expect(found(w)).toEqual([{ kind: "published by hand", by: "mo", release: "1" }])
    expect(w.release("1").phase).toMatchObject({ is: "published", by: "mo", notes: { changes: 1 } })
    expect(w.check(`check:readiness:${w.truth.head}`).conclusion).toBe("failure")
    expect(page(w).findings?.at(-1)).toMatchObject({ says: expect.stringContaining("by hand"), by: "mo", ended: false })
    expect(rounds(w)).toContain("published by hand")
    expect(told(w)).toHaveLength(order === "tag first" ? 2 : 1)
  },
)

test("a candidate that a person publishes is not taken for ours, though its tag stands where ours would", () => {
  const w = publishByHand(isCut(), "at once")
  expect(found(w)).toEqual([{ kind: "published by hand", by: "mo", release: "1" }])
  expect(w.release("1").phase).toMatchObject({ is: "published", outside: expect.any(String) })
})

test("a draft that is out by hand is not written over before it is taken in", () => {
  const w = drafted()
  const before = w.applied.filter(({ kind }) => kind === "draft").length
  w.hear(touched(w, "published")).run().merge(13, "feat: pay by card").run()
  expect(w.applied.filter(({ kind }) => kind === "draft")).toHaveLength(before)
})

test.each([
  ["its author, which is Slipway", (w: World) => w.hear(touched(w, "published", { byAuthor: true })).run()],
  ["somebody, while Slipway publishes it", (w: World) => duringPublication(w)],
  ["somebody, a release that is not ours", (w: World) => w.hear(touched(w, "published", { releaseId: "999" })).run()],
])("what is published by %s is no way round", (_, publish) => {
  const w = publish(isCut())
  expect(rounds(w)).toEqual([])
})

function duringPublication(w: World): World {
  w.click("publish", "ann").decide()
  return w.decide([touched(w, "published")])
}

test("turned back into a draft, the finding ends, and the draft is followed again", () => {
  const w = drafted()
  w.hear(touched(w, "published")).run()
  w.hear(touched(w, "unpublished", { by: "ann" })).run()
  expect(found(w)).toEqual([])
  expect(page(w).findings).toMatchObject([{ ended: true, todo: "v1.1.0 was turned back into a draft by ann." }])
  w.merge(13, "feat: pay by card").run()
  expect(w.draft("1").notes.changes).toBe(2)
})

test.each([
  ["a person, on the candidate", {}, ["tag made"]],
  ["an App, on the candidate: it may be our own", { isPerson: undefined }, []],
])("the tag of a cut release, pushed by %s", (_, more, kinds) => {
  const w = isCut()
  w.hear(pushed(w.truth.head, "v1.1.0", more as { isPerson?: true })).run()
  expect(rounds(w)).toEqual(kinds)
})

test.each([
  ["a version tag", "v7.0.0", ["tag made"]],
  ["a tag of another form", "nightly-7.0.0", []],
])("%s that no release of ours has", (_, name, kinds) => {
  const w = drafted()
  w.hear(pushed(sha(9), name)).run()
  expect(rounds(w)).toEqual(kinds)
  w.hear(pushed(sha(9), name)).run()
  expect(told(w)).toHaveLength(kinds.length)
  w.hear(pushed(null, name)).run()
  expect(found(w)).toEqual([])
})

const REVERT = configSchema.parse({ onBypass: "revert" })
const reverting = (end: Extract<Outcome, { is: "done" | "refused" }>, begin = drafted): World => {
  const w = begin((it) => {
    it.truth.config = REVERT
    it.refusing.set("unpublish", end)
  })
  return w
}
const REMOVED = { is: "done", result: { tag: "removed" } } as const
const asked = (w: World) => w.applied.filter(({ kind }) => kind === "unpublish")

test.each(["release first", "tag first", "at once"] as const)(
  "onBypass: revert takes a draft back that a person published, whatever is heard %s",
  (order) => {
    const w = publishByHand(reverting(REMOVED), order)
    expect(asked(w).map(({ content }) => content)).toMatchObject([{ release: "1", tag: "v1.1.0" }])
    w.truth.tags.delete("v1.1.0")
    w.hear(pushed(null, "v1.1.0", { by: "slipway[bot]" })).run()
    expect(w.release("1")).toMatchObject({ phase: { is: "drafted" }, tag: "v1.1.0" })
    expect(w.release("1")).not.toHaveProperty("byHand")
    expect(w.release("1")).not.toHaveProperty("awaits")
    expect(found(w)).toEqual([])
    expect(page(w).findings).toContainEqual(
      expect.objectContaining({ ended: true, todo: "Slipway turned v1.1.0 back into a draft and removed its tag." }),
    )
    expect(page(w).warnings.join()).not.toContain("changes count from")
    expect(w.click("approve", "ben").run().click("publish", "ann").run().release("1").phase).toMatchObject({
      by: "ann",
    })
  },
)

test("a cut release that is taken back keeps its candidate and its approvals", () => {
  const w = reverting(REMOVED, isCut)
  publishByHand(w, "at once")
  w.truth.tags.delete("v1.1.0")
  w.hear(pushed(null, "v1.1.0", { by: "slipway[bot]" })).run()
  expect(w.release("1")).toMatchObject({ phase: { is: "cut" }, approvals: [{ by: { login: "ben" } }] })
  expect(w.click("publish", "ann").run().release("1").phase).toMatchObject({ is: "published", by: "ann" })
})

test.each<[string, Extract<Outcome, { is: "done" | "refused" }>, RegExp]>([
  [
    "was deployed",
    { is: "done", result: { tag: "kept", because: "it was deployed to production" } },
    /its tag stays: it was deployed to production/,
  ],
  [
    "is immutable",
    { is: "refused", code: "invalid", because: "it is an immutable release" },
    /could not be taken back: it is an immutable release/,
  ],
])("what %s is out, is marked, and says what is left", (_, end, says) => {
  const w = publishByHand(reverting(end), "at once")
  w.later(1).run()
  expect(w.release("1").phase).toMatchObject({ is: "published", by: "mo", outside: expect.stringMatching(says) })
  expect(found(w)).toEqual([{ kind: "published by hand", by: "mo", release: "1" }])
  expect(w.draft("1")).toMatchObject({ published: true, banner: "Published round Slipway by mo: no gate was asked." })
  expect(w.check(`check:readiness:${w.truth.head}`).conclusion).toBe("failure")
})

test("a tag that comes without a release is not taken back", () => {
  const w = reverting(REMOVED)
  w.truth.tags.set("v1.1.0", { sha: w.truth.head, version: "1.1.0" })
  w.hear(pushed(w.truth.head)).run().later(1).run()
  expect(asked(w)).toEqual([])
  expect(w.release("1").phase).toMatchObject({ is: "published", outside: expect.any(String) })
})

test("the gates in force take it back, though a commit that nobody approved switches that off", () => {
  const w = reverting(REMOVED)
  w.commitFiles({ config: configSchema.parse({}) }).run()
  w.hear(touched(w, "published")).run()
  expect(asked(w)).toHaveLength(1)
})

const PRODUCTION = configSchema.parse({ environments: { production: null } })

test.each([
  ["of a commit that is no release", "production", "success", "head", ["deployed around"]],
  ["that is under way", "production", "in_progress", "head", ["deployed around"]],
  ["that failed", "production", "failure", "head", ["deployed around"]],
  ["that another system made", "production", "created", "head", ["deployed around"]],
  ["that only waits", "production", "pending", "head", []],
  ["that was replaced", "production", "inactive", "head", []],
  ["of a release", "production", "success", "release", []],
  ["of the release before Slipway's first", "production", "success", "base", []],
  ["of the release before Slipway's first, just made", "production", "created", "base", []],
  ["to a preview, just made", "preview", "created", "head", []],
  ["to an environment that the configuration does not name", "preview", "success", "head", []],
] as const)("a deployment %s", (_, environment, state, of, kinds) => {
  const w = world((it) => {
    it.truth.config = PRODUCTION
  })
  const base = w.known.lines.main?.ledger?.base?.sha ?? ""
  w.merge(12, "feat: pay by invoice").run().click("approve", "ben").run().click("publish", "ann").run()
  const release = w.truth.head
  w.merge(13, "feat: pay by card").run()
  w.deploy(environment, { head: w.truth.head, release, base }[of], state).run()
  expect(rounds(w)).toEqual(kinds)
})

test("each status of a deployment that went round is not news", () => {
  const w = world((it) => {
    it.truth.config = PRODUCTION
  })
  w.merge(12, "feat: pay by invoice").run()
  const one = { deployment: "d7" }
  w.deploy("production", w.truth.head, "in_progress", one).run()
  w.deploy("production", w.truth.head, "success", one).run()
  expect(rounds(w)).toEqual(["deployed around"])
  expect(told(w)).toHaveLength(1)
  expect(page(w).findings).toMatchObject([{ says: expect.stringContaining("deployed to production"), by: "cleo" }])
})

test("a release that was approved and published as it should be has no findings", () => {
  const w = released()
  expect(w.known.findings ?? []).toEqual([])
  expect(page(w)).not.toHaveProperty("findings")
})

test("what is kept is bounded, and what has ended goes first", () => {
  const w = drafted()
  w.hear(pushed(sha(9), "v7.0.0"))
    .run()
    .hear(pushed(null, "v7.0.0"))
    .run()
  for (let at = 0; at < 45; at += 1) w.hear(pushed(sha(9), `v8.0.${at}`))
  w.run()
  const kept = w.known.findings ?? []
  expect(kept).toHaveLength(40)
  expect(kept.some(({ ended }) => ended)).toBe(false)
  expect(kept.at(-1)?.id).toBe("tag:v8.0.44")
})
