import { diff, gt, major, parse } from "semver"
import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { LineKind } from "../model/line-kind.ts"
import type { Bump, NextVersion, Reason, Refused } from "../model/version.ts"
import { strength } from "./classify.ts"
import { withoutReverted } from "./classify-reverts.ts"
import { ruleOf } from "./rules.ts"
import { misfit, versionOnLine } from "./version-on-line.ts"
import { subjectOf } from "./voices.ts"

export interface VersionInput {
  /** Since `current`, oldest first. */
  readonly changes: readonly Change[]
  /** The last release; null before the first. */
  readonly current: string | null
  readonly config: Config
  /** A version that the plan states; it counts where it is higher than what the changes ask for. */
  readonly stated?: string | undefined
  /** Whether a version is out, or claimed, anywhere in the repository; without it none is. */
  readonly taken?: (version: string) => boolean
  /** What the line makes; stable versions where nothing is said. */
  readonly kind?: LineKind
  /** The highest version whose prereleases are behind the head. */
  readonly floor?: string | undefined
  /** What asks for a version beside the changes: releases that it depends on. */
  readonly also?: readonly Reason[]
}

/**
 * The version that a line of changes asks for.
 *
 * Changes that cancel each other out say nothing. Below 1.0.0 SemVer promises nothing (semver.org, item 4), so a
 * breaking change is a minor there unless `version.zero` says major; where it says shift, a feature is a patch. A stated version that is lower than what the
 * changes ask for is not this rule's business: its gate fails.
 *
 * @throws where `current` is no SemVer
 */
export function nextVersion(input: VersionInput): NextVersion {
  const { changes, current, config, stated, taken = never, kind, floor, also = [] } = input
  if (current !== null && !parse(current)) throw new Error(`the current version "${current}" is no SemVer`)
  const policy = config.version
  const left = withoutReverted(changes)
  const ofChanges = left.flatMap((change) => {
    const reason = reasonOf(change, current, config)
    return reason ? [reason] : []
  })
  const asking = [...ofChanges, ...also]
  const bump = strongest(asking)
  const made = bump && versionOnLine({ bump, current, policy, taken, kind, floor })
  const computed = made?.is === "version" ? made.version : null
  const because = asking.filter((reason) => reason.bump === bump)
  const misses = made?.is === "refused" ? made.because : made?.refused
  const [first] = because
  const refused: readonly Refused[] =
    misses === undefined ? [] : [{ what: `“${first?.subject ?? bump}”`, by: first?.sha ?? "", because: misses }]
  if (left.length > 0 && stated !== undefined && parse(stated) && isAbove(stated, computed ?? current)) {
    const strange = kind && misfit(stated, kind, current)
    if (strange === undefined) {
      const asked = current === null ? bump : bumpBetween(current, stated)
      return { current, next: stated, bump: asked, because, ...withRefused(refused) }
    }
    const all = [...refused, { what: stated, by: "the plan", because: strange }]
    return { current, next: computed, bump, because, ...withRefused(all) }
  }
  return { current, next: computed, bump, because, ...withRefused(refused) }
}

const withRefused = (refused: readonly Refused[]): Pick<NextVersion, "refused"> =>
  refused.length > 0 ? { refused } : {}

const never = () => false

/** What a change asks for under the policy, and its voice that says so: the title before the commits. */
function reasonOf(change: Change, current: string | null, config: Config): Reason | null {
  const { bump, voice } = ruleOf(change, config)
  if (bump === null) return null
  const speaks = voice?.said.asks ? voice : { sha: change.sha, subject: subjectOf(change) }
  return { sha: speaks.sha, subject: speaks.subject, bump: underPolicy(bump, current, config.version) }
}

function underPolicy(asks: Bump, current: string | null, policy: Config["version"]): Bump {
  if (major(current ?? policy.initial) > 0 || policy.zero === "major") return asks
  if (asks === "major") return "minor"
  return policy.zero === "shift" ? "patch" : asks
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
