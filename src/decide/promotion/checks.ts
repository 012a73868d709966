import type { Evidence } from "../../model/evidence.ts"
import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import type { FailedAttempt } from "../../model/protection.ts"
import { AHEAD_MS } from "../gates/bound-check.ts"
import { unknownBecause } from "../gates/subject.ts"
import { instant, list, plural } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { matchingReports, names, newestReports, reportsFor, shown } from "./reports.ts"

/** Every check that the environment asks for has passed on the release's commit: the newest run of each name counts. */
export function checksGate(entry: Entry): Judged | null {
  const { rules, state } = entry
  if (rules.checks.length === 0) return null
  const { sha } = entry.release.phase.candidate
  const unreadable = unknownBecause(state, `checks:${sha}`)
  if (unreadable !== undefined) return judged("checks", "unknown", `could not be read: ${unreadable}`)
  const found = rules.checks.map((glob) => [glob, newestReports(reportsFor(entry, [glob]))] as const)
  const all = [...new Set(found.flatMap(([, reports]) => reports))]
  const failed = all.filter((report) => report.state === "failed")
  if (failed.length > 0) return judged("checks", "failed", `${names(failed)} did not pass`, failed)
  const pending = all.filter((report) => report.state === "pending")
  if (pending.length > 0) return judged("checks", "pending", `${names(pending)} still running`, pending)
  const unread = own(state.evidence, sha)?.readAt === undefined
  if (unread) return { ...judged("checks", "unknown", "were not read yet"), unread: true }
  const missing = found.filter(([, reports]) => reports.length === 0).map(([glob]) => `“${glob}”`)
  if (missing.length > 0) return judged("checks", "pending", `waits for a check named ${list(missing)}`)
  return judged("checks", "passed", `${names(all)} passed`, all)
}

/**
 * Nothing that the environment asks for is older than `freshness`, and no attempt within it failed: a check that was run
 * until it passed has shown nothing. Without `checks` it speaks of everything that reports on the commit.
 */
export function freshnessGate(entry: Entry): Judged | null {
  const { rules, state, at, request, run } = entry
  if (rules.freshness === undefined) return null
  const { sha } = entry.release.phase.candidate
  const globs = rules.checks.length > 0 ? rules.checks : ["*"]
  const window = rules.freshness * 60_000
  const since = new Date(Date.parse(at) - window).toISOString()
  const unreadable = unknownBecause(state, `attempts:${sha}`) ?? unknownBecause(state, `checks:${sha}`)
  if (unreadable !== undefined) return judged("freshness", "unknown", `could not be read: ${unreadable}`)
  const known = [...reportsFor(entry, globs), ...attemptsRead(entry, globs)].filter(({ state: is }) => is === "failed")
  const failed = [...known, ...(request.attempt ? [request.attempt] : [])].reduce<FailedAttempt | undefined>(
    (newest, one) => (newest && newest.at >= one.at ? newest : one),
    undefined,
  )
  const span = plural(rules.freshness, "minute")
  if (failed && failed.at > since) {
    const until = new Date(Date.parse(failed.at) + window).toISOString()
    const evidence = [{ text: failed.name, ...(failed.url === undefined ? {} : { url: failed.url }) }]
    const because = `${failed.name} failed on ${instant(failed.at)}; no attempt of the last ${span} may have`
    return { gate: { name: "freshness", state: "failed", because, evidence }, until }
  }
  const reports = newestReports(reportsFor(entry, globs))
  if (reports.length === 0) return judged("freshness", "pending", "no check has reported")
  const timeless = reports.filter((report) => !(Date.parse(report.at) <= Date.parse(at) + AHEAD_MS))
  if (timeless.length > 0)
    return judged("freshness", "failed", `${names(timeless)} has no believable time: run it again`, timeless)
  const old = reports.filter((report) => Date.parse(report.at) <= Date.parse(since))
  if (old.length > 0)
    return judged(
      "freshness",
      "pending",
      `${names(old)} reported more than ${span} ago: run ${old.length === 1 ? "it" : "them"} again`,
      old,
    )
  const oldest = reports.map((report) => report.at).sort()[0] ?? at
  const until = new Date(Date.parse(oldest) + window).toISOString()
  if (own(run.facts.learned.attempts, sha) === undefined)
    return { ...judged("freshness", "unknown", "the attempts were not read yet"), unread: true, until }
  return { ...judged("freshness", "passed", `all of the last ${span}, and no attempt failed`, reports), until }
}

/** The newest failed attempt that this run has read, for the time until it is too old to count. */
export function failedAttempt(entry: Entry): FailedAttempt | undefined {
  const globs = entry.rules.checks.length > 0 ? entry.rules.checks : ["*"]
  const failed = attemptsRead(entry, globs).filter(({ state }) => state === "failed")
  const newest = failed.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
  return newest && { name: newest.name, at: newest.at, ...(newest.url === undefined ? {} : { url: newest.url }) }
}

const attemptsRead = (entry: Entry, globs: readonly string[]): readonly Evidence[] =>
  matchingReports(entry.state, own(entry.run.facts.learned.attempts, entry.release.phase.candidate.sha) ?? [], globs)

const judged = (
  name: "checks" | "freshness",
  state: Gate["state"],
  because: string,
  items: readonly Evidence[] = [],
): Judged => ({
  gate: {
    name,
    state,
    because,
    evidence: shown(items),
  },
})
