import type { AuditRecord } from "../model/audit-chain.ts"
import type { Checkpoint } from "../model/checkpoint.ts"
import type { EffectKind, EffectOf } from "../model/effect.ts"
import type { Mailbox } from "../model/mail-address.ts"
import type { Handle, Handles, Outcome } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"
import type { GitHub, GitHubClient } from "../peers/github.ts"
import type { SendCall } from "../peers/http-call.ts"
import type { AskCluster } from "../peers/kubernetes.ts"
import type { SlackClient } from "../peers/slack.ts"
import type { SmtpClient } from "../peers/smtp.ts"
import type { FindMember } from "./members.ts"

/** What the engine knows when it has an effect applied. */
export interface ActContext {
  readonly repo: Repository
  /** Of the effect's own target. */
  readonly handle: Handle | undefined
  readonly handles: Handles
  /** From 1. */
  readonly attempt: number
  /** An earlier attempt was begun and its end is not known: look whether it was done before doing it. */
  readonly mayHaveHappened: boolean
  /** Aborts when the engine's lease no longer covers the request. */
  readonly signal: AbortSignal
}

export interface MailPeer {
  readonly smtp: SmtpClient
  readonly from: Mailbox
}

export interface Peers {
  readonly github: GitHub
  /** The workspace of an account; undefined where it has none. */
  readonly slack: { for(owner: string): SlackClient | undefined }
  /** The mail server of an account, and whom its e-mails come from; absent: nobody has one. */
  readonly mail?: { for(owner: string): MailPeer | undefined }
  /** Absent: nobody is looked up, and who is not in the configuration is named only. */
  readonly members?: FindMember
  /** What sends the calls that configurations of an account describe. */
  readonly call: (owner: string) => SendCall
  /** What asks the API servers that configurations of an account name; absent: nobody has one. */
  readonly kubernetes?: (owner: string) => AskCluster
  /** Where a repository's audit trail stands, signed, for a release that is about to be published. */
  readonly checkpoint: (repo: Repository, release: NonNullable<Checkpoint["release"]>) => Promise<Checkpoint>
  /** The newest audit records of a release of a repository, oldest first: a bounded number. */
  readonly records: (repo: Repository, release: string) => Promise<readonly AuditRecord[]>
}

/** An effect on its way to GitHub. */
export interface OnGitHub extends ActContext {
  readonly octokit: GitHubClient
  /** The App's own numeric id, and the login under which it writes. Asked only where something is looked for. */
  self(): Promise<{ readonly id: number; readonly login: string }>
  /** What every call of this repository has in common. */
  readonly at: { readonly owner: string; readonly repo: string; readonly request: { readonly signal: AbortSignal } }
}

/** An effect on its way to Slack. */
export interface OnSlack extends ActContext {
  readonly slack: SlackClient
  /** Who somebody on GitHub is in Slack. */
  member(login: string): Promise<string | undefined>
}

/** An effect on its way to a mail server. */
export interface OnMail extends ActContext, MailPeer {}

export type Family<Kind extends EffectKind, Context> = (effect: EffectOf<Kind>, context: Context) => Promise<Outcome>

type Refused = Extract<Outcome, { is: "refused" }>

export const refused = (code: Refused["code"], because: string): Refused => ({
  is: "refused",
  code,
  because,
})
