import type { WayBack } from "./reply-rollback.ts"

/** How long a half of a drill took, in seconds: until it was live (absent: it never was), and until its end. */
interface Took {
  readonly live?: number
  readonly ended: number
}

/**
 * What a drill has to tell in the thread of the release that was live, which is `from`. `to` is the release that is gone back
 * to; empty: it never began.
 */
export interface DrillReply extends WayBack {
  readonly is: "drill"
  /** `back`: the first half is over, and what was live comes again. `missed`: it was due, and could not begin. */
  readonly state: "begun" | "back" | "passed" | "failed" | "broken off" | "missed"
  readonly by: string
  /** Why it did not pass, or did not begin. */
  readonly because?: string
  /** The ways back that are gone. */
  readonly does?: readonly string[]
  readonly back?: Took
  readonly return?: Took
}
