import { type Codeowners, ownersOf } from "./codeowners.ts"

/** Who owns what a change touches, by the CODEOWNERS file of its release and by the one that was there before it. */
export interface Owned {
  /** The commits that it was read for: what the change is complete with, and what the release ends with. */
  readonly to: string
  readonly tip: string
  readonly parts: readonly OwnedPart[]
}

/**
 * What it is kept by: components share changes, and each has its own end, and its own release before it.
 *
 * @returns `CHANGE@RELEASE`; neither has an `@` in it
 */
export const ownedKey = (change: { readonly id: string }, release: { readonly id: string }): string =>
  `${change.id}@${release.id}`

/** Paths with the same owners, of whom as many as the rule asks have to approve. */
export interface OwnedPart {
  /** `@login`, `@org/team`; empty: nobody owns it. */
  readonly owners: readonly string[]
  /** One of the paths. */
  readonly path: string
  /** Only the file of the release before names them, which nobody can change any more. */
  readonly before?: true
}

/** What one file says of a change: its parts, or a line by which nobody can be asked. */
export type OwnedBy =
  | { readonly is: "parts"; readonly parts: readonly OwnedPart[] }
  | { readonly is: "nobody"; readonly path: string; readonly line: number; readonly addresses: readonly string[] }

/**
 * The parts of a change by one file.
 *
 * @param paths null: not all are known; then everybody who owns anything is asked
 */
export function partsBy(file: Codeowners, paths: readonly string[] | null): OwnedBy {
  const parts = new Map<string, OwnedPart>()
  const put = (owners: readonly string[], path: string) => {
    const key = [...owners]
      .map((name) => name.toLowerCase())
      .sort()
      .join(" ")
    if (!parts.has(key)) parts.set(key, { owners, path })
  }
  const found = paths
    ? paths.map((path) => ({ path, line: ownersOf(file, path) }))
    : file.lines.map((line) => ({ path: line.pattern, line }))
  if (!paths) put([], "what no line speaks of")
  for (const { path, line } of found) {
    if (line && line.owners.length === 0 && line.addresses.length > 0)
      return { is: "nobody", path, line: line.line, addresses: line.addresses }
    put(line?.owners ?? [], path)
  }
  return { is: "parts", parts: [...parts.values()] }
}

/** Parts of several files: each set of owners once. */
export function merged(all: readonly OwnedPart[]): readonly OwnedPart[] {
  const key = ({ owners }: OwnedPart) =>
    owners
      .map((name) => name.toLowerCase())
      .sort()
      .join(" ")
  return [...new Map(all.toReversed().map((part) => [key(part), part])).values()].toReversed()
}

/** The teams among owners, as `org/slug`. */
export const teamsOwning = (all: Iterable<Owned>): readonly string[] => [
  ...new Set(
    [...all].flatMap(({ parts }) =>
      parts.flatMap(({ owners }) => owners.filter((name) => name.includes("/")).map((name) => name.slice(1))),
    ),
  ),
]
