import { expect, test } from "vitest"
import type { Check } from "../../src/model/effect.ts"
import type { Proposed } from "../../src/model/signal.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { person, plan, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const FREEZE = "2026-11-02T12:00:00.000Z"
const frozenPlan = (more: object = {}) =>
  plan({ timeline: { code_freeze: FREEZE, production_deploy: "2026-11-05T10:00:00Z" }, ...more })

const head = (number: number) => sha(9000 + number)

const proposal = (number: number, more: Partial<Proposed["pull"]> = {}, base = "main"): Proposed => ({
  kind: "proposed",
  base,
  pull: { number, title: "docs: x", labels: [], author: person("ben"), commits: 1, headSha: head(number), ...more },
})

const open = (number: number, more: { labels?: string[]; closes?: number[] } = {}) => ({
  number,
  headSha: head(number),
  labels: [],
  closes: [],
  ...more,
})

/** At nine, three hours before the freeze, with a feature to release. */
const before = (changes: object = {}): World =>
  world((w) => {
    w.truth.plan = frozenPlan(changes)
  })
    .merge(12, "feat: pay by invoice")
    .run()

/** The freeze has begun, and what was open is listed. */
const frozen = (changes: object = {}, pulls: readonly ReturnType<typeof open>[] = [open(90)]): World => {
  const w = before(changes)
  w.truth.openPulls = { pulls, more: false }
  w.later(181).run()
  return w.later(1).run()
}

const shown = (w: World, number = 90): Check => w.check(`check:freeze:${number}:${head(number)}`)
const says = (w: World, number = 90): string => {
  const check = shown(w, number)
  return `${check.conclusion}: ${renderCheck(check).title}`
}
const freezes = (w: World): number => w.applied.filter(({ target }) => target.startsWith("check:freeze:")).length

const publish = (w: World): World => {
  for (const login of ["ben", "cleo"]) w.click("approve", login).run()
  return w.click("publish", "cleo").run()
}

test("before the freeze there is no check, and the clock is set for it", () => {
  const w = before().hear(proposal(90)).run()
  expect(freezes(w)).toBe(0)
  expect(w.revisitAt).toBe(FREEZE)
  expect(w.known.freezes).toBeUndefined()
})

test("when it begins, what is open then shows until when; what is opened later does, too", () => {
  const w = frozen()
  expect(says(w)).toBe("failure: main is frozen until 1.1.0 is out (planned for 2026-11-05 10:00 UTC)")
  w.hear(proposal(91)).run()
  expect(says(w, 91)).toBe(says(w))
  const { summary } = renderCheck(shown(w, 91))
  expect(summary).toContain("since 2026-11-02 12:00 UTC, by “timeline.code_freeze” in release-plan.yml")
  expect(summary).toContain("label `hotfix`")
  expect(summary).toContain("`issue` is #91")
})

test.each<[string, ReturnType<typeof open>, string]>([
  ["nothing", open(90), "failure"],
  [
    "the label hotfix",
    open(90, { labels: ["bug", "Hotfix"] }),
    "success: main is frozen; this may go in, since it has",
  ],
  ["a label that only holds the word", open(90, { labels: ["no-hotfix"] }), "failure"],
  ["the plan's issue, which it closes", open(90, { closes: [3, 812] }), "success: main is frozen; this may go in"],
  ["another issue, which it closes", open(90, { closes: [81] }), "failure"],
  ["an issue of a dropped feature", open(90, { closes: [813] }), "failure"],
  [
    "the pull request that the plan names",
    open(814),
    "success: main is frozen; this may go in, since it is the plan's",
  ],
])("during a freeze, with %s", (_, pull, expected) => {
  const features = [
    { id: "PAY-1", issue: 812 },
    { id: "PAY-2", issue: 813, status: "dropped" },
    { id: "PAY-3", issue: 814 },
  ]
  expect(says(frozen({ features }, [pull]), pull.number)).toContain(expected)
})

test("a label lets it in, and taking it off keeps it out again; other words cost nothing", () => {
  const w = frozen()
  w.hear(proposal(90, { labels: ["hotfix"] })).run()
  expect(shown(w).conclusion).toBe("success")
  const count = freezes(w)
  w.hear(proposal(90, { labels: ["hotfix", "later"], title: "docs: y" })).run()
  expect(freezes(w)).toBe(count)
  w.hear(proposal(90)).run()
  expect(shown(w).conclusion).toBe("failure")
})

test("a push shows it on the new head", () => {
  const w = frozen()
  w.hear(proposal(90, { headSha: sha(77) })).run()
  expect(w.check(`check:freeze:90:${sha(77)}`).conclusion).toBe("failure")
})

test("it is lifted by itself when the release is out, and stays lifted", () => {
  const w = publish(frozen())
  expect(says(w)).toBe("success: No longer frozen: the release of the plan is out")
  const count = freezes(w)
  w.hear(proposal(90), proposal(92)).later(10_000).run()
  expect(freezes(w)).toBe(count)
  w.hear({ kind: "issue", number: 90, state: "not merged" }).run()
  expect(w.known.freezes).toEqual({})
})

test.each<[string, (w: World) => World, string]>([
  [
    "a plan that moves it",
    (w) => w.commitFiles({ plan: plan({ timeline: { code_freeze: "2026-12-01T12:00:00Z" } }) }),
    "success: No longer frozen: the plan moved its code freeze",
  ],
  [
    "a plan that is taken away",
    (w) => w.commitFiles({ plan: undefined }),
    "success: No longer frozen: the plan was taken away",
  ],
  ["not by a plan that is broken", (w) => w.commitFiles({ plan: "broken" }), "failure: main is frozen until"],
  ["not by time", (w) => w.later(60 * 24 * 30), "failure: main is frozen until 1.1.0 is out"],
])("it is lifted by %s", (_, change, expected) => {
  expect(says(change(frozen()).run())).toContain(expected)
})

test("a plan that freezes again lists again", () => {
  const w = frozen().commitFiles({ plan: undefined }).run()
  w.truth.openPulls = { pulls: [open(90), open(93)], more: false }
  w.commitFiles({ plan: frozenPlan() }).run().later(1).run()
  expect([says(w), says(w, 93)]).toEqual(Array(2).fill(expect.stringContaining("failure: main is frozen")))
})

test("a feature that the plan takes up gets in without an event of its own", () => {
  const w = frozen().commitFiles({ plan: frozenPlan({ features: [{ id: "PAY-1", issue: 90 }] }) })
  w.truth.issues["#90"] = "open"
  expect(says(w.run())).toContain("success: main is frozen; this may go in")
})

test("a branch is frozen though nothing asks for a release yet", () => {
  const w = world((it) => {
    it.truth.plan = frozenPlan()
    it.truth.openPulls = { pulls: [open(90)], more: false }
  })
  expect(w.revisitAt).toBe(FREEZE)
  w.later(181).run().later(1).run()
  expect(says(w)).toContain("failure: main is frozen until the release of the plan is out")
})

test("what is closed, and what goes elsewhere, is held no more", () => {
  const w = frozen({}, [open(90), open(91)])
  w.hear(proposal(90, {}, "next")).run()
  expect(says(w)).toBe("success: No longer frozen: it goes to next now")
  w.hear({ kind: "issue", number: 91, state: "not merged" }, proposal(91)).run()
  expect(w.known.freezes?.main?.pulls).toEqual({})
})

test("a list that cannot be read is tried again, and the page says so meanwhile", () => {
  const w = before()
  w.truth.openPulls = { pulls: [open(90)], more: true }
  w.unreadable.set("pulls:", "the App lacks `pull_requests: read`")
  w.later(181).run().later(1).run()
  expect(w.page().warnings).toContainEqual(expect.stringMatching(/^Not every pull request shows the code freeze yet: /))
  expect(w.known.freezes?.main?.listed).toBe(false)
  w.unreadable.clear()
  w.later(6).run().later(1).run()
  expect(shown(w).conclusion).toBe("failure")
  expect(w.page().warnings).toContain(
    "The code freeze is shown on 1 pull request, those that changed last; others show it when they change.",
  )
})

test("a plan of release-plans freezes as well, and says which it is", () => {
  const w = world((it) => {
    it.truth.plans["1.2.0.yml"] = frozenPlan({ release: { version: "1.2.0" } })
    it.truth.openPulls = { pulls: [open(90)], more: false }
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.revisitAt).toBe(FREEZE)
  w.later(181).run().later(1).run()
  expect(says(w)).toBe("failure: main is frozen until 1.2.0 is out (planned for 2026-11-05 10:00 UTC)")
  expect(renderCheck(shown(w)).summary).toContain("in release-plans/1.2.0.yml")
  publish(w)
  expect(says(w)).toMatch(/^success/)
})
