import { satisfies, validRange } from "semver"
import { isStable } from "./known-tags.ts"
import type { Base } from "./ledger.ts"
import type { LineKind } from "./line-kind.ts"

/**
 * The stable tags, those first that are likely the line's own: in the range of a maintenance branch, or of a branch that
 * is called like one. A prerelease is nobody's base: what it brought has not come out yet.
 */
export function basesFirst<Tag extends Base>(branch: string, kind: LineKind, tags: readonly Tag[]): readonly Tag[] {
  const named = /\d/.test(branch) ? validRange(branch.replace(/^[^\d]*/, "")) : null
  const range = kind.is === "maintenance" ? kind.range : named
  const stable = tags.filter(({ version }) => isStable(version))
  if (range === null) return stable
  const inRange = (tag: Tag) => satisfies(tag.version, range)
  return [...stable.filter(inRange), ...stable.filter((tag) => !inRange(tag))]
}
