import { major, parse } from "semver"
import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { LineKind } from "../model/line-kind.ts"
import type { Bump, NextVersion, Reason } from "../model/version.ts"
import { strength } from "./classify.ts"
import { withoutReverted } from "./classify-reverts.ts"
import { ruleOf, saidByEach } from "./rules.ts"
import { type Ask, bumpBetween, plannedIn, refusedIn, releaseAs, type Sized, unsettled } from "./stated-version.ts"
import { statementsOf } from "./statements.ts"
import { versionOnLine } from "./version-on-line.ts"
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
 * breaking change is a minor there unless `version.zero` says major; where it says shift, a feature is a patch.
 *
 * What people state comes before what is computed: the plan's version, else the newest `Release-As`, else
 * `slipway: major|minor|patch|skip` of each change. A statement that cannot be followed is in `refused` with the reason,
 * unless a later one settles it: it would be lower than what is out or than what the changes require, or it is taken. A
 * plan's version that is lower is not this rule's business: its gate fails.
 *
 * @throws where `current` is no SemVer
 */
export function nextVersion(input: VersionInput): NextVersion {
  const { changes, current, config, taken = never, kind, floor, also = [] } = input
  if (current !== null && !parse(current)) throw new Error(`the current version "${current}" is no SemVer`)
  const beyondZero = major(current ?? config.version.initial) > 0
  const left = withoutReverted(changes)
  const said = saidByEach(left, config)
  const sized = left.map((change, at) => sizeOf(change, said[at], beyondZero, config))
  const asking = sized.map(({ reason }) => reason).filter((reason) => reason !== null)
  asking.push(...also)
  const bump = strongest(asking)
  const made = bump && versionOnLine({ bump, current, policy: config.version, taken, kind, floor })
  const computed = made?.is === "version" ? made.version : null
  const because = asking.filter((reason) => reason.bump === bump)
  const misses = made?.is === "refused" ? made.because : made?.refused
  const first = because[0]
  const missed =
    misses === undefined ? [] : [{ what: `“${first?.subject ?? bump}”`, by: first?.sha ?? "", because: misses }]
  const ask: Ask = { ...input, taken, computed, first }
  const released = releaseAs(sized, ask)
  const planned = sized.length === 0 ? null : plannedIn(input.stated, ask)
  const refused = [...missed, ...(planned?.is === "stands" ? [] : unsettled(sized, released)), ...refusedIn(planned)]
  const stands = planned?.is === "stands" ? planned : released?.is === "stands" ? released : undefined
  return {
    current,
    next: stands?.version ?? computed,
    bump: stands && current !== null ? bumpBetween(current, stands.version) : (bump ?? stands?.bump ?? null),
    because: stands?.reason ? [stands.reason] : because,
    ...(refused.length > 0 ? { refused } : {}),
  }
}

const never = () => false
const NONE: Sized["refused"] = []

type Said = Parameters<typeof ruleOf>[2]

function sizeOf(change: Change, said: Said, beyondZero: boolean, config: Config): Sized {
  const own = reasonOf(change, said, beyondZero, config)
  const stated = statementsOf(change)
  if (!stated) return { change, reason: own, forced: false, refused: NONE, version: undefined }
  const { bump, version, senseless } = stated
  if (!bump) return { change, reason: own, forced: false, refused: senseless, version }
  if (bump.states === "skip") return { change, reason: null, forced: true, refused: senseless, version }
  if (own && strength(own.bump) > strength(bump.states)) {
    const because = `“${own.subject}” asks for ${own.bump}; put the title right or write an override into the description, or take the statement back`
    return {
      change,
      reason: own,
      forced: false,
      refused: [...senseless, { what: bump.what, by: bump.by, because }],
      version,
    }
  }
  const reason = { sha: change.sha, subject: subjectOf(change), bump: bump.states }
  return { change, reason, forced: true, refused: senseless, version }
}

/** What a change asks for under the policy, and its voice that says so: the title before the commits. */
function reasonOf(change: Change, said: Said, beyondZero: boolean, config: Config): Reason | null {
  const { bump, voice } = ruleOf(change, config, said)
  if (bump === null) return null
  const speaks = voice?.said.asks ? voice : { sha: change.sha, subject: subjectOf(change) }
  return { sha: speaks.sha, subject: speaks.subject, bump: underPolicy(bump, beyondZero, config.version) }
}

function underPolicy(asks: Bump, beyondZero: boolean, policy: Config["version"]): Bump {
  if (beyondZero || policy.zero === "major") return asks
  if (asks === "major") return "minor"
  return policy.zero === "shift" ? "patch" : asks
}

const strongest = (reasons: readonly Reason[]): Bump | null =>
  reasons.reduce<Bump | null>((most, { bump }) => (strength(bump) > strength(most) ? bump : most), null)
