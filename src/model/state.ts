import type { Alerts } from "./alerts.ts"
import type { Approvers, Authorship, Standing } from "./approval.ts"
import type { Assets } from "./asset.ts"
import type { Attestations } from "./attestation.ts"
import type { Brought, Reviews } from "./brought.ts"
import type { Config } from "./config.ts"
import type { Drift, Environment } from "./deployment.ts"
import type { DeploymentLook } from "./deployment-look.ts"
import type { Ci, Evidences } from "./evidence.ts"
import type { Announcements, Unknown } from "./facts.ts"
import type { Finding } from "./finding.ts"
import type { Freeze } from "./freeze.ts"
import type { GitHubNotes } from "./github-notes.ts"
import type { Incident, LabelOff } from "./incident.ts"
import type { IssueSigns, IssueState } from "./issue.ts"
import type { Face, Neighbour } from "./joint.ts"
import type { Ledger } from "./ledger.ts"
import type { LineKind } from "./line-kind.ts"
import type { Lock } from "./lock.ts"
import type { MetricReading } from "./metric.ts"
import type { Organisation } from "./organisation.ts"
import type { Owned } from "./owned.ts"
import type { Plan } from "./plan.ts"
import type { FolderPlan, ValidPlan } from "./plan-folder.ts"
import type { Pointer } from "./pointer.ts"
import type { FollowedPostMortem } from "./post-mortem.ts"
import type { KnownProposal, PushedBranch } from "./proposal.ts"
import type { ProtectionRequest } from "./protection.ts"
import type { Release } from "./release.ts"
import type { ManifestSaid } from "./release-files.ts"
import type { Seen } from "./seen.ts"
import type { Way } from "./settings.ts"
import type { ProbeReading } from "./smoke.ts"
import type { TrainSeen } from "./train-ticket.ts"
import type { Verdict } from "./verdict.ts"
import type { Workspace } from "./workspace.ts"

/** All that Slipway knows of one repository; stored as one document with a version. */
export interface State {
  readonly schema: 1
  /** By branch. */
  readonly lines: { readonly [branch: string]: Line }
  /** Open releases, and the published ones that an environment or a page still speaks of; oldest first. */
  readonly releases: readonly Release[]
  readonly lastRelease: number
  /** By SHA: heads and candidates of open releases. */
  readonly evidence: { readonly [sha: string]: Evidences }
  readonly authorship: { readonly [change: string]: Authorship }
  /** By change id: what it brought. */
  readonly brought?: { readonly [change: string]: Brought }
  /** By `CHANGE@RELEASE`: who owns what the change touches, where a rule asks the owners. */
  readonly owners?: { readonly [change: string]: Owned }
  /** By change id: what people said of its pull request, where it may be of low risk. */
  readonly reviews?: { readonly [change: string]: Reviews }
  readonly standings: { readonly [login: string]: Standing }
  readonly approvers?: Approvers
  /** By `organisationKey`: the files that configurations here extend. A push to one of them wakes who has it here. */
  readonly organisations?: { readonly [name: string]: Organisation }
  readonly issues: { readonly [ref: string]: IssueState }
  /** Of the same, what else they show. */
  readonly issueSigns?: { readonly [ref: string]: IssueSigns }
  readonly files: { readonly [at: string]: boolean }
  /** By open release: the files on its draft, where the configuration asks for some. */
  readonly assets?: { readonly [release: string]: Assets }
  /** By `SHA:MANIFEST`: what the manifests said at candidates. */
  readonly versions?: { readonly [at: string]: ManifestSaid }
  /** By digest: the attestations of artifacts that wait to be deployed. */
  readonly attestations?: { readonly [digest: string]: Attestations }
  /** By `placeOf`. */
  readonly environments: { readonly [name: string]: Environment }
  /** By environment, in small letters, and component: where something stands that is no release. */
  readonly drift?: { readonly [place: string]: Drift }
  /** By ref, without `refs/`: where those that follow what is good were last asked to stand. */
  readonly pointers?: { readonly [ref: string]: Pointer }
  /** By `lockKey`: environments that are locked by a person, or by a rollback. */
  readonly locks?: { readonly [place: string]: Lock }
  /** Deployments that wait, or have waited, for our answer, by `requestKey`. */
  readonly requests?: { readonly [key: string]: ProtectionRequest }
  /** By SHA: what GitHub last found in a release, while a deployment of it waits. */
  readonly alerts?: { readonly [sha: string]: Alerts }
  /** By `probeKey`: what HTTP probes last came to, while a deployment waits. */
  readonly probes?: { readonly [probe: string]: ProbeReading }
  /** Whether releases may enter the environments of the configuration, by `verdictKey`. */
  readonly verdicts?: { readonly [key: string]: Verdict }
  /** By environment that releases wait for: when GitHub is asked for its deployments. */
  readonly looks?: { readonly [environment: string]: DeploymentLook }
  /** By key of a question: what metrics were when they were asked last, while something waits for them. */
  readonly metrics?: { readonly [question: string]: MetricReading }
  readonly announcements: Announcements
  /** What could not be read, until it is. */
  readonly unknown: readonly Unknown[]
  /** Clicked check runs that are no longer current, by `SHA` or `COMPONENT:SHA`: they show a link to the one that is. */
  readonly stale: { readonly [place: string]: { readonly externalId: string; readonly because: string } }
  readonly lastRollback: number
  /** The issues that rollbacks opened, oldest first; a bounded number. */
  readonly postMortems?: readonly FollowedPostMortem[]
  /** Presses of buttons that were decided on (`Clicked.signed`), oldest first; a bounded number. */
  readonly presses?: readonly string[]
  /** By number: issues that were labelled as incidents, those that are settled in a bounded number. */
  readonly incidents?: { readonly [issue: string]: Incident }
  /** By number: issues that lost this label within the last hour. What put it on before that may come later. */
  readonly labelsOff?: { readonly [issue: string]: LabelOff }
  /** Ways round that were noticed, oldest first; a bounded number. */
  readonly findings?: readonly Finding[]
  /** Ways round that settings at GitHub can close, as they were last looked at; where an environment is configured. */
  readonly settings?: { readonly next: string; readonly ways: readonly Way[] }
  /** Features of plans that came out with a release, newest last; a bounded number. */
  readonly shipped?: readonly { readonly id: string; readonly component: string; readonly version: string }[]
  readonly contributors?: Contributors
  /** What a peer refused, by target, until it accepts again: shown on the pages. */
  readonly refused: { readonly [target: string]: string }
  /**
   * Pull requests that show their impact, by number: the commit on which; null: it is merged or closed, and an event from
   * before that, which comes late, says nothing any more. The newest ones only.
   */
  readonly impacts?: { readonly [pull: string]: string | null }
  /** By number: open pull requests whose files are known, the newest ones only. */
  readonly proposals?: { readonly [pull: string]: KnownProposal }
  /** By name: branches that pull requests come from, as their pushes told. */
  readonly branches?: { readonly [branch: string]: PushedBranch }
  /** By release branch: code freezes that pull requests show. */
  readonly freezes?: { readonly [branch: string]: Freeze }
  /** By `neighbourKey`: what repositories showed last that release together with this one. */
  readonly neighbours?: { readonly [name: string]: Neighbour }
  /** What this one shows to them. */
  readonly face?: Face
  /** Set by the uninstallation of the App: nothing is done any more. */
  readonly uninstalled?: boolean
}

/** Who contributed to what is released: lower-case logins. */
export interface Contributors {
  /** Whether nothing of the history went by unseen: then who is not among them is new. */
  readonly whole: boolean
  readonly logins: readonly string[]
}

/** One release branch. */
export interface Line {
  readonly branch: string
  /** By the default branch's configuration; absent where it makes stable versions, or none (the default branch). */
  readonly kind?: LineKind
  readonly ledger?: Ledger
  /** What happened to the tag that it starts from; it counts while the line starts from `base`. */
  readonly notice?: { readonly says: string; readonly base: string | null }
  /** Why its history is read again at the next run: what is known does not show what happened on another branch. */
  readonly outdated?: string
  /** Why nothing is released from it any more. It is kept for as long as a release of it is spoken of. */
  readonly retired?: string
  /** Why there is no ledger, or why it cannot be trusted. */
  readonly broken?: string
  readonly config: Seen<Config>
  readonly plan: Seen<Plan>
  /** The plans of `release-plans/`, by path; absent: nobody looked yet. */
  readonly plans?: readonly FolderPlan[]
  /** `.github/release.yml`, as it was last seen; absent: nobody looked, since there was a slipway.yml. */
  readonly githubNotes?: Seen<GitHubNotes>
  /** The packages of the branch's workspace, where the configuration asks for them. */
  readonly workspace?: Workspace
  readonly inForce: InForce
  readonly ci?: Ci
  /** The head at which configuration or plan last changed, where `Slipway / plan` speaks of them. */
  readonly files?: { readonly sha: string; readonly hash: string }
  /** The head at which the gates last became others than those in force; absent while they are the same. */
  readonly changedAt?: { readonly sha: string; readonly hash: string }
  /** Whom an approved plan named as stakeholders, or the first one ever seen: `@login`, `@org/team`. */
  readonly trusted?: readonly string[]
  /** By component, where releases depart by a timetable. */
  readonly trains?: { readonly [component: string]: TrainSeen }
  /** The plan that the last published release used up (`seenHash`). */
  readonly spent?: string
  /** The same by component, in a repository that has some. */
  readonly spentBy?: { readonly [component: string]: string }
  /** Plans of `release-plans/` that releases before the last one used up; the empty component is the whole repository. */
  readonly spentBefore?: { readonly [component: string]: readonly string[] }
}

/**
 * The gates that count until a change of them was approved: the configuration and the plan that the last release was
 * approved under, or the first ones ever seen. A part is absent before there was one; a spent plan leaves.
 */
export interface InForce {
  readonly config?: { readonly value: Config; readonly hash: string }
  readonly plan?: { readonly value: Plan; readonly hash: string }
  /** The same of `release-plans/`. */
  readonly plans?: readonly ValidPlan[]
}
