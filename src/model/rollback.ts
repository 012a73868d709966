/** A release at one end of a rollback. */
export interface RollbackEnd {
  /** Its id in the repository. */
  readonly release: string
  readonly version: string
  readonly sha: string
}

/** Who or what wants a release gone from an environment: what a button, a command, an issue and a criterion come to. */
export interface RollbackAsk {
  /** The id of the release that is bad. */
  readonly from: string
  /** The id of an earlier release that was live and good there. Absent: the newest one, the last known good. */
  readonly to?: string
  /** The login of who asked, or what did: `the criterion “p95”`. */
  readonly by: string
  /** No person asked: what could not be undone is left to one. */
  readonly automatic?: true
  /** Absent: what is known of the release says it, as that its deployment failed. */
  readonly because?: string
  /** ISO 8601 */
  readonly at: string
  /** What the audit is to keep of how it was asked: a check run, an issue, the figures of a criterion. */
  readonly evidence?: { readonly [key: string]: string | number }
}

/** What a rollback was asked for came to. */
export type RollbackAnswer =
  | { readonly is: "begun"; readonly to: RollbackEnd }
  | { readonly is: "refused"; readonly because: string }

/** A rollback from when it was asked for to its end. `id` is unique in the repository and in every key that it makes. */
export interface Rollback {
  readonly id: string
  readonly from: RollbackEnd
  readonly to: RollbackEnd
  /** As in `RollbackAsk`. */
  readonly by: string
  readonly automatic?: true
  readonly because: string
  /** ISO 8601: when it was asked for. */
  readonly begun: string
  readonly is: "running" | "done" | "failed"
  /** GitHub's id of its deployment, from the first status of it on. */
  readonly deployment?: string
  /** When a status of it came last. ISO 8601. */
  readonly heard?: string
  readonly ended?: string
  readonly detail?: string
}
