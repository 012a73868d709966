import type { Dispatch } from "./after.ts"
import type { Mail, Post } from "./bulletin.ts"
import type { Config } from "./config.ts"
import type { Envelope } from "./decision.ts"
import type { Hand } from "./hand.ts"
import type { Fills, HttpCall } from "./http-call.ts"
import type { IncidentComment } from "./incident.ts"
import type { KubernetesPlace, Undo } from "./kubernetes.ts"
import type { Announcement, ReleasedComment, Reply } from "./message.ts"
import type { Notes } from "./notes.ts"
import type { Page } from "./page.ts"
import type { PointerMove } from "./pointer.ts"
import type { PostMortem, PostMortemNote } from "./post-mortem.ts"
import type { ProtectionNote } from "./protection.ts"
import type { OwnFiles } from "./rollback.ts"

interface Of<Kind extends string, Content> extends Envelope {
  readonly kind: Kind
  readonly content: Content
}

/** Everything that Slipway does to the world. One family a kind, one file each in `act/`. */
export type Effect =
  | Of<"draft", Draft>
  | Of<"draft-delete", { readonly release: string; readonly found?: string }>
  | Of<"publish", Publish>
  /** `since` (ISO 8601): what was deployed before was not deployed from it. */
  | Of<"unpublish", { readonly release: string; readonly tag: string; readonly since: string }>
  | Of<"pull-request", OwnPull>
  | Of<"check", Check>
  | Of<"thread", { readonly channel: string; readonly release: string; readonly announcement: Announcement }>
  | Of<"reply", { readonly channel: string; readonly thread: string; readonly reply: Reply }>
  | Of<"mail", Mail>
  | Of<"post", Post>
  | Of<"deployment", DeploymentRequest>
  | Of<"protection-answer", ProtectionAnswer>
  | Of<"protection-comment", ProtectionAnswer>
  | Of<"dispatch", DispatchRequest>
  | Of<"dispatch-look", Omit<DispatchRequest, "inputs"> & { readonly run?: string }>
  | Of<"pointer", PointerMove>
  | Of<"comment", ReleasedComment & { readonly number: number; readonly since: string }>
  /** `what`: what it is for, in words. */
  | Of<"call", { readonly what: string; readonly call: HttpCall; readonly fills: Fills }>
  | Of<"revert", RevertRequest>
  | Of<"merge", RevertRequest & { readonly number: number }>
  | Of<"incident", IncidentComment>
  | Of<"back-run", BackRun>
  /** `run`: GitHub's id of it, as text, where it is known. */
  | Of<"back-run-look", Pick<BackRun, "workflow" | "asked" | "mark"> & { readonly run?: string }>
  | Of<"kubernetes-look", { readonly place: KubernetesPlace }>
  | Of<"kubernetes-undo", { readonly place: KubernetesPlace; readonly undo: Undo }>
  | Of<"post-mortem", { readonly marker: string; readonly report: PostMortem }>
  | Of<"post-mortem-note", PostMortemNote>
  | Of<"latest", Latest>

export type EffectKind = Effect["kind"]
export type EffectOf<Kind extends EffectKind> = Extract<Effect, { kind: Kind }>

/** The one draft release of a release, or, once it is published, its body. */
export interface Draft {
  readonly repositoryId: string
  readonly release: string
  readonly tag: string
  readonly name: string
  /** Branch or SHA that the tag would be made at; the tag itself is made at the candidate before publication. */
  readonly commitish: string
  readonly prerelease: boolean
  /** Only the body is written: tag, name and draft flag of a published release stay as they are. */
  readonly published: boolean
  readonly notes: Notes
  readonly hand: Hand
  /** A line that stands over everything: "rolled back from production". */
  readonly banner?: string
  /** A draft with our marker that a read-back met. */
  readonly found?: string
  /** Where the notes are too long for a release, they come whole as a file of it (`NOTES_FILE`). */
  readonly attach?: true
  readonly redraws: number
}

export interface Publish {
  readonly release: string
  readonly tag: string
  readonly sha: string
  readonly prerelease: boolean
  /** Whether it becomes what GitHub shows as the repository's latest release. */
  readonly latest: boolean
  /** Of the annotated tag. */
  readonly message: string
  /** The files on the draft as the gate saw them (`assetKeys`); absent where none is asked for. */
  readonly assets?: readonly string[]
  /** Set where the release is to carry where the audit trail stands (`AUDIT_FILE`). */
  readonly audit?: {
    readonly version: string
    readonly component?: string
    /** As in `Publishing`: by them the file of this very attempt is known again. */
    readonly asked: string
    readonly attempt: number
  }
  readonly by: string
}

/** Which release GitHub is to show as the repository's latest; only where it shows one of those that are not to be it. */
interface Latest {
  readonly release: string
  readonly tag: string
  /** Tags of releases that it is put in the place of. */
  readonly instead: readonly string[]
}

/** A pull request of Slipway's own: one commit on top of a release branch, kept up to date. */
export interface OwnPull {
  /**
   * `release`: it brings version files and changelog before the release is out; `changelog`: an entry afterwards;
   * `back`: what a hotfix branch released, to the main branch.
   */
  readonly purpose: "release" | "changelog" | "back"
  readonly repositoryId: string
  readonly release: string
  /** Empty where the repository has no components. */
  readonly component: string
  readonly version: string
  /** Slipway's own branch, and the release branch that it goes to. */
  readonly head: string
  readonly base: string
  readonly commit: OwnCommit
  readonly notes: Notes
}

/** The one commit of such a pull request. */
export type OwnCommit =
  | {
      readonly is: "built"
      /** The commit of the release branch that it stands on; null: the head, as it is then. */
      readonly on: string | null
      readonly manifests: readonly Config["publish"]["manifests"][number][]
      readonly changelog?: string
      /** For the changelog, oldest first. */
      readonly entries: readonly { readonly notes: Notes; readonly date: string }[]
    }
  /** Approved as it is: nothing but this very commit may stand there. */
  | { readonly is: "pinned"; readonly sha: string }
  /** Nothing is left to release: the pull request is closed. */
  | { readonly is: "withdrawn"; readonly number: number }

/** The answer to a job that waits at an environment, or what it waits for. */
export interface ProtectionAnswer {
  /** GitHub's id of the workflow run, as text. */
  readonly run: string
  readonly environment: string
  readonly note: ProtectionNote
}

export interface DispatchRequest {
  readonly to: Dispatch["to"]
  /** ISO 8601: runs from before are not its own. */
  readonly asked: string
  readonly tag: string
  readonly sha: string
  readonly inputs: Readonly<Record<"version" | "tag" | "sha" | "component" | "notes_url", string>>
}

export interface Check {
  /** `Slipway / readiness`, `Slipway / production`, `Slipway / plan`. */
  readonly name: string
  readonly sha: string
  readonly externalId: string
  readonly conclusion: "success" | "failure" | "neutral" | "action_required" | "cancelled"
  readonly page: Page
  /** At most three. https://docs.github.com/en/rest/checks/runs#create-a-check-run */
  readonly buttons: readonly Button[]
}

/** GitHub's limits: label 20, description 40, identifier 20 characters. */
export interface Button {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

/** A pull request that takes back what came between two releases. */
export interface RevertRequest {
  readonly repositoryId: string
  readonly environment: string
  readonly from: { readonly version: string; readonly sha: string }
  readonly to: { readonly version: string; readonly sha: string }
  /** Slipway's own branch, and the release branch that it goes to. */
  readonly head: string
  readonly base: string
  /** Of a component; absent: all is taken back. */
  readonly own?: OwnFiles
  /** ISO 8601: a pull request from before is another rollback's. */
  readonly asked: string
  /** What it takes back, as far as it is known. */
  readonly commits: readonly string[]
  readonly by: string
  readonly because: string
}

/** A workflow that deploys an earlier release. */
export interface BackRun {
  readonly workflow: string
  readonly ref: string
  readonly inputs: { readonly [name: string]: string }
  /** ISO 8601: runs from before are not its own. */
  readonly asked: string
  /** Unique to the rollback: where the workflow names its runs by it, its run is known by it for sure. */
  readonly mark: string
}

export interface DeploymentRequest {
  /** Unique: it stands in the deployment's payload, by which a retry finds it. */
  readonly rollback: string
  readonly environment: string
  readonly sha: string
  readonly from: { readonly version: string; readonly sha: string }
  readonly to: { readonly version: string; readonly sha: string; readonly tag?: string }
  /** The digests of what was live there, where its deployment named them. */
  readonly artifact?: readonly string[]
  /** Absent: the repository is one component. Two of them may have been released from one commit. */
  readonly component?: string
  readonly by: string
  readonly because: string
  /** It is for practice: to the earlier release, or to the one that was live again. */
  readonly drill?: "back" | "return"
}
