import type { Config } from "./config.ts"

/** What follows a publication, as far as Slipway has a part in it. */
export interface After {
  readonly dispatch?: Dispatch
  readonly telling?: Telling
  readonly back?: Back
}

/** What was started when a release came out, so that others build, package and deploy it. */
export interface Dispatch {
  readonly to: NonNullable<Config["publish"]["dispatch"]>
  /** ISO 8601: when it was decided to. */
  readonly asked: string
  /** `sent`: GitHub took it; `late`: the time limit passed, and GitHub was asked once more. */
  readonly is: "asked" | "sent" | "late" | "refused"
  readonly because?: string
  /** Runs that it started, oldest first: one of a workflow, any number of a repository_dispatch. */
  readonly runs: readonly DispatchedRun[]
}

export interface DispatchedRun {
  /** GitHub's id of the run, as text. */
  readonly id: string
  readonly name: string
  readonly state: "running" | "succeeded" | "failed"
  /** GitHub's own word: `queued`, `success`, `timed_out` … */
  readonly word: string
  readonly attempt: number
  readonly url?: string
}

/** Pull requests and issues that are still to be told which release they are in. */
export interface Telling {
  readonly left: readonly Told[]
  /** ISO 8601: when the next few are told. */
  readonly next: string
}

export interface Told {
  readonly number: number
  /** Of an issue: the pull request that closed it. */
  readonly by?: number
}

/** What a hotfix mended has to reach the main branch, or the next release from there takes the fix back. */
export interface Back {
  /** The branch. */
  readonly to: string
  /**
   * `asked`: the pull request is being opened; `closed`: without a merge; `refused`: GitHub did not take it;
   * `reached`: the branch has it.
   */
  readonly is: "asked" | "open" | "closed" | "refused" | "reached"
  /** ISO 8601: when it was decided to. */
  readonly at: string
  readonly number?: number
  readonly url?: string
  readonly because?: string
  /** Of what reached the branch, the commit with which it landed there. */
  readonly landed?: string
  /** How often it was reminded of. */
  readonly reminded: number
}
