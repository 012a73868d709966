import type { GateState } from "./gate.ts"
import type { RollbackNotice } from "./reply-rollback.ts"

/** How the invisible comment begins by which a post-mortem issue is known. */
export const POST_MORTEM_MARK = "<!-- slipway:post-mortem "

/** What a rollback came to, for the issue that asks why it had to be. All instants are ISO 8601. */
export interface PostMortem {
  /** The issue in which the rollback was asked for. */
  readonly issue?: number
  readonly notice: RollbackNotice
  /** Why the rollback failed; absent: it came to a good end. */
  readonly failed?: string
  /** The bad release: its id in the repository, by which its audit records are found, and where it is on GitHub. */
  readonly release: string
  readonly releaseUrl: string
  /** As the state knows it; where the audit trail has more, that is told. */
  readonly timeline: readonly Told[]
  readonly changes: readonly { readonly text: string; readonly number?: number; readonly author?: string }[]
  /** What every gate said when it was published. */
  readonly gates: readonly { readonly name: string; readonly state: GateState; readonly because: string }[]
  /** Whose approvals were there then, and what they counted for. */
  readonly approvals: readonly { readonly by: string; readonly at: string; readonly says: string }[]
  /** The channels that follow its thread. */
  readonly channels: readonly string[]
  readonly times: IncidentTimes
}

/** Something that happened, in words. */
export interface Told {
  readonly at: string
  readonly what: string
}

/** What detection and recovery are measured from. */
export interface IncidentTimes {
  /** Absent: the release never went live there. */
  readonly live?: string
  /** What showed first that it was bad. */
  readonly sign: Told
  readonly asked: string
  /** When it was over; absent: the rollback failed. `verified`: what came back was shown to be well. */
  readonly over?: { readonly at: string; readonly verified: boolean }
}

/** What is said on an open post-mortem when one more attempt to roll the same release back has ended. */
export interface PostMortemNote {
  /** The target of the issue. */
  readonly issue: string
  readonly marker: string
  readonly notice: RollbackNotice
  readonly failed?: string
}

/** A post-mortem issue as it is followed until its actions are done. Instants are ISO 8601. */
export interface FollowedPostMortem {
  /** The id of the rollback that opened it. */
  readonly id: string
  /** The bad release. */
  readonly release: string
  readonly version: string
  /** As `placeOf` says it. */
  readonly place: string
  /** `asked`: GitHub has not answered yet. `over`: nobody is reminded any more. */
  readonly is: "asked" | "open" | "over"
  readonly at: string
  readonly number?: number
  readonly url?: string
  /** When it is read next, and people are reminded of what is open. Absent: they are not. */
  readonly next?: string
  readonly reminded: number
  /** As they were read last. */
  readonly actions?: { readonly open: number; readonly all: number }
  /** What its open actions name: `#45` or `owner/repo#45`. */
  readonly refs?: readonly string[]
  /** It was said that all are done when there were so many. */
  readonly done?: number
}

/** What a post-mortem issue says now. */
export interface PostMortemSeen {
  /** `dropped`: closed as not planned. `gone`: deleted, or moved to where Slipway cannot see it. */
  readonly is: "open" | "closed" | "dropped" | "gone"
  readonly actions: readonly { readonly text: string; readonly isDone: boolean }[]
  readonly refs: readonly string[]
}
