import { type DecideInput, decide } from "../../../src/decide/decide.ts"
import type { Attested } from "../../../src/model/attestation.ts"
import type { Environment } from "../../../src/model/deployment.ts"
import type { DrillEnd } from "../../../src/model/drill.ts"
import type { Learned } from "../../../src/model/facts.ts"
import type { EntryGateName, Gate } from "../../../src/model/gate.ts"
import type { ProtectionRequest } from "../../../src/model/protection.ts"
import type { Release } from "../../../src/model/release.ts"
import { alertsRead, config, plan, REPO, report, sha } from "./truth.ts"
import { type World, world } from "./world.ts"

/**
 * An environment that asks for all that one can ask for. **A new key of an environment is set here**, so that its gate
 * stands in the world below, and what the gate rests on is made true in `entering`.
 */
const PRODUCTION = {
  after: "staging",
  soak: "30m",
  checks: ["e2e"],
  freshness: "4h",
  vulnerabilities: { "code-scanning": "high", dependabot: "critical" },
  smoke: ["https://staging.example/healthz"],
  coverage: { "at-least": 80, from: "coverage/total", app: "codecov" },
  performance: { name: "p95", query: 'p95{env="{environment}"}', within: "5%", window: "15m" },
  "error-budget": { query: "good_share", slo: "99.9%", remaining: "10%" },
  window: { days: "mon-thu", hours: "08:00-16:00", zone: "UTC" },
  concurrency: 1,
  artifact: { attestation: "required" },
  drilled: { in: "staging", within: "35d" },
  locked: { by: "@lea", because: "the database moves", until: "2026-11-02T09:25:00Z" },
  approvals: { required: 1, from: ["@acme/sre"] },
}

/** What is live in staging, and breaks this, enters nothing else. */
const PAUSE = { name: "errors", query: "errors_in_staging", "at-most": 0.01, for: "5m", do: "pause" }

/** 1.0.0 is live in staging, and was good there, since long ago. */
const LIVE = { release: "0", version: "1.0.0", sha: sha(1), since: "2026-11-01T09:00:00.000Z", deployment: "d0" }
const DRILL: DrillEnd = {
  is: "passed",
  id: "0",
  by: "token nightly",
  at: "2026-10-20T10:00:00.000Z",
  from: { release: "0", version: "1.0.0", sha: sha(1) },
  to: { release: "00", version: "0.9.0", sha: sha(99) },
  back: { begun: "2026-10-20T10:00:00.000Z", live: "2026-10-20T10:01:12.000Z", ended: "2026-10-20T10:06:12.000Z" },
  ended: "2026-10-20T10:12:00.000Z",
}
const STAGING: Environment = {
  name: "staging",
  live: LIVE,
  good: [LIVE],
  statuses: {},
  answers: [],
  drills: [DRILL],
}

/** Keys of an environment that are no gate of entering it, and why. */
export const NO_GATES: { readonly [key: string]: string } = {
  planned: "by which date of the plan production goes, which it does by its name",
  verify: "what happens after it was let in",
  rollback: "which ways back are offered",
  criteria: "what is done about what is live there; those of staging are a gate of production",
  watch: "for how long that is done",
  "on-call": "who is told of it",
  good: "which refs follow what is good there",
  drill: "when its way back is practised",
}

export const ASKED: readonly string[] = Object.keys(PRODUCTION)

/** The run of Slipway that lets a release in: what it knew, what it read, when. */
export interface Entering {
  readonly input: DecideInput
  readonly request: ProtectionRequest
  /** The commit of the release. */
  readonly at: string
  readonly release: string
}

/**
 * A deployment of 1.0.1 to production in the very run that lets it in: everything that the environment asks for is so,
 * and was just read. 1.0.1 is by ann; dora of @acme/sre let it in.
 */
export function entering(): Entering {
  const w = world((it) => {
    it.truth.config = configured()
    it.truth.plan = planned("2026-11-02T08:30:00.000Z")
    it.truth.files.add("docs/rollback.md")
    it.truth.organisations = { "acme/.github": { is: "read", blob: "o1" } }
    it.truth.metrics = (query, when) =>
      query === "good_share" ? 0.9995 : query === "errors_in_staging" ? 0.001 : when < it.now ? 0.2 : 0.21
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
  })
  w.merge(11, "fix: number 11").run().click("approve", "ben").run().click("publish", "cleo").run()
  const at = w.truth.head
  const artifact = { is: "digests" as const, digests: [DIGEST] }
  w.truth.attestations[DIGEST] = { verified: [attestedFor(at)], refused: [] }
  w.state = { ...w.known, environments: { staging: STAGING } }
  w.deploy("staging", at, "success", { artifact }).run().later(31)
  w.truth.checks.set(at, [
    report("e2e", { id: "500", at: w.now.toISOString() }),
    report("coverage/total", { id: "502", at: w.now.toISOString(), app: "codecov", percent: [85.3] }),
  ])
  w.truth.alerts[at] = { "code-scanning": alertsRead("CodeQL"), dependabot: alertsRead("Dependabot") }
  w.ask("production", at, { artifact })
  look(w)
  w.click("approve", "dora", w.check(`check:environment:production:${at}`)).decide()
  for (let turn = 0; turn < 5; turn++) {
    w.act()
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt ?? "")))
    w.decide()
    const { input } = w
    const [request] = Object.values(input?.state?.requests ?? {})
    const release = w.known.releases.find(({ phase }) => phase.is === "published" && phase.candidate.sha === at)
    if (input && request && release && verdictOf(input) === "approved")
      return { input, request, at, release: release.id }
  }
  throw new Error("it is never let in")
}

/** What is deployed, and what vouches for it. */
export const DIGEST = `sha256:${"a".repeat(64)}`
export const attestedFor = (sha: string): Attested => ({
  signer: "https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main",
  issuer: "https://token.actions.githubusercontent.com",
  repository: "https://github.com/acme/shop",
  repositoryId: REPO.id,
  sha,
})

/** @param hotfix what hotfixes have to pass there, where they have a way of their own */
export const configured = (production: object = {}, hotfix?: object) =>
  config({
    extends: "acme/.github",
    environments: { staging: { criteria: [PAUSE], drill: "monthly" }, production: { ...PRODUCTION, ...production } },
    ...(hotfix ? { hotfix: { environments: { production: { ...PRODUCTION, ...hotfix } } } } : {}),
  })

/** A plan by which production is deployed at an instant; `version`: of that release alone. */
export const planned = (at: string, version?: string) =>
  plan({ release: version === undefined ? {} : { version }, timeline: { production_deploy: at } })

/** Until it waits for nothing but people. */
function look(w: World): void {
  for (let turn = 0; turn < 5; turn++) {
    w.run()
    if (Date.parse(w.revisitAt ?? "") - w.now.getTime() > 1_000) return
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt ?? "")))
  }
}

/** What Slipway answers in a run; `waits`: nothing. */
export function verdictOf(input: DecideInput): "approved" | "rejected" | "waits" {
  const said = decide(input).effects.flatMap((e) => (e.kind === "protection-answer" ? [e.content.note.is] : []))
  return said.includes("approved") ? "approved" : (said[0] ?? "waits")
}

/** The gates of production as a run sees them, on its answer or on its page; and the reason of a rejection. */
export function saidIn(input: DecideInput): { readonly gates: readonly Gate[]; readonly because: string } {
  const { effects } = decide(input)
  const answered = effects.flatMap((e) => (e.kind === "protection-answer" ? [e.content.note] : []))[0]
  if (answered) return answered
  const pages = effects.flatMap((e) =>
    e.kind === "check" && e.content.page.is === "entry" && e.content.page.environment === "production"
      ? [e.content.page]
      : [],
  )
  return { gates: pages[0]?.gates ?? [], because: "" }
}

export const gateIn = (input: DecideInput, name: EntryGateName): Gate | undefined =>
  saidIn(input).gates.find((gate) => gate.name === name)

/** The run made otherwise: what is known, what it read, or when. */
export type Otherwise = (input: DecideInput) => DecideInput

export const known =
  (change: (state: NonNullable<DecideInput["state"]>) => object): Otherwise =>
  (input) =>
    input.state ? { ...input, state: { ...input.state, ...change(input.state) } } : input

export const inRequest = (change: (request: ProtectionRequest) => ProtectionRequest): Otherwise =>
  known(({ requests = {} }) => ({
    requests: Object.fromEntries(Object.entries(requests).map(([key, one]) => [key, change(one)])),
  }))

export const learnt = (change: (learned: Learned) => object): Otherwise => {
  return (input) => ({
    ...input,
    facts: { ...input.facts, learned: { ...input.facts.learned, ...change(input.facts.learned) } },
  })
}

/** What the metrics server says, by the number that it gave in the run that lets it in. */
export const measured = (said: { readonly [value: number]: number | string }): Otherwise =>
  learnt(({ metrics = {} }) => ({
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([key, reading]) => {
        const now = reading.is === "value" ? said[reading.value] : undefined
        if (now === undefined) return [key, reading]
        const { at } = reading
        return [key, typeof now === "number" ? { is: "value", value: now, at } : { is: "none", because: now, at }]
      }),
    ),
  }))

/** Nobody asked the metrics server, now or before. */
export const unmeasured: Otherwise = (input) =>
  together(
    notReadNow("metrics"),
    known(() => ({ metrics: {} })),
  )(input)

/** The releases that are out. */
export const inRelease = (change: (release: Release) => object): Otherwise =>
  known(({ releases }) => ({ releases: releases.map((one) => (one.phase.is === "published" ? change(one) : one)) }))

/** This run does not look at it, whatever is known from before. */
export const notReadNow =
  (...kinds: readonly (keyof Learned)[]): Otherwise =>
  (input) => ({
    ...input,
    facts: {
      ...input.facts,
      learned: Object.fromEntries(
        Object.entries(input.facts.learned).filter(([kind]) => !kinds.includes(kind as keyof Learned)),
      ),
    },
  })

/** This run tries to read it, and GitHub does not tell. */
export const refusedNow =
  (what: string, kind?: keyof Learned): Otherwise =>
  (input) => {
    const rest = kind ? notReadNow(kind)(input) : input
    const unknown = [...rest.facts.unknown, { what, because: "403: Resource not accessible" }]
    return { ...rest, facts: { ...rest.facts, unknown } }
  }

export const together =
  (...changes: readonly Otherwise[]): Otherwise =>
  (input) =>
    changes.reduce((now, change) => change(now), input)

export const atTime =
  (time: string): Otherwise =>
  (input) => ({ ...input, now: new Date(time) })
