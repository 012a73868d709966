export type Bump = "major" | "minor" | "patch"

/** Which commit or title asked for how much. `sha` is the change's commit; a title speaks for its merge commit. */
export interface Reason {
  readonly sha: string
  readonly subject: string
  readonly bump: Bump
}

/** What a person stated and cannot have: shown with the reason, never silently dropped. */
export interface Refused {
  /** As it was stated: `Release-As: 1.0.0`, `slipway: minor`. */
  readonly what: string
  /** Where: `#12` or a SHA. */
  readonly by: string
  readonly because: string
}

/** A release of another component for which one is released that nothing touched, or not enough. */
export interface Companion {
  readonly is: "depends on" | "linked with"
  readonly component: string
  readonly version: string
  /** The commit that it was released at, or that asks for its release. */
  readonly sha: string
}

/** The next version of a line of changes. `next: null`: nothing releasable. */
export interface NextVersion {
  /** The last release; null before the first. SemVer without a `v`. */
  readonly current: string | null
  readonly next: string | null
  readonly bump: Bump | null
  /** The changes that ask for `bump`, oldest first; empty when there is no next version. */
  readonly because: readonly Reason[]
  readonly refused?: readonly Refused[]
  /** Said in the notes, each in a line. */
  readonly with?: readonly Companion[]
}
