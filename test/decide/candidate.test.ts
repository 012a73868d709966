import { expect, test } from "vitest"
import { leadOf, showing } from "./support/ready-release.ts"
import { config, plan, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const cut = (prepare?: (w: World) => void) =>
  world(prepare).merge(12, "feat: pay by invoice").run().click("approve", "ben").run()

const state = (w: World, id: string) => {
  const { phase, tag, next } = w.release(id)
  return `${tag} ${phase.is} ${next.because.map((r) => r.subject.replace(/ \(#\d+\)$/, "")).join(", ")}`
}

test("the first Approve cuts; later merges draft the next release and leave the candidate alone", () => {
  const w = cut()
  const candidate = w.truth.head
  const page = w.readiness("1")
  w.merge(13, "fix: rounding").run()
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: candidate, version: "1.1.0" } })
  expect(w.readiness("1")).toEqual(page)
  expect([state(w, "1"), state(w, "2")]).toEqual(["v1.1.0 cut feat: pay by invoice", "v1.1.1 drafted fix: rounding"])
  expect(w.readiness("2")).toMatchObject({ sha: w.truth.head, conclusion: "neutral" })
})

test("a click that races a merge pins the commit whose page was pressed", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  const seen = w.truth.head
  w.click("approve", "ben").merge(13, "feat!: drop cash").run()
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: seen, version: "1.1.0" } })
  expect(state(w, "2")).toBe("v2.0.0 drafted feat!: drop cash")
})

test("a click on the page of an earlier head counts for nothing, and that page leads to the current one", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  const old = w.readiness()
  w.merge(13, "fix: rounding").run().click("approve", "ben", old).run()
  expect(w.release().phase.is).toBe("drafted")
  const signpost = w.check(`check:readiness:${old.sha}`)
  expect(signpost).toMatchObject({ conclusion: "neutral", buttons: [], page: { is: "empty" } })
  expect(signpost.page).toMatchObject({
    because: expect.stringContaining(w.truth.head.slice(0, 7)),
    see: { url: expect.any(String) },
  })
  expect(w.click("approve", "ben").run().answer().counted).toBe(true)
})

test.each<[string, (w: World) => World, string]>([
  ["of a release that is published", (w) => w.click("publish", "ann").run(), "1.1.0 is published already"],
  [
    "of a release that is no more",
    (w) => w.merge(13, "fix: a").run().click("recut", "ben", w.readiness("1")).run(),
    "no longer exists",
  ],
])("a click on the page %s is answered or kept for the auditors, and changes nothing", (_, happens, because) => {
  const w = cut()
  w.merge(14, "fix: c").run()
  const page = _.includes("no more") ? w.readiness("2") : w.readiness("1")
  happens(w)
  const releases = w.known.releases
  w.click("approve", "cleo", page).run()
  expect(w.known.releases.map((r) => r.phase)).toEqual(releases.map((r) => r.phase))
  expect(w.audit.at(-1)).toMatchObject({
    what: "click did not count",
    facts: { because: expect.stringContaining(because) },
  })
})

test("a page that is current again is no signpost any more", () => {
  const w = world().merge(12, "feat: a").run()
  const first = w.readiness()
  w.merge(13, "fix: b").run().click("approve", "ben", first).run()
  expect(w.check(`check:readiness:${first.sha}`).page.is).toBe("empty")
  w.hear(w.truth.reset(first.sha)).run()
  expect(w.readiness()).toMatchObject({ sha: first.sha, page: { is: "readiness" } })
  expect(w.click("approve", "ben").run().answer().counted).toBe(true)
})

test.each<[string, (w: World) => World]>([
  ["the plan is edited", (w) => w.commitFiles({ plan: plan({ release: { name: "Spring" } }) })],
  [
    "the gates' configuration is edited",
    (w) => w.commitFiles({ config: config({ risk: { low: [{ paths: "docs/**" }] } }) }),
  ],
  ["the plan becomes invalid", (w) => w.commitFiles({ plan: "broken" })],
  ["the plan is deleted", (w) => w.commitFiles({ plan: undefined })],
  ["the configuration is deleted", (w) => w.commitFiles({ config: undefined })],
])("an approval does not outlive what it approved: %s", (_, change) => {
  const w = cut((it) => {
    it.truth.plan = plan()
    it.truth.config = config({ approvals: { from: ["@ben", "@cleo"] } })
  })
  expect(w.page().gates.filter((g) => g.state !== "passed")).toEqual([])
  change(w).run()
  expect(w.page("1").approvals).toMatchObject([
    { by: "ben", counts: false, because: "version, plan or configuration changed since" },
  ])
  expect(w.readiness("1").conclusion).not.toBe("success")
  expect(w.click("publish", "ann", w.readiness("1")).run().truth.tags.has("v1.1.0")).toBe(false)
})

test.each<[string, (w: World) => World]>([
  [
    "a channel and the notes' line",
    (w) => w.commitFiles({ config: config({ slack: { channel: "#shop" }, notes: { line: "{title}" } }) }),
  ],
  ["another file", (w) => w.push("docs: a", { files: ["README.md"] })],
])("an approval outlives what gates do not ask for: %s", (_, change) => {
  const w = change(cut((it) => (it.truth.config = config({})))).run()
  expect(w.page("1").approvals).toMatchObject([{ counts: true }])
  expect(w.readiness("1").conclusion).toBe("success")
})

test("Re-cut moves the candidate to the head, voids the approvals and takes the draft's changes in", () => {
  const w = cut()
  const first = w.truth.head.slice(0, 7)
  w.merge(13, "feat: refunds").run()
  w.click("recut", "cleo", w.readiness("1")).run()
  expect(w.known.releases.map((r) => r.id)).toEqual(["1"])
  expect(state(w, "1")).toBe("v1.1.0 cut feat: pay by invoice, feat: refunds")
  expect(w.release("1").phase).toMatchObject({ candidate: { sha: w.truth.head, by: "cleo" } })
  expect(w.page("1").approvals).toMatchObject([
    { by: "ben", counts: false, because: `it was for ${first}; 1 change since: #13` },
  ])
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.applied.filter((e) => e.kind === "draft-delete").map((e) => e.target)).toEqual(["draft:2"])
  expect(w.handles).not.toHaveProperty("draft:2")
  expect(w.replies("1").slice(-2)).toEqual(["recut", "approval asked"])
})

test("a re-cut release can grow: version and tag follow", () => {
  const w = cut().merge(13, "feat!: drop cash").run()
  w.click("recut", "cleo", w.readiness("1")).run()
  expect(w.release("1")).toMatchObject({ tag: "v2.0.0", phase: { candidate: { version: "2.0.0" } } })
})

test.each<[string, (w: World) => World, string]>([
  ["a drafted release", (w) => w, "there is no candidate to move"],
  ["a candidate at the head", (w) => w.click("approve", "ben").run(), "is the head of main already"],
  [
    "one whose changes were all reverted",
    (w) => w.click("approve", "ben").run().push(`Revert "feat: a (#12)"\n\nThis reverts commit ${w.truth.head}.`).run(),
    "nothing that asks for a version is left",
  ],
])("Re-cut is answered for %s", (_, prepare, because) => {
  const w = prepare(world().merge(12, "feat: a").run())
  const before = w.release("1").phase
  w.click("recut", "cleo", w.readiness("1")).run()
  expect(w.release("1").phase).toEqual(before)
  expect(w.answer("1")).toMatchObject({ counted: false, because: expect.stringContaining(because) })
})

test("Re-cut takes in a later cut too: a bad candidate never blocks the one with its fix", () => {
  const w = cut().merge(13, "fix: b").run()
  w.click("approve", "cleo", w.readiness("2")).run()
  expect(w.release("2").phase.is).toBe("cut")
  w.click("recut", "cleo", w.readiness("1")).run()
  expect(w.known.releases.map((r) => [r.id, r.phase.is])).toEqual([["1", "cut"]])
  expect(w.release("1").phase).toMatchObject({ candidate: { sha: w.truth.head, version: "1.1.0" } })
  w.click("approve", "ben").run().click("publish", "cleo").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a hold on what a Re-cut takes in goes on holding", () => {
  const w = cut().merge(13, "fix: b").run()
  w.click("hold", "cleo", w.readiness("2")).run().click("recut", "ben", w.readiness("1")).run()
  expect(w.gate("hold")).toMatchObject({ state: "failed", because: expect.stringContaining("cleo") })
})

test("an approval after a hold is said in the thread again, and so is ready", () => {
  const w = cut()
  w.later(1).click("hold", "ben").run().later(1).click("approve", "ben").run()
  expect(w.replies("1")).toEqual(["cut", "approved", "ready", "held", "approved", "ready"])
})

test("a draft that has nothing left to release is taken away, with its thread's end", () => {
  const w = world().merge(12, "feat: a").run()
  w.push(`Revert "feat: a (#12)"\n\nThis reverts commit ${w.truth.head}.`).run()
  expect(w.known.releases).toEqual([])
  expect(w.applied.findLast((e) => e.kind === "thread")).toMatchObject({
    content: { announcement: { state: "superseded" } },
  })
  expect(w.check(`check:readiness:${w.truth.head}`)).toMatchObject({ conclusion: "neutral", page: { is: "empty" } })
})

test("one that another repository's release takes along had no thread, and gets none for its end", () => {
  const w = world((it) => {
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
    it.neighbours = { "acme/suite": showing({ leads: [leadOf("a".repeat(40), { is: "asking" })] }) }
  })
  w.merge(12, "feat: a").run()
  expect(w.release("1").joined).toMatchObject({ version: "2.5.0" })
  w.push(`Revert "feat: a (#12)"\n\nThis reverts commit ${w.truth.head}.`).run()
  expect(w.known.releases).toEqual([])
  expect(w.applied.filter((e) => e.kind === "thread")).toEqual([])
})

test("a candidate whose commit left the branch gives its changes back", () => {
  const w = world().push("feat: a").run()
  const kept = w.truth.head
  w.push("fix: b").run().click("approve", "ben").run()
  w.hear(w.truth.reset(kept)).run()
  expect(w.known.releases.map((r) => [r.id, r.phase.is, r.tag])).toEqual([["2", "drafted", "v1.1.0"]])
  expect(w.audit.some((a) => a.what === "abandoned")).toBe(true)
})

test("while history cannot be followed no page is green, and clicks are answered with the reason", () => {
  const w = cut()
  expect(w.readiness("1").conclusion).toBe("success")
  w.unreadable.set("history:", "the App lacks `contents: read`")
  w.hear({ kind: "look", because: "a sweep" })
  w.truth.push("fix: b")
  w.run()
  expect(w.gate("configuration", "1")).toMatchObject({
    state: "unknown",
    because: expect.stringContaining("“contents: read”"),
  })
  expect(w.readiness("1")).toMatchObject({ conclusion: "action_required" })
  expect(w.revisitAt).toBe(new Date(w.now.getTime() + 5 * 60_000).toISOString())
  w.click("publish", "ann", w.readiness("1")).run()
  expect(w.answer("1").counted).toBe(false)
  w.unreadable.clear()
  w.hear({ kind: "look", because: "a sweep" }).run()
  expect(w.readiness("1").conclusion).toBe("success")
})

const FREEZE = "2026-11-02T12:00:00.000Z"
const frozen = (w: World) => {
  w.truth.plan = plan({ timeline: { code_freeze: FREEZE } })
}

test("at the code freeze the release is cut; a look is planned for that instant", () => {
  const w = world(frozen).merge(12, "feat: a").run()
  expect(w.gate("code freeze")).toMatchObject({
    state: "pending",
    because: "the code freeze begins on 2026-11-02 12:00 UTC",
  })
  expect(w.revisitAt).toBe(FREEZE)
  w.now = new Date(FREEZE)
  w.decide().run()
  expect(w.release().phase).toMatchObject({ is: "cut", candidate: { sha: w.truth.head, by: "the plan's code freeze" } })
  expect(w.gate("code freeze").state).toBe("passed")
  expect(w.replies("1")).toEqual(["cut", "approval asked"])
  expect(w.click("approve", "ben").run().readiness().conclusion).toBe("success")
})

test("what lands after the freeze, in the same batch, is in the next release", () => {
  const w = world(frozen).merge(12, "feat: a").run()
  const last = w.truth.head
  w.now = new Date("2026-11-02T12:00:05.000Z")
  w.merge(13, "feat: late", { at: "2026-11-02T12:00:03.000Z" }).run()
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: last } })
  expect(w.gate("code freeze", "1").state).toBe("passed")
  expect(state(w, "2")).toBe("v1.2.0 drafted feat: late")
})

test("where all of it landed after the freeze nothing is cut, and the gate says why", () => {
  const w = world(frozen)
  w.now = new Date("2026-11-02T13:00:00.000Z")
  w.merge(12, "feat: late", { at: "2026-11-02T12:30:00.000Z" }).run()
  expect(w.release().phase.is).toBe("drafted")
  expect(w.gate("code freeze")).toMatchObject({ state: "failed", because: expect.stringContaining("#12 landed after") })
})

test("a commit that says it is older than the freeze is judged by when GitHub took it in", () => {
  const w = world(frozen).merge(12, "feat: a").run()
  const last = w.truth.head
  w.now = new Date("2026-11-02T12:00:05.000Z")
  w.push("feat: late", { at: "2026-11-01T08:00:00.000Z", pushed: "2026-11-02T12:00:03.000Z" }).run()
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: last } })
  expect(state(w, "2")).toBe("v1.2.0 drafted feat: late")
})

test("the next look is where a bound result gets too old", () => {
  const tests = { unit_tests: { check: "unit", within: "30m" }, required: ["unit_tests"] }
  const w = cut((it) => (it.truth.plan = plan({ testing: tests })))
  w.hear({ kind: "evidence", sha: w.truth.head, report: report("unit", { at: w.now.toISOString() }) }).run()
  expect(w.gate("tests").state).toBe("passed")
  const until = new Date(w.revisitAt ?? 0)
  expect(until.getTime()).toBeGreaterThan(w.now.getTime())
  w.now = until
  expect(w.decide().run().gate("tests")).toMatchObject({ state: "failed", because: expect.stringContaining("too old") })
})
