import type { Evidence } from "../../model/evidence.ts"
import type { GateState } from "../../model/gate.ts"
import { matchesGlob } from "../../model/glob.ts"
import { own } from "../../model/own.ts"
import { instant, list } from "../wording.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/** A check run or status that a plan names: by a glob, how old it may be in minutes, the slug of its App. */
export interface Binding {
  readonly check: string
  readonly within?: number
  readonly app?: string
}

/** What a binding comes to on a commit, with the reason as the end of a sentence that begins with what it shows. */
export interface Shown {
  readonly state: GateState
  readonly because: string
  readonly evidence: readonly Evidence[]
}

export function judgeBinding({ state, sha, now }: Pick<Subject, "state" | "sha" | "now">, binding: Binding): Shown {
  const shown = (is: GateState, because: string, evidence: readonly Evidence[] = []): Shown => ({
    state: is,
    because,
    evidence,
  })
  const unread = unknownBecause(state, `checks:${sha}`)
  if (unread) return shown("unknown", `could not be read: ${unread}`)
  const found = bound(own(state.evidence, sha)?.items ?? [], binding)
  if (found.length === 0) return shown("pending", `waits for a check named “${binding.check}”`)
  const failed = found.filter((e) => e.state === "failed")
  if (failed.length > 0) return shown("failed", `did not pass: ${list(failed.map((e) => e.name))}`, failed)
  const pending = found.filter((e) => e.state === "pending")
  if (pending.length > 0) return shown("pending", `still running: ${list(pending.map((e) => e.name))}`, pending)
  const old = newestOfEach(found).filter((e) => isStale(e, binding.within, now))
  if (old[0]) {
    const how = new Date(old[0].at) <= now ? "is too old" : "has no believable time"
    return shown("failed", `${how}: ${old[0].name} reported on ${instant(old[0].at)}`, old)
  }
  return shown("passed", "passed", found)
}

/**
 * The reports that a binding names. GitHub shows a job of a workflow as `CI / test`, but its check run is named `test`:
 * where no report has the whole name, one of GitHub Actions with the part behind the slash is taken.
 */
function bound(items: readonly Evidence[], to: Binding): readonly Evidence[] {
  const ofApp = items.filter((e) => to.app === undefined || (e.kind === "check" && e.app === to.app))
  const whole = ofApp.filter((e) => matchesGlob(e.name, to.check))
  if (whole.length > 0) return whole
  const job = to.check.split(" / ").slice(1).join(" / ")
  return job === "" ? [] : ofApp.filter((e) => e.app === "github-actions" && matchesGlob(e.name, job))
}

/**
 * A check that runs each night leaves a run in a suite of its own each time: how old a result is, the newest run of a
 * name and App tells. That none of them has failed was looked at before.
 */
const newestOfEach = (reports: readonly Evidence[]): readonly Evidence[] => {
  const groups = Map.groupBy(reports, ({ kind, name, app = "" }) => [kind, name, app].join("\0"))
  return [...groups.values()].flatMap((runs) => runs.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 1))
}

/** An App writes the time of its run itself: one that is still to come shows nothing of how old the result is. */
export const AHEAD_MS = 10 * 60_000

function isStale(report: Evidence, within: number | undefined, now: Date): boolean {
  if (within === undefined) return false
  const age = now.getTime() - new Date(report.at).getTime()
  return !(age <= within * 60_000 && age >= -AHEAD_MS)
}
