import type { AftermathReply } from "./reply-aftermath.ts"
import type { BesideReply } from "./reply-beside.ts"
import type { DrillReply } from "./reply-drill.ts"
import type { EnvironmentReply } from "./reply-environment.ts"
import type { ReleaseReply } from "./reply-release.ts"
import type { RollbackReply } from "./reply-rollback.ts"

/** The first message of a release's Slack thread, always true to the present state. */
export interface Announcement {
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  /** Absent: the repository is one component. */
  readonly component?: string
  readonly version: string
  readonly previous: string | null
  readonly name?: string
  /** ISO date of the plan, where there is one. */
  readonly date?: string
  /** patch, minor, major or hotfix. */
  readonly type: string
  readonly state:
    | "drafted"
    | "cut"
    | "ready"
    | "held"
    | "published"
    | "live"
    | "failed"
    | "rolling back"
    | "rolled back"
    | "superseded"
  /** One sentence: what and whom it waits for, where it is live since when, what it was rolled back to. */
  readonly says: string
  readonly features: readonly {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly team?: string
  }[]
  /** From the plan; without one, counted from the changes. */
  readonly fixes:
    | { readonly critical: number; readonly high: number; readonly medium: number }
    | { readonly count: number }
  readonly counts: {
    readonly features: number
    readonly fixes: number
    readonly other: number
    readonly breaking: number
  }
  readonly tests: readonly { readonly name: string; readonly state: "passed" | "failed" | "pending" | "unknown" }[]
  readonly timeline: readonly { readonly what: string; readonly at: string }[]
  readonly environments: readonly { readonly name: string; readonly says: string }[]
  readonly links: {
    /** Where its notes are. */
    readonly release: string
    readonly plan?: string
    readonly check?: string
    readonly rollbackProcedure?: string
  }
}

/** A reply in the thread of a release: something happened. */
export type Reply =
  | ReleaseReply
  | EnvironmentReply
  | RollbackReply
  | DrillReply
  | AftermathReply
  | BesideReply
  /** What another repository's release has to tell, of those that come out with this one. */
  | { readonly is: "elsewhere"; readonly place: string; readonly url: string; readonly told: Reply }

/** What a pull request or an issue is told of the release that it is in. */
export interface ReleasedComment {
  readonly repositoryId: string
  readonly release: string
  readonly version: string
  readonly tag: string
  readonly url: string
  /** Of an issue: the pull request that closed it. */
  readonly by?: number
}
