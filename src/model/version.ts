export type Bump = "major" | "minor" | "patch"

/** Which commit or title asked for how much. `sha` is the change's commit; a title speaks for its merge commit. */
export interface Reason {
  readonly sha: string
  readonly subject: string
  readonly bump: Bump
}

/** The next version of a line of changes. `next: null`: nothing releasable. */
export interface NextVersion {
  /** The last release; null before the first. SemVer without a `v`. */
  readonly current: string | null
  readonly next: string | null
  readonly bump: Bump | null
  /** The changes that ask for `bump`, oldest first; empty when there is no next version. */
  readonly because: readonly Reason[]
}
