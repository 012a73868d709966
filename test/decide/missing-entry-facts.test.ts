import fc from "fast-check"
import { expect, test } from "vitest"
import schema from "../../schemas/slipway.schema.json" with { type: "json" }
import type { EntryGateName } from "../../src/model/gate.ts"
import {
  ASKED,
  DIGEST,
  type Entering,
  entering,
  gateIn,
  inRelease,
  inRequest,
  known,
  learnt,
  measured,
  NO_GATES,
  notReadNow,
  type Otherwise,
  refusedNow,
  saidIn,
  together,
  unmeasured,
  verdictOf,
} from "./support/entering.ts"
import { entryGates } from "./support/entry-gates.ts"

/**
 * Nothing enters an environment with a fact missing: from a run that lets a release in, facts are taken one by one, two by
 * two, and many at once. How to add a gate of an environment:
 *
 * 1. its name in `EntryGateName` (src/model/gate.ts): then this file and `support/entry-gates.ts` do not compile before
 *    they have its rows;
 * 2. its key in `PRODUCTION` (support/entering.ts), and there, or in `World`, the facts that let it pass;
 * 3. here each fact that it rests on; in `support/entry-gates.ts` what it says in each state.
 *
 * A gate that rests on what somebody else said must not rest on what was read an hour ago: add the row of `UNREAD`.
 */
const it: Entering = entering()
const { at } = it

const withoutReports: Otherwise = together(
  learnt(() => ({ evidence: { [at]: [] } })),
  known((state) => ({ evidence: { ...state.evidence, [at]: { items: [] } } })),
)
const inStaging = (change: (staging: object) => object): Otherwise =>
  known(({ environments: { staging, ...others } }) => ({
    environments: staging ? { ...others, staging: change(staging) } : others,
  }))
const omit = (from: object | undefined, key: string) =>
  Object.fromEntries(Object.entries(from ?? {}).filter(([name]) => name !== key))

/** By gate: what it rests on. A gate that rests on no fact says why. */
const FACTS: { readonly [Name in EntryGateName]: { readonly [fact: string]: Otherwise } | string } = {
  configuration: { "the reading of the configuration": refusedNow("config:main", "configs") },
  stop: {
    "what the organisation says": together(
      notReadNow("organisations"),
      known(() => ({ organisations: {} })),
    ),
    "the reading of what the organisation says": learnt(() => ({
      organisations: { "acme/.github": { is: "unread", because: "403" } },
    })),
  },
  released: { "the reading of the tag": refusedNow("tag:v1.0.1", "tags") },
  after: {
    "every environment": known(() => ({ environments: {} })),
    "what is live in staging": inStaging((staging) => omit(staging, "live")),
  },
  soak: {
    "since when it is live in staging": inStaging((staging) => omit(staging, "live")),
  },
  checks: {
    "all reports": withoutReports,
    "that the reports were read": together(
      notReadNow("evidence"),
      known((state) => ({ evidence: { [at]: omit(state.evidence[at], "readAt") } })),
    ),
    "the reading of the checks": refusedNow(`checks:${at}`, "evidence"),
  },
  freshness: {
    "every report": withoutReports,
    "the attempts": notReadNow("attempts"),
    "the reading of the attempts": refusedNow(`attempts:${at}`, "attempts"),
    "the reading of the reports": refusedNow(`checks:${at}`, "evidence"),
  },
  coverage: {
    "the report of coverage": learnt(({ evidence = {} }) => ({
      evidence: { [at]: evidence[at]?.filter(({ name }) => name !== "coverage/total") ?? [] },
    })),
    "what it says": learnt(({ evidence = {} }) => ({
      evidence: { [at]: evidence[at]?.map((it) => ({ ...it, percent: [] })) ?? [] },
    })),
    "whose report it is": learnt(({ evidence = {} }) => ({
      evidence: { [at]: evidence[at]?.map((it) => ({ ...it, app: "github-actions" })) ?? [] },
    })),
  },
  vulnerabilities: {
    "what GitHub found": together(
      notReadNow("alerts"),
      known(() => ({ alerts: {} })),
    ),
    "what code scanning found": learnt(({ alerts = {} }) => ({
      alerts: { [at]: omit(alerts[at], "code-scanning") },
    })),
    "what Dependabot found": learnt(({ alerts = {} }) => ({ alerts: { [at]: omit(alerts[at], "dependabot") } })),
    "that it was found in this commit": together(
      learnt(({ alerts = {} }) => ({ alerts: { other: alerts[at] } })),
      known(() => ({ alerts: {} })),
    ),
  },
  smoke: {
    "what the address answered": together(
      notReadNow("probes"),
      known(() => ({ probes: {} })),
    ),
    "that it was the address that is asked for": together(
      learnt(({ probes = {} }) => ({ probes: { other: Object.values(probes)[0] } })),
      known(() => ({ probes: {} })),
    ),
  },
  performance: {
    "what the metric is": measured({ 0.21: "no data: the query gives nothing" }),
    "what it was with the release before": measured({ 0.2: "no data: the query gives nothing" }),
    "every measurement": unmeasured,
    "the release before": inStaging((staging) => ({ ...staging, good: [] })),
  },
  criteria: {
    "what the environment before keeps to": measured({ 0.001: "no data: the query gives nothing" }),
    "what is live there": inStaging((staging) => omit(staging, "live")),
  },
  "error budget": { "the share of good events": measured({ 0.9995: "no data: the query gives NaN" }) },
  drill: {
    "the drill": inStaging((staging) => omit(staging, "drills")),
  },
  window: "it rests on the clock alone",
  artifact: {
    "what the deployment names": inRequest(({ artifact: _, ...request }) => request),
    "what was named in staging": inStaging((staging) =>
      "live" in staging ? { ...staging, live: omit(staging.live as object, "artifact") } : staging,
    ),
  },
  attestation: {
    "what vouches for the artifact": learnt(({ attestations = {} }) => ({
      attestations: Object.fromEntries(
        Object.entries(attestations).map(([key, one]) => [key, { ...one, verified: [] }]),
      ),
    })),
    "the reading of what vouches for it": refusedNow(`attestations:${DIGEST}`, "attestations"),
  },
  rollback: "it stands while a rollback runs, which Slipway itself began",
  planned: "it rests on what the release was published with; what the plan says since only makes it later",
  concurrency: "it rests on what Slipway itself let in",
  locked: "somebody locks it, or nobody",
  hotfix: "it stands for what a hotfix branch released: test/decide/hotfix-path.test.ts",
  back: "it stands while a hotfix is live, and rests on what the release was published with: test/e2e/hotfix.test.ts",
  approvals: {
    "the approval": inRequest((request) => ({ ...request, approvals: [] })),
    "who wrote the release": inRelease((release) => ({ ...release, phase: omit(release.phase, "authors") })),
    "what the approver may do": together(
      notReadNow("standings"),
      known(() => ({ standings: {} })),
    ),
    "the approver's teams": learnt(({ standings = {} }) => ({
      standings: Object.fromEntries(Object.entries(standings).map(([who, one]) => [who, { ...one, teams: {} }])),
    })),
  },
  hold: "somebody holds it, or nobody",
}

/** What is known from before counts for nothing: the run that lets it in has to read it. */
const UNREAD: { readonly [fact: string]: Otherwise } = {
  "where the tag stands, read now": notReadNow("tags"),
  "the configuration, read now": notReadNow("configs"),
  "what the organisation says, read now": notReadNow("organisations"),
  "the alerts, read now": notReadNow("alerts"),
  "the address, asked now": notReadNow("probes"),
  "the reports, read now": notReadNow("evidence"),
  "what vouches for the artifact, read now": together(
    known(() => ({ attestations: it.input.facts.learned.attestations })),
    notReadNow("attestations"),
  ),
  "the metrics, read now": notReadNow("metrics"),
  "what the approver may do, read now": notReadNow("standings"),
  "the reading of what the approver may do": refusedNow("standing:dora", "standings"),
  "everything, read now": (input) => ({ ...input, facts: { ...input.facts, learned: {} } }),
}

/** What a deployment is one of. */
const NOUNS: { readonly [fact: string]: Otherwise } = {
  "the commit that is deployed": inRequest((request) => ({ ...request, sha: null })),
  "every release": known(() => ({ releases: [] })),
  "the branch that it was released from": together(
    notReadNow("ledgers", "configs"),
    known(() => ({ lines: {} })),
  ),
  "the request": known(() => ({ requests: {} })),
}

const FACTS_OF_GATES = Object.entries(FACTS).flatMap(([gate, facts]) =>
  typeof facts === "string"
    ? []
    : Object.entries(facts).map(([fact, take]) => [fact, gate as EntryGateName, take] as const),
)
const TAKE: { readonly [fact: string]: Otherwise } = {
  ...Object.fromEntries(FACTS_OF_GATES.map(([fact, , take]) => [fact, take])),
  ...UNREAD,
  ...NOUNS,
}
const NAMES = Object.keys(TAKE)
const without = (facts: readonly string[]) => together(...facts.map((fact) => TAKE[fact] as Otherwise))

test("with every fact in place it is let in, by every gate that an environment can ask for", () => {
  const said = saidIn(it.input)
  expect(verdictOf(it.input)).toBe("approved")
  expect(said.gates.filter(({ state }) => state !== "passed")).toEqual([])
  expect(new Set(NAMES).size).toBe(FACTS_OF_GATES.length + Object.keys(UNREAD).length + Object.keys(NOUNS).length)
})

test("there is no key of an environment that the deployment above does not have to do with", () => {
  const keys = Object.keys(schema.properties.environments.additionalProperties.anyOf[0]?.properties ?? {})
  expect(keys.sort()).toEqual([...ASKED, ...Object.keys(NO_GATES)].sort())
})

test.each(FACTS_OF_GATES)("without %s the gate “%s” is not passed, and still there", (_, gate, take) => {
  expect(gateIn(take(it.input), gate)?.state).toMatch(/^(failed|pending|unknown)$/)
})

test.each(Object.entries(TAKE))("without %s it is not let in", (_, take) => {
  expect(verdictOf(take(it.input))).not.toBe("approved")
})

test("two facts that are missing do not make up for each other", () => {
  const pairs = NAMES.flatMap((first, at) => NAMES.slice(at + 1).map((second) => [first, second]))
  expect(pairs.filter((pair) => verdictOf(without(pair)(it.input)) === "approved")).toEqual([])
})

test("whatever is missing beside it, nothing is let in with a fact missing", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(NAMES, { minLength: 1 }), (taken) => {
      expect(verdictOf(without(taken)(it.input))).not.toBe("approved")
    }),
    { numRuns: 300 },
  )
})

const OBSTACLES: { readonly [what: string]: Otherwise } = Object.fromEntries(
  Object.entries(entryGates(it)).flatMap(([gate, table]) =>
    Object.entries(table).flatMap(([column, row]) =>
      typeof row === "string" || column === "passed" ? [] : [[`${gate}, ${column}`, row[0]] as const],
    ),
  ),
)

test("what keeps it out does not let go when facts are missing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(OBSTACLES)),
      fc.shuffledSubarray(NAMES),
      fc.boolean(),
      (obstacle, taken, first) => {
        const make = OBSTACLES[obstacle] as Otherwise
        const run = first ? together(make, without(taken)) : together(without(taken), make)
        expect(verdictOf(run(it.input))).not.toBe("approved")
      },
    ),
    { numRuns: 600 },
  )
})
