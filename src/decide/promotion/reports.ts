import type { Evidence } from "../../model/evidence.ts"
import type { Gate } from "../../model/gate.ts"
import { matchesGlob } from "../../model/glob.ts"
import { isLaterId } from "../../model/later-id.ts"
import { own } from "../../model/own.ts"
import type { State } from "../../model/state.ts"
import { list } from "../wording.ts"
import type { Entry } from "./entry.ts"

/** What everybody else reported on the release's commit, by name: see `matchingReports`. */
export const reportsFor = (entry: Entry, globs: readonly string[]): readonly Evidence[] =>
  matchingReports(entry.state, own(entry.state.evidence, entry.release.phase.candidate.sha)?.items ?? [], globs)

/**
 * The reports that a pattern names. GitHub shows a job of a workflow as `CI / test`, but its check run is named `test`:
 * where no report has the whole name, one of GitHub Actions with the part behind the slash is taken.
 */
export function matchingReports(
  state: State,
  items: readonly Evidence[],
  globs: readonly string[],
): readonly Evidence[] {
  const waiting = new Set(
    items.flatMap((one) => (one.state === "pending" && isOfWaiting(state, one) ? [one.name] : [])),
  )
  const others = items.filter(
    (report) => report.kind !== "suite" && !(waiting.has(report.name) && isOfWaiting(state, report)),
  )
  return globs.flatMap((glob) => {
    const whole = others.filter(({ name }) => matchesGlob(name, glob))
    const job = glob.split(" / ").slice(1).join(" / ")
    if (whole.length > 0 || job === "") return whole
    return others.filter(({ app, name }) => app === "github-actions" && matchesGlob(name, job))
  })
}

/** The jobs of a run that waits for this very answer: they cannot be what it waits for. */
function isOfWaiting(state: State, { app, url }: Evidence): boolean {
  if (app !== "github-actions" || url === undefined) return false
  const run = /\/actions\/runs\/(\d+)(?:\/|$)/.exec(url)?.[1]
  return Object.values(state.requests ?? {}).some((request) => !request.end && request.run === run)
}

/** Those of one App alone. A commit status names no App, so that none is one of an App's. */
export const ofApp = (reports: readonly Evidence[], app: string | undefined): readonly Evidence[] =>
  app === undefined ? reports : reports.filter((report) => report.kind === "check" && report.app === app)

/** Of each name and App the newest run: ids grow. */
export function newestReports(reports: readonly Evidence[]): readonly Evidence[] {
  const newest = new Map<string, Evidence>()
  for (const report of reports) {
    const key = [report.kind, report.name, report.app ?? ""].join("\0")
    const known = newest.get(key)
    if (!known || isLaterId(report.id, known.id)) newest.set(key, report)
  }
  return [...newest.values()]
}

export const names = (reports: readonly Evidence[]): string => list(reports.map(({ name }) => name))

const EVIDENCE_SHOWN = 5

export const shown = (items: readonly Evidence[]): NonNullable<Gate["evidence"]> =>
  items.slice(0, EVIDENCE_SHOWN).map((e) => ({ text: `${e.name}: ${e.word}`, ...(e.url ? { url: e.url } : {}) }))
