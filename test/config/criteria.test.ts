import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"

const FILE = ".github/slipway.yml"
const read = (written: string) => readConfig(`environments:\n  production:\n    ${written}\n`, FILE)
const production = (written: string) => {
  const seen = read(written)
  return seen.ok ? seen.config.environments.production : seen.problems
}

test.each<[string, string, object]>([
  [
    "a metric, in five minutes over five minutes",
    "criteria: [{ query: up, at-most: 2, do: investigate }]",
    [{ is: "metric", metric: { query: up(), window: 5, "at-most": 2, better: "lower" }, for: 5, do: "investigate" }],
  ],
  [
    "all that a metric can say",
    "criteria: [{ name: p95, query: up, window: 10m, within: 20%, at-least: 1, better: higher, for: 1h, do: pause }]",
    [
      {
        is: "metric",
        metric: { name: "p95", query: up(), window: 10, within: 20, "at-least": 1, better: "higher" },
        for: 60,
        do: "pause",
      },
    ],
  ],
  [
    "failures",
    "criteria: [{ when: failed deployment, do: rollback }, { when: failed verification, do: investigate }]",
    [
      { is: "failure", when: "failed deployment", do: "rollback" },
      { is: "failure", when: "failed verification", do: "investigate" },
    ],
  ],
])("%s", (_, written, expected) => {
  expect(production(written)).toMatchObject({ criteria: expected })
})

function up(): string {
  return "up"
}

test("who is on call, and how long it is watched", () => {
  expect(production("{ watch: 2d, on-call: ['@acme/sre', '@lea'] }")).toMatchObject({
    watch: 2_880,
    "on-call": ["@acme/sre", "@lea"],
  })
})

test.each<[string, string, RegExp]>([
  ["nothing", "criteria: []", /must be criteria such as/],
  ["no list", "criteria: { query: up, at-most: 2, do: pause }", /must be criteria such as/],
  ["neither metric nor failure", "criteria: [{ do: rollback }]", /must have a `query`, or `when: failed deployment`/],
  ["no limit", "criteria: [{ query: up, do: rollback }]", /must say what it may be/],
  ["nothing to do", "criteria: [{ query: up, at-most: 2 }]", /must be `investigate`, `pause` or `rollback`/],
  ["something else to do", "criteria: [{ query: up, at-most: 2, do: panic }]", /must be `investigate`, `pause`/],
  ["another failure", "criteria: [{ when: it burns, do: rollback }]", /must be `failed deployment` or/],
  ["both", "criteria: [{ when: failed deployment, query: up, do: rollback }]", /must have nothing but `do` beside/],
  ["a pause of what failed", "criteria: [{ when: failed deployment, do: pause }]", /enters no next environment anyway/],
  ["an unknown key", "criteria: [{ query: up, at-mots: 2, do: pause }]", /at-mots/],
  ["a time that is none", "criteria: [{ query: up, at-most: 2, for: soon, do: pause }]", /must be a duration/],
  ["somebody whom GitHub does not know", "on-call: [lea]", /must be a GitHub login such as `@lea`/],
])("%s is a mistake", (_, written, message) => {
  const seen = read(written)
  expect(seen.ok ? "" : seen.problems.map(({ message }) => message).join("; ")).toMatch(message)
})
