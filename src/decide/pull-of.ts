import type { Release, ReleasePull } from "../model/release.ts"
import type { Line, State } from "../model/state.ts"
import { ledgerFor } from "./division.ts"
import { configOf } from "./plan-of.ts"

/** Whether releases of a line come out by a pull request. */
export const usesPull = (line: Line): boolean => configOf(line).publish.mode === "pull-request"

/**
 * The pull request that a release speaks of: while it is drafted only one that brings what would be released now, and
 * while it is cut the one whose head is its candidate. Undefined: it speaks of a commit of its branch.
 */
export function pullOf(line: Line, { phase, pull, next, component }: Release): ReleasePull | undefined {
  if (!pull || pull.is === "merged") return undefined
  if (phase.is === "cut") return phase.candidate.base !== undefined ? pull : undefined
  if (phase.is === "published" || !usesPull(line)) return undefined
  const isCurrent = pull.on === ledgerFor(line, { component })?.head && pull.version === next.next
  return isCurrent ? pull : undefined
}

/** An approved release whose pull request is not merged yet: there is one branch, so the next one has to wait. */
export const pinnedBefore = (state: State, release: Release): Release | undefined =>
  state.releases.find(
    (other) =>
      other.id !== release.id &&
      other.branch === release.branch &&
      other.component === release.component &&
      other.phase.is === "cut" &&
      other.phase.candidate.base !== undefined,
  )
