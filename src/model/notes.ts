/** One line of the notes: one change. Every text is as it came from outside; render/ escapes it. */
export interface NotesEntry {
  readonly text: string
  /** The commit type where it means something here: `feat`, `fix`, or one that the configuration names. */
  readonly type?: string
  readonly scope?: string
  readonly number?: number
  /** Login of the author where GitHub knows it. */
  readonly author?: string
  readonly authorName?: string
  readonly sha: string
  /** Issues of the repository that it closes, ascending. */
  readonly closes?: readonly number[]
  /** YYYY-MM-DD: when it was merged. Only where the line's template asks for it. */
  readonly date?: string
  /** The package that it brings up to date: then the text says from which version to which. */
  readonly package?: string
  /** Further changes that stand in this line. */
  readonly also?: readonly { readonly number?: number; readonly sha: string }[]
  /** How many changes it accounts for; absent: one. None, where its change counts in another line. */
  readonly counts?: number
}

/** Whose first contribution to the repository is in a release. */
export interface Newcomer {
  readonly login: string
  /** Of the pull request. */
  readonly number: number
}

export interface NotesSection {
  readonly title: string
  readonly entries: readonly NotesEntry[]
  /** Shown closed (`<details>`). */
  readonly folded: boolean
}

/** Release notes as data; render/ makes Markdown of it. */
export interface Notes {
  readonly version: string
  readonly previous: { readonly version: string; readonly tag: string } | null
  readonly tag: string
  /** `owner/name` */
  readonly repository: string
  /** ISO date (YYYY-MM-DD), where the notes are dated. */
  readonly date?: string
  /** Breaking changes with the text of their footers; they stand first. */
  readonly breaking: readonly (NotesEntry & { readonly migration?: string })[]
  readonly sections: readonly NotesSection[]
  readonly contributors: readonly string[]
  /** Those of whom it is known that they contribute for the first time. */
  readonly newcomers?: readonly Newcomer[]
  readonly compareUrl?: string
  /** Template of a line; without it the default one. */
  readonly line?: string
  /** SHA-256 of the files that come with the release. */
  readonly sums?: readonly { readonly name: string; readonly sha256: string }[]
  /** Path of the changelog that has them whole, where the repository keeps one. */
  readonly changelog?: string
  /** Name of the file on the release that has them whole. */
  readonly attached?: string
  /** How many changes the notes account for. */
  readonly changes: number
}
