import type { Alerts } from "./alerts.ts"
import type { Approvers, Authorship, Standing } from "./approval.ts"
import type { Assets } from "./asset.ts"
import type { Attestations } from "./attestation.ts"
import type { Brought, Reviews } from "./brought.ts"
import type { Config } from "./config.ts"
import type { Ci, Evidence } from "./evidence.ts"
import type { OpenPulls } from "./freeze.ts"
import type { GitHubNotes } from "./github-notes.ts"
import type { IssueSigns, IssueState } from "./issue.ts"
import type { Neighbour } from "./joint.ts"
import type { Ledger } from "./ledger.ts"
import type { MetricReading } from "./metric.ts"
import type { Organisation } from "./organisation.ts"
import type { Owned } from "./owned.ts"
import type { Plan } from "./plan.ts"
import type { FolderPlan } from "./plan-folder.ts"
import type { PostMortemSeen } from "./post-mortem.ts"
import type { ProposedFiles } from "./proposal.ts"
import type { ManifestSaid } from "./release-files.ts"
import type { Seen } from "./seen.ts"
import type { Protection } from "./settings.ts"
import type { Deployed } from "./signal.ts"
import type { ProbeReading } from "./smoke.ts"
import type { Workspace } from "./workspace.ts"

/** What was newly read from the world for one run. `learned` is committed with State; `unknown` can never pass a gate. */
export interface Facts {
  readonly learned: Learned
  readonly unknown: readonly Unknown[]
  readonly announcements: Announcements
}

export interface Learned {
  /** By branch. A ledger that was read back replaces the mirror. */
  readonly ledgers?: { readonly [branch: string]: Ledger }
  /** By branch: `.github/release.yml`, looked for where there is no slipway.yml. */
  readonly githubNotes?: { readonly [branch: string]: Seen<GitHubNotes> }
  /** By `neighbourKey`: what other repositories of the account show, those that release together with this one. */
  readonly neighbours?: { readonly [name: string]: Neighbour }
  /** By `organisationKey`: what the files say that the configurations extend. */
  readonly organisations?: { readonly [name: string]: Organisation }
  readonly configs?: { readonly [branch: string]: Seen<Config> }
  readonly plans?: { readonly [branch: string]: Seen<Plan> }
  /** By branch: the files of `release-plans/`. */
  readonly planFolders?: { readonly [branch: string]: readonly FolderPlan[] }
  readonly workspaces?: { readonly [branch: string]: Workspace }
  readonly ci?: { readonly [branch: string]: Ci }
  /** By SHA: every check run and status of it, read just now. */
  readonly evidence?: { readonly [sha: string]: readonly Evidence[] }
  /** By SHA: every attempt of every check run and status of it, where an environment asks for `freshness`. */
  readonly attempts?: { readonly [sha: string]: readonly Evidence[] }
  /** By deployment id: GitHub's newest word on it, where what it brought is being verified. */
  readonly statuses?: { readonly [deployment: string]: string }
  /** By key of a question: what the metrics server said to it just now. */
  readonly metrics?: { readonly [question: string]: MetricReading }
  /** By SHA: the workflows that a push of it to its release branch starts. */
  readonly workflows?: { readonly [sha: string]: readonly string[] }
  /** By `SHA:MANIFEST` (`manifestKey`): what it said there. */
  readonly versions?: { readonly [at: string]: ManifestSaid }
  /** By SHA of a merge commit of a release pull request: its git tree. */
  readonly trees?: { readonly [sha: string]: string }
  /** By change id. */
  readonly authorship?: { readonly [change: string]: Authorship }
  /** By change id: what it brought to the branch. */
  readonly brought?: { readonly [change: string]: Brought }
  /** By change id: who owns what it touches. */
  readonly owners?: { readonly [change: string]: Owned }
  /** By change id: what people said of its pull request. */
  readonly reviews?: { readonly [change: string]: Reviews }
  /** By login. */
  readonly standings?: { readonly [login: string]: Standing }
  readonly approvers?: Approvers
  /** By id of the rollback: what the issue says that it opened. */
  readonly postMortems?: { readonly [rollback: string]: PostMortemSeen }
  /** By `#812` or `owner/repo#812`. */
  readonly issues?: { readonly [ref: string]: IssueState }
  readonly issueSigns?: { readonly [ref: string]: IssueSigns }
  /** By `SHA:path`: whether the file exists there. */
  readonly files?: { readonly [at: string]: boolean }
  /** By digest: what GitHub's attestations say of an artifact. */
  readonly attestations?: { readonly [digest: string]: Attestations }
  /** By tag name: the commit that it stands on, null when it is free. */
  readonly tags?: { readonly [tag: string]: string | null }
  /** By GitHub's id of a deployment: whether it has ended. */
  readonly deployments?: { readonly [deployment: string]: "open" | "ended" }
  /** By environment that releases wait for: its newest deployments as they stand, oldest first. */
  readonly newest?: { readonly [environment: string]: readonly Deployed[] }
  /** All hotfix branches that there are. */
  readonly hotfixes?: readonly string[]
  /** By release: the files on its draft. */
  readonly assets?: { readonly [release: string]: Assets }
  /** By number of an open pull request that may touch configuration or plan. */
  readonly proposals?: { readonly [pull: string]: ProposedFiles }
  /** By release branch whose freeze has begun. */
  readonly openPulls?: { readonly [branch: string]: OpenPulls }
  /** By SHA of a release that is about to be let in: what GitHub found in it. */
  readonly alerts?: { readonly [sha: string]: Alerts }
  /** By `probeKey`: what HTTP probes came to that this run has sent. */
  readonly probes?: { readonly [probe: string]: ProbeReading }
  /** The settings that decide whether people can go round Slipway. */
  readonly protection?: Protection
  /** Drafts with our marker that a read-back met, by release id. */
  readonly drafts?: { readonly [release: string]: { readonly id: string; readonly body: string; readonly tag: string } }
}

/**
 * Something that had to be known and could not be read. `what` is exactly one of `history:BRANCH`, `head:BRANCH`,
 * `config:BRANCH`, `github-notes:BRANCH`, `workspace:BRANCH`, `plan:BRANCH`, `plans:BRANCH`, `ci:BRANCH`, `checks:SHA`, `attempts:SHA`, `workflows:SHA`, `authors:CHANGE`, `brought:CHANGE`, `reviews:CHANGE`, `owners:CHANGE@RELEASE`, `standing:LOGIN`, `approvers`,
 * `hotfixes`, `team:ORG/SLUG`, `issue:REF`, `file:SHA:PATH`, `tree:SHA`, `manifest:SHA:KEY`, `tag:TAG`, `deployment:ID`, `newest:ENVIRONMENT`, `attestations:DIGEST`, `status:DEPLOYMENT`, `metric:KEY`, `assets:RELEASE`, `pulls:BRANCH`, `proposal:NUMBER`, `post-mortem:ROLLBACK`: the state keeps it until the same thing was learned.
 */
export interface Unknown {
  readonly what: string
  readonly because: string
}

/**
 * Whether and where releases are announced, and whether e-mails can be sent; from the process's settings for this account, not from GitHub. The channel
 * is null where the settings name none: then the repository's `slack.channel` has to.
 */
export type Announcements = (
  | { readonly is: "on"; readonly channel: string | null }
  | { readonly is: "off"; readonly because: string }
) & { readonly mail?: "on" }
