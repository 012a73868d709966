import { compareBuild } from "semver"
import { basesFirst } from "../model/bases-first.ts"
import type { Pull } from "../model/change.ts"
import { isStable, knownTags } from "../model/known-tags.ts"
import type { Base, Ledger } from "../model/ledger.ts"
import type { LineKind } from "../model/line-kind.ts"
import { readAllCommits, readSince } from "./commits.ts"
import { asLanded, type Unplaced } from "./landing.ts"
import { readPulls } from "./pulls.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown } from "./reader.ts"
import { readVersionTags, type VersionTag } from "./tags.ts"

/** Tags of other lines (2.x seen from 1.x) are tried in vain, a request each; past this many something is wrong. */
export const CANDIDATES_LIMIT = 50

interface Wanted {
  readonly branch: string
  readonly head: string
  /** Such as `v{version}`. */
  readonly template: string
  /** Pull requests that webhooks told of. */
  readonly known: readonly Pull[]
  /** Where the history that is known begins; undefined: nothing is known yet. */
  readonly start?: Base | null
  /** What Slipway published: it stays out, though somebody moves or deletes its tag. */
  readonly released: readonly Base[]
  readonly kind: LineKind
}

/**
 * Reads a branch's history back, completely: from the highest stable version tag that is an ancestor of the head, or from
 * the first commit. Whatever cannot be read makes the whole unknown: half a history would make a wrong version.
 */
export async function readHistory(reader: Reader, wanted: Wanted): Promise<Read<Ledger>> {
  const { branch, head } = wanted
  const listed = await readVersionTags(reader, wanted.template)
  if (listed.is === "unknown") return listed
  const tags = standingTags(listed.value, wanted.released)
  const start = await findBase(reader, wanted, tags)
  if (start.is === "unknown") return start
  const { base } = start.value
  const vouched = vouchedFor(wanted.start, wanted.released, base, start.value.since)
  const all =
    vouched === undefined ? await sinceBase(reader, start.value, head) : await sinceVouched(reader, vouched, head)
  if (all.is === "unknown") return all
  const commits = asLanded(all.value, head)
  if (commits.length !== all.value.length)
    return unknown(
      `${all.value.length - commits.length} of GitHub's commits are not reachable from ${head.slice(0, 7)}`,
    )
  const pulls = await readPulls(reader, branch, commits, wanted.known)
  if (pulls.is === "unknown") return pulls
  const foreign = vouched === undefined ? {} : { vouched }
  const known = knownTags(tags, { base, commits, kind: wanted.kind })
  return read({ branch, base, ...foreign, head, commits, pulls: pulls.value, heads: [], tags: known })
}

/** A version tag, and whether Slipway made it. */
export type StandingTag = VersionTag & { readonly ours: boolean }

/** The version tags as they count: what Slipway published stands where it was published. The highest version first. */
export function standingTags(tags: readonly VersionTag[], released: readonly Base[]): readonly StandingTag[] {
  const ours = new Set(released.map(({ tag }) => tag))
  return [
    ...released.map((base) => ({ ...base, ours: true })),
    ...tags.filter(({ tag }) => !ours.has(tag)).map((tag) => ({ ...tag, ours: false })),
  ].sort((a, b) => compareBuild(b.version, a.version))
}

/**
 * A tag that came later and that Slipway did not make moves the base, and with it versions and notes; but it asked no
 * gate. The commits behind it go on being read from where the known history begins. Undefined: nothing to go on from, or
 * that lies behind the base anyway. Beside a stable release of Slipway's own it hides nothing; beside a prerelease it
 * would, since a channel may have gates of its own.
 */
export function vouchedFor(
  start: Base | null | undefined,
  released: readonly Base[],
  base: Base | null,
  since: readonly Unplaced[] | undefined,
): Base | null | undefined {
  const isOurs = released.some(({ sha, version }) => sha === base?.sha && isStable(version))
  if (start === undefined || base === null || start?.sha === base.sha || isOurs) return undefined
  return start && since?.some(({ sha }) => sha === start.sha) ? undefined : start
}

const sinceBase = async (reader: Reader, { since }: Start, head: string): Promise<Read<readonly Unplaced[]>> =>
  since ? read(since) : await readAllCommits(reader, head)

/** Where history was rewritten and the start is no ancestor any more, everything is read: nothing is taken on trust. */
async function sinceVouched(reader: Reader, vouched: Base | null, head: string): Promise<Read<readonly Unplaced[]>> {
  const since = vouched ? await readSince(reader, vouched, head) : undefined
  if (since?.is === "unknown") return since
  return since?.is === "since" ? read(since.commits) : await readAllCommits(reader, head)
}

interface Start {
  readonly base: Base | null
  /** What the comparison with the base has told already. */
  readonly since?: readonly Unplaced[]
}

async function findBase(
  reader: Reader,
  { branch, head, kind }: Wanted,
  tags: readonly VersionTag[],
): Promise<Read<Start>> {
  const candidates = basesFirst(branch, kind, tags)
  for (const { tag, version, sha } of candidates.slice(0, CANDIDATES_LIMIT)) {
    const base: Base = { tag, version, sha }
    const since = await readSince(reader, base, head)
    if (since.is === "unknown") return since
    if (since.is === "since") return read({ base, since: since.commits })
  }
  return candidates.length > CANDIDATES_LIMIT ? unknown(noneBehind(branch)) : read({ base: null })
}

export const noneBehind = (branch: string): string =>
  `none of the ${CANDIDATES_LIMIT} highest version tags is an ancestor of \`${branch}\`; ` +
  `tag the commit on \`${branch}\` that was last released, or check \`version.tag\` in .github/slipway.yml`
