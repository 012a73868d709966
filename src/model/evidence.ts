import { isLaterId } from "./later-id.ts"

/**
 * A check run or a commit status of somebody else on one SHA: what a gate rests on. A check suite stands for runs that
 * are still to come: a job that needs another one has no run before that one ends.
 */
export interface Evidence {
  readonly kind: "check" | "status" | "suite"
  readonly name: string
  /** The slug of the App that reported a check run. A commit status names no App. */
  readonly app?: string
  /** The App's id, as text: branch rules name Apps by it. */
  readonly appId?: string
  /** The check suite of a run, as text: two workflows may have jobs of one name, each in a suite of its own. */
  readonly suite?: string
  /** GitHub's id of the check run or status, as text; a higher one is newer. */
  readonly id: string
  readonly state: "pending" | "passed" | "failed"
  /** GitHub's own word: `success`, `timed_out`, `error` … */
  readonly word: string
  /** The digests (`sha256:…`) that it names, sorted; absent: none. */
  readonly digests?: readonly string[]
  readonly url?: string
  /** The percentages that it says of itself, at most two (`percentOf`); absent: none. */
  readonly percent?: readonly number[]
  /** ISO 8601: completed, else started or updated. */
  readonly at: string
}

/** What is known of a SHA's checks. */
export interface Evidences {
  readonly items: readonly Evidence[]
  /** When all of them were last read from GitHub; absent while only events have told of them. */
  readonly readAt?: string
  /** Paths of the workflows that the push of this very commit started; they never change. Absent: not read yet. */
  readonly workflows?: readonly string[]
}

/** What has to report on a branch: the workflows that a push to it starts, and the checks that its rules require. */
export interface Ci {
  readonly workflows: readonly string[]
  readonly required: readonly RequiredCheck[]
}

/** A check that a branch's rules require; with an App's id (as text) only that App can give it. */
export interface RequiredCheck {
  readonly name: string
  readonly appId?: string
}

/**
 * Whether a report is the one that a rule asks for. A commit status names no App, so it cannot meet a rule that does.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-status-checks-to-pass-before-merging
 */
export const meets = (report: Evidence, { name, appId }: RequiredCheck): boolean =>
  report.name === name &&
  report.kind !== "suite" &&
  // guard: forged-status
  (appId === undefined || (report.kind === "check" && report.appId === appId))

/**
 * Takes in one report; the newest of a kind, name, App and suite counts. Of a suite that has ended its runs tell, and it
 * is forgotten.
 */
export function withReport(items: readonly Evidence[], report: Evidence): readonly Evidence[] {
  const old = items.find((e) => isSame(e, report))
  if (report.kind === "suite" && report.state !== "pending") return items.filter((e) => e !== old)
  if (old && isNewer(old, report)) return items
  return [...items.filter((e) => e !== old), report].sort(byName)
}

/**
 * Takes in a complete reading. What is not in it is gone; but where an event has told of a newer run than GitHub's
 * answer, which may be some seconds old, the event counts. Of one run the reading counts: its App may have changed it.
 */
export const withReading = (items: readonly Evidence[], read: readonly Evidence[]): readonly Evidence[] =>
  read
    .map((report) => {
      const old = items.find((e) => isSame(e, report))
      return old && old.id !== report.id && isNewer(old, report) ? old : report
    })
    .sort(byName)

const isSame = (a: Evidence, b: Evidence): boolean =>
  a.kind === b.kind && a.name === b.name && a.app === b.app && a.suite === b.suite

const orderOf = ({ name, kind, app = "", suite = "" }: Evidence): string => [name, kind, app, suite].join("\0")

const byName = (a: Evidence, b: Evidence): number => (orderOf(a) < orderOf(b) ? -1 : 1)

/** Ids grow; for one run its later state is the newer, and `passed`/`failed` is never undone by a late `pending`. */
const isNewer = (a: Evidence, b: Evidence): boolean => {
  if (a.id !== b.id) return isLaterId(a.id, b.id)
  if (a.at !== b.at) return a.at > b.at
  return a.state !== "pending" && b.state === "pending"
}

/** How a page calls the runs of an App that are still to come. */
export const suiteName = (slug: string | null | undefined): string => `more checks of ${slug ?? "an unknown App"}`

/**
 * What a check run says of its commit. Neutral and skipped are no failures, as for required checks:
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
 * A conclusion that we do not know is not passed.
 */
export function stateOfCheckRun(status: string, conclusion: string | null): Evidence["state"] {
  if (status !== "completed") return "pending"
  return ["success", "neutral", "skipped"].includes(conclusion ?? "") ? "passed" : "failed"
}

/** What a commit status says of its commit: https://docs.github.com/en/rest/commits/statuses */
export function stateOfStatus(state: string): Evidence["state"] {
  if (state === "pending") return "pending"
  return state === "success" ? "passed" : "failed"
}
