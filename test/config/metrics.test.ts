import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"

const FILE = ".github/slipway.yml"

const read = (production: string) =>
  readConfig(`environments: { staging: , production: { after: staging, ${production} } }`, FILE)
const production = (written: string) => {
  const seen = read(written)
  if (!seen.ok) throw new Error(JSON.stringify(seen))
  return seen.config.environments.production
}
const problem = (written: string) => {
  const seen = read(written)
  return seen.ok ? "" : seen.problems.map(({ message }) => message).join("\n")
}

const METRIC = { query: "up", window: 30, within: 5, better: "lower" }

test.each<[string, string, object]>([
  ["one metric is a list of one", "performance: { query: up, within: 5% }", { performance: [METRIC] }],
  [
    "several, with all that they may have",
    `performance: [{ query: up, within: "5%" }, { name: p95, query: a, window: 2h, within: 0.5 %, at-most: 1.5, at-least: -1, better: higher }]`,
    {
      performance: [
        METRIC,
        { name: "p95", query: "a", window: 120, within: 0.5, "at-most": 1.5, "at-least": -1, better: "higher" },
      ],
    },
  ],
  [
    "an error budget",
    `error-budget: { query: good, slo: 99.95%, remaining: 10% }`,
    { "error-budget": { query: "good", slo: 99.95, window: 43_200, remaining: 10 } },
  ],
  [
    "a promise as a number",
    "error-budget: { query: good, slo: 99.9 }",
    { "error-budget": { slo: 99.9, remaining: 0 } },
  ],
  ["a verification in short", "verify: 15m", { verify: 15 }],
  [
    "a verification with all that it may have",
    "verify: { for: 15m, checks: [e2e], metrics: { query: up, within: 5% }, smoke: 'https://acme.example' }",
    {
      verify: {
        for: 15,
        checks: ["e2e"],
        metrics: [METRIC],
        smoke: [{ url: "https://acme.example", status: 200, within: 5 }],
      },
    },
  ],
])("%s", (_, written, expected) => {
  expect(production(written)).toMatchObject(expected)
})

test("a query may have several lines", () => {
  const text =
    "environments:\n  a: {}\n  b:\n    after: a\n    performance:\n      at-most: 1\n      query: |\n        sum(\n          up\n        )\n"
  const seen = readConfig(text, FILE)
  expect(seen.ok && seen.config.environments.b?.performance?.[0]?.query).toBe("sum(\n  up\n)\n")
})

test.each<[string, string, RegExp]>([
  [
    "a metric without a limit",
    "performance: { query: up }",
    /must say what it may be: `within: 5%` of the release before/,
  ],
  ["a metric without a query", "performance: { within: 5% }", /`environments.production.performance/],
  ["an empty query", "performance: { query: ' ', within: 5% }", /PromQL expression/],
  ["a share that is none", "performance: { query: up, within: five }", /must be a share such as `5%`/],
  ["a key that is not known", "performance: { query: up, withn: 5% }", /withn/],
  ["no metric at all", "performance: []", /must be a metric such as/],
  [
    "a promise of everything",
    "error-budget: { query: up, slo: 100% }",
    /must be a share such as `99.9%`, below `100%`/,
  ],
  ["more than all that is left", "error-budget: { query: up, slo: 99%, remaining: 120% }", /must be at most `100%`/],
  ["a verification of nothing", "verify: { checks: [e2e] }", /verify/],
])("%s is a mistake", (_, written, message) => {
  expect(problem(written)).toMatch(message)
})

test("there has to be an environment before, in which it can be measured", () => {
  const seen = readConfig("environments: { a: { performance: { query: up, within: 5% } } }", FILE)
  expect(seen.ok ? "" : seen.problems[0]?.message).toMatch(/needs `after` beside it/)
})
