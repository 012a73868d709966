import type { Config } from "../model/config.ts"

/** A file that holds the version, as `publish.manifests` names it: by its name alone, or with where to look in it. */
export type Manifest = Config["publish"]["manifests"][number]

/** A file of the same release beside the manifest. A lock file holds many versions; these say which are the release's. */
export interface Beside {
  readonly path: string
  readonly text: string
}

/** A file that is looked into. */
export interface Source {
  /** From the repository's root. */
  readonly path: string
  /** Without a byte order mark. */
  readonly text: string
  readonly beside: readonly Beside[]
}

/** The characters of a version in a text, without quotes: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where a file says its version (several places that have to agree), or why that cannot be told, with `file:line`. */
export type Located = Found | Missing
export interface Found {
  readonly is: "found"
  readonly spans: readonly [Span, ...Span[]]
  /** Which versions the file's readers understand, where they are not all of SemVer's. */
  readonly writes?: "PEP 440"
}
export interface Missing {
  readonly is: "missing"
  readonly because: string
}

/** Finds the version in files of one kind. May throw what a parser throws: the caller makes a refusal of it. */
export type Locate = (source: Source) => Located
