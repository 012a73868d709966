import { compareBuild, gt, major, minor, prerelease } from "semver"
import type { Commit } from "./change.ts"
import { hashOf } from "./hash.ts"
import type { Base } from "./ledger.ts"
import type { LineKind } from "./line-kind.ts"

/** A version tag behind the head of a branch, after the release that its ledger starts from. */
export interface Mark extends Base {
  /** Slipway made it: its gates were asked. */
  readonly ours: boolean
  /** It stands on a head that the branch had, not on a commit that a merge brought: history divides there. */
  readonly landed: boolean
}

/** The repository's version tags, as far as they decide about the next version of one branch. */
export interface KnownTags {
  /** Oldest first, as they landed: prereleases as a rule. */
  readonly inside: readonly Mark[]
  /** On no commit of the branch, above its base: their versions are taken. */
  readonly outside: readonly Outside[]
  /** The highest stable version of the repository, whatever branch it is on. */
  readonly highest: string | null
}

type Outside = Pick<Base, "version" | "sha">

/** Of 12,000 tags a few decide: those that the next bumps could meet are kept before others. */
const OUTSIDE_KEPT = 300

export const isStable = (version: string): boolean => prerelease(version) === null

/** The prerelease identifier of a version, `rc` of 2.0.0-rc.1; undefined: it is stable, or its prerelease is a number. */
export function channelOf(version: string): string | undefined {
  const [identifier] = prerelease(version) ?? []
  return typeof identifier === "string" ? identifier : undefined
}

/** Sorts version tags into what a branch has to know of them. */
export function knownTags(
  tags: readonly (Base & { readonly ours?: boolean })[],
  { base, commits, kind }: { base: Base | null; commits: readonly Commit[]; kind: LineKind },
): KnownTags {
  const above = tags.filter(({ version, tag }) => tag !== base?.tag && (base === null || gt(version, base.version)))
  const place = placesOf(new Set(above.map(({ sha }) => sha)), commits)
  if (base && !place.has(base.sha)) place.set(base.sha, { at: -1, landed: true })
  const at = (sha: string): number => place.get(sha)?.at ?? 0
  const inside = above
    .filter(({ sha }) => place.has(sha))
    .sort((a, b) => at(a.sha) - at(b.sha) || compareBuild(a.version, b.version))
    .map(({ tag, version, sha, ours = false }) => ({
      tag,
      version,
      sha,
      ours,
      landed: place.get(sha)?.landed === true,
    }))
  const outside = above.filter(({ sha, version }) => !place.has(sha) && concerns(kind, version))
  const stable = tags.map(({ version }) => version).filter(isStable)
  return {
    inside,
    outside: nearest(outside, base),
    highest: stable.reduce<string | null>((most, one) => (most === null || gt(one, most) ? one : most), null),
  }
}

/** Where some commits stand among many; those of the branch that bear a tag are few. */
function placesOf(shas: ReadonlySet<string>, commits: readonly Commit[]): Map<string, { at: number; landed: boolean }> {
  const places = new Map<string, { at: number; landed: boolean }>()
  if (shas.size === 0) return places
  for (const [at, { sha, landing }] of commits.entries())
    if (shas.has(sha)) places.set(sha, { at, landed: landing === sha })
  return places
}

/** A version that came out on another branch. */
export function withOutside(tags: KnownTags, base: Base | null, kind: LineKind, one: Base): KnownTags {
  const { highest, outside } = tags
  const isHighest = isStable(one.version) && (highest === null || gt(one.version, highest))
  const news = concerns(kind, one.version) && (base === null || gt(one.version, base.version))
  return {
    ...tags,
    highest: isHighest ? one.version : highest,
    outside: news ? nearest([...outside.filter(({ version }) => version !== one.version), one], base) : outside,
  }
}

/** A stable line never meets a prerelease, a channel only its own. */
function concerns(kind: LineKind, version: string): boolean {
  return isStable(version) || (kind.is === "channel" && channelOf(version) === kind.channel)
}

function nearest(outside: readonly Outside[], base: Base | null): readonly Outside[] {
  const from = base?.version ?? "0.0.0"
  const distance = ({ version }: Outside): number => {
    if (major(version) !== major(from)) return minor(version) === 0 ? 2 : 3
    return minor(version) === minor(from) ? 0 : 1
  }
  const kept = [...outside].sort((a, b) => distance(a) - distance(b) || compareBuild(a.version, b.version))
  return kept
    .slice(0, OUTSIDE_KEPT)
    .map(({ version, sha }) => ({ version, sha }))
    .sort((a, b) => compareBuild(a.version, b.version))
}

/** What is left to know of the tags when the ledger starts from a later release. */
export function tagsFrom({ inside, outside, highest }: KnownTags, base: Base, commits: readonly Commit[]): KnownTags {
  const left = new Set([base.sha, ...commits.map(({ sha }) => sha)])
  const isHighest = isStable(base.version) && (highest === null || gt(base.version, highest))
  return {
    inside: inside.filter(({ sha, version }) => left.has(sha) && gt(version, base.version)),
    outside: outside.filter(({ version }) => gt(version, base.version)),
    highest: isHighest ? base.version : highest,
  }
}

/** A prerelease of ours came out on the branch: the ledger goes on from where it started, and knows it. */
export function withMark(tags: KnownTags | undefined, { tag, version, sha }: Base): KnownTags {
  const { inside, outside, highest } = tags ?? { inside: [], outside: [], highest: null }
  const mark: Mark = { tag, version, sha, ours: true, landed: true }
  return { inside: [...inside.filter((one) => one.tag !== tag), mark], outside, highest }
}

/** Whether two readings of the tags say the same. */
export const sameTags = (a: KnownTags | undefined, b: KnownTags): boolean => a !== undefined && hashOf(a) === hashOf(b)
