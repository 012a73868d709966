import fc from "fast-check"
import { expect, test } from "vitest"
import { allPassed } from "../../src/decide/readiness.ts"
import type { GateName } from "../../src/model/gate.ts"
import type { State } from "../../src/model/state.ts"
import {
  all,
  type Change,
  gatesIn,
  inLine,
  inRelease,
  leadOf,
  NOW,
  readyWorld,
  refused,
  showing,
  withReports,
} from "./support/ready-release.ts"
import { config, plan, report } from "./support/truth.ts"

/**
 * No input whatever yields *passed* with a fact missing: facts are taken from what is known, one by one and many at once.
 * A new gate gets its facts here: each with the gate that must not pass without it.
 */
const ready = readyWorld()
const head = ready.truth.head

const of =
  <K extends keyof State>(key: K, value: State[K]): Change =>
  (state) => ({ ...state, [key]: value })
const inEvidence =
  (change: (known: object) => object): Change =>
  (state) => {
    const known = state.evidence[head]
    return known ? ({ ...state, evidence: { ...state.evidence, [head]: change(known) } } as State) : state
  }
const omit = (key: string) => (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))

/** What may be missing, and the gate that rests on it. */
const FACTS: readonly (readonly [fact: string, gate: GateName, take: Change])[] = [
  ["the configuration", "configuration", inLine((line) => ({ ...line, config: { is: "absent" } }))],
  ["the plan", "configuration", inLine((line) => ({ ...line, plan: { is: "absent" } }))],
  ["the reading of the configuration", "configuration", refused("config:main")],
  ["the reading of the plan", "configuration", refused("plan:main")],
  ["what the branch has", "configuration", inLine((line) => ({ ...line, broken: "the history could not be read" }))],
  ["what the candidate's manifest says", "manifests", of("versions", {})],
  ["the reading of the manifest", "manifests", refused(`manifest:${head}:package.json`)],
  ["everything reported on the candidate", "checks", of("evidence", {})],
  ["that all reports were read", "checks", inEvidence(omit("readAt"))],
  ["which workflows the candidate starts", "checks", inEvidence(omit("workflows"))],
  ["the report of a required check", "checks", withReports((items) => items.filter(({ name }) => name !== "license"))],
  ["the report of the workflow", "checks", withReports((items) => items.filter(({ name }) => name !== "test"))],
  ["which checks are required", "checks", inLine((line) => omit("ci")(line) as typeof line)],
  ["the reading of the checks", "checks", refused(`checks:${head}`)],
  ["the reading of the rules", "checks", refused("ci:main")],
  ["the report that a test is bound to", "tests", withReports((items) => items.filter(({ name }) => name !== "test"))],
  ["the issue of a feature", "features", of("issues", {})],
  ["the reading of that issue", "features", refused("issue:#812")],
  ["the issue of an item of the checklist", "checklist", refused("issue:#7")],
  ["the file of an item of the checklist", "checklist", of("files", {})],
  ["what a metric of the checklist measured", "checklist", of("metrics", {})],
  [
    "that it was measured lately",
    "checklist",
    (state) => ({
      ...state,
      metrics: Object.fromEntries(
        Object.entries(state.metrics ?? {}).map(([key, it]) => [key, { ...it, at: "2026-11-02T08:20:00.000Z" }]),
      ),
    }),
  ],
  [
    "the metrics server's answer",
    "checklist",
    (state) => ({
      ...state,
      metrics: Object.fromEntries(
        Object.entries(state.metrics ?? {}).map(([key, { at }]) => [key, { is: "none", because: "no data", at }]),
      ),
    }),
  ],
  ["the feature that another repository shows", "dependencies", of("neighbours", {})],
  ["the rollback procedure", "rollback plan", of("files", {})],
  ["what the other repository shows", "repositories", of("neighbours", {})],
  ["what those show whose plans may name it", "together", of("neighbours", {})],
  ["what is on the draft", "assets", of("assets", {})],
  ["the reading of the draft", "assets", refused(`assets:${ready.release().id}`)],
  ["who wrote the change", "approvals", of("authorship", {})],
  ["the reading of who wrote it", "approvals", refused("authors:#12")],
  ["what the approver may do", "approvals", of("standings", {})],
  [
    "whether the approver is of the organisation",
    "approvals",
    (state) => ({
      ...state,
      standings: Object.fromEntries(Object.entries(state.standings).map(([who, { belongs: _, ...it }]) => [who, it])),
    }),
  ],
  ["the reading of what they may do", "approvals", refused("standing:ben")],
  ["the approval", "approvals", inRelease((release) => ({ ...release, approvals: [] }))],
  [
    "the history",
    "approvals",
    inLine((line) => (line.ledger ? { ...line, ledger: { ...line.ledger, commits: [], pulls: [] } } : line)),
  ],
]

/** What holds the release up: facts that are there, and bad. */
const OBSTACLES: readonly (readonly [what: string, make: Change])[] = [
  [
    "a failed check",
    withReports((items) => [...items.filter(({ name }) => name !== "license"), report("license", { state: "failed" })]),
  ],
  [
    "a test that runs",
    withReports((items) => items.map((it) => (it.name === "test" ? { ...it, state: "pending" } : it))),
  ],
  ["an open issue", of("issues", { "#812": "open" })],
  ["a procedure that is not there", of("files", { [`${head}:docs/rollback.md`]: false })],
  ["another version in the manifest", of("versions", { [`${head}:package.json`]: { version: "1.0.9" } })],
  [
    "an asset that is not up yet",
    (state) => ({ ...state, assets: { [ready.release().id]: { items: [], listed: {} } } }),
  ],
  ["another repository that is not ready", of("neighbours", { ...ready.known.neighbours, "acme/api": showing({}) })],
  [
    "the turn of another commit",
    of("neighbours", { ...ready.known.neighbours, "acme/suite": showing({ leads: [leadOf("0".repeat(40))] }) }),
  ],
  [
    "a hotfix that has not come back",
    (state) => ({
      ...state,
      releases: state.releases.flatMap((release) => [
        release,
        {
          ...release,
          id: `7${release.id}`,
          branch: "hotfix/a",
          after: { back: { to: "main", is: "open" as const, number: 57, at: NOW.toISOString(), reminded: 0 } },
        },
      ]),
    }),
  ],
  ["a hold", inRelease((release) => ({ ...release, hold: { by: ann, at: NOW.toISOString() } }))],
  [
    "an approver who may only read",
    (state) => ({
      ...state,
      standings: Object.fromEntries(
        Object.entries(state.standings).map(([who, it]) => [who, { ...it, permission: "read" as const }]),
      ),
    }),
  ],
  ["a change that the approver wrote", of("authorship", { "#12": { logins: ["ben"], ids: ["id-ben"], unknown: [] } })],
  [
    "a commit of nobody",
    of("authorship", {
      "#12": { logins: ["ann"], ids: [], unknown: [{ sha: head, name: "Anna", because: "account" }] },
    }),
  ],
  [
    "an approval of something else",
    inRelease((release) => ({
      ...release,
      approvals: release.approvals.map((a) => ({ ...a, candidate: "0".repeat(24) })),
    })),
  ],
  [
    "a configuration that is not valid",
    inLine((line) => ({ ...line, config: { is: "invalid", path: "slipway.yml", blob: "b9", problems: [] } })),
  ],
  [
    "a plan that is not valid",
    inLine((line) => ({ ...line, plan: { is: "invalid", path: "release-plan.yml", blob: "b9", problems: [] } })),
  ],
  [
    "gates that somebody changed",
    inLine((line) => ({ ...line, config: { is: "valid", path: "slipway.yml", blob: "b9", value: config() } })),
  ],
  [
    "a plan that somebody changed",
    inLine((line) => ({
      ...line,
      plan: { is: "valid", path: "release-plan.yml", blob: "b9", value: plan({ release: { version: "1.1.0" } }) },
    })),
  ],
]
const ann = { login: "ann", id: "id-ann", type: "User" as const }

/** By name, so that a counterexample can be read. */
const TAKE: { readonly [fact: string]: Change } = Object.fromEntries(FACTS.map(([fact, , take]) => [fact, take]))
const MAKE: { readonly [obstacle: string]: Change } = Object.fromEntries(OBSTACLES)

const isReady = (state: State): boolean => allPassed(gatesIn(state))
const stateOf = (state: State, name: GateName) => gatesIn(state).find((gate) => gate.name === name)?.state

test("with every fact in place every gate is passed", () => {
  expect(gatesIn(ready.known).filter(({ state }) => state !== "passed")).toEqual([])
  expect(new Set(FACTS.map(([, gate]) => gate)).size).toBeGreaterThanOrEqual(8)
})

test.each(FACTS)("without %s the gate “%s” is not passed, and still there", (_, gate, take) => {
  expect(stateOf(take(ready.known), gate)).toMatch(/^(failed|pending|unknown)$/)
})

test("whatever is missing beside it, a release with a fact missing is not ready", () => {
  fc.assert(
    fc.property(fc.subarray(Object.keys(TAKE), { minLength: 1 }), (taken) => {
      const state = all(...taken.map((fact) => TAKE[fact] as Change))(ready.known)
      expect(isReady(state)).toBe(false)
    }),
    { numRuns: 500 },
  )
})

test.each(OBSTACLES)("%s holds the release up", (_, make) => {
  expect(isReady(make(ready.known))).toBe(false)
})

test("what holds a release up does not let go when facts are missing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(MAKE)),
      fc.subarray(Object.keys(TAKE)),
      fc.boolean(),
      (obstacle, taken, first) => {
        const make = MAKE[obstacle] as Change
        const removals = taken.map((fact) => TAKE[fact] as Change)
        const state = first ? all(...removals, make)(ready.known) : all(make, ...removals)(ready.known)
        expect(isReady(state)).toBe(false)
      },
    ),
    { numRuns: 1_000 },
  )
})
