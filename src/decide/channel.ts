import { compareBuild, gt, parse, prerelease } from "semver"
import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import { channelOf, isStable } from "../model/known-tags.ts"
import type { Base } from "../model/ledger.ts"
import type { NextVersion, Reason } from "../model/version.ts"
import { coreOf } from "./core.ts"
import { nextVersion } from "./version.ts"

export interface OnChannel {
  /** The prerelease identifier: `rc`. */
  readonly channel: string
  /** The last stable release that is behind the head; null: there is none. */
  readonly base: Base | null
  /** Prereleases that are behind the head, of any channel. */
  readonly marks: readonly Base[]
  /** The last release of the channel, or where it has none yet, `base`. */
  readonly previous: Base | null
  /** What landed after a commit; undefined: since `base`. */
  readonly since: (sha: string | undefined) => readonly Change[]
  /** Every version that is out or claimed. */
  readonly known: readonly string[]
  readonly config: Config
  readonly stated?: string | undefined
  /** What asks for a release beside the changes since `previous`: releases that it depends on. */
  readonly also?: readonly Reason[]
  /** The stable version that the components which it is linked with come to together with it; null: it stands alone. */
  readonly group?: string | null
}

/**
 * The next prerelease of a channel, `2.0.0-rc.3`. What comes before the hyphen is what all changes since the last
 * **stable** release ask for: a larger one makes it grow (1.5.0-rc.3 → 2.0.0-rc.1), and it never falls below a prerelease
 * that is out, which SemVer would sort above it (semver.org, item 11). Whether anything is to be released at all, what
 * landed since the last release of the channel says.
 *
 * Where the stable version of a prerelease behind the head is out already (promoted on another branch, and not merged
 * back), what landed up to that prerelease is in it: it counts as the last stable release.
 */
export function nextOnChannel(on: OnChannel): NextVersion {
  const { channel, previous, since, known, config, stated, also = [], group = null } = on
  const out = stableIn(known)
  const start = channelStart(on, known)
  const from = start?.version ?? null
  const current = previous?.version ?? null
  const fresh = nextVersion({ changes: since(previous?.sha), current: from, config, stated: stableOf(stated), also })
  if (fresh.next === null) return { ...fresh, current }
  const changes = since(start === on.base ? undefined : start?.sha)
  const taken = (version: string) => out.has(version)
  const whole = nextVersion({ changes, current: from, config, stated: stableOf(stated), taken, also })
  const together = group === null || out.has(group) ? [] : [group]
  const core = highest([coreOf(whole.next ?? fresh.next), ...unreleasedCores(on, out), ...together])
  const next = `${core}-${channel}.${counter(core, channel, known) + 1}`
  const asked = stated !== undefined && channelOf(stated) === channel && gt(stated, next) ? stated : next
  const refused = [...(whole.refused ?? []), ...otherChannel(stated, channel)]
  return { ...fresh, current, next: asked, ...(refused.length > 0 ? { refused } : {}) }
}

const stableIn = (known: readonly string[]): ReadonlySet<string> => new Set(known.filter(isStable).map(coreOf))

/** The stable release that a channel counts from; null: there is none. */
export const channelStart = (on: Pick<OnChannel, "base" | "marks">, known: readonly string[]): Base | null =>
  promoted(on, stableIn(known)) ?? on.base

/** A plan for `2.0.0` speaks of its prereleases as well. */
const stableOf = (stated: string | undefined): string | undefined =>
  stated !== undefined && parse(stated) && isStable(stated) ? stated : undefined

function otherChannel(stated: string | undefined, channel: string): NonNullable<NextVersion["refused"]> {
  if (stated === undefined || !parse(stated) || isStable(stated) || channelOf(stated) === channel) return []
  return [{ what: stated, by: "the plan", because: `this branch makes prereleases called \`${channel}\` only` }]
}

/** The newest prerelease behind the head whose stable version is out, as that version. */
function promoted({ marks, base }: Pick<OnChannel, "base" | "marks">, out: ReadonlySet<string>): Base | undefined {
  const mark = marks
    .filter(({ version }) => out.has(coreOf(version)) && (base === null || gt(coreOf(version), base.version)))
    .sort((a, b) => compareBuild(a.version, b.version))
    .at(-1)
  return mark && { ...mark, version: coreOf(mark.version) }
}

const unreleasedCores = ({ marks }: OnChannel, out: ReadonlySet<string>): readonly string[] =>
  marks.map(({ version }) => coreOf(version)).filter((core) => !out.has(core))

const highest = (cores: readonly [string, ...string[]]): string =>
  cores.reduce((most, core) => (gt(core, most) ? core : most))

/** The highest counter in use; 0: none is. `2.0.0-rc` without one stands before all of them. */
function counter(core: string, channel: string, known: readonly string[]): number {
  const used = known.flatMap((version) => {
    const [identifier, number] = prerelease(version) ?? []
    return identifier === channel && coreOf(version) === core && typeof number === "number" ? [number] : []
  })
  return Math.max(0, ...used)
}
