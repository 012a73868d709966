import fc from "fast-check"
import { expect, test } from "vitest"
import { gatesDiff } from "../../src/decide/gates-diff.ts"
import { gatesOf } from "../../src/model/config.ts"
import { hashOf } from "../../src/model/hash.ts"
import { config, plan } from "./support/truth.ts"

const files = (written: object, planned: object | null = null) => ({
  config: config(written),
  plan: planned && plan(planned),
  plans: {},
})
const said = (from: ReturnType<typeof files>, to: ReturnType<typeof files>): readonly string[] =>
  gatesDiff(from, to).map(({ is, says }) => `${is}: ${says}`)

const LOCKED = { by: "@lea", because: "an audit" }

test.each<[string, object, object, readonly string[]]>([
  ["nothing", {}, {}, []],
  ["notes, which are no gate", {}, { notes: { contributors: false } }, []],
  [
    "fewer approvals",
    { approvals: { required: 2 } },
    { approvals: { required: 1 } },
    ["weaker: lowers approvals.required from 2 to 1"],
  ],
  [
    "groups and risk",
    { approvals: { high: 2, "all-of": [{ from: ["@a"] }], "any-of": [{ from: ["@b"] }] } },
    { approvals: { required: 0, "all-of": [{ from: ["@c"] }], "any-of": [{ from: ["@b"] }, { from: ["@d"] }] } },
    [
      "weaker: removes approvals.high (it was 2)",
      'weaker: takes {"required":1,"from":["@a"]} out of approvals.all-of',
      'weaker: adds {"required":1,"from":["@d"]} to approvals.any-of',
      'stricter: adds {"required":1,"from":["@c"]} to approvals.all-of',
    ],
  ],
  ["more approvals", {}, { approvals: { required: 2 } }, ["stricter: raises approvals.required from 1 to 2"]],
  [
    "a team less",
    { approvals: { from: ["@org/sre", "@lea"] } },
    { approvals: { from: ["@lea"] } },
    ["weaker: removes the approval of @org/sre (approvals.from)"],
  ],
  [
    "the only team gone",
    { approvals: { from: ["@org/sre"] } },
    {},
    ["weaker: removes the approval of @org/sre, and lets everybody with write permission approve (approvals.from)"],
  ],
  [
    "a person more",
    { approvals: { from: ["@org/sre"] } },
    { approvals: { from: ["@org/sre", "@lea"] } },
    ["weaker: lets @lea approve as well (approvals.from)"],
  ],
  [
    "a first team",
    {},
    { approvals: { from: ["@org/sre"] } },
    ["stricter: lets only @org/sre approve (approvals.from)"],
  ],
  [
    "the same people in another order",
    { approvals: { from: ["@a", "@b"] } },
    { approvals: { from: ["@b", "@a"] } },
    [],
  ],
  [
    "a holiday on which deployments begin",
    { environments: { p: { window: { holidays: ["2026-12-24", "2026-12-25"] } } } },
    { environments: { p: { window: { holidays: ["2026-12-25"] } } } },
    ["weaker: takes 2026-12-24 out of environments.p.window.holidays.dates"],
  ],
  ["what is published by hand stays", { onBypass: "revert" }, {}, ["weaker: removes onBypass (it was revert)"]],
  ["no required plan", { plan: { required: true } }, {}, ["weaker: turns plan.required off"]],
  ["a required plan", {}, { plan: { required: true } }, ["stricter: turns plan.required on"]],
  ["words count again", { plan: { words: false } }, {}, ["weaker: removes plan.words (it was false)"]],
  [
    "another path of the plan, of which nobody can say it",
    {},
    { plan: { path: "plan.yml" } },
    ["other: changes plan.path from release-plan.yml to plan.yml"],
  ],
  [
    "a rule for low risk",
    {},
    { risk: { low: [{ paths: ["docs/**"] }] } },
    ['weaker: adds {"paths":["docs/**"]} to risk.low'],
  ],
  [
    "a rule for high risk gone",
    { risk: { high: [{ paths: ["db/**"] }] } },
    {},
    ['weaker: takes {"paths":["db/**"]} out of risk.high'],
  ],
  [
    "environments",
    {
      environments: {
        staging: {
          checks: ["e2e"],
          freshness: "30m",
          coverage: ">= 80",
          smoke: ["https://a.example/", "https://b.example/"],
        },
        production: { after: "staging", soak: "24h", vulnerabilities: "none high", approvals: { required: 2 } },
        lab: {},
      },
    },
    {
      environments: {
        staging: { freshness: "2h", coverage: 70, smoke: ["https://a.example/"] },
        production: { soak: "12h", vulnerabilities: { dependabot: "critical" }, approvals: {} },
      },
    },
    [
      "weaker: takes e2e out of environments.staging.checks",
      "weaker: raises environments.staging.freshness from 30m to 2h",
      "weaker: lowers environments.staging.coverage.at-least from 80 to 70",
      'weaker: takes {"url":"https://b.example/","status":200,"within":5} out of environments.staging.smoke.probes',
      "weaker: removes environments.production.after (it was staging)",
      "weaker: lowers environments.production.soak from 1d to 12h",
      "weaker: removes environments.production.vulnerabilities.code-scanning (it was high)",
      "weaker: changes environments.production.vulnerabilities.dependabot from high to critical",
      "weaker: lowers environments.production.approvals.required from 2 to 1",
      "weaker: removes environments.lab",
    ],
  ],
  [
    "the people of an environment",
    { environments: { p: { approvals: { from: ["@org/sre"] } }, q: {} } },
    { environments: { p: {}, q: { approvals: { from: ["@a", "@b"] } } } },
    [
      "weaker: removes the approval of @org/sre (environments.p.approvals)",
      "stricter: asks for the approval of @a, @b (environments.q.approvals)",
    ],
  ],
  [
    "the queue of an environment",
    { environments: { staging: { concurrency: 2 }, production: { concurrency: 1 }, lab: {} } },
    { environments: { staging: { concurrency: 3 }, production: {}, lab: { concurrency: 1 } } },
    [
      "weaker: raises environments.staging.concurrency from 2 to 3",
      "weaker: removes environments.production.concurrency (it was 1)",
      "stricter: sets environments.lab.concurrency to 1",
    ],
  ],
  [
    "metrics",
    {
      environments: {
        a: {},
        b: {
          after: "a",
          performance: { query: "q", "at-most": 1 },
          "error-budget": { query: "q", slo: "99.9%", remaining: "10%" },
        },
      },
    },
    { environments: { a: {}, b: { after: "a", "error-budget": { query: "q", slo: "99.95%", remaining: "5%" } } } },
    [
      "weaker: removes environments.b.performance",
      "weaker: lowers environments.b.error-budget.remaining from 10 to 5",
      "stricter: raises environments.b.error-budget.slo from 99.9 to 99.95",
    ],
  ],
  [
    "verifications",
    {
      environments: {
        a: { verify: "15m" },
        b: { verify: { for: "15m", checks: ["e2e"] } },
        c: { verify: { for: "15m", checks: ["e2e"] } },
        d: { verify: "15m" },
        e: {},
      },
    },
    {
      environments: {
        a: { verify: "10m" },
        b: { verify: "15m" },
        c: { verify: { for: "1h" } },
        d: { verify: { for: "15m", checks: ["e2e"] } },
        e: { verify: "15m" },
      },
    },
    [
      "weaker: lowers environments.a.verify from 15m to 10m",
      'weaker: changes environments.b.verify from {"for":15,"checks":["e2e"]} to 15m',
      "weaker: removes environments.c.verify.checks",
      "stricter: raises environments.c.verify.for from 15m to 1h",
      'stricter: changes environments.d.verify from 15m to {"for":15,"checks":["e2e"]}',
      "stricter: sets environments.e.verify to 15m",
    ],
  ],
  [
    "the lock of an environment",
    { environments: { staging: { locked: LOCKED }, production: { locked: LOCKED }, lab: {} } },
    {
      environments: {
        staging: { locked: { ...LOCKED, until: "2026-11-30" } },
        production: {},
        lab: { locked: LOCKED },
      },
    },
    [
      "weaker: sets environments.staging.locked.until to 2026-11-30 09:00 UTC",
      "weaker: removes environments.production.locked",
      "stricter: adds environments.lab.locked",
    ],
  ],
  ["a path for hotfixes", {}, { hotfix: { branches: ["hotfix/*"] } }, ["weaker: adds hotfix/* to hotfix.branches"]],
  [
    "an organisation's floor that is left",
    { extends: "acme/.github" },
    { publish: { audit: false } },
    ["weaker: removes extends (it was acme/.github)", "weaker: sets audit to false"],
  ],
  [
    "weaker ones first",
    { approvals: { required: 2 } },
    { approvals: { required: 1 }, plan: { required: true, path: "p.yml" } },
    [
      "weaker: lowers approvals.required from 2 to 1",
      "other: changes plan.path from release-plan.yml to p.yml",
      "stricter: turns plan.required on",
    ],
  ],
])("slipway.yml: %s", (_, from, to, expected) => {
  expect(said(files(from), files(to))).toEqual(expected)
})

const bound = (more: object = {}) => ({ testing: { unit_tests: { check: "CI", ...more }, required: ["unit_tests"] } })

test.each<[string, object | null, object | null, readonly string[]]>([
  ["it is taken away", {}, null, ["weaker: takes the plan away, with all that it asks for"]],
  ["there is one now", null, {}, ["stricter: brings a plan, with what it asks for"]],
  [
    "a name, a day and a message, which ask for nothing",
    {},
    {
      release: { name: "Spring", date: "2026-11-30" },
      communication: { pre_release: [{ channel: "slack", audience: "all", date: "2026-11-30" }] },
    },
    [],
  ],
  [
    "a later freeze",
    { timeline: { code_freeze: "2026-11-23T00:00:00Z" } },
    { timeline: { code_freeze: "2026-11-24T01:00:00+01:00" } },
    ["weaker: changes the plan’s timeline.code_freeze from 2026-11-23 00:00 UTC to 2026-11-24 00:00 UTC"],
  ],
  [
    "no freeze",
    { timeline: { code_freeze: "2026-11-23T00:00:00Z" } },
    {},
    ["weaker: removes the plan’s timeline.code_freeze (it was 2026-11-23 00:00 UTC)"],
  ],
  [
    "a kind of test less",
    { testing: { required: ["unit_tests", "e2e_tests"] } },
    { testing: { required: ["unit_tests"] } },
    ["weaker: takes e2e_tests out of the plan’s testing.required"],
  ],
  [
    "a word for a check",
    bound(),
    { testing: { unit_tests: "passed", required: ["unit_tests"] } },
    [
      "weaker: takes a word in the plan for unit_tests, where a check was asked",
      "weaker: calls unit_tests “passed” in the plan",
      "other: removes the plan’s testing.tests.unit_tests.check (it was CI)",
    ],
  ],
  [
    "an older result, of any App",
    bound({ within: "1h", app: "ci" }),
    bound({ within: "24h" }),
    [
      "weaker: raises the plan’s testing.tests.unit_tests.within from 1h to 1d",
      "weaker: removes the plan’s testing.tests.unit_tests.app (it was ci)",
    ],
  ],
  [
    "features",
    {
      features: [
        { id: "A", issue: 1 },
        { id: "B", dependencies: ["A"] },
        { id: "C", status: "planned" },
      ],
    },
    { features: [{ id: "A" }, { id: "C", status: "in-progress" }] },
    [
      "weaker: removes the plan’s features.A.issue (it was #1)",
      "weaker: removes the plan’s features.B",
      "other: calls the feature C in-progress, no longer planned",
    ],
  ],
  [
    "the risk of a feature",
    {
      features: [
        { id: "A", risk: "high" },
        { id: "B", risk: "low" },
        { id: "C", risk: "high" },
      ],
    },
    {
      features: [
        { id: "A", risk: "low" },
        { id: "B", risk: "high" },
        { id: "C", risk: "medium" },
      ],
    },
    [
      "weaker: changes the plan’s features.A.risk from high to low",
      "other: changes the plan’s features.C.risk from high to medium",
      "stricter: changes the plan’s features.B.risk from low to high",
    ],
  ],
  [
    "items of the checklist",
    { checklist: { before: [{ item: "Legal agrees", issue: 7 }], after: [{ item: "Tell support", issue: 8 }] } },
    { checklist: { before: [{ item: "Load test", check: "load" }], after: [] } },
    [
      "weaker: asks for “Legal agrees” no more, or by other evidence (checklist.before)",
      "other: asks for “Tell support” no more, or by other evidence (checklist.after)",
      "stricter: asks for “Load test” (checklist.before)",
    ],
  ],
  [
    "a checklist that goes",
    { checklist: { before: [{ item: "Legal agrees", issue: 7 }] } },
    {},
    ["weaker: removes the plan’s checklist"],
  ],
  [
    "another version",
    { release: { version: "2.0.0" } },
    { release: { version: "3.0.0" } },
    ["other: changes the plan’s release.version from 2.0.0 to 3.0.0"],
  ],
])("the plan: %s", (_, from, to, expected) => {
  expect(said(files({}, from), files({}, to))).toEqual(expected)
})

const anyConfig = fc
  .record({
    required: fc.integer({ min: 0, max: 3 }),
    from: fc.subarray(["@a", "@b", "@org/sre"]),
    plan: fc.boolean(),
    words: fc.boolean(),
    soak: fc.constantFrom("30m", "1h", "2d"),
    checks: fc.subarray(["ci", "e2e"]),
    low: fc.subarray(["docs/**", "*.md"]),
    rollback: fc.subarray(["application", "configuration"] as const),
  })
  .map(({ required, from, plan, words, soak, checks, low, rollback }) => ({
    approvals: { required, from },
    plan: { required: plan, words },
    risk: { low: low.map((path) => ({ paths: [path] })) },
    environments: { production: { soak, checks, rollback } },
  }))

test("no change of the gates goes unsaid, and what is undone is said the other way round", () => {
  fc.assert(
    fc.property(anyConfig, anyConfig, (a, b) => {
      const [from, to] = [files(a), files(b)]
      const isSame = hashOf(gatesOf(from.config)) === hashOf(gatesOf(to.config))
      const [there, back] = [gatesDiff(from, to), gatesDiff(to, from)]
      if (isSame) expect(there).toEqual([])
      else expect(there.length).toBeGreaterThan(0)
      expect(back.length).toBe(there.length)
      const loosened = (changes: typeof there) => changes.some(({ is }) => is !== "stricter")
      if (!isSame) expect(loosened(there) || loosened(back)).toBe(true)
    }),
  )
})
