import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { ledgerFor } from "./division.ts"
import { landings } from "./gates/code-freeze.ts"
import { changesOfRelease } from "./release-changes.ts"

/** Where a release ends that takes in what had landed by an instant. */
export interface Landed {
  /** Undefined: none of its changes had landed. */
  readonly sha: string | undefined
  /** Nothing landed later: it is the head, as the release's component sees it. */
  readonly isAll: boolean
}

/**
 * The commit of the last change of a release that had landed by an instant, as GitHub tells it (see `landings`).
 * @param instant ISO 8601
 */
export function landedBy(line: Line, release: Release, instant: string): Landed {
  const changes = changesOfRelease(line, release)
  const late = landings(changes).findIndex((at) => at > instant)
  return late < 0 ? { sha: ledgerFor(line, release)?.head, isAll: true } : { sha: changes[late - 1]?.sha, isAll: false }
}
