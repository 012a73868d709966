/** From which release to which an environment goes, by their versions, and when that was so: ISO 8601. */
export interface WayBack {
  readonly environment: string
  readonly from: string
  readonly to: string
  readonly at: string
}

/** The way back, from its beginning to what is learned of it. All instants are ISO 8601. */
export type RollbackReply =
  | (WayBack & {
      readonly is: "rolling back"
      readonly by: string
      /** Absent in what was written before it was said. */
      readonly because?: string
      /** What is tried, one after the other until it helped. */
      readonly does?: readonly string[]
      /** What it does not undo. */
      readonly stays?: readonly string[]
      /** Of the issue in which it was asked for. */
      readonly issue?: string
    })
  /** A criterion asks for a rollback that cannot undo everything: people decide. */
  | (WayBack & {
      readonly is: "rollback left"
      readonly by: string
      readonly because: string
      readonly stays: readonly string[]
      /** Who may, as the end of a sentence. */
      readonly who: string
      readonly check?: string
    })
  /** How a rollback goes on. `until`: ISO 8601, when it is decided whether it was enough. */
  | {
      readonly is: "rollback step"
      readonly environment: string
      /** It is one of a drill. */
      readonly drill?: true
      readonly state: "running" | "failed" | "verifying" | "worked"
      readonly says: string
      readonly at: string
      readonly until?: string
      /** Of the run that deploys, or of the pull request that somebody has to merge. */
      readonly url?: string
    }
  /** Two people have to ask for a rollback, and one has. `until` (ISO 8601): no longer than that. */
  | {
      readonly is: "second asked"
      readonly environment: string
      readonly version: string
      readonly by: string
      readonly until: string
      readonly asks: readonly { readonly login: string; readonly slack?: string }[]
      readonly more: number
      readonly at: string
      readonly check?: string
    }
  | RollbackNotice
  | (WayBack & {
      readonly is: "rollback failed"
      readonly because: string
      readonly url?: string
      /** The next older good release; null: there is none. */
      readonly lastKnownGood: { readonly version: string; readonly sha: string } | null
      /** The check run that carries the `Roll back` button. */
      readonly check?: string
    })
  /** The issue that a rollback opened. */
  | {
      readonly is: "post-mortem"
      readonly environment: string
      readonly version: string
      readonly number: number
      readonly url: string
      readonly at: string
    }

/** The rollback notice: service, environment, from, to, by whom, when, and what comes next. */
export interface RollbackNotice {
  readonly is: "rolled back"
  readonly service: string
  readonly environment: string
  readonly from: { readonly version: string; readonly sha: string }
  readonly to: { readonly version: string; readonly sha: string }
  readonly by: string
  readonly because: string
  readonly begun: string
  readonly ended: string
  /** What was done, by the way back that worked. Absent: none did. */
  readonly how?: string
  readonly next: string
}
