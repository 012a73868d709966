import { gt, inc, lt, major, minor, minVersion, satisfies } from "semver"
import type { Config } from "../model/config.ts"
import { type LineKind, STABLE } from "../model/line-kind.ts"
import type { Bump } from "../model/version.ts"

export interface OnLine {
  readonly bump: Bump
  /** The last release of the line; null before the first. */
  readonly current: string | null
  readonly policy: Config["version"]
  /** Whether a version is out, or claimed, anywhere in the repository. */
  readonly taken: (version: string) => boolean
  /** What the line makes; stable versions where nothing is said. */
  readonly kind?: LineKind | undefined
  /** The highest version whose prereleases are behind the head: nothing below it can come out any more. */
  readonly floor?: string | undefined
}

export type VersionOnLine =
  /** `refused`: the line does not make what the changes ask for, and why; `version` is the most that it makes. */
  | { readonly is: "version"; readonly version: string; readonly refused?: string }
  | { readonly is: "refused"; readonly because: string }

/** Others' versions that are stepped over before somebody has to look. */
const STEPS = 1_000

const SMALLER: { readonly [B in Bump]: readonly Bump[] } = {
  major: ["minor", "patch"],
  minor: ["patch"],
  patch: [],
}

/**
 * The number that a bump makes on a line: the next one that is free. A prerelease is promoted as `semver.inc` does it:
 * 2.0.0-rc.1 and a feature make 2.0.0. The first release is `policy.initial`, or where the range of a maintenance branch
 * begins.
 */
export function versionOnLine(on: OnLine): VersionOnLine {
  const { bump, current, kind = STABLE } = on
  const asked = nextFree(on, bump)
  if (asked === null) return { is: "refused", because: `no ${bump} version that is free follows ${current}` }
  const refused = misfit(asked, kind, current)
  if (refused === undefined) return { is: "version", version: asked }
  for (const smaller of SMALLER[bump]) {
    const version = nextFree(on, smaller)
    if (version !== null && misfit(version, kind, current) === undefined) return { is: "version", version, refused }
  }
  return { is: "refused", because: refused }
}

/** Why a line does not make a version, and what to do about it; undefined: it makes it. */
export function misfit(version: string, kind: LineKind, current: string | null): string | undefined {
  if (kind.is === "maintenance" && !satisfies(version, kind.range, { includePrerelease: true }))
    return `${version} is outside ${kind.range}, the range of this branch; release it from another one, or take off what asks for it`
  if (kind.is !== "hotfix") return undefined
  if (current === null) return "no released tag is behind this hotfix branch; make it from the tag that it mends"
  if (major(version) === major(current) && minor(version) === minor(current)) return undefined
  return `${version} is no patch of ${current}, and a hotfix branch makes nothing else; release it from another branch, or take off what asks for it`
}

function nextFree({ current, policy, taken, kind = STABLE, floor }: OnLine, bump: Bump): string | null {
  let version = current === null ? first(policy.initial, kind) : inc(current, bump)
  if (version !== null && floor !== undefined && lt(version, floor)) version = floor
  for (let step = 0; version !== null && taken(version); step++) {
    if (step === STEPS) return null
    version = inc(version, bump)
  }
  return version
}

function first(initial: string, kind: LineKind): string {
  const least = kind.is === "maintenance" ? minVersion(kind.range)?.version : undefined
  return least !== undefined && gt(least, initial) ? least : initial
}
