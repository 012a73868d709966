import type { Answer } from "./approval.ts"
import type { Gate, GateName, GateState } from "./gate.ts"
import type { GateChange } from "./gate-change.ts"
import type { Notes } from "./notes.ts"
import type { PlaceLive } from "./places.ts"
import type { Problem } from "./problem.ts"
import type { Bump, Reason } from "./version.ts"

/** What a check run of ours shows, as data; render/ makes Markdown of it. */
export type Page =
  | ReadinessPage
  | EnvironmentPage
  | EntryPage
  | ProblemsPage
  | EmptyPage
  | ImpactPage
  | FreezePage
  | ProposalPage

export interface ReadinessPage {
  readonly is: "readiness"
  /** `owner/name` */
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  readonly branch: string
  /** Of a repository that has some; absent: it is released as a whole. */
  readonly component?: string
  readonly sha: string
  readonly version: string
  /** The plan's name for the release. */
  readonly name?: string
  readonly previous: string | null
  readonly phase: "drafted" | "cut" | "ready" | "published" | "rolled back"
  /** The changes that asked for the version; the first few, with the true count. */
  readonly because: readonly Reason[]
  readonly becauseCount: number
  /** A stated override by the plan. */
  readonly stated?: string
  readonly gates: readonly Gate[]
  readonly notes: Notes
  readonly approvals: readonly PageApproval[]
  /** Who may approve; `nobody` carries the ways out. */
  readonly mayApprove:
    | { readonly is: "people"; readonly people: readonly string[]; readonly more: number; readonly rule: string }
    | { readonly is: "nobody"; readonly because: string; readonly waysOut: readonly string[] }
    | { readonly is: "unknown"; readonly because: string }
    | { readonly is: "not needed"; readonly because: string }
  /** Of a release that is open. */
  readonly risk?: PageRisk
  /** What to do next, in order; plain sentences. */
  readonly todo: readonly string[]
  readonly answers: readonly Answer[]
  readonly announcements: string
  /** Refused effects, broken Slack, missing permissions: what could not be done and what to do about it. */
  readonly warnings: readonly string[]
  /** Ways round Slipway that were noticed, oldest first. */
  readonly findings?: readonly PageFinding[]
  /** What the plan asks to be done, and whether something shows that it is; of a release that is out what is left to do. */
  readonly checklist?: readonly {
    readonly when: "before" | "during" | "after"
    readonly item: string
    readonly state: GateState
    readonly because: string
    readonly evidence?: { readonly text: string; readonly url?: string }
  }[]
  /** What was started when it came out, and how that went. */
  readonly after?: readonly {
    readonly text: string
    readonly state: "passed" | "failed" | "pending"
    readonly url?: string
  }[]
  /** What is live where, of an open release; absent: nothing is, in an environment of the configuration. */
  readonly live?: PageLive
  /** Where each environment is with it. */
  readonly environments: readonly { readonly name: string; readonly says: string }[]
  readonly releaseUrl?: string
}

/** Components by environments. */
export interface PageLive {
  readonly environments: readonly string[]
  readonly rows: readonly {
    /** Empty: the repository as a whole. */
    readonly component: string
    /** One an environment; null: nothing is known to be there. */
    readonly cells: readonly ({ readonly what: string; readonly state: PlaceLive["state"] | "drift" } | null)[]
  }[]
}

export interface PageFinding {
  readonly says: string
  /** What closes it; of one that has ended, how that came. */
  readonly todo: string
  readonly by?: string
  readonly at: string
  readonly ended: boolean
}

export interface PageRisk {
  readonly level: "low" | "high"
  /** The first few, those of high risk first. */
  readonly changes: readonly { readonly change: string; readonly level: "low" | "high"; readonly because: string }[]
  readonly more: number
}

export interface PageApproval {
  readonly by: string
  readonly does: "approve" | "hold"
  readonly at: string
  readonly sha: string
  readonly counts: boolean
  readonly because: string
}

export interface EnvironmentPage {
  readonly is: "environment"
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  readonly environment: string
  readonly version: string
  readonly sha: string
  readonly state:
    | "live"
    | "verifying"
    | "failed"
    | "rolling back"
    | "rolled back"
    | "drill"
    | "replaced"
    | "in progress"
  /** ISO 8601 */
  readonly since: string
  readonly lastKnownGood: { readonly version: string; readonly sha: string } | null
  readonly detail: readonly string[]
  /** Where its component is, of a release that is there: in this environment and the others of the configuration. */
  readonly live?: PageLive
  readonly url?: string
  readonly answers: readonly Answer[]
}

/**
 * `Slipway / <environment>` while a release or a deployment of it waits for the gates, and what it was answered. `open`:
 * every gate is passed, and nothing has asked yet.
 */
export interface EntryPage {
  readonly is: "entry"
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  readonly environment: string
  readonly version: string
  readonly sha: string
  readonly state: "waits" | "open" | "approved" | "rejected" | "over"
  /** ISO 8601 */
  readonly since: string
  readonly gates: readonly Gate[]
  readonly approvals: readonly PageApproval[]
  /** Whose approvals it takes, where it takes some. */
  readonly rule?: string
  readonly says: readonly string[]
  /** The workflow runs that wait. */
  readonly runs: readonly { readonly text: string; readonly url: string }[]
  readonly answers: readonly Answer[]
}

/** `Slipway / plan`: what is wrong in `slipway.yml` or the plan, on the exact lines; none: both are fine. */
export interface ProblemsPage {
  readonly is: "problems"
  readonly files: readonly string[]
  readonly problems: readonly Problem[]
}

/** The branch head when there is nothing to release, or when history could not be read; or the way to another page. */
export interface EmptyPage {
  readonly is: "empty"
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  /** Empty where the page only leads to the current one. */
  readonly branch: string
  readonly sha: string
  readonly previous: string | null
  readonly because: string
  /** The check run that is current, where this one is not. */
  readonly see?: { readonly text: string; readonly url: string }
  readonly warnings: readonly string[]
}

/** `Slipway / impact`, on the head of an open pull request: what merging it would do. */
export interface ImpactPage {
  readonly is: "impact"
  /** `owner/name` */
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  readonly number: number
  /** The branch that it would be merged into. */
  readonly base: string
  /** The last release on that branch; null before the first. */
  readonly previous: string | null
  readonly impact: Impact
  /** Its line with its section, as the notes will show it; absent: the notes will not show it. */
  readonly notes?: Notes
  /** What it states and does not get, each with the reason. */
  readonly refused?: readonly string[]
  /** Set where the title follows no convention that the version listens to. */
  readonly title?: { readonly given: string; readonly suggested: string | null }
  /** Only labels size changes there, and it has none that does. */
  readonly unlabelled?: true
}

/** A reason with the change that gives it: `#12`, or a full SHA. */
export type Cause = Reason & { readonly change: string }

/** What merging a pull request does to the version of the next release. */
export type Impact =
  /** The next release becomes `version`; without it, it would be `instead`, null: there would be none. */
  | {
      readonly is: "releases"
      readonly version: string
      readonly bump: Bump
      readonly instead: string | null
      readonly because: readonly Cause[]
    }
  /** It asks for `asks`, but other changes asked for as much: the next release stays `version`. */
  | {
      readonly is: "joins"
      readonly version: string
      readonly bump: Bump
      readonly asks: Bump
      readonly because: readonly Cause[]
    }
  /** It takes back what was merged: the next release would be `version` (null: there would be none) rather than `instead`. */
  | { readonly is: "takes back"; readonly version: string | null; readonly instead: string }
  /** It asks for no release; it goes out with `goesWith`, or, null, with the next one. */
  | { readonly is: "nothing"; readonly goesWith: string | null }
  /** Components are released on their own, and which it touches is not known before the merge. */
  | {
      readonly is: "by files"
      readonly asks: Bump | null
      /** `version`: if it is touched; `now`: without it. Null: no release. The first few. */
      readonly components: readonly {
        readonly name: string
        readonly version: string | null
        readonly now: string | null
      }[]
      readonly more: number
    }
  /** Its base is no release branch. */
  | { readonly is: "elsewhere" }

/** `Slipway / freeze`, on the head of an open pull request to a branch that the plan has frozen. */
export interface FreezePage {
  readonly is: "freeze"
  readonly number: number
  readonly base: string
  /** The plan's path; where it is mended at the moment, the one of before. */
  readonly plan: string
  /** ISO 8601 */
  readonly since: string
  readonly state:
    | { readonly is: "frozen"; readonly until: FreezeEnd }
    | { readonly is: "let in"; readonly because: string; readonly until: FreezeEnd }
    | { readonly is: "lifted"; readonly because: string }
}

/** What ends a freeze: the publication of a release. */
export interface FreezeEnd {
  /** Null: there is nothing to release yet. */
  readonly version: string | null
  readonly component?: string
  /** ISO 8601: when the plan wants it out. */
  readonly planned?: string
}

/** `Slipway / plan`, on the head of an open pull request that changes configuration or plan. */
export interface ProposalPage {
  readonly is: "proposal"
  readonly number: number
  readonly base: string
  /** Those of the two that it touches. */
  readonly files: readonly string[]
  readonly problems: readonly Problem[]
  /** What it does to what is asked for; what asks for less comes first. */
  readonly changes: readonly GateChange[]
  /** Who has to approve the change once it is merged; absent: nobody is asked for it. */
  readonly asks?: string
  /** What the gates of the open releases would be. */
  readonly releases: readonly GatePreview[]
  /** What is not as it should be with what is shown here. */
  readonly warnings: readonly string[]
  /** Whom its plans want to tell, and nobody knows how: the files are valid all the same. */
  readonly unknown?: readonly Problem[]
}

export interface GatePreview {
  readonly version: string
  /** Of a repository that has some. */
  readonly component?: string
  /** Those that become others. */
  readonly gates: readonly {
    readonly name: GateName
    /** Absent: there is no such gate. */
    readonly before?: Pick<Gate, "state" | "because">
    readonly after?: Pick<Gate, "state" | "because">
  }[]
  /** How many stay as they are. */
  readonly same: number
}
