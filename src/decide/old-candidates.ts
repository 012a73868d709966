import type { Release } from "../model/release.ts"
import { externalId, versionOf } from "./candidate.ts"
import { type Run, readinessPlace, releaseOf } from "./run.ts"
import { short } from "./wording.ts"

/**
 * Turns the pages of candidates that are none any more into signposts: a page that was ready must not go on being
 * green, with its Publish button, after a Re-cut or after its commit left the branch.
 */
export function markOldCandidates(run: Run): void {
  for (const old of run.before?.releases ?? []) {
    if (old.phase.is !== "cut" || !old.shown) continue
    const { sha } = old.phase.candidate
    const now = releaseOf(run.state, old.id)
    if (now && candidateOf(now) === sha) continue
    const id = externalId(old.id, old.shown.hash)
    run.state = {
      ...run.state,
      stale: {
        ...run.state.stale,
        [readinessPlace(sha, old.component)]: { externalId: id, because: whyOld(old, now) },
      },
    }
  }
}

const candidateOf = ({ phase }: Release): string | undefined =>
  phase.is === "drafted" ? undefined : phase.candidate.sha

function whyOld(old: Release, now: Release | undefined): string {
  const to = now && candidateOf(now)
  if (now && to !== undefined) return `The candidate of ${now.tag} was moved to ${short(to)}.`
  return `${versionOf(old)} is not released from this commit: it does not lie between the last release and the head any more.`
}
