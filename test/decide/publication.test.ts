import { expect, test } from "vitest"
import { config, plan, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** Ann's feature, approved by Ben: every gate is passed. */
const ready = (prepare?: (w: World) => void) =>
  world(prepare).merge(12, "feat: pay by invoice").run().click("approve", "ben").run()

test("a merged feature becomes a draft, is approved, and is published at its commit", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  expect(w.release()).toMatchObject({ id: "1", tag: "v1.1.0", phase: { is: "drafted" } })
  expect(w.readiness()).toMatchObject({ conclusion: "neutral" })
  expect(w.readiness().buttons.map((b) => b.identifier)).toEqual(["approve", "hold"])
  expect(w.draft("1")).toMatchObject({ tag: "v1.1.0", commitish: "main", published: false })

  w.click("approve", "ben").run()
  expect(w.release().phase).toMatchObject({ is: "cut", candidate: { sha: w.truth.head, version: "1.1.0", by: "ben" } })
  expect(w.readiness()).toMatchObject({ conclusion: "success", sha: w.truth.head })
  expect(w.readiness().buttons.map((b) => b.identifier)).toEqual(["publish", "hold", "recut"])

  w.click("publish", "ann").run()
  expect(w.truth.tags.get("v1.1.0")?.sha).toBe(w.truth.head)
  expect(w.release("1").phase).toMatchObject({ is: "published", by: "ann", candidate: { version: "1.1.0" } })
  expect(w.check(`check:readiness:${w.truth.head}`)).toMatchObject({ conclusion: "success", buttons: [] })
  expect(w.replies("1")).toEqual(["cut", "approved", "ready", "published"])
  expect(w.known.lines.main?.ledger).toMatchObject({ base: { tag: "v1.1.0", version: "1.1.0" }, commits: [] })
  expect(new Set(w.times.map((t) => t.what))).toEqual(
    new Set(["committed", "merged", "cut", "approval-asked", "approval-given", "published"]),
  )
})

const published = (w: World) => w.applied.some((e) => e.kind === "publish")

test.each<[string, (w: World) => void, string]>([
  [
    "a check has failed since",
    (w) => w.truth.checks.set(w.truth.head, [report("e2e", { state: "failed" })]),
    "e2e did not pass",
  ],
  [
    "a check runs again",
    (w) => w.truth.checks.set(w.truth.head, [report("e2e", { state: "pending" })]),
    "still running",
  ],
  [
    "a check became required",
    (w) => (w.truth.ci = { workflows: [], required: [{ name: "license" }] }),
    "waiting for license",
  ],
  ["the approver may no longer write", (w) => w.truth.admit("ben", "read"), "approvals is pending"],
  ["the configuration was changed", (w) => (w.truth.config = config({ approvals: { required: 2 } })), "moved since"],
  ["a plan came", (w) => (w.truth.plan = plan()), "moved since"],
  [
    "the tag stands elsewhere",
    (w) => w.truth.tags.set("v1.1.0", { sha: sha(9), version: "1.1.0" }),
    "stands on 0009000",
  ],
])("nothing is published when %s", (_, happens, because) => {
  const w = ready()
  happens(w)
  w.click("publish", "ann").run()
  expect(published(w)).toBe(false)
  expect(w.release("1").phase.is).toBe("cut")
  expect(w.answer("1")).toMatchObject({ counted: false, because: expect.stringContaining(because) })
})

test.each([
  ["history:", "could not be followed"],
  ["config:", "could not be read"],
  ["plan:", "could not be read"],
  ["ci:", "refused"],
  ["checks:", "could not be read"],
  ["tag:", "could not be read"],
  ["standing:ben", "approvals is pending"],
])("nothing is published when %s cannot be read afresh", (what, because) => {
  const w = ready()
  w.unreadable.set(what, "refused")
  if (what === "history:") w.push("fix: later").take()
  w.click("publish", "ann").run()
  expect(published(w)).toBe(false)
  expect(w.answer("1").counted).toBe(false)
  expect(
    w.answer("1").because +
      w
        .page("1")
        .gates.map((g) => g.because)
        .join(),
  ).toContain(because)
})

test.each([
  ["ledgers", "the head of main"],
  ["configs", "the configuration"],
  ["plans", "the plan"],
  ["ci", "which checks are required"],
  ["evidence", "the checks of"],
  ["issues", "#812"],
  ["standings", "what ben may do here"],
  ["authorship", "who wrote #12"],
  ["tags", "whether v1.1.0 is free could not be read"],
] as const)("nothing is published by %s that an earlier run has read", (kind, because) => {
  const w = ready((it) => {
    it.truth.issues["#812"] = "closed"
    it.truth.plan = plan({ features: [{ id: "A", issue: 812 }] })
  })
  expect(w.readiness().conclusion).toBe("success")
  w.omitted.add(kind)
  w.click("publish", "ann").run()
  expect(published(w)).toBe(false)
  expect(w.answer("1")).toMatchObject({ counted: false, because: expect.stringContaining(because) })
  w.omitted.clear()
  expect(w.click("publish", "ann").run().release("1").phase.is).toBe("published")
})

test("gates are looked at again when the moment has passed: a second attempt, or none", () => {
  const w = ready().click("publish", "ann").decide().later(2).act()
  expect(w.take()).toContainEqual(expect.objectContaining({ outcome: expect.objectContaining({ code: "expired" }) }))

  const again = ready().click("publish", "ann").decide().later(2).run()
  expect(again.applied.filter((e) => e.kind === "publish").map((e) => e.key.slice(-2))).toEqual([":1", ":2"])
  expect(again.release("1").phase.is).toBe("published")

  const off = ready().click("publish", "ann").decide().later(2)
  off.truth.checks.set(off.truth.head, [report("e2e", { state: "failed" })])
  off.run()
  expect(off.truth.tags.has("v1.1.0")).toBe(false)
  expect(off.release("1").phase).not.toHaveProperty("publishing")
  expect(off.answer("1")).toMatchObject({ did: "publish", counted: false, because: expect.stringContaining("e2e") })
})

test("a draft bears the plan's name from its first writing on", () => {
  const w = world((it) => (it.truth.plan = plan({ release: { name: "Spring release" } })))
    .merge(12, "feat: a")
    .run()
  const drafts = w.applied.filter((e) => e.kind === "draft")
  expect(drafts.map((e) => e.content.name)).toEqual(["v1.1.0: Spring release"])
})

test("a refused publication is told, and can be asked for again", () => {
  const w = ready()
  w.refusing.set("publish", { is: "refused", code: "invalid", because: "a ruleset restricts `v*` tags" })
  w.click("publish", "ann").run()
  expect(w.answer("1")).toMatchObject({ counted: false, because: "a ruleset restricts “v*” tags" })
  expect(w.page("1").warnings).toEqual([])
  expect(w.readiness("1").conclusion).toBe("success")
  w.refusing.clear()
  w.later(1).click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a draft that was deleted before it was published is made anew", () => {
  const w = ready()
  w.refusing.set("publish", { is: "refused", code: "gone", because: "the draft was deleted" })
  const drafts = w.applied.filter((e) => e.kind === "draft").length
  w.click("publish", "ann").run()
  expect(w.applied.filter((e) => e.kind === "draft")).toHaveLength(drafts + 1)
})

test("Publish is pressed once: the second press is answered, and the draft is let alone meanwhile", () => {
  const w = ready().click("publish", "ann").decide()
  w.click("publish", "cleo").decide()
  expect(w.answer("1").because).toBe("ann pressed Publish already; it is under way")
  expect(w.outbox.filter((e) => e.target === "draft:1").map((e) => e.kind)).toEqual(["publish"])
  expect(w.run().applied.filter((e) => e.kind === "publish")).toHaveLength(1)
})

test("releases come out in the order in which they were cut", () => {
  const w = ready().merge(13, "fix: rounding", { author: "ben" }).run()
  const second = w.readiness("2")
  w.click("approve", "cleo", second).run().click("publish", "cleo", w.readiness("2")).run()
  expect(w.answer("2").because).toBe("v1.1.0 was cut before it and is not published yet")
  w.click("publish", "cleo", w.readiness("1")).run().click("publish", "cleo", w.readiness("2")).run()
  expect([...w.truth.tags.keys()]).toEqual(["v1.0.0", "v1.1.0", "v1.1.1"])
})

test("what is published is what was approved, whatever lands while it goes out", () => {
  const strict = config({ approvals: { required: 1 } })
  const w = ready((it) => {
    it.truth.config = strict
  })
  w.click("publish", "ann").decide()
  w.commitFiles({ config: config({ approvals: { required: 0 } }), plan: plan() }).run()
  expect(w.release("1").phase.is).toBe("published")
  expect(w.known.lines.main?.inForce.config?.value.approvals.required).toBe(1)
  expect(w.known.lines.main?.spent).toBe("absent")
  w.merge(14, "fix: a", { author: "ann" }).run().click("approve", "ann").run()
  expect(w.gate("configuration").state).not.toBe("passed")
  expect(w.gate("rollback plan").state).toBe("passed")
})

test("the notes of a release outlive a read-back that begins after its tag", () => {
  const w = ready().click("publish", "ann").decide().act()
  const ends = w.take()
  w.truth.push("docs: a")
  w.hear(...w.truth.push("docs: b"), ...ends).run()
  const { phase } = w.release("1")
  expect(phase.is === "published" && phase.notes.sections.map((s) => s.entries.map((e) => e.text))).toEqual([
    ["pay by invoice"],
  ])
})

test("a release that a person publishes is out, and says that it went round Slipway", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  w.truth.tags.set("v1.1.0", { sha: w.truth.head, version: "1.1.0" })
  w.push("docs: a").take()
  w.hear({ kind: "look", because: "the tag v1.1.0 was created" }).run()
  const { phase } = w.release("1")
  expect(phase).toMatchObject({ is: "published", by: "outside Slipway" })
  expect(phase.is === "published" && phase.notes.changes).toBe(1)
  expect(w.check(`check:readiness:${phase.is === "published" && phase.candidate.sha}`).conclusion).toBe("failure")
})

test("a hold that comes too late counts when the publication comes to nothing", () => {
  const w = ready().click("publish", "ann").decide().click("hold", "cleo").later(2).decide()
  expect(w.answer("1").because).toContain("being published at this moment")
  w.run()
  expect(w.release("1").phase.is).toBe("cut")
  expect(w.answer("1").because).toContain("cleo holds the release")
})
