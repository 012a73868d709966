/** A release branch whose open pull requests show the plan's code freeze (`Slipway / freeze`). */
export interface Freeze {
  /** ISO 8601: when it began, by the plan. */
  readonly since: string
  /** Whether the pull requests that were open when it began are known. */
  readonly listed: boolean
  /** There were more than are listed at once. */
  readonly more?: true
  /** Why it is over; absent: it holds. */
  readonly over?: string
  /** By number. */
  readonly pulls: { readonly [pull: string]: FrozenPull }
}

/** An open pull request that shows it. */
export interface FrozenPull {
  /** The commit on which. */
  readonly sha: string
  /** It is labelled as an urgent fix. */
  readonly isHotfix: boolean
  /** Issues that merging it closes. */
  readonly closes: readonly number[]
  /** Hash of what was decided to show on it. */
  readonly shows: string
}

/** The open pull requests of a branch, those first that changed last. */
export interface OpenPulls {
  readonly pulls: readonly {
    readonly number: number
    readonly headSha: string
    readonly labels: readonly string[]
    readonly closes: readonly number[]
  }[]
  /** There are more than were read. */
  readonly more: boolean
}

/** How many open pull requests are read, and shown a freeze, when it begins: GitHub takes about 80 writes a minute. */
export const OPEN_PULLS = 300
