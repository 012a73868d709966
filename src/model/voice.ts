import type { Bump } from "./version.ts"

/** What one commit message or one title says by Conventional Commits 1.0.0. */
export interface Said {
  /** Lower case; null where the text does not follow the convention. */
  readonly type: string | null
  readonly scope?: string
  /** What stands behind `type(scope): `, else the first line; without a trailing ` (#12)`. */
  readonly description: string
  /** The number of a trailing ` (#12)`, which GitHub's squash merges write. */
  readonly number?: number
  /** The text of the `BREAKING CHANGE:` footers; empty where only a `!` says it. Absent: not breaking. */
  readonly breaking?: string
  /** What it asks for at 1.0.0 and above; null: nothing. */
  readonly asks: Bump | null
}

/** One text of a change and what it says. */
export interface Voice {
  /** The commit that speaks; a title speaks for the change's own commit. */
  readonly sha: string
  readonly subject: string
  readonly said: Said
  /** Somebody wrote it out as a message, in the body of a squash or in an override: it may have a line of its own. */
  readonly written: boolean
}
