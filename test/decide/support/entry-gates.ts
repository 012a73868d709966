import type { Back } from "../../../src/model/after.ts"
import { type AlertsRead, noAlerts } from "../../../src/model/alerts.ts"
import type { Attestations } from "../../../src/model/attestation.ts"
import type { Environment } from "../../../src/model/deployment.ts"
import type { DrillEnd } from "../../../src/model/drill.ts"
import type { EntryGateName } from "../../../src/model/gate.ts"
import { type Lock, lockKey } from "../../../src/model/lock.ts"
import type { Organisation } from "../../../src/model/organisation.ts"
import type { Inside } from "../../../src/model/protection.ts"
import type { Release } from "../../../src/model/release.ts"
import type { ProbeReading } from "../../../src/model/smoke.ts"
import {
  atTime,
  attestedFor,
  configured,
  DIGEST,
  type Entering,
  inRelease,
  inRequest,
  known,
  learnt,
  measured,
  notReadNow,
  type Otherwise,
  planned,
  refusedNow,
  together,
  unmeasured,
} from "./entering.ts"
import { alertsRead, person, report, seen, sha } from "./truth.ts"

/** One table a gate of an environment: what is so, and what the gate says of it. */
export interface EntryTable {
  readonly passed: Row
  readonly failed: Row
  readonly pending: Row
  /** A fact that nobody has read yet. */
  readonly unknown: Row
  /** A fact that was true once: too old, or of something else. */
  readonly stale: Row
  /** What cannot be understood. */
  readonly malformed: Row
  /** What GitHub refuses to tell. */
  readonly "missing permission": Row
}
type State = "passed" | "failed" | "pending" | "unknown" | "rejected"
/** `rejected`: it is turned away for good, before any gate is asked. A text alone says why there is no such state. */
type Row = readonly [so: Otherwise, says: `${State}: ${string}`] | string

/** Every gate of an environment in every state, as otherwises of a run in which all of them are passed. */
export function entryGates(it: Entering): { readonly [Name in EntryGateName]: EntryTable } {
  const { at, release: id } = it
  const asIs: Otherwise = (input) => input
  const tagAt = (stands: string | null) => learnt(() => ({ tags: { "v1.0.1": stands } }))
  const branchSays = (config: Parameters<typeof seen>[1]) =>
    learnt(() => ({ configs: { main: seen(".github/slipway.yml", config) } }))
  const above = (organisation: Organisation) => learnt(() => ({ organisations: { "acme/.github": organisation } }))
  const place = (name: string, change: (environment: Environment) => object) =>
    known(({ environments }) => {
      const it: Environment = { name, good: [], statuses: {}, answers: [], ...environments[name] }
      return { environments: { ...environments, [name]: { ...it, ...change(it) } } }
    })
  const reports = (...items: Parameters<typeof report>[]) => {
    const read = items.map(([name, more]) => report(name, { id: "501", at: "2026-11-02T09:20:00.000Z", ...more }))
    return together(
      known((state) => ({ evidence: { ...state.evidence, [at]: { items: [] } } })),
      learnt(() => ({ evidence: { [at]: read }, attempts: { [at]: read } })),
    )
  }
  const scanned = (scanning: AlertsRead) =>
    learnt(({ alerts = {} }) => ({
      alerts: Object.fromEntries(
        Object.entries(alerts).map(([sha, one]) => [sha, { ...one, "code-scanning": scanning }]),
      ),
    }))
  /** What the address answered, as this run has read it or, where it reads nothing, as it is known. */
  const probe =
    (reading: Partial<ProbeReading>): Otherwise =>
    (input) => {
      const read = input.facts.learned.probes
      const all = { ...input.state?.probes, ...it.input.facts.learned.probes }
      const probes = Object.fromEntries(Object.entries(all).map(([key, one]) => [key, { ...one, ...reading }]))
      return read ? learnt(() => ({ probes }))(input) : known(() => ({ probes }))(input)
    }
  const covering = (...items: Parameters<typeof report>[1][]) =>
    reports(["e2e"], ...items.map((it): [string, object] => ["coverage/total", { app: "codecov", ...it }]))
  const attempts = (...items: Parameters<typeof report>[]) =>
    learnt(({ attempts = {} }) => ({
      attempts: { [at]: [...(attempts[at] ?? []), ...items.map((it) => report(...it))] },
    }))
  const OTHER = `sha256:${"b".repeat(64)}`
  const vouched = (what: Partial<Attestations>) =>
    learnt(() => ({
      attestations: { [DIGEST]: { readAt: "2026-11-02T09:31:00.000Z", verified: [], refused: [], ...what } },
    }))
  const other = { release: "0", version: "1.0.0", sha: sha(1), since: "2026-11-02T09:10:00.000Z", deployment: "d1" }
  const goingBack = {
    is: "running",
    id: "1",
    by: "ben",
    begun: "2026-11-02T09:30:00.000Z",
    from: { ...other, release: id, sha: at, version: "1.0.1" },
  }
  const rollingBack = (to: object) =>
    place("production", () => ({ rollback: { ...goingBack, to: { ...other, ...to } } }))
  /** The release comes from a hotfix branch, of which the default branch says nothing else than of others. */
  const hotfix = (live: Partial<typeof other>) =>
    together(
      known(({ lines: { main, ...lines }, releases }) => ({
        lines: main ? { ...lines, main, "hotfix/a": { ...main, branch: "hotfix/a", kind: { is: "hotfix" } } } : lines,
        releases: releases.map((one) => (one.id === id ? { ...one, branch: "hotfix/a" } : one)),
      })),
      learnt(() => ({ configs: { main: seen(".github/slipway.yml", configured({}, {})) } })),
      place("production", () => ({ live: { ...other, ...live } })),
    )
  /** A hotfix of 1.0.0 is live in production; what is known of its way back to main, and of the release that asks. */
  const mended = (back: Partial<Back>, asks: object = {}) =>
    together(
      known(({ releases }) => ({
        releases: releases.flatMap((one): readonly Release[] => {
          if (one.id !== id || one.phase.is !== "published") return [one]
          const { phase, ...rest } = one
          const made = { ...phase, candidate: { ...phase.candidate, sha: sha(8), version: "1.0.2" } }
          const after = { back: { to: "main", is: "open" as const, at: phase.at, reminded: 0, number: 57, ...back } }
          const mends = { ...rest, id: "77", tag: "v1.0.2", branch: "hotfix/a", phase: made, after }
          return [{ ...one, phase: { ...phase, ...asks } }, mends]
        }),
      })),
      place("production", () => ({ live: { ...other, release: "77", version: "1.0.2", sha: sha(8) } })),
    )
  const drilled = (more: Partial<DrillEnd>) =>
    place("staging", ({ drills = [] }) => ({ drills: drills.map((one) => ({ ...one, ...more })) }))
  const locked = (more: Partial<Lock>) =>
    known(() => {
      const place = { environment: "production", component: "" }
      const lock = { ...place, by: "cleo", at: "2026-11-02T09:20:00.000Z", because: "rolled back from 1.0.1", ...more }
      return { locks: { [lockKey(lock)]: lock } }
    })
  const paused = (acted: string) =>
    place("staging", ({ live, watch }) => {
      const held = Object.keys(watch?.held ?? {}).map((key) => [key, { at: acted, is: "broken", acted }])
      return { watch: { deployment: live?.deployment, held: Object.fromEntries(held) } }
    })
  const inside = (more: Partial<Inside>) =>
    known(({ requests = {} }) => {
      const [request] = Object.values(requests)
      const entered = { deployment: "8000", tag: "v1.0.0", component: "", at: "2026-11-02T09:20:00.000Z", ...more }
      const end = { is: "over", because: "the job ended", at: entered.at } as const
      return request
        ? { requests: { ...requests, "4000:production": { ...request, run: "4000", end, inside: [entered] } } }
        : {}
    })

  return {
    configuration: {
      passed: "where it is valid there is no such gate",
      failed: [branchSays("broken"), "failed: .github/slipway.yml:3: unknown key"],
      pending: "a change of the gates lets nothing in by less than before: see “approvals”, stale",
      unknown: "it is read with the branch; what cannot be read is “missing permission”",
      stale: "what was read before this run lets nothing in: test/decide/missing-entry-facts.test.ts",
      malformed: [branchSays("broken"), "failed: .github/slipway.yml:3: unknown key"],
      "missing permission": [refusedNow("config:main", "configs"), "unknown: could not be read: 403"],
    },
    stop: {
      passed: "where nothing is stopped there is no such gate",
      failed: [
        above({ is: "read", blob: "o2", stop: { because: "payments are down", except: [] } }),
        "failed: acme/.github stops all releases: payments are down",
      ],
      pending: "an organisation stops releases, or it does not",
      unknown: [
        together(
          notReadNow("organisations"),
          known(() => ({ organisations: {} })),
        ),
        "unknown: what acme/.github says was not read yet",
      ],
      stale: [
        above({ is: "read", blob: "o2", stop: { because: "an incident", except: ["acme/a-shop-of-then"] } }),
        "failed: acme/.github stops all releases: an incident",
      ],
      malformed: [above({ is: "unread", because: "line 3 is no YAML" }), "unknown: line 3 is no YAML"],
      "missing permission": [above({ is: "unread", because: "403" }), "unknown: 403"],
    },
    released: {
      passed: [asIs, "passed: v1.0.1 was published by cleo"],
      failed: [tagAt(sha(66)), "rejected: the tag v1.0.1 was made on 0003000 and stands on 0042004 now"],
      pending: [
        inRelease((release) => ({
          ...release,
          phase: { is: "cut", candidate: release.phase.is === "published" ? release.phase.candidate : undefined },
        })),
        "rejected: v1.0.1 at 0003000 is not published yet",
      ],
      unknown: "before the tag was read nothing is let in: test/decide/missing-entry-facts.test.ts",
      stale: [
        inRelease((release) => ({ ...release, strayed: { to: sha(66), by: "eve", at: "2026-11-02T09:10:00.000Z" } })),
        "rejected: the tag v1.0.1 was made on 0003000 and stands on 0042004 now",
      ],
      malformed: [tagAt(null), "rejected: the tag v1.0.1, which was made on 0003000, is gone"],
      "missing permission": [refusedNow("tag:v1.0.1", "tags"), "unknown: where v1.0.1 stands could not be read: 403"],
    },
    after: {
      passed: [asIs, "passed: live in staging since"],
      failed: [
        place("staging", () => ({ failed: { release: id, at: "2026-11-02T09:20:00.000Z" } })),
        "failed: 1.0.1 failed in staging on 2026-11-02 09:20",
      ],
      pending: [place("staging", () => ({ live: other })), "pending: 1.0.0 is live in staging, not 1.0.1"],
      unknown: [known(() => ({ environments: {} })), "pending: nothing is known to be live in staging"],
      stale: [
        place("staging", () => ({ rollback: { ...goingBack, to: other } })),
        "failed: 1.0.1 is being rolled back in staging",
      ],
      malformed: "a deployment that is none is no signal",
      "missing permission": "GitHub tells of deployments without being asked",
    },
    soak: {
      passed: [asIs, "passed: live in staging since 2026-11-02 09:00 UTC, for 30 minutes and more"],
      failed: "time passes",
      pending: [
        place("staging", ({ live }) => ({ live: { ...live, since: "2026-11-02T09:10:00.000Z" } })),
        "pending: live in staging for 30 minutes on 2026-11-02 09:40 UTC",
      ],
      unknown: [known(() => ({ environments: {} })), "pending: 30 minutes, once it is live in staging"],
      stale: [place("staging", () => ({ live: other })), "pending: 30 minutes, once it is live in staging"],
      malformed: "a deployment that is none is no signal",
      "missing permission": "GitHub tells of deployments without being asked",
    },
    checks: {
      passed: [asIs, "passed: e2e passed"],
      failed: [reports(["e2e", { state: "failed" }]), "failed: e2e did not pass"],
      pending: [reports(["e2e", { state: "pending" }]), "pending: e2e still running"],
      unknown: [
        together(
          notReadNow("evidence"),
          known(() => ({ evidence: {} })),
        ),
        "unknown: were not read yet",
      ],
      stale: [
        together(
          known(() => ({ evidence: {} })),
          learnt(({ evidence = {} }) => ({ evidence: { [at]: [], [sha(1)]: evidence[at] } })),
        ),
        "pending: waits for a check named “e2e”",
      ],
      malformed: [reports(["e2e", { state: "failed", word: "something_new" }]), "failed: e2e did not pass"],
      "missing permission": [refusedNow(`checks:${at}`, "evidence"), "unknown: could not be read: 403"],
    },
    freshness: {
      passed: [asIs, "passed: all of the last 240 minutes, and no attempt failed"],
      failed: [
        attempts(["e2e", { id: "400", state: "failed", at: "2026-11-02T09:05:00.000Z" }]),
        "failed: e2e failed on 2026-11-02 09:05 UTC",
      ],
      pending: [reports(), "pending: no check has reported"],
      unknown: [notReadNow("attempts"), "unknown: the attempts were not read yet"],
      stale: [
        reports(["e2e", { at: "2026-11-02T05:00:00.000Z" }]),
        "pending: e2e reported more than 240 minutes ago: run it again",
      ],
      malformed: [reports(["e2e", { at: "someday" }]), "failed: e2e has no believable time"],
      "missing permission": [refusedNow(`attempts:${at}`, "attempts"), "unknown: could not be read: 403"],
    },
    coverage: {
      passed: [asIs, "passed: 85.3 %, as coverage/total says; 80 % is enough"],
      failed: [covering({ percent: [79.99] }), "failed: 79.99 %, as coverage/total says; at least 80 % is asked for"],
      pending: [covering({ state: "pending" }), "pending: coverage/total still running"],
      unknown: [
        together(
          notReadNow("evidence"),
          known(() => ({ evidence: {} })),
        ),
        "unknown: the checks were not read yet",
      ],
      stale: [covering({ id: "1", percent: [90] }, { id: "2", percent: [70] }), "failed: 70 %"],
      malformed: [covering({ percent: [80, 85] }), "unknown: coverage/total says both 80 % and 85 %"],
      "missing permission": [refusedNow(`checks:${at}`, "evidence"), "unknown: could not be read: 403"],
    },
    vulnerabilities: {
      passed: [
        asIs,
        "passed: CodeQL found nothing high or worse and Dependabot found nothing critical, on 2026-11-02 09:31",
      ],
      failed: [scanned(alertsRead("CodeQL", { open: { ...noAlerts, high: 2 } })), "failed: CodeQL found 2 high"],
      pending: [
        scanned({ is: "waits", because: "code scanning has not analysed it" }),
        "pending: code scanning has not analysed it",
      ],
      unknown: [
        together(
          notReadNow("alerts"),
          known(() => ({ alerts: {} })),
        ),
        "unknown: was not read yet",
      ],
      stale: [
        scanned(alertsRead("CodeQL", { fixedSince: { ...noAlerts, critical: 1 } })),
        "failed: CodeQL found 1 critical; 1 of them was fixed by a later commit",
      ],
      malformed: [scanned(alertsRead("CodeQL", { more: true })), "unknown: CodeQL found more than can be read"],
      "missing permission": [
        scanned({ is: "unknown", because: "GitHub does not tell: grant the App “security_events: read”" }),
        "unknown: GitHub does not tell: grant the App “security_events: read”",
      ],
    },
    smoke: {
      passed: [asIs, "passed: https://staging.example/healthz answered 200 in 7 ms on 2026-11-02 09:31 UTC"],
      failed: [probe({ is: "failed", because: "it answered 503" }), "failed: it answered 503"],
      pending: "a probe has an answer, or none; with checks: test/decide/smoke.test.ts",
      unknown: [
        together(
          notReadNow("probes"),
          known(() => ({ probes: {} })),
        ),
        "unknown: was not asked yet",
      ],
      stale: [
        together(
          notReadNow("probes"),
          probe({ is: "failed", because: "it answered 503", at: "2026-11-02T09:00:00.000Z" }),
        ),
        "failed: it answered 503",
      ],
      malformed: [probe({ is: "unknown", because: "its URL is none" }), "unknown: its URL is none"],
      "missing permission": [
        probe({ is: "unknown", because: "is no public address" }),
        "unknown: is no public address",
      ],
    },
    performance: {
      passed: [asIs, "passed: p95 is 0.21 in staging over 15 minutes"],
      failed: [
        measured({ 0.21: 0.2101 }),
        "failed: p95 is 0.2101 in staging over 15 minutes (measured on 2026-11-02 09:31 UTC); it has to be no more than 5% above the 0.2 of 1.0.0",
      ],
      pending: [
        place("staging", ({ live }) => ({ live: { ...live, since: "2026-11-02T09:20:00.000Z" } })),
        "pending: p95 is measured once it is live in staging for 15 minutes",
      ],
      unknown: [unmeasured, "unknown: p95 was not measured yet"],
      stale: [place("staging", () => ({ live: other })), "pending: it is measured once it is live in staging"],
      malformed: [
        measured({ 0.21: "the query gives 2 series where one number is asked for" }),
        "unknown: p95 is not known: the query gives 2 series",
      ],
      "missing permission": [
        measured({ 0.2: "the metrics server does not let us in (403)" }),
        "unknown: p95 of 1.0.0 is not known: the metrics server does not let us in (403)",
      ],
    },
    criteria: {
      passed: [
        asIs,
        "passed: errors is 0.001 in staging over 5 minutes (measured on 2026-11-02 09:31 UTC): at most 0.01",
      ],
      failed: [
        paused("2026-11-02T09:25:00.000Z"),
        "failed: paused since 2026-11-02 09:25 UTC by the criterion “errors” of staging, until it is kept to for 5 minutes",
      ],
      pending: [measured({ 0.001: 0.0101 }), "pending: errors is 0.0101 in staging over 5 minutes"],
      unknown: [unmeasured, "unknown: errors was not measured yet"],
      stale: [place("staging", () => ({ live: other })), "pending: it is measured once it is live in staging"],
      malformed: [
        measured({ 0.001: "the query gives 2 series where one number is asked for" }),
        "unknown: errors is not known: the query gives 2 series",
      ],
      "missing permission": [
        measured({ 0.001: "the metrics server does not let us in (403)" }),
        "unknown: errors is not known: the metrics server does not let us in (403)",
      ],
    },
    "error budget": {
      passed: [asIs, "passed: 50% of the error budget of production is left over 30 days (99.9%)"],
      failed: [
        measured({ 0.9995: 0.99905 }),
        "failed: 5% of the error budget of production is left over 30 days (99.9%); at least 10% has to be",
      ],
      pending: "it is left, or it is not",
      unknown: [unmeasured, "unknown: the error budget of production was not measured yet"],
      stale: "what was measured before this run lets nothing in: test/decide/missing-entry-facts.test.ts",
      malformed: [measured({ 0.9995: 99.95 }), "unknown: the query gives 99.95, which is no share of good events"],
      "missing permission": [
        measured({ 0.9995: "no data: the query gives nothing" }),
        "unknown: the error budget of production is not known: no data: the query gives nothing",
      ],
    },
    drill: {
      passed: [asIs, "passed: a drill passed in staging on 2026-10-20 10:12 UTC, back in 1 min 12 s"],
      failed: [
        drilled({ is: "failed", because: "1.0.0 did not come back: its deployment ended as “failure”" }),
        "failed: the drill of 2026-10-20 10:12 UTC in staging failed: 1.0.0 did not come back",
      ],
      pending: [
        place("staging", () => ({ drills: [] })),
        "pending: no drill was ever finished in staging; “slipway drill staging” asks for one",
      ],
      unknown: [known(() => ({ environments: {} })), "unknown: nothing is known of staging, and of no drill in it"],
      stale: [
        drilled({ ended: "2026-09-28T09:31:00.000Z" }),
        "pending: the last drill in staging was on 2026-09-28 09:31 UTC",
      ],
      malformed: "it is our own record",
      "missing permission": "it is our own record",
    },
    window: {
      passed: [asIs, "passed: open until 2026-11-02 16:00 UTC"],
      failed: "it opens again",
      pending: [atTime("2026-11-02T16:00:00.000Z"), "pending: opens on 2026-11-03 08:00 UTC"],
      unknown: "there is always a clock",
      stale: [atTime("2026-11-06T10:00:00.000Z"), "pending: opens on 2026-11-09 08:00 UTC"],
      malformed: "a window that is none makes the configuration invalid: the gate “configuration”",
      "missing permission": "reads nothing of its own",
    },
    artifact: {
      passed: [asIs, "passed: sha256:aaaaaaaaaaaa, as it is live in staging"],
      failed: [
        inRequest((request) => ({ ...request, artifact: { is: "digests", digests: [OTHER] } })),
        "failed: deploys sha256:bbbbbbbbbbbb, and sha256:aaaaaaaaaaaa is live in staging",
      ],
      pending: [place("staging", () => ({ live: other })), "pending: sha256:aaaaaaaaaaaa, once it is live in staging"],
      unknown: [
        inRequest(({ artifact: _, ...request }) => request),
        "unknown: the deployment's payload names no artifact",
      ],
      stale: [
        place("staging", ({ live }) => ({ live: live && { ...live, artifact: [OTHER] } })),
        "failed: deploys sha256:aaaaaaaaaaaa, and sha256:bbbbbbbbbbbb is live in staging",
      ],
      malformed: [
        inRequest((request) => ({ ...request, artifact: { is: "mutable", ref: "shop:latest" } })),
        "rejected: its payload names “shop:latest”, which can be moved",
      ],
      "missing permission": "GitHub tells of deployments without being asked",
    },
    attestation: {
      passed: [asIs, "passed: built by .github/workflows/build.yml from 0003000"],
      failed: [
        vouched({ verified: [{ ...attestedFor(at), repositoryId: "8" }] }),
        "failed: sha256:aaaaaaaaaaaa: it was built from https://github.com/acme/shop, and not from acme/shop",
      ],
      pending: [vouched({}), "pending: sha256:aaaaaaaaaaaa has no attestation"],
      unknown: [
        together(
          notReadNow("attestations"),
          known(() => ({ attestations: {} })),
        ),
        "unknown: was not read yet",
      ],
      stale: [
        vouched({ verified: [attestedFor(sha(1))] }),
        "failed: sha256:aaaaaaaaaaaa: it was built from 0001000, and not from 0003000",
      ],
      malformed: [
        vouched({ refused: ["it is no bundle of Sigstore's"] }),
        "failed: sha256:aaaaaaaaaaaa: it is no bundle of Sigstore's",
      ],
      "missing permission": [refusedNow(`attestations:${DIGEST}`, "attestations"), "unknown: could not be read: 403"],
    },
    rollback: {
      passed: [
        rollingBack({ release: "99", sha: at }),
        "passed: 1.0.1 is being rolled back to 1.0.0, asked for by ben",
      ],
      failed: "a rollback ends",
      pending: [rollingBack({}), "pending: 1.0.1 is being rolled back to 1.0.0, asked for by ben"],
      unknown: "Slipway itself began it",
      stale: "one that ended holds nothing up",
      malformed: "Slipway itself began it",
      "missing permission": "reads nothing of its own",
    },
    planned: {
      passed: [asIs, "passed: the plan's production_deploy is 2026-11-02 08:30 UTC"],
      failed: "the time comes",
      pending: [
        inRelease(({ phase, ...release }) => ({
          ...release,
          phase: { ...phase, agenda: [{ is: "production_deploy", what: "x", at: "2026-11-03T08:00:00.000Z" }] },
        })),
        "pending: the plan's production_deploy is 2026-11-03 08:00 UTC",
      ],
      unknown: "it rests on what the release was published with",
      stale: [
        learnt(() => ({ plans: { main: seen("release-plan.yml", planned("2026-11-04T08:00:00.000Z", "1.0.1")) } })),
        "pending: the plan's production_deploy is 2026-11-04 08:00 UTC",
      ],
      malformed: "a plan that is broken now moves nothing: the release goes by the date that it was published with",
      "missing permission": "what cannot be read now moves nothing: the release goes by the date it was published with",
    },
    concurrency: {
      passed: [asIs, "passed: no other deployment is under way"],
      failed: "a deployment ends",
      pending: [
        inside({}),
        "pending: its place is 2 of 2; before it: run 4000 (v1.0.0), let in on 2026-11-02 09:20 UTC",
      ],
      unknown: "Slipway itself let it in",
      stale: [
        inside({ at: "2026-10-28T09:20:00.000Z" }),
        "pending: its place is 2 of 2; before it: run 4000 (v1.0.0), let in on 2026-10-28 09:20 UTC",
      ],
      malformed: "a deployment that is none is no signal",
      "missing permission": [
        together(inside({ look: "2026-11-02T09:25:00.000Z" }), refusedNow("deployment:8000", "deployments")),
        "unknown: its place is 2 of 2; before it: run 4000 (v1.0.0), let in on 2026-11-02 09:20 UTC; 403",
      ],
    },
    locked: {
      passed: "what nobody locks has no such gate",
      failed: [
        locked({}),
        "failed: locked by cleo since 2026-11-02 09:20 UTC: rolled back from 1.0.1; Unlock opens it",
      ],
      pending: "somebody locks it, or nobody",
      unknown: "somebody locks it, or nobody",
      stale: [
        atTime("2026-11-02T09:24:00.000Z"),
        "failed: @lea locks it until 2026-11-02 09:25 UTC, by the configuration: the database moves",
      ],
      malformed: "a lock that is none makes the configuration invalid: the gate “configuration”",
      "missing permission": "reads nothing of its own",
    },
    hotfix: {
      passed: [hotfix({}), "passed: made from v1.0.0, which is live in production"],
      failed: [
        hotfix({ version: "1.2.0", sha: sha(44) }),
        "failed: 1.2.0 is live in production, and this hotfix was made from v1.0.0: make it from what is live",
      ],
      pending: "what it was made from does not change any more",
      unknown: [
        together(
          hotfix({}),
          place("production", () => ({ live: undefined })),
        ),
        "unknown: nothing is known to be live in production",
      ],
      stale: [
        together(
          hotfix({}),
          inRelease((release) => ({ ...release, previous: { tag: "v0.9.0", version: "0.9.0", sha: sha(9) } })),
        ),
        "failed: 1.0.0 is live in production, and this hotfix was made from v0.9.0",
      ],
      malformed: [
        together(
          hotfix({}),
          inRelease((release) => ({ ...release, previous: null })),
        ),
        "failed: 1.0.0 is live in production, and no released tag is behind this hotfix",
      ],
      "missing permission": "GitHub tells of deployments without being asked",
    },
    back: {
      passed: [
        mended({ is: "reached", landed: sha(9) }, { hotfixes: ["v1.0.2"] }),
        "passed: has v1.0.2, which is live in production",
      ],
      failed: [
        mended({}),
        "failed: v1.0.1 lacks the hotfix v1.0.2, which is live in production: deploy a release of main that has it, once #57 is merged there",
      ],
      pending: "what a release has does not change any more",
      unknown: [
        mended({ is: "asked", number: 0 }),
        "failed: v1.0.1 lacks the hotfix v1.0.2, which is live in production: deploy a release of main that has it, once v1.0.2 is merged there",
      ],
      stale: [
        mended({ is: "reached", landed: sha(9) }, { hotfixes: ["v0.9.1"] }),
        "failed: v1.0.1 lacks the hotfix v1.0.2, which is live in production: deploy a later release of main, which has it",
      ],
      malformed: "Slipway itself keeps with a release what it has",
      "missing permission": "it reads nothing of its own",
    },
    approvals: {
      passed: [asIs, "passed: approved by dora"],
      failed: "an approval that is not there may still come",
      pending: [
        inRequest((request) => ({ ...request, approvals: [] })),
        "pending: waits for 1 approval from @acme/sre",
      ],
      unknown: [
        inRelease(({ phase, ...release }) => ({ ...release, phase: { ...phase, authors: [] } })),
        "unknown: who wrote its changes was not kept",
      ],
      stale: [branchSays(configured({ soak: "20m" })), "pending: waits for 1 approval from @acme/sre"],
      malformed: [
        inRelease(({ phase, ...release }) => ({
          ...release,
          phase: { ...phase, authors: [{ logins: ["ann"], ids: [], unknown: ["#11"] }] },
        })),
        "unknown: not everybody who wrote #11 is known",
      ],
      "missing permission": [
        refusedNow("standing:dora", "standings"),
        "unknown: what dora may do here could not be read: 403",
      ],
    },
    hold: {
      passed: "what nobody holds has no such gate",
      failed: [
        inRequest((request) => ({ ...request, hold: { by: person("cleo"), at: "2026-11-02T09:20:00.000Z" } })),
        "failed: cleo holds it since 2026-11-02 09:20",
      ],
      pending: "somebody holds it, or nobody",
      unknown: "somebody holds it, or nobody",
      stale: [
        inRelease((release) => ({ ...release, hold: { by: person("ben"), at: "2026-11-02T08:00:00.000Z" } })),
        "failed: ben holds it since 2026-11-02 08:00",
      ],
      malformed: "a click that is none is no signal",
      "missing permission": "reads nothing of its own",
    },
  }
}
