import { expect, test } from "vitest"
import { extendsIn, readExtendingConfig } from "../../src/config/read-config.ts"
import { readOrganisation } from "../../src/config/read-organisation.ts"
import { type Config, gatesOf } from "../../src/model/config.ts"

const FILE = ".github/slipway.yml"
const ABOVE = "extends: acme/.github\n"

const organisation = (text: string) => {
  const read = readOrganisation(text, "acme/.github: slipway.yml")
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}
const extended = (floor: string, own: string): Config => {
  const read = readExtendingConfig(ABOVE + own, FILE, organisation(floor))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.config
}
const problems = (floor: string, own: string): readonly string[] => {
  const read = readExtendingConfig(ABOVE + own, FILE, organisation(floor))
  return read.ok ? [] : read.problems.map((it) => `${it.line}:${it.column} ${it.message}`)
}
const organisationProblems = (text: string): readonly string[] => {
  const read = readOrganisation(text, "slipway.yml")
  return read.ok ? [] : read.problems.map((it) => `${it.line}:${it.column} ${it.message}`)
}

test("what a repository leaves out comes from the organisation; what is no gate it overrides", () => {
  const floor = `
approvals: { required: 2, from: ["@acme/sre"] }
plan: { required: true }
notes: { contributors: false }
slack: { channel: "#releases", mention: { lea: U012ABCDEF } }
changes: [{ when: { type: docs }, exclude: true }]
environments: { staging: { soak: 1h }, production: { after: staging, checks: [e2e], approvals: { required: 1 } } }
publish: { assets: [sbom.json] }
`
  const own = `
slack: { channel: "#shop" }
changes: []
environments: { staging: , production: { checks: [load], soak: 1d } }
publish: { assets: ["*.tgz"] }
plan: { path: plans/next.yml }
`
  expect(extended(floor, own)).toMatchObject({
    extends: "acme/.github",
    approvals: { required: 2, from: ["@acme/sre"] },
    plan: { required: true, path: "plans/next.yml" },
    notes: { contributors: false },
    slack: { channel: "#shop", mention: { lea: "U012ABCDEF" } },
    changes: [],
    environments: {
      staging: { soak: 60 },
      production: { after: "staging", checks: ["e2e", "load"], soak: 1440, approvals: { required: 1, from: [] } },
    },
    publish: { assets: [{ name: "sbom.json" }, { name: "*.tgz" }] },
  })
})

test.each<[string, string, string, string | null]>([
  ["what is published by hand is taken back", "onBypass: report", "onBypass: revert", null],
  ["it is not, where it has to be", "onBypass: revert", "onBypass: report", "`onBypass` must be `revert`"],
  ["more approvals", "approvals: { required: 1 }", "approvals: { required: 3 }", null],
  [
    "fewer approvals",
    "approvals: { required: 2 }",
    "approvals: { required: 1 }",
    "`approvals.required` must be at least 2",
  ],
  ["fewer than the default", "notes: { contributors: false }", "approvals: { required: 0 }", "must be at least 1"],
  ["none, as the floor allows", "approvals: { required: 0 }", "approvals: { required: 0 }", null],
  ["some of those who approve", 'approvals: { from: ["@a", "@b"] }', 'approvals: { from: ["@B"] }', null],
  [
    "others who approve",
    'approvals: { from: ["@a"] }',
    'approvals: { from: ["@a", "@b"] }',
    "must name nobody but `@a`",
  ],
  ["everybody approves", 'approvals: { from: ["@a"] }', "approvals: { from: [] }", "must name nobody but `@a`"],
  ["somebody approves", "approvals: { from: [] }", 'approvals: { from: ["@a"] }', null],
  [
    "stakeholders approve",
    "approvals: { stakeholders: false }",
    "approvals: { stakeholders: true }",
    "must be `false`",
  ],
  ["stakeholders do not", "approvals: { stakeholders: true }", "approvals: { stakeholders: false }", null],
  [
    "another group that is enough",
    'approvals: { any-of: [{ from: ["@a"] }] }',
    'approvals: { any-of: [{ from: ["@b"] }] }',
    "must be as the floor has it",
  ],
  [
    "a group beside the floor",
    "approvals: { required: 1 }",
    'approvals: { required: 1, all-of: [{ from: ["@b"] }] }',
    null,
  ],
  [
    "fewer where the risk is high",
    "approvals: { high: 2 }",
    "approvals: { high: 1 }",
    "`approvals.high` must be at least 2",
  ],
  ["more where the risk is high", "approvals: { required: 1 }", "approvals: { high: 2 }", null],
  [
    "an environment without its group",
    'environments: { live: { approvals: { all-of: [{ from: ["@a"] }] } } }',
    "environments: { live: { approvals: { all-of: [{ from: ['@b'] }] } } }",
    "`environments.live.approvals.all-of` must have",
  ],
  [
    "fewer for a component",
    "approvals: { required: 2 }",
    "components: { api: { path: api/**, approvals: { required: 1 } } }",
    "`components.api.approvals.required` must be at least 2",
  ],
  [
    "others for a component",
    'approvals: { from: ["@a"] }',
    'components: { api: { path: api/**, approvals: { from: ["@b"] } } }',
    "must name nobody but `@a`",
  ],
  ["no plan", "plan: { required: true }", "plan: { required: false }", "`plan.required` must be `true`"],
  ["words count", "plan: { words: false }", "plan: { words: true }", "`plan.words` must be `false`"],
  ["words do not", "{}", "plan: { words: false }", null],
  ["a plan", "{}", "plan: { required: true }", null],
  [
    "a rule of low risk",
    "risk: { low: [{ paths: docs/** }] }",
    "risk: { low: [{ paths: src/** }] }",
    "must have no entry",
  ],
  ["fewer rules of low risk", "risk: { low: [{ paths: docs/** }] }", "risk: { low: [] }", null],
  ["a rule of high risk", "risk: { high: [{ paths: db/** }] }", "risk: { high: [] }", null],
  ["a shorter soak", "environments: { p: { soak: 2h } }", "environments: { p: { soak: 119m } }", "must be at least 2h"],
  [
    "a shorter verification",
    "environments: { p: { verify: { for: 2h } } }",
    "environments: { p: { verify: 119m } }",
    "must be at least 2h",
  ],
  [
    "a longer verification",
    "environments: { p: { verify: 2h } }",
    "environments: { p: { verify: { for: 3h } } }",
    null,
  ],
  [
    "a verification that asks for less",
    "environments: { p: { verify: { for: 2h, checks: [e2e] } } }",
    "environments: { p: { verify: 3h } }",
    "must have `e2e`",
  ],
  [
    "a metric that is left out",
    "environments: { o: , p: { after: o, performance: { query: q, at-most: 1 } } }",
    "environments: { p: { performance: { query: q, at-most: 2 } } }",
    "must have ",
  ],
  [
    "one more metric",
    "environments: { o: , p: { after: o, performance: [{ query: q, at-most: 1 }] } }",
    "environments: { p: { performance: [{ query: r, at-most: 2 }] } }",
    null,
  ],
  [
    "a criterion that is left out",
    "environments: { p: { criteria: [{ when: failed deployment, do: rollback }] } }",
    "environments: { p: { criteria: [{ when: failed deployment, do: investigate }] } }",
    null,
  ],
  [
    "one person for a rollback",
    "environments: { p: { rollback: { required: 2 } } }",
    "environments: { p: { rollback: [application] } }",
    "must have `required: 2`",
  ],
  [
    "another way back, by as many people",
    "environments: { p: { rollback: { required: 2 } } }",
    "environments: { p: { rollback: { levels: [application], required: 2 } } }",
    null,
  ],
  [
    "a shorter watch",
    "environments: { p: { watch: 24h } }",
    "environments: { p: { watch: 1h } }",
    "must be at least 1d",
  ],
  [
    "an older drill",
    "environments: { p: { drill: monthly, drilled: { in: p, within: 30d } } }",
    "environments: { p: { drill: monthly, drilled: { in: p, within: 31d } } }",
    "must be at most 30d",
  ],
  [
    "a drill of another environment",
    "environments: { p: { drill: monthly, drilled: { in: p, within: 30d } }, s: { drill: weekly } }",
    "environments: { p: { drill: monthly, drilled: { in: s, within: 30d } }, s: { drill: weekly } }",
    "must be there, with `in: p`",
  ],
  [
    "somebody else on call",
    "environments: { p: { on-call: ['@acme/sre'] } }",
    "environments: { p: { on-call: ['@eve'] } }",
    "must name nobody but",
  ],
  [
    "less of the error budget",
    "environments: { p: { error-budget: { query: q, slo: 99.9%, remaining: 10% } } }",
    "environments: { p: { error-budget: { query: q, slo: 99.9%, remaining: 9% } } }",
    "must leave at least 10% (remaining)",
  ],
  [
    "a lower promise",
    "environments: { p: { error-budget: { query: q, slo: 99.9% } } }",
    "environments: { p: { error-budget: { query: q, slo: 99% } } }",
    "must promise at least 99.9% (slo)",
  ],
  [
    "a budget of something else",
    "environments: { p: { error-budget: { query: q, slo: 99.9% } } }",
    "environments: { p: { error-budget: { query: vector(1), slo: 99.9% } } }",
    "must have the floor's query and window",
  ],
  [
    "a higher promise",
    "environments: { p: { error-budget: { query: q, slo: 99% } } }",
    "environments: { p: { error-budget: { query: q, slo: 99.9%, remaining: 10% } } }",
    null,
  ],
  [
    "a verification without its probes",
    "environments: { p: { verify: { for: 2h, smoke: 'https://a.example' } } }",
    "environments: { p: { verify: { for: 2h, smoke: 'https://b.example' } } }",
    "must have ",
  ],
  [
    "a verification without its metrics",
    "environments: { p: { verify: { for: 2h, metrics: { query: q, at-most: 1 } } } }",
    "environments: { p: { verify: { for: 2h } } }",
    "must have ",
  ],
  ["a longer soak", "environments: { p: { soak: 2h } }", "environments: { p: { soak: 1d } }", null],
  [
    "older checks",
    "environments: { p: { freshness: 1d } }",
    "environments: { p: { freshness: 2d } }",
    "must be at most 1d",
  ],
  ["more coverage", "environments: { p: { coverage: '>= 80' } }", "environments: { p: { coverage: 80.5 } }", null],
  [
    "less coverage",
    "environments: { p: { coverage: 80 } }",
    "environments: { p: { coverage: 79 } }",
    "must be at least 80",
  ],
  [
    "coverage by another report",
    "environments: { p: { coverage: { at-least: 80, from: codecov/project } } }",
    "environments: { p: { coverage: { at-least: 90, from: mine } } }",
    "must be at least 80, with",
  ],
  [
    "another smoke test",
    "environments: { p: { smoke: https://a.example/ } }",
    "environments: { p: { smoke: https://b.example/ } }",
    "must be as the floor has it",
  ],
  ["a smoke test", "environments: { p: }", "environments: { p: { smoke: { check: smoke } } }", null],
  [
    "worse vulnerabilities",
    "environments: { p: { vulnerabilities: none high } }",
    "environments: { p: { vulnerabilities: { code-scanning: critical, dependabot: high } } }",
    "must be at least as strict as the floor",
  ],
  [
    "a kind of alert less",
    "environments: { p: { vulnerabilities: none high } }",
    "environments: { p: { vulnerabilities: { code-scanning: low } } }",
    "must be at least as strict as the floor",
  ],
  [
    "less bad vulnerabilities",
    "environments: { p: { vulnerabilities: { dependabot: critical } } }",
    "environments: { p: { vulnerabilities: none medium } }",
    null,
  ],
  ["fresher checks", "environments: { p: { freshness: 1d } }", "environments: { p: { freshness: 30m } }", null],
  [
    "another way in",
    "environments: { a: , b: , p: { after: a } }",
    "environments: { p: { after: b } }",
    "must be as the floor has it",
  ],
  ["an environment more", "environments: { p: { soak: 2h } }", "environments: { qa: }", null],
  ["letters of an environment", "environments: { p: { soak: 2h } }", "environments: { P: }", "must be called `p`"],
  [
    "letters of a hotfix's environment",
    "environments: { p: { soak: 2h } }",
    "environments: { P: { soak: 2h } }\nhotfix: { environments: { P: } }",
    "must be called `p`",
  ],
  [
    "checks, where everything has to be fresh",
    "environments: { p: { freshness: 1h } }",
    "environments: { p: { checks: [e2e] } }",
    "`environments.p.checks` must be empty",
  ],
  [
    "a way in, where the release is soaked",
    "environments: { a: , p: { soak: 1h } }",
    "environments: { p: { after: a } }",
    "`environments.p.after` must not be set",
  ],
  ["a way in", "environments: { a: , p: }", "environments: { p: { after: a } }", null],
  [
    "a wider window",
    'environments: { p: { window: { days: mon-thu, hours: "09:00-16:00" } } }',
    'environments: { p: { window: { days: mon-fri, hours: "09:00-16:00" } } }',
    "must lie within mon, tue, wed, thu, 09:00-16:00 UTC",
  ],
  [
    "another zone",
    "environments: { p: { window: { zone: UTC } } }",
    "environments: { p: { window: { zone: Europe/Berlin } } }",
    "must lie within",
  ],
  [
    "a holiday more",
    "environments: { p: { window: { holidays: [2026-12-24] } } }",
    "environments: { p: { window: { holidays: [2026-12-24, 2026-12-25] } } }",
    null,
  ],
  [
    "a holiday less",
    "environments: { p: { window: { holidays: [2026-12-24, 2026-12-25] } } }",
    "environments: { p: { window: { holidays: [2026-12-24] } } }",
    "00:00-24:00 UTC, without its 2 holidays",
  ],
  [
    "holidays of a file, in place of the organisation's",
    "environments: { p: { window: { holidays: [2026-12-24] } } }",
    "environments: { p: { window: { holidays: holidays.ics } } }",
    "without its holiday",
  ],
  [
    "a narrower window",
    'environments: { p: { window: { days: mon-thu, hours: "09:00-16:00" } } }',
    'environments: { p: { window: { days: tue, hours: "10:00-16:00" } } }',
    null,
  ],
  [
    "more deployments at a time",
    "environments: { p: { concurrency: 1 } }",
    "environments: { p: { concurrency: 2 } }",
    "`environments.p.concurrency` must be at most 1",
  ],
  [
    "another lock",
    'environments: { p: { locked: { by: "@lea", because: "an audit" } } }',
    'environments: { p: { locked: { by: "@lea", because: "an audit", until: "2026-11-30" } } }',
    "must be as the floor has it",
  ],
  ["a lock", "environments: { p: }", 'environments: { p: { locked: { by: "@lea", because: "an audit" } } }', null],
  ["a queue", "environments: { p: }", "environments: { p: { concurrency: 2 } }", null],
  [
    "fewer approvals there",
    "environments: { p: { approvals: { required: 2 } } }",
    "environments: { p: { approvals: { required: 1 } } }",
    "`environments.p.approvals.required` must be at least 2",
  ],
  ["approvals there", "environments: { p: }", "environments: { p: { approvals: { required: 0 } } }", null],
  [
    "a hotfix path below the usual one",
    "environments: { p: { soak: 2h } }",
    'hotfix: { branches: ["hotfix/*"], environments: { p: { soak: 1h } } }',
    "`hotfix.environments.p.soak` must be at least 2h",
  ],
  [
    "a hotfix path that leaves a gate out",
    "environments: { p: { soak: 2h } }",
    "hotfix: { environments: { p: } }",
    "`hotfix.environments.p.soak` must be at least 2h",
  ],
  [
    "the hotfix path that is declared",
    'environments: { p: { soak: 2h } }\nhotfix: { branches: ["hotfix/*"], environments: { p: { soak: 30m } } }',
    "hotfix: { environments: { p: { soak: 1h } } }",
    null,
  ],
  [
    "more hotfix branches",
    'hotfix: { branches: ["hotfix/*"] }',
    'hotfix: { branches: ["hotfix/*", "fix/*"] }',
    "`hotfix.branches` must have no entry that the floor does not have, such as `fix/*`",
  ],
  [
    "branches for a hotfix path that names none",
    "environments: { p: { soak: 2h } }\nhotfix: { environments: { p: } }",
    'hotfix: { branches: ["fix/*"] }',
    "`hotfix.branches` must have no entry",
  ],
])("%s", (_, floor, own, message) => {
  const found = problems(floor, own)
  expect(found.length > 0).toBe(message !== null)
  for (const one of found) expect(one).toContain(message)
})

test("an attempt is an error on its line, which says what the floor is, whose it is and what to do", () => {
  expect(problems("approvals: { required: 2 }", "\napprovals:\n  required: 1\n")).toEqual([
    "4:13 `approvals.required` must be at least 2: slipway.yml of `acme/.github` sets it, and a repository may tighten that but not loosen it",
  ])
})

test("what is extended is part of the gates, though nothing else changes", () => {
  const { extends: _, ...alone } = extended("approvals: { required: 2 }", "")
  expect(gatesOf(extended("approvals: { required: 2 }", ""))).not.toEqual(gatesOf(alone))
})

test.each([
  ["a name", "extends: acme/.github", "acme/.github"],
  ["none", "notes: {}", undefined],
  ["no repository", "extends: [a, b]", undefined],
  ["no YAML", "extends: {", undefined],
])("extends: %s", (_, text, name) => expect(extendsIn(text)).toBe(name))

test.each<[string, string, readonly string[]]>([
  ["a stop", 'stop: { because: "payments are down", except: [acme/payments, hotfix] }', []],
  ["a stop without a reason", "stop: {}", ["1:1 `stop.because` is missing; it must be one line of text"]],
  [
    "a stop with an unknown exception",
    "stop: { because: a, except: [hotfixes] }",
    [
      "1:30 `stop.except[0]` must be a repository such as `acme/payments`, or `hotfix` for the releases of hotfix branches, found `hotfixes`",
    ],
  ],
  ["extends", "extends: acme/more", ["1:10 an organisation's file extends no other: what it says is the floor"]],
  ["an unknown key", "stopp: { because: a }", ["1:1 unknown key `stopp`; did you mean `stop`?"]],
  ["nothing", "", []],
])("an organisation's file with %s", (_, text, expected) => expect(organisationProblems(text)).toEqual(expected))

test("a repository's own file cannot stop the line", () => {
  expect(problems("{}", "stop: { because: a }")).toEqual([expect.stringContaining("unknown key `stop`")])
})
