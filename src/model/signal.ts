import type { Artifact } from "./artifact.ts"
import type { Person, Proposal, Pull } from "./change.ts"
import type { Evidence } from "./evidence.ts"
import type { IncidentText } from "./incident.ts"
import type { IssueSigns, IssueState } from "./issue.ts"
import type { Advance } from "./ledger.ts"
import type { Outcome } from "./outcome.ts"

/** Something about this repository changed: what a webhook said, a person pressed, or an effect came to. */
export type Signal =
  | Moved
  | Merged
  | Proposed
  | Clicked
  | { readonly kind: "evidence"; readonly sha: string; readonly report: Evidence }
  | Deployed
  | Reported
  | DrillAsked
  | Requested
  | Ran
  | ReleaseEdited
  | IssueChanged
  | Labelled
  | Unlabelled
  | Look
  /** Nothing was heard: it is time to see whether something was missed. */
  | { readonly kind: "glance" }
  /** The organisation's file that this repository extends may have changed. */
  | { readonly kind: "organisation"; readonly because: string }
  /** A repository that releases together with this one shows something else than before. */
  | { readonly kind: "neighbour"; readonly of: string }
  | { readonly kind: "uninstalled" }
  | Ended

/** Something about the repository has to be read again. `tag`: one that was pushed, where it stands now, and by whom. */
interface Look {
  readonly kind: "look"
  readonly because: string
  readonly tag?: { readonly name: string; readonly at: string | null; readonly by?: string; readonly isPerson?: true }
}

/** A branch moved. `files`: paths added, changed or removed; null where the payload's lists were not complete. */
export interface Moved {
  readonly kind: "moved"
  readonly branch: string
  readonly advance: Advance
  readonly files: readonly string[] | null
  readonly deleted: boolean
}

interface Merged {
  readonly kind: "merged"
  readonly base: string
  readonly pull: Pull
}

/** An open pull request as it is now: it was opened, pushed to, reworded, relabelled or moved to another base. */
export interface Proposed {
  readonly kind: "proposed"
  readonly base: string
  /** The branch of this repository that it comes from; absent: it comes from a fork. */
  readonly head?: string
  readonly pull: Proposal
}

/** A button on one of our check runs. It is a fact of its own, and is kept until it is decided on. */
export interface Clicked {
  readonly kind: "clicked"
  readonly checkRun: string
  readonly name: string
  readonly sha: string
  readonly externalId: string
  readonly button: string
  readonly by: Person
  /** The start of the hash of all that GitHub signed. Absent: a Slipway received it that did not keep it yet. */
  readonly signed?: string
  /** ISO 8601: when the webhook came; of one that was missed, when GitHub first tried to deliver it. */
  readonly at: string
}

export interface Deployed {
  readonly kind: "deployed"
  readonly deployment: string
  readonly environment: string
  readonly sha: string
  readonly ref: string
  readonly task: string
  /** ISO 8601: when the deployment was made, before anything of it ran. */
  readonly made?: string
  /** A job of GitHub Actions made it, and it runs from the job's first step on. Absent: it is of another system. */
  readonly actions?: true
  /** Our own key in the payload of a deployment that Slipway made. */
  readonly rollback?: string
  /** What its payload says that it deploys. */
  readonly artifact?: Artifact
  /** Id of the status, as text; GitHub's ids grow. `0`: it was made, and has none yet. */
  readonly status: string
  /** `created`: somebody other than a job or Slipway made it, and nothing holds it. */
  readonly state: "created" | "pending" | "queued" | "in_progress" | "success" | "failure" | "error" | "inactive"
  readonly url?: string
  readonly by: string
  readonly at: string
  /** A system outside of GitHub said it (`Reported`): GitHub knows no such deployment. */
  readonly reported?: true
}

/** A system outside of GitHub says what it deployed. It is believed as a deployment status of GitHub's is, and lets nothing in. */
export interface Reported {
  readonly kind: "reported"
  /** The same for all that is said of one deployment, and no id of GitHub's. */
  readonly deployment: string
  readonly environment: string
  /** Absent: it did not say. */
  readonly component?: string
  /** A version or a tag. One of it and `sha` is there. */
  readonly version?: string
  readonly sha?: string
  readonly artifact?: Artifact
  readonly state: "in_progress" | "success" | "failure"
  /** Grows with `at`, as ids of GitHub's statuses do. */
  readonly status: string
  readonly url?: string
  /** `token argo`: no login of anybody's. */
  readonly by: string
  /** ISO 8601 */
  readonly at: string
}

/** Somebody wants the way back of an environment practised, by a token that may ask for it. */
export interface DrillAsked {
  readonly kind: "drill asked"
  readonly environment: string
  /** Absent: it was not said. */
  readonly component?: string
  /** `token nightly`: no login of anybody's. */
  readonly by: string
  /** ISO 8601: when it came. */
  readonly at: string
}

/** A job of a workflow run waits at an environment for our answer. */
export interface Requested {
  readonly kind: "requested"
  /** GitHub's id of the run, as text. */
  readonly run: string
  readonly environment: string
  /** What started the run: `push`, `workflow_dispatch`, `deployment` … */
  readonly event: string
  /** GitHub's id of the job's deployment, as text. Empty: none was named. */
  readonly deployment: string
  readonly sha: string | null
  readonly ref: string
  /** What the deployment's payload says that it deploys. */
  readonly artifact?: Artifact
  readonly by: string
  readonly at: string
}

/** A workflow run that a dispatch started went a step further. */
export interface Ran {
  readonly kind: "ran"
  /** GitHub's id of the run, as text. */
  readonly run: string
  /** `.github/workflows/release.yml` */
  readonly path: string
  readonly event: "workflow_dispatch" | "repository_dispatch"
  /** Of a repository_dispatch its type, unless the workflow names its runs. */
  readonly title: string
  /** The tag or branch that it runs on. */
  readonly ref: string
  readonly sha: string
  readonly state: "running" | "succeeded" | "failed"
  /** GitHub's own word: `queued`, `success`, `timed_out` … */
  readonly word: string
  /** From 1; a re-run of the same run counts up. */
  readonly attempt: number
  readonly url?: string
  /** ISO 8601: when the run was made, and when this was so. */
  readonly began: string
  readonly at: string
}

/** A person (or another App) touched a release. `body` is null when it was deleted. */
export interface ReleaseEdited {
  readonly kind: "release-edited"
  readonly action: "created" | "edited" | "published" | "unpublished" | "deleted" | "prereleased" | "released"
  readonly releaseId: string
  readonly tag: string
  readonly draft: boolean
  readonly body: string | null
  readonly by: string
  /** Who made the release did it: of a draft of ours, Slipway itself. */
  readonly byAuthor?: true
}

/** An issue or pull request was closed, reopened or merged: a feature of a plan may be bound to it. */
interface IssueChanged {
  readonly kind: "issue"
  /** The repository that it is in, as `owner/name`; absent: this one. */
  readonly of?: string
  readonly number: number
  readonly state: IssueState
  /** Absent: the event does not tell. */
  readonly signs?: IssueSigns
}

/** An open issue got a label, by which it may ask for a rollback. It is a fact of its own, as a press is. */
export interface Labelled {
  readonly kind: "labelled"
  readonly number: number
  readonly label: string
  /** Who put it on the issue. */
  readonly by: Person
  /** Who opened the issue, and may have written what it says; absent: nobody knows. */
  readonly author?: Person
  readonly says: IncidentText
  /** ISO 8601: when GitHub did it. */
  readonly since: string
  /** As of `Clicked`. */
  readonly signed: string
  /** ISO 8601: when the webhook came. */
  readonly at: string
}

export interface Unlabelled {
  readonly kind: "unlabelled"
  readonly number: number
  readonly label: string
  readonly by: Person
  /** ISO 8601: when GitHub did it; absent in what was heard before it was told. */
  readonly since?: string
  /** ISO 8601: when the webhook came. */
  readonly at: string
}

/** An effect came to its end. */
export interface Ended {
  readonly kind: "ended"
  readonly effect: string
  readonly of: string
  readonly target: string
  readonly outcome: Outcome
  readonly at: string
}
