import type { Block } from "./block-kit.ts"

/** A check run as GitHub keeps it, for showing it outside of GitHub. */
export interface CheckView {
  readonly name: string
  readonly sha: string
  readonly conclusion: string
  readonly title: string
  readonly summary: string
  readonly text?: string
  readonly buttons: readonly { readonly label: string; readonly description: string }[]
  readonly annotations?: readonly { readonly path: string; readonly start_line: number; readonly message: string }[]
}

export interface ReleaseView {
  readonly name: string
  readonly tag: string
  readonly is: "draft" | "prerelease" | "published"
  readonly body: string
}

export interface IssueView {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  readonly comments?: readonly { readonly by: string; readonly body: string }[]
  /** The files that a pull request changes, as they stand in it. */
  readonly files?: readonly { readonly path: string; readonly text: string }[]
}

/** A message as Slack keeps it. */
export interface MessageView {
  /** ISO 8601. */
  readonly at: string
  readonly blocks: readonly Block[]
  readonly edited?: boolean
  /** A reply that the channel sees too. */
  readonly broadcast?: boolean
}

export interface ThreadView {
  readonly channel: string
  readonly first: MessageView
  readonly replies: readonly MessageView[]
}

/** Conclusions of check runs as a symbol and a word. */
const CONCLUSIONS: Readonly<Record<string, readonly [symbol: string, word: string]>> = {
  success: ["✅", "success"],
  failure: ["❌", "failure"],
  neutral: ["⚪", "neutral"],
  action_required: ["⚠️", "action required"],
}

/** A conclusion as a symbol and a word; one that nobody knows with the symbol that is given. */
export const conclusionOf = (conclusion: string, unknown: string): readonly [symbol: string, word: string] =>
  (Object.hasOwn(CONCLUSIONS, conclusion) ? CONCLUSIONS[conclusion] : undefined) ?? [unknown, conclusion]
