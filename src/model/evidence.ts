/** A check run or a commit status of somebody else on one SHA: what a gate rests on. */
export interface Evidence {
  readonly kind: "check" | "status"
  readonly name: string
  /** The slug of the App that reported a check run. A commit status names no App. */
  readonly app?: string
  /** GitHub's id of the check run or status, as text; a higher one is newer. */
  readonly id: string
  readonly state: "pending" | "passed" | "failed"
  /** GitHub's own word: `success`, `timed_out`, `error` … */
  readonly word: string
  readonly url?: string
  /** ISO 8601: completed, else started or updated. */
  readonly at: string
}

/** What is known of a SHA's checks. */
export interface Evidences {
  readonly items: readonly Evidence[]
  /** When all of them were last read from GitHub; absent while only events have told of them. */
  readonly readAt?: string
}

/** What has to report on a branch: the workflows that a push to it starts, and the checks that its rules require. */
export interface Ci {
  readonly workflows: readonly string[]
  readonly required: readonly string[]
}

/** Takes in one report; the newest of a kind, name and App counts. */
export function withReport(items: readonly Evidence[], report: Evidence): readonly Evidence[] {
  const old = items.find((e) => isSame(e, report))
  if (old && isNewer(old, report)) return items
  return [...items.filter((e) => e !== old), report].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

/**
 * Takes in a complete reading. What is not in it is gone; but where an event has told of a newer state than GitHub's
 * answer, which may be some seconds old, the event counts.
 */
export const withReading = (items: readonly Evidence[], read: readonly Evidence[]): readonly Evidence[] =>
  read.reduce(
    withReport,
    items.filter((known) => read.some((e) => isSame(e, known))),
  )

const isSame = (a: Evidence, b: Evidence): boolean => a.kind === b.kind && a.name === b.name && a.app === b.app

const orderOf = ({ name, kind, app = "" }: Evidence): string => [name, kind, app].join("\0")

/** Ids grow; for one run its later state is the newer, and `passed`/`failed` is never undone by a late `pending`. */
const isNewer = (a: Evidence, b: Evidence): boolean => {
  if (a.id !== b.id) return a.id.length !== b.id.length ? a.id.length > b.id.length : a.id > b.id
  if (a.at !== b.at) return a.at > b.at
  return a.state !== "pending" && b.state === "pending"
}

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
