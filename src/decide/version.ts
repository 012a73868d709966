import { diff, gt, inc, major, parse } from "semver"
import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Bump, NextVersion, Reason } from "../model/version.ts"
import { strength, strongestVoice, subjectOf, voicesOf } from "./classify.ts"
import { withoutReverted } from "./classify-reverts.ts"

/**
 * The version that a line of changes asks for.
 *
 * Changes that cancel each other out say nothing. Below 1.0.0 SemVer promises nothing (semver.org, item 4), so a
 * breaking change is a minor there unless `policy.zero` says major. A prerelease is promoted as `semver.inc` does it:
 * 2.0.0-rc.1 and a feature make 2.0.0. The first release is `policy.initial`, if anything is releasable.
 *
 * @param changes since `current`, oldest first
 * @param current the last release; null before the first. Throws where it is no SemVer.
 * @param stated a version that the plan states; it counts where it is higher than what the changes ask for. A lower
 *   one is not this rule's business: its gate fails.
 */
export function nextVersion(
  changes: readonly Change[],
  current: string | null,
  policy: Config["version"],
  stated?: string,
): NextVersion {
  if (current !== null && !parse(current)) throw new Error(`the current version "${current}" is no SemVer`)
  const left = withoutReverted(changes)
  const asking = left.flatMap((change) => {
    const reason = reasonOf(change, current, policy)
    return reason ? [reason] : []
  })
  const bump = strongest(asking)
  const computed = bump && (current === null ? policy.initial : inc(current, bump))
  const because = asking.filter((reason) => reason.bump === bump)
  if (left.length > 0 && stated !== undefined && parse(stated) && isAbove(stated, computed ?? current)) {
    return { current, next: stated, bump: current === null ? bump : bumpBetween(current, stated), because }
  }
  return { current, next: computed, bump, because }
}

/** What a change asks for under the policy, and its voice that says so: the title before the commits. */
function reasonOf(change: Change, current: string | null, policy: Config["version"]): Reason | null {
  const voice = strongestVoice(voicesOf(change, policy.from))
  const asks = voice?.said.asks
  if (voice && asks) return { sha: voice.sha, subject: voice.subject, bump: underPolicy(asks, current, policy) }
  return policy.other === "patch" ? { sha: change.sha, subject: subjectOf(change), bump: "patch" } : null
}

function underPolicy(asks: Bump, current: string | null, policy: Config["version"]): Bump {
  const zero = major(current ?? policy.initial) === 0
  return asks === "major" && zero && policy.zero === "minor" ? "minor" : asks
}

const strongest = (reasons: readonly Reason[]): Bump | null =>
  reasons.reduce<Bump | null>((most, { bump }) => (strength(bump) > strength(most) ? bump : most), null)

const isAbove = (stated: string, floor: string | null): boolean => floor === null || gt(stated, floor)

/** The first part of the version that a stated override changes. */
function bumpBetween(current: string, stated: string): Bump {
  const kind = diff(current, stated) ?? "patch"
  if (kind.endsWith("major")) return "major"
  return kind.endsWith("minor") ? "minor" : "patch"
}
