import type { Answer, Approval } from "./approval.ts"
import type { Artifact } from "./artifact.ts"
import type { Person } from "./change.ts"
import type { Gate } from "./gate.ts"

/**
 * A job of a workflow run that waits at an environment until Slipway answers: GitHub's custom deployment protection rule.
 * https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
 */
export interface ProtectionRequest {
  /** GitHub's id of the workflow run, as text. */
  readonly run: string
  /** As GitHub calls it; environments are told apart without their case. */
  readonly environment: string
  /** GitHub's id of the job's deployment, as text; a re-run of the job has another one. Empty: GitHub named none. */
  readonly deployment: string
  /** Deployments of other jobs of the run that wait there as well: GitHub takes one answer for all of them. */
  readonly also?: readonly string[]
  /** Deployments of the run that were let in there, and have not ended. */
  readonly inside?: readonly Inside[]
  /** Null: GitHub named none. */
  readonly sha: string | null
  /** The branch or tag that the run is on. */
  readonly ref: string
  /** What its payload says that it deploys; absent: nothing, as with every deployment that a job makes. */
  readonly artifact?: Artifact
  /** Who started the run. */
  readonly by: string
  /** ISO 8601: when the webhook came. */
  readonly at: string
  /** Id of the release whose commit it is, once it was found. */
  readonly release?: string
  /** The entry of a standing verdict that it took over: what was pressed for that counts for it. */
  readonly standing?: string
  /** Of what was pressed on the page: those bound to what stands now count. */
  readonly approvals: readonly Approval[]
  readonly hold?: { readonly by: Person; readonly at: string }
  /** The newest last; a handful is kept. */
  readonly answers: readonly Answer[]
  /** ISO 8601: every gate is passed by what is known, and the next run reads it all once more. */
  readonly asked?: string
  /** ISO 8601: something could not be read; not tried again before. */
  readonly again?: string
  /** The newest attempt of a check that failed, as it was read; it counts until `freshness` has passed. */
  readonly attempt?: FailedAttempt
  /** The attempt of an approval that reached GitHub too late: the next one is decided anew. */
  readonly late?: number
  /** Status comments so far, and what the newest one was about. */
  readonly told: { readonly times: number; readonly of: string }
  readonly end?: RequestEnd
}

/** A deployment that was let in, until it is known to have ended. */
export interface Inside {
  /** GitHub's id, as text. Empty: none was named. */
  readonly deployment: string
  readonly tag: string
  /** Of the release; empty: the repository is one component. */
  readonly component: string
  /** ISO 8601: when it was let in, and when it was heard of last. */
  readonly at: string
  readonly heard?: string
  /** ISO 8601: it has been silent for long while others wait; the next run asks GitHub how it stands. */
  readonly look?: string
}

export interface FailedAttempt {
  readonly name: string
  /** ISO 8601 */
  readonly at: string
  readonly url?: string
}

/**
 * How a request ended. `answered`: it was decided on, with what every gate said; `sent`: GitHub took it, or why not.
 * `over`: the job ended before it was answered.
 */
export type RequestEnd =
  | {
      readonly is: "answered"
      readonly verdict: "approved" | "rejected"
      readonly because: string
      readonly gates: readonly Gate[]
      /** ISO 8601 */
      readonly at: string
      /** Counted from 1: an answer that came too late for what it rested on is decided anew. */
      readonly attempt: number
      readonly sent: "waits" | "done" | "refused"
      readonly trouble?: string
    }
  | { readonly is: "over"; readonly because: string; readonly at: string }

/** What a comment on a waiting deployment, or on its answer, says. */
export interface ProtectionNote {
  readonly is: "waits" | "approved" | "rejected"
  readonly environment: string
  /** Absent: the commit is that of no release. */
  readonly version?: string
  /** Why it was rejected; what is waited for stands with the gates. */
  readonly because: string
  /** Those that are not passed; for an approval, all of them. */
  readonly gates: readonly Gate[]
  /** The check run that shows all of it. */
  readonly page?: string
  /** GitHub takes no further comment: what changes from now on stands on the check run alone. */
  readonly last?: true
}

/** Names a request in `State.requests`: one of a run and an environment. */
export const requestKey = ({ run, environment }: Pick<ProtectionRequest, "run" | "environment">): string =>
  `${run}:${environment.toLowerCase()}`

/** Whether two names are of one environment: GitHub tells them apart without their case. */
export const isSameEnvironment = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
