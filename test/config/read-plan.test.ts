import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readPlan } from "../../src/config/read-plan.ts"
import type { Plan } from "../../src/model/plan.ts"
import { EXAMPLE } from "./example-plan.ts"

const FILE = "release-plan.yml"
const planOf = (text: string): Plan => {
  const read = readPlan(text, FILE)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.plan
}
const problemsOf = (text: string): string[] => {
  const read = readPlan(text, FILE)
  return read.ok ? [] : read.problems.map((it) => `${it.line}:${it.column}-${it.endLine} ${it.message}`)
}

test("the example is read whole, its dates as instants", () => {
  expect(planOf(EXAMPLE)).toEqual({
    release: { version: "2.5.0", name: "Spring release", date: "2026-11-30T08:00:00.000Z", type: "minor" },
    stakeholders: { product_owner: ["@product-lead"], tech_lead: ["tech.lead@example.com"], qa_lead: ["@acme/qa"] },
    timezone: "Europe/Berlin",
    timeline: {
      code_freeze: "2026-11-23T00:00:00.000Z",
      qa_start: "2026-11-24T09:00:00.000Z",
      staging_deploy: "2026-11-26T14:00:00.000Z",
      production_deploy: "2026-11-30T10:00:00.000Z",
    },
    features: [
      { id: "PAY-123", name: "Pay by invoice", team: "Payments", status: "ready", risk: "medium", dependencies: [] },
      {
        id: "SEARCH-7",
        name: "Faster search",
        team: "Search",
        status: "in-progress",
        risk: "low",
        dependencies: ["PAY-123"],
        flag: "faster-search",
        issue: "#812",
      },
    ],
    bug_fixes: { critical: 1, high: 4, medium: 9, low: 0 },
    testing: {
      required: ["unit_tests", "integration_tests", "security_tests"],
      tests: {
        unit_tests: { is: "stated", result: "passed" },
        integration_tests: { is: "bound", check: "CI / integration" },
        e2e_tests: { is: "bound", check: "CI / e2e *" },
        performance_tests: { is: "stated", result: "passed" },
        security_tests: { is: "bound", check: "CodeQL", within: 1440 },
      },
    },
    rollback_plan: {
      estimated_time: "15 minutes",
      procedure: "docs/rollback-procedure.md",
      responsible: "@on-call-lead",
    },
    communication: {
      pre_release: [
        { channel: "email", audience: "all-engineering", date: "2026-11-29T08:00:00.000Z" },
        { channel: "slack", audience: "#engineering", date: "2026-11-30T09:00:00.000Z" },
      ],
      post_release: [
        { channel: "slack", audience: "#general", date: "2026-11-30T14:00:00.000Z" },
        { channel: "email", audience: "customers", date: "2026-11-30T15:00:00.000Z" },
        { channel: "blog", audience: "public", date: "2026-11-30T14:00:00.000Z" },
      ],
    },
  })
})

test("a plan that says little has defaults for the rest", () => {
  expect(planOf("release: { version: 1.0.0 }\nfeatures: [{ id: A }]")).toEqual({
    release: { version: "1.0.0" },
    stakeholders: {},
    timezone: "UTC",
    timeline: {},
    features: [{ id: "A", name: "A", status: "planned", dependencies: [] }],
    testing: { required: ["unit_tests", "integration_tests", "security_tests"], tests: {} },
    communication: { pre_release: [], post_release: [] },
  })
})

test.each([
  ["812", "#812"],
  ["'#812'", "#812"],
  ["acme/shop#7", "acme/shop#7"],
])("issue %s is %s", (written, ref) => {
  expect(planOf(`release: {}\nfeatures: [{ id: A, issue: ${written} }]`).features[0]?.issue).toBe(ref)
})

test("dates without an offset are read by the clocks of the plan's zone", () => {
  const plan = planOf(`
release: { date: 2026-10-25 }
timezone: America/New_York
timeline: { code_freeze: 2026-11-01T01:30, production_deploy: "2026-11-02 09:00" }
`)
  expect(plan.release.date).toBe("2026-10-25T13:00:00.000Z")
  expect(plan.timeline).toEqual({
    code_freeze: "2026-11-01T05:30:00.000Z",
    production_deploy: "2026-11-02T14:00:00.000Z",
  })
})

test.each([
  [
    "version",
    'version: "2.5.0" ',
    'version: "v2.5" ',
    "3:12-3 `release.version` must be a SemVer version such as `2.5.0` or `2.5.0-rc.1`, found `v2.5`",
  ],
  [
    "version as a number",
    'version: "2.5.0" ',
    "version: 2.5 ",
    "3:12-3 `release.version` must be a SemVer version such as `2.5.0` or `2.5.0-rc.1`, found the number `2.5`",
  ],
  [
    "a day that does not exist",
    'date: "2026-11-30"',
    "date: 2026-11-31",
    "5:9-5 `release.date` must be a date such as `2026-11-30`, or a date and time such as `2026-11-30T10:00:00Z`, found `2026-11-31`",
  ],
  [
    "a date that is none",
    "2026-11-24T09:00:00Z",
    "soon",
    "17:13-17 `timeline.qa_start` must be a date such as `2026-11-30`, or a date and time such as `2026-11-30T10:00:00Z`, found `soon`",
  ],
  [
    "the type",
    'type: "minor"',
    "type: minro",
    "6:9-6 `release.type` must be one of `patch`, `minor`, `major`, `hotfix`, found `minro`; did you mean `minor`?",
  ],
  [
    "a time zone",
    "Europe/Berlin",
    "Europe/Berln",
    "13:11-13 `timezone` must be a time zone such as `Europe/Berlin` or `UTC`, found `Europe/Berln`; did you mean `Europe/Berlin`?",
  ],
  [
    "a stakeholder",
    '"@acme/qa"',
    "qa",
    "11:12-11 `stakeholders.qa_lead` must be an e-mail address, a GitHub login such as `@lea` or a team such as `@acme/qa`, found `qa`",
  ],
  ["a key of the whole", "timeline:", "timline:", "15:1-15 unknown key `timline`; did you mean `timeline`?"],
  ["a key of a feature", "flag:", "flags:", "33:5-33 unknown key `flags`; did you mean `flag`?"],
  [
    "a status",
    '"in-progress"',
    '"in progress"',
    "30:13-30 `features[1].status` must be one of `planned`, `in-progress`, `ready`, `dropped`, found `in progress`; did you mean `in-progress`?",
  ],
  [
    "a dependency that does not exist",
    '["PAY-123"]',
    '["PAY-132"]',
    "32:20-32 depends on `PAY-132`, which is no feature of this plan; did you mean `PAY-123`?",
  ],
  ["a feature twice", '"SEARCH-7"', '"PAY-123"', "27:9-27 feature `PAY-123` is listed twice; the first is number 1"],
  [
    "a feature that depends on itself",
    '["PAY-123"]',
    '["SEARCH-7"]',
    "32:20-32 features depend on each other in a circle: SEARCH-7 → SEARCH-7",
  ],
  [
    "an issue",
    "issue: 812",
    "issue: eight",
    "34:12-34 `features[1].issue` must be an issue number such as `812`, or `owner/repo#812`, found `eight`",
  ],
  [
    "a count",
    "critical: 1",
    "critical: -1",
    "36:24-36 `bug_fixes.critical` must be a whole number from 0 to 1000000, found the number `-1`",
  ],
  [
    "a test's word",
    'unit_tests: "passed"',
    "unit_tests: pased",
    "39:15-39 `testing.unit_tests` must be one of `passed`, `failed`, `pending`, `skipped`, found `pased`; did you mean `passed`?",
  ],
  ["a test's name", "unit_tests:", "unit_test:", "39:3-39 unknown key `unit_test`; did you mean `unit_tests`?"],
  ["a binding's key", "within:", "withn:", "43:38-43 unknown key `withn`; did you mean `within`?"],
  [
    "a binding's duration",
    '"24h"',
    "24",
    "43:46-43 `testing.security_tests.within` must be a duration in minutes, hours or days, such as `30m`, `24h` or `7d`, found the number `24`",
  ],
  [
    "a required test",
    '["unit_tests", ',
    '["unit_test", ',
    "44:14-44 no tests of this plan are named `unit_test`; did you mean `unit_tests`?",
  ],
  ["`required` itself", "required:", "requird:", "44:3-44 unknown key `requird`; did you mean `required`?"],
  [
    "the procedure",
    "docs/rollback-procedure.md",
    "https://wiki/rollback",
    "48:14-48 `rollback_plan.procedure` must be a path from the repository's root such as `docs/rollback.md`, found `https://wiki/rollback`",
  ],
  [
    "a channel",
    '"slack", audience: "#engineering"',
    '"slak", audience: "#engineering"',
    "54:18-54 `communication.pre_release[1].channel` must be one of `slack`, `email`, `blog`, found `slak`; did you mean `slack`?",
  ],
  ["a tab", "  name:", "\tname:", "4:1-4 a tab stands in the indentation; YAML allows only spaces there"],
])("a slip in %s", (_, right, wrong, problem) => {
  expect(EXAMPLE).toContain(right)
  expect(problemsOf(EXAMPLE.replace(right, wrong))).toEqual([problem])
})

test.each([
  ["nothing", "", "1:1-1 the plan is empty; it begins with `release:` and the release's `version` and `name`"],
  [
    "only a comment",
    "# later",
    "1:1-1 the plan is empty; it begins with `release:` and the release's `version` and `name`",
  ],
  ["no release", "features: []", "1:1-1 `release` is missing; it must be a mapping of keys to values"],
  ["a release of nothing", "release:", "1:1-1 `release` must be a mapping of keys to values, found nothing"],
  [
    "no procedure",
    "release: {}\nrollback_plan:\n  responsible: '@lea'",
    "2:1-2 `rollback_plan.procedure` is missing; it must be a path from the repository's root such as `docs/rollback.md`",
  ],
])("a plan with %s", (_, text, problem) => expect(problemsOf(text)).toEqual([problem]))

const needs = (...edges: string[]): string =>
  `release: {}\nfeatures:\n${edges.map((edge) => `  - { id: ${edge[0]}, dependencies: [${[...edge.slice(1)].join(", ")}] }\n`).join("")}`

test.each([
  ["two", ["AB", "BA"], ["3:29-3 features depend on each other in a circle: A → B → A"]],
  [
    "three, entered from outside",
    ["XA", "AB", "BC", "CA"],
    ["4:29-4 features depend on each other in a circle: A → B → C → A"],
  ],
  [
    "two circles",
    ["AB", "BA", "CD", "DC"],
    [
      "3:29-3 features depend on each other in a circle: A → B → A",
      "5:29-5 features depend on each other in a circle: C → D → C",
    ],
  ],
  ["a diamond is none", ["ABC", "BD", "CD", "D"], []],
])("a circle of %s", (_, edges, problems) => expect(problemsOf(needs(...edges))).toEqual(problems))

test("a chain of a thousand features is no circle and no deep call", () => {
  const chain = Array.from(
    { length: 1000 },
    (_, index) => `  - { id: F${index}, dependencies: [F${(index + 1) % 1000}] }\n`,
  )
  const open = `release: {}\nfeatures:\n${chain.slice(0, 999).join("")}  - { id: F999 }\n`
  expect(problemsOf(open)).toEqual([])
  expect(problemsOf(`release: {}\nfeatures:\n${chain.join("")}`)).toHaveLength(1)
})

test("Slipway's own plan is valid", () => {
  const file = join(import.meta.dirname, "../../.github/release-plan.yml")
  expect(problemsOf(readFileSync(file, "utf8"))).toEqual([])
})

const listed = (item: string) => `release: {}\nchecklist:\n  before: [${item}]\n`

test("a checklist is read with what ticks each item", () => {
  const items = [
    "check: 'load *', within: 2h, app: ci",
    "file: docs/a.md",
    "issue: 7",
    "issue: 7, by: '@lea'",
    "issue: 'acme/shop#8', label: told",
    "metric: { query: up, at-least: 1 }",
  ].map((by) => `{ item: A, ${by} }`)
  expect(planOf(listed(items.join(", "))).checklist).toEqual({
    before: [
      { item: "A", by: { is: "check", check: "load *", within: 120, app: "ci" } },
      { item: "A", by: { is: "file", file: "docs/a.md" } },
      { item: "A", by: { is: "issue", issue: "#7" } },
      { item: "A", by: { is: "issue", issue: "#7", by: "lea" } },
      { item: "A", by: { is: "issue", issue: "acme/shop#8", label: "told" } },
      { item: "A", by: { is: "metric", metric: { query: "up", window: 30, "at-least": 1 } } },
    ],
    during: [],
    after: [],
  })
})

test.each([
  [
    "nothing that ticks it",
    "{ item: A }",
    "3:12-3 `checklist.before[0]` must name one of `check`, `file`, `issue` and `metric`, which ticks it, found a mapping",
  ],
  [
    "two things that tick it",
    "{ item: A, file: a, issue: 7 }",
    "3:12-3 `checklist.before[0]` must name one of `check`, `file`, `issue` and `metric`, which ticks it, found a mapping",
  ],
  [
    "a person without an issue to close",
    "{ item: A, file: a, by: '@lea' }",
    "3:36-3 `checklist.before[0].by` must stand beside an `issue`, found `@lea`",
  ],
  [
    "a team, of which nobody in particular closes it",
    "{ item: A, issue: 7, by: '@acme/qa' }",
    "3:37-3 `checklist.before[0].by` must be a person on GitHub such as `@lea`, found `@acme/qa`",
  ],
  [
    "a person and a label",
    "{ item: A, issue: 7, by: '@lea', label: told }",
    "3:52-3 `checklist.before[0].label` must not stand beside `by`: one of them ticks the item, found `told`",
  ],
  [
    "a label without an issue",
    "{ item: A, file: a, label: told }",
    "3:39-3 `checklist.before[0].label` must stand beside an `issue`, found `told`",
  ],
  [
    "a metric that may be anything",
    "{ item: A, metric: { query: up } }",
    "3:31-3 `checklist.before[0].metric` must say what it has to be: `at-most` or `at-least`, found a mapping",
  ],
  [
    "a metric of no environment in particular",
    "{ item: A, metric: { query: 'up{e=\"{environment}\"}', at-least: 1 } }",
    '3:40-3 `checklist.before[0].metric.query` must name the environment that is meant, without `{environment}`, found `up{e="{environment}"}`',
  ],
  [
    "more metrics than are asked",
    Array.from({ length: 21 }, () => "{ item: A, metric: { query: up, at-least: 1 } }").join(", "),
    "3:3-3 `checklist` must hold at most 20 items with a `metric`, found a mapping",
  ],
  [
    "an App for a file",
    "{ item: A, file: a, app: ci }",
    "3:37-3 `checklist.before[0].app` must stand beside a `check`, found `ci`",
  ],
  [
    "a file elsewhere",
    "{ item: A, file: ../a }",
    "3:29-3 `checklist.before[0].file` must be a path from the repository's root such as `docs/rollback.md`, found `../a`",
  ],
  [
    "no words",
    "{ item: '', file: a }",
    "3:20-3 `checklist.before[0].item` must be one line of text, found an empty text",
  ],
])("an item with %s", (_, item, problem) => expect(problemsOf(listed(item))).toEqual([problem]))
