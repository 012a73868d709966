import { expect, test } from "vitest"
import type { Evidence } from "../../src/model/evidence.ts"
import type { IssueSigns, IssueState } from "../../src/model/issue.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { plan, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const ITEMS = {
  before: [
    { item: "Load test", check: "load / *", app: "loader", within: "24h" },
    { item: "Migration guide", file: "docs/migrate.md" },
    { item: "Legal agrees", issue: 7 },
  ],
  during: [{ item: "Watch the queue", check: "queue" }],
  after: [{ item: "Tell support", issue: 9 }],
}
const load = (more: Partial<Evidence> = {}) => report("load / a", { app: "loader", ...more })

/** A release whose plan has a checklist; whatever ticks its items is there. */
const begin = (change: (w: World) => void = () => {}, checklist: object = ITEMS): World => {
  const w = world((it) => {
    it.truth.plan = plan({ checklist })
    it.truth.issues["#7"] = "closed"
    it.truth.issues["#9"] = "open"
    it.truth.files.add("docs/migrate.md")
  })
  w.merge(12, "feat: a").take()
  w.truth.checks.set(w.truth.head, [load()])
  change(w)
  return w.hear({ kind: "look", because: "a test" }).run()
}
const verdict = (w: World) => {
  const { state, because } = w.gate("checklist")
  return `${state}: ${because}`
}
const checks =
  (...reports: readonly Evidence[]) =>
  (w: World) =>
    void w.truth.checks.set(w.truth.head, reports)

const legal = (state: IssueState) => (w: World) => {
  w.truth.issues["#7"] = state
}

test.each<[string, (w: World) => void, string]>([
  ["everything", () => {}, "passed: all 3 items are ticked"],
  [
    "a check that nobody reported",
    checks(),
    "pending: 2 of 3 items ticked; “Load test” waits for a check named “load / *”",
  ],
  [
    "a check of another App",
    checks(load({ app: "ci-bot" })),
    "pending: 2 of 3 items ticked; “Load test” waits for a check named “load / *”",
  ],
  [
    "a commit status of that name",
    checks(load({ kind: "status" })),
    "pending: 2 of 3 items ticked; “Load test” waits for a check named “load / *”",
  ],
  [
    "a check that runs",
    checks(load({ state: "pending" })),
    "pending: 2 of 3 items ticked; “Load test” still running: load / a",
  ],
  [
    "a check that failed, before all that is open",
    (w) => {
      checks(load({ state: "failed" }))(w)
      legal("open")(w)
    },
    "failed: 1 of 3 items ticked; “Load test” did not pass: load / a",
  ],
  [
    "a check that is too old",
    checks(load({ at: "2026-11-01T08:59:00.000Z" })),
    "failed: 2 of 3 items ticked; “Load test” is too old: load / a reported on 2026-11-01 08:59 UTC",
  ],
  [
    "a file that is not there",
    (w) => void w.truth.files.delete("docs/migrate.md"),
    expect.stringMatching(
      /^pending: 2 of 3 items ticked; “Migration guide” waits for docs\/migrate.md, which is not there at [0-9a-f]{7}$/,
    ),
  ],
  [
    "a file that could not be looked for",
    (w) => void w.unreadable.set("file:", "403"),
    "unknown: 2 of 3 items ticked; “Migration guide” 403",
  ],
  ["an issue that is open", legal("open"), "pending: 2 of 3 items ticked; “Legal agrees” waits for #7, which is open"],
  [
    "an issue that was closed as not planned",
    legal("not planned"),
    "pending: 2 of 3 items ticked; “Legal agrees” waits for #7, which was closed, but not as completed",
  ],
  [
    "an issue that could not be read",
    (w) => void w.unreadable.set("issue:#7", "404"),
    "unknown: 2 of 3 items ticked; “Legal agrees” is bound to #7: 404",
  ],
])("of %s", (_, change, expected) => {
  expect(verdict(begin(change))).toEqual(expected)
})

test.each<[string, object, IssueState, Partial<IssueSigns> | undefined, string]>([
  ["closed by that person", { by: "@Lea" }, "closed", { closedBy: "lea" }, "passed: its one item is ticked"],
  [
    "closed by another",
    { by: "@lea" },
    "closed",
    { closedBy: "ben" },
    "pending: 0 of 1 item ticked; “Legal agrees” waits for lea: #7 was closed by ben; reopen it for them to close",
  ],
  [
    "closed by nobody knows whom",
    { by: "@lea" },
    "closed",
    {},
    "unknown: 0 of 1 item ticked; “Legal agrees” is bound to #7, and GitHub does not say who closed it",
  ],
  [
    "open",
    { by: "@lea" },
    "open",
    {},
    "pending: 0 of 1 item ticked; “Legal agrees” waits for #7, which is open, and for lea to close it",
  ],
  [
    "of which nothing else is known",
    { by: "@lea" },
    "closed",
    undefined,
    "unknown: 0 of 1 item ticked; “Legal agrees” is bound to #7: not read yet",
  ],
  ["with the label", { label: "Agreed" }, "open", { labels: ["agreed"] }, "passed: its one item is ticked"],
  [
    "without the label, though it is closed",
    { label: "agreed" },
    "closed",
    { closedBy: "lea", labels: ["agreed-not"] },
    "pending: 0 of 1 item ticked; “Legal agrees” waits for the label “agreed” on #7",
  ],
])("of an issue that is %s", (_, asked, state, signs, expected) => {
  const checklist = { before: [{ item: "Legal agrees", issue: 7, ...asked }] }
  const change = (w: World) => {
    legal(state)(w)
    if (signs) w.truth.issueSigns["#7"] = { labels: [], ...signs }
  }
  expect(verdict(begin(change, checklist))).toBe(expected)
})

test("who closed it, and what label it has, is heard at once", () => {
  const w = begin(legal("open"), {
    before: [
      { item: "A", issue: 7, by: "@lea" },
      { item: "B", issue: 9, label: "told" },
    ],
  })
  w.hear({ kind: "issue", number: 9, state: "open", signs: { labels: ["told"] } }).run()
  w.hear({ kind: "issue", number: 7, state: "closed", signs: { labels: [], closedBy: "ben" } }).run()
  expect(verdict(w)).toContain("“A” waits for lea: #7 was closed by ben")
  w.hear({ kind: "issue", number: 7, state: "open", signs: { labels: [] } })
  w.hear({ kind: "issue", number: 7, state: "closed", signs: { labels: [], closedBy: "lea" } }).run()
  expect(w.gate("checklist").state).toBe("passed")
})

test("a label that comes after the end is heard, and who closed it stays known", () => {
  const w = begin(legal("open"), {
    before: [
      { item: "A", issue: 7, by: "@lea" },
      { item: "B", issue: 7, label: "told" },
    ],
  })
  w.hear({ kind: "issue", number: 7, state: "closed", signs: { labels: [], closedBy: "lea" } }).run()
  expect(verdict(w)).toContain("“B” waits for the label “told”")
  w.hear({ kind: "issue", number: 7, state: "closed", signs: { labels: ["told"] } }).run()
  expect(w.gate("checklist").state).toBe("passed")
})

test("a plan without items before the release has no such gate", () => {
  const w = begin(() => {}, { after: ITEMS.after })
  expect(w.page().gates.map(({ name }) => name)).not.toContain("checklist")
})

test("nothing is published before each item is ticked, and by what was read just now", () => {
  const w = begin(legal("open"))
  w.click("approve", "ben").run().click("publish", "ben").run()
  expect(w.answer().because).toContain("checklist is pending")
  w.truth.issues["#7"] = "closed"
  w.omitted.add("issues")
  w.hear({ kind: "issue", number: 7, state: "closed" }).run()
  expect(w.gate("checklist").state).toBe("passed")
  w.click("publish", "ben").run()
  expect(w.answer().because).toContain("not read afresh: #7")
  w.omitted.clear()
  w.click("publish", "ben").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a result that is getting too old sets the clock", () => {
  const w = begin()
  expect(w.revisitAt).toBe("2026-11-03T09:00:01.000Z")
  w.later(24 * 60 + 1).run()
  expect(verdict(w)).toContain("failed: 2 of 3 items ticked; “Load test” is too old")
})

test("the page shows all of it; once the release is out, what is left to do, which is ticked as it is done", () => {
  const w = begin()
  expect(w.page().checklist?.map(({ when, item, state }) => [when, item, state])).toEqual([
    ["before", "Load test", "passed"],
    ["before", "Migration guide", "passed"],
    ["before", "Legal agrees", "passed"],
    ["during", "Watch the queue", "pending"],
    ["after", "Tell support", "pending"],
  ])
  w.click("approve", "ben").run().click("publish", "ben").run()
  const left = () => w.page("1").checklist?.map(({ when, item, state }) => [when, item, state])
  expect(left()).toEqual([
    ["during", "Watch the queue", "pending"],
    ["after", "Tell support", "pending"],
  ])
  const sha = w.release("1").shown?.sha ?? ""
  w.hear({ kind: "issue", number: 9, state: "closed" }, { kind: "evidence", sha, report: report("queue") }).run()
  expect(left()).toEqual([
    ["during", "Watch the queue", "passed"],
    ["after", "Tell support", "passed"],
  ])
  expect(renderCheck(w.readiness("1")).summary).toContain(
    "| during | Watch the queue | ✅ passed | is ticked: queue passed | queue: success |\n| after | Tell support | ✅ passed | is ready: #9 is closed | [\\#9](https://github.com/acme/shop/issues/9) |",
  )
})

test("who takes an item away needs the approval that the plan in force asks for", () => {
  const w = begin(legal("open"))
  w.commitFiles({ plan: plan({ checklist: { before: [] } }), author: "ann" }).run()
  expect(w.gate("configuration").because).toContain("the plan was changed: the gates that were in force ask")
})

test("a text from outside ends nothing that it stands in", () => {
  const w = begin(() => {}, { before: [{ item: "a | b <!channel> @acme/all", file: "docs/migrate.md" }] })
  const { summary } = renderCheck(w.readiness())
  expect(summary).not.toContain("<!channel>")
  expect(summary).not.toMatch(/ @acme\/all/)
})

const METRIC = { name: "errors", query: 'errors{v="{version}",sha="{sha}"}', window: "10m", "at-most": 0.01 }
const measuring = (value: number | string | undefined) => (w: World) => {
  w.truth.metrics = () => value ?? "no data: the query gives nothing"
}
test.each<[string, number | string | undefined, object, string, RegExp]>([
  ["within its limit", 0.01, {}, "passed", /its one item is ticked/],
  [
    "beyond its limit",
    0.011,
    {},
    "pending",
    /waits: errors is 0.011 over 10 minutes \(measured on 2026-11-02 09:00 UTC\), and has to be at most 0.01$/,
  ],
  ["below another limit", 0.001, { "at-least": 0.005 }, "pending", /has to be at least 0.005$/],
  [
    "of which there is no data",
    undefined,
    {},
    "unknown",
    /errors is not known: no data: the query gives nothing; asked on .*: errors\{v="1.1.0",sha="[0-9a-f]{40}"\}/,
  ],
  ["that is no number", "no data: the query gives NaN", {}, "unknown", /no data: the query gives NaN/],
  ["of a server that is away", "the metrics server could not be asked: ECONNREFUSED", {}, "unknown", /ECONNREFUSED/],
])("of a metric %s", (_, value, more, state, because) => {
  const w = begin(measuring(value), { before: [{ item: "Calm", metric: { ...METRIC, ...more } }] })
  expect(w.gate("checklist")).toMatchObject({ state, because: expect.stringMatching(because) })
})

test("a metric is asked at once, again by the clock, and an old number ticks nothing", () => {
  const w = begin(measuring(0.5), { before: [{ item: "Calm", metric: METRIC }] })
  expect(w.revisitAt).toBe("2026-11-02T09:05:02.000Z")
  measuring(0)(w)
  w.later(5).run()
  expect(verdict(w)).toContain("passed")
  expect(w.revisitAt).toBe("2026-11-02T09:35:03.000Z")
  w.omitted.add("metrics")
  w.later(41).hear({ kind: "look", because: "a test" }).run()
  expect(verdict(w)).toContain("unknown: 0 of 1 item ticked; “Calm” waits for errors, which was measured last on")
})

test("nothing is published by a number that was not measured just now", () => {
  const w = begin(measuring(0), { before: [{ item: "Calm", metric: METRIC }] })
  expect(verdict(w)).toContain("passed")
  w.click("approve", "ben").run()
  w.omitted.add("metrics")
  w.click("publish", "ben").run()
  expect(w.answer().because).toContain("not read afresh: the metric of “Calm”")
  w.omitted.clear()
  measuring(1)(w)
  w.click("publish", "ben").run()
  expect(w.answer().because).toContain("checklist is pending")
  measuring(0)(w)
  w.click("publish", "ben").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a metric behind the release is shown on its page, and holds nothing up", () => {
  const w = begin(measuring(0), { after: [{ item: "Calm", metric: METRIC }] })
  w.click("approve", "ben").run().click("publish", "ben").run()
  w.later(1).hear({ kind: "look", because: "a test" }).run()
  expect(w.page("1").checklist).toMatchObject([{ item: "Calm", state: "passed" }])
})
