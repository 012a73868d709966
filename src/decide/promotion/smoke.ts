import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import type { Probe } from "../../model/probe.ts"
import { type ProbeReading, probeKey, probesOf } from "../../model/smoke.ts"
import type { State } from "../../model/state.ts"
import { unknownBecause } from "../gates/subject.ts"
import { instant, list } from "../wording.ts"
import { isDue, nextReading, shasWaiting } from "./again.ts"
import type { Entry, Judged } from "./entry.ts"
import { names, newestReports, ofApp, reportsFor, shown } from "./reports.ts"

/** Smoke tests of what the release is before it enters: checks that report on its commit, or addresses that answer. */
export function smokeGate(entry: Entry): Judged | null {
  const { smoke } = entry.rules
  if (!smoke) return null
  return smoke.checks ? byChecks(entry, smoke.checks, smoke.app) : byProbes(entry)
}

function byChecks(entry: Entry, globs: readonly string[], app: string | undefined): Judged {
  const { sha } = entry.release.phase.candidate
  const unreadable = unknownBecause(entry.state, `checks:${sha}`)
  if (unreadable !== undefined) return judged("unknown", `could not be read: ${unreadable}`)
  const found = globs.map((glob) => [glob, newestReports(ofApp(reportsFor(entry, [glob]), app))] as const)
  const all = [...new Set(found.flatMap(([, reports]) => reports))]
  const failed = all.filter(({ state }) => state === "failed")
  if (failed.length > 0) return judged("failed", `${names(failed)} did not pass`, shown(failed))
  const pending = all.filter(({ state }) => state === "pending")
  if (pending.length > 0) return judged("pending", `${names(pending)} still running`, shown(pending))
  if (own(entry.state.evidence, sha)?.readAt === undefined)
    return { ...judged("unknown", "the checks were not read yet"), unread: true }
  const missing = found.filter(([, reports]) => reports.length === 0).map(([glob]) => `“${glob}”`)
  if (missing.length > 0) {
    const whose = app === undefined ? "" : ` of the App ${app}`
    return judged("pending", `waits for a check${whose} named ${list(missing)}`)
  }
  return judged("passed", `${names(all)} passed`, shown(all))
}

/** What the last probes came to. A failure is looked at again by itself; what passed is, before it lets anything in. */
function byProbes(entry: Entry): Judged {
  const probes = probesOf(entry.rules, entry.release.phase.candidate)
  const readings = probes.map((probe) => own(entry.state.probes, probeKey(probe)))
  const known = readings.filter((reading) => reading !== undefined)
  const failed = known.filter(({ is }) => is === "failed")
  const oldest = known.map(({ at }) => at).sort()[0]
  if (oldest !== undefined && failed.length > 0) {
    const again = isDue(entry, oldest) ? ({ unread: true } as const) : { until: nextReading(entry, oldest) }
    return { ...judged("failed", said(failed), evidenceOf(probes)), ...again }
  }
  const unknown = known.filter(({ is }) => is === "unknown")
  if (unknown.length > 0) return judged("unknown", said(unknown), evidenceOf(probes))
  if (oldest === undefined || known.length < readings.length)
    return { ...judged("unknown", "was not asked yet", evidenceOf(probes)), unread: true }
  return judged("passed", `${list(known.map(({ because }) => because))} on ${instant(oldest)}`, evidenceOf(probes))
}

/** Every probe was sent by this very run. */
export function isSmokeRead({ rules, release, run }: Entry): boolean {
  const asked = probesOf(rules, release.phase.candidate)
  return asked.every((probe) => own(run.facts.learned.probes, probeKey(probe)) !== undefined)
}

const PROBES_KEPT = 200

/** While nothing waits at an environment nobody asks what the last probes came to. */
export function keptProbes(state: State): Pick<State, "probes"> {
  if (!state.probes) return {}
  const all = shasWaiting(state).size > 0 ? Object.entries(state.probes) : []
  return { probes: Object.fromEntries(all.toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-PROBES_KEPT)) }
}

const said = (readings: readonly ProbeReading[]): string => list(readings.map(({ because }) => because))

const EVIDENCE_SHOWN = 5
const evidenceOf = (probes: readonly Probe[]): NonNullable<Gate["evidence"]> =>
  probes.slice(0, EVIDENCE_SHOWN).map(({ url }) => ({ text: url, url }))

const judged = (state: Gate["state"], because: string, evidence: NonNullable<Gate["evidence"]> = []): Judged => ({
  gate: { name: "smoke", state, because, evidence },
})
