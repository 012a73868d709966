import { satisfies, validRange } from "semver"
import type { Pull } from "../model/change.ts"
import type { Base, Ledger } from "../model/ledger.ts"
import { readAllCommits, readSince } from "./commits.ts"
import { asLanded, type Unplaced } from "./landing.ts"
import { readPulls } from "./pulls.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown } from "./reader.ts"
import { readVersionTags, type VersionTag } from "./tags.ts"

/** Tags of other lines (2.x seen from 1.x) are tried in vain, a request each; past this many something is wrong. */
const CANDIDATES_LIMIT = 50

interface Wanted {
  readonly branch: string
  readonly head: string
  /** Such as `v{version}`. */
  readonly template: string
  /** Pull requests that webhooks told of. */
  readonly known: readonly Pull[]
  /** Where the history that is known begins; undefined: nothing is known yet. */
  readonly start?: Base | null
  /** Whether a tag was made by Slipway. */
  readonly isOurs: (tag: VersionTag) => boolean
}

/**
 * Reads a branch's history back, completely: from the highest version tag that is an ancestor of the head, or from the
 * first commit. Whatever cannot be read makes the whole unknown: half a history would make a wrong version.
 */
export async function readHistory(reader: Reader, wanted: Wanted): Promise<Read<Ledger>> {
  const { branch, head } = wanted
  const tags = await readVersionTags(reader, wanted.template)
  if (tags.is === "unknown") return tags
  const start = await findBase(reader, branch, head, tags.value)
  if (start.is === "unknown") return start
  const { base } = start.value
  const vouched = vouchedFor(wanted, base)
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
  return read({ branch, base, ...foreign, head, commits, pulls: pulls.value, heads: [] })
}

/**
 * A tag that came later and that Slipway did not make moves the base, and with it versions and notes; but it asked no
 * gate. The commits behind it go on being read from where the known history begins. Undefined: nothing to go on from.
 */
function vouchedFor({ start, isOurs }: Wanted, base: Base | null): Base | null | undefined {
  if (start === undefined || base === null || start?.sha === base.sha || isOurs(base)) return undefined
  return start
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
  branch: string,
  head: string,
  tags: readonly VersionTag[],
): Promise<Read<Start>> {
  const candidates = likelyFirst(branch, tags)
  for (const { tag, version, sha } of candidates.slice(0, CANDIDATES_LIMIT)) {
    const base: Base = { tag, version, sha }
    const since = await readSince(reader, base, head)
    if (since.is === "unknown") return since
    if (since.is === "since") return read({ base, since: since.commits })
  }
  if (candidates.length <= CANDIDATES_LIMIT) return read({ base: null })
  return unknown(
    `none of the ${CANDIDATES_LIMIT} highest version tags is an ancestor of \`${branch}\`; ` +
      `tag the commit on \`${branch}\` that was last released, or check \`version.tag\` in .github/slipway.yml`,
  )
}

/** A branch called `1.x` has its releases in that range: these tags are tried before higher ones of other lines. */
export function likelyFirst(branch: string, tags: readonly VersionTag[]): readonly VersionTag[] {
  const range = /\d/.test(branch) ? validRange(branch.replace(/^[^\d]*/, "")) : null
  if (range === null) return tags
  const inRange = (tag: VersionTag) => satisfies(tag.version, range, { includePrerelease: true })
  return [...tags.filter(inRange), ...tags.filter((tag) => !inRange(tag))]
}
