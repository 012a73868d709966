import type { After, Told } from "./after.ts"
import type { Appointment } from "./agenda.ts"
import type { Answer, Approval } from "./approval.ts"
import type { Person, Pull } from "./change.ts"
import type { Checklist } from "./checklist.ts"
import type { Communication, Informed } from "./communication.ts"
import type { Gate } from "./gate.ts"
import type { Hand } from "./hand.ts"
import type { News, Row, RowAnswer } from "./joint.ts"
import type { Lasting } from "./lasting.ts"
import type { Base } from "./ledger.ts"
import type { Announcement } from "./message.ts"
import type { MetricQuestion } from "./metric.ts"
import type { Notes } from "./notes.ts"
import type { PageApproval } from "./page.ts"
import type { Deployed } from "./signal.ts"
import type { InForce } from "./state.ts"
import type { TrainTicket } from "./train-ticket.ts"
import type { NextVersion } from "./version.ts"

/** A pinned candidate: the commit that gates, approvals, tag and deployments speak of. */
export interface Candidate {
  readonly sha: string
  readonly version: string
  readonly at: string
  readonly by: string
  /** The git tree of the commit, where it is known: equal trees are the same content, and approvals hold for both. */
  readonly tree?: string
  /** The commit of the release branch that its changes end with, where that is another one: see `endOf`. */
  readonly base?: string
  /** Of a component: what said which changes are its own when it was cut. */
  readonly division?: string
}

/**
 * The commit of the release branch with which a candidate's changes end. The head of a release pull request is not on
 * the branch yet; what it will bring there stands on this commit.
 */
export const endOf = ({ sha, base }: Candidate): string => base ?? sha

/**
 * Where a release is. `drafted` follows the branch head; `cut` is pinned (and ready when every gate is passed);
 * `live` and `rolled back` are facts of an environment, not phases.
 */
export type Phase =
  | { readonly is: "drafted" }
  | { readonly is: "cut"; readonly candidate: Candidate; readonly publishing?: Publishing }
  | {
      readonly is: "published"
      readonly candidate: Candidate
      readonly at: string
      readonly by: string
      /** Kept, since the ledger forgets a release's changes when it is out. */
      readonly notes: Notes
      /** What every gate said when it was published: the page keeps the evidence. Empty where none was asked. */
      readonly gates: readonly Gate[]
      /** What each approval counted for then. Absent where none was looked at. */
      readonly approvals?: readonly PageApproval[]
      /** Who wrote its changes: nobody lets their own work into an environment alone. Absent: it was not kept. */
      readonly authors?: readonly Authors[]
      /** Whether all of it was of low risk. Absent: it was not kept. */
      readonly risk?: "low" | "high"
      /** The hotfixes that it has, by tag, of those that were known when it was published. Absent: none. */
      readonly hotfixes?: readonly string[]
      /** What no rollback takes back. Absent: it was not kept. */
      readonly lasting?: Lasting
      /** What the plan asked to be done from then on. */
      readonly checklist?: Pick<Checklist, "during" | "after">
      /** What the plan set a time for. */
      readonly agenda?: readonly Appointment[]
      /** Whom the plan wants to be told. */
      readonly communication?: Communication
      /** Set when somebody went round Slipway: the gates that were not passed when it came out. */
      readonly outside?: string
    }

/** Publish was pressed and every gate held; the attempt number keeps its effects apart. */
export interface Publishing {
  readonly by: string
  readonly asked: string
  readonly attempt: number
  /** What every gate was passed under: what moves while the release goes out was not approved with it. */
  readonly under: {
    readonly config: NonNullable<InForce["config"]>
    /** Whom the plan names as stakeholders: from the next release on they count. */
    readonly trusted: readonly string[]
    /** The plan as it was seen (`seenHash`): this release spends it. */
    readonly plan: string
  }
  /** As they were then: a read-back after the tag was made no longer has the changes. */
  readonly notes: Notes
  readonly gates: readonly Gate[]
  readonly approvals?: readonly PageApproval[]
  readonly authors?: readonly Authors[]
  readonly risk?: "low" | "high"
  readonly hotfixes?: readonly string[]
  readonly lasting?: Lasting
  /** The features of its plan that come out with it, by id. */
  readonly features?: readonly string[]
  /** What the plan asks to be done from then on. */
  readonly checklist?: Pick<Checklist, "during" | "after">
  /** What the plan sets a time for. */
  readonly agenda?: readonly Appointment[]
  /** Whom the plan wants to be told, of the release itself. */
  readonly communication?: Communication
  /** Who is told, once it is out. */
  readonly tells?: readonly Told[]
  /** Deployments may be heard of before the end of our own publication is. */
  readonly early?: readonly Deployed[]
}

/** The people behind one or several changes. `unknown`: changes of which not everybody who wrote them is known. */
export interface Authors {
  /** In small letters. */
  readonly logins: readonly string[]
  readonly ids: readonly string[]
  readonly unknown: readonly string[]
}

export interface Release {
  /** Counted per repository, as text: the name under which marker, handles and effects know it. */
  readonly id: string
  readonly branch: string
  /** Empty: the repository is one component. */
  readonly component: string
  readonly phase: Phase
  /** The release before it. */
  readonly previous: Base | null
  readonly next: NextVersion
  readonly tag: string
  /** A draft that a read-back found by its marker, for the time before its handle is known. */
  readonly foundDraft?: string
  /** What people wrote above, below and inside of the generated section of the draft. */
  readonly hand: Hand
  /** Counts edits, so that the draft is written anew with them. */
  readonly redraws: number
  readonly approvals: readonly Approval[]
  /** Of a component: the changes that were to be covered when it was cut. What moves paths later takes none of them out. */
  readonly covers?: readonly string[]
  /** By number: what pull requests said when it was cut that were edited since. */
  readonly words?: { readonly [pull: string]: Words }
  readonly hold?: { readonly by: Person; readonly at: string }
  /** The newest last; a handful is kept. */
  readonly answers: readonly Answer[]
  /** The page that people see now: a click on any other is answered with a link to this one. */
  readonly shown?: { readonly sha: string; readonly hash: string; readonly pull?: ReleasePull }
  /** Where releases come out by a pull request: the one of this release. */
  readonly pull?: ReleasePull
  readonly unattended?: Unattended
  /** Its plan names releases of other repositories: how their publication goes. */
  readonly row?: Row
  /** Another repository's plan names it. */
  readonly joined?: Joined
  /** What its thread passed on of the other repositories last (joint/news). */
  readonly relayed?: string
  readonly byHand?: ByHand
  /** Its tag stands, and the release that it may have come with is heard of by this instant (ISO 8601), or not at all. */
  readonly awaits?: string
  /** The tag that Slipway took back, which came with a release that a person published. */
  readonly tookBack?: string
  /** How many of its pull requests were merged and given up for another one by Re-cut. */
  readonly pullRound?: number
  /** What follows its publication. */
  readonly after?: After
  /** What the metrics of its checklist ask of the metrics server. */
  readonly measures?: readonly MetricQuestion[]
  readonly rolledBack: readonly RolledBack[]
  /** Environments that were rid of what was bad in it without an earlier release; `how` in words. */
  readonly eased?: readonly (RolledBack & { readonly how: string })[]
  /** The release that mends what it was rolled back for. */
  readonly mended?: Mended
  /** Of which appointments of its plan the thread reminded already. */
  readonly reminded?: readonly string[]
  /** Who was told of it beside its thread. */
  readonly informed?: Informed
  /** Where releases depart by a timetable. */
  readonly train?: TrainTicket
  /** Somebody moved or deleted (null) the tag of what is published, and it was not put back yet. */
  readonly strayed?: { readonly to: string | null; readonly by: string; readonly at: string }
  /** The first message of its thread as it was last decided: what the plan said of it outlives the plan. */
  readonly announced?: Announcement
}

/** What a merged pull request says, and people can still edit. */
export type Words = Pick<Pull, "title" | "labels" | "says">

/** The pull request that brings a release's version files and changelog to its branch, as Slipway last wrote it. */
export interface ReleasePull {
  readonly number: number
  readonly url: string
  /** The commit that Slipway made, its tree, and the commit of the release branch that it stands on. */
  readonly sha: string
  readonly tree: string
  readonly on: string
  readonly version: string
  readonly is: "open" | "closed" | "merged"
  /** The end of its branch, where others have put something there since. */
  readonly strayed?: string
  /** The version that the changes asked for when it was merged, where that is another one than it brought. */
  readonly asked?: string
}

/**
 * Where a release goes without a button: that everything is to be read for it, or what stood in the way. `hash` is of
 * what was to be published, `times` counts in vain.
 */
export type Unattended =
  | {
      readonly is: "asked"
      readonly sha: string
      readonly hash: string
      readonly at: string
      readonly times: number
    }
  | {
      readonly is: "stopped"
      readonly hash: string
      readonly because: string
      readonly times: number
      readonly again: string
    }

/** The commit of the release branch that a page's commit stands for: a pull request's head stands on it. */
export const landingOf = ({ phase, shown }: Release, sha: string): string => {
  if (phase.is === "cut" && phase.candidate.sha === sha) return endOf(phase.candidate)
  return shown?.pull?.sha === sha ? shown.pull.on : sha
}

/** Of which branch and component a release is: those of one follow each other. */
export type Beside = Pick<Release, "branch" | "component">

export const isBeside = (one: Beside, other: Beside): boolean =>
  one.branch === other.branch && one.component === other.component

/** A release that comes out with another repository's. */
export interface Joined {
  /** The repository whose plan names it, as that is written, and the release that it comes out with. */
  readonly lead: string
  readonly version: string
  /** The row for whose question, or turn, everything is read afresh. */
  readonly reads?: string
  readonly answer?: RowAnswer
  /** What the lead's thread is to tell of it, oldest first; the newest ones only. */
  readonly news: readonly News[]
}

/** Somebody published its draft on GitHub's page, and it is not taken in as published yet. */
export interface ByHand {
  readonly by: string
  readonly at: string
  /** As which tag: a person may have renamed it. */
  readonly tag: string
  /** As they were then: a read-back after the tag no longer has the changes. */
  readonly notes: Notes
  /** It is being taken back; or what is left of it, since it could not be as a whole. */
  readonly undo?: "asked" | { readonly left: string }
}

/** A later release takes back a change of a bad one, or closes its post-mortem. */
interface Mended {
  /** Its version. */
  readonly by: string
  /** How that is known, in words. */
  readonly because: string
  /** ISO 8601 */
  readonly at: string
}

/** An environment that left this release for an earlier one. */
interface RolledBack {
  readonly environment: string
  readonly to: string
  readonly by: string
  readonly at: string
}
