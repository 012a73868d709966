import { basesFirst } from "../model/bases-first.ts"
import type { Pull } from "../model/change.ts"
import type { Component } from "../model/component.ts"
import { knownTags } from "../model/known-tags.ts"
import { type Base, type Ledger, type Start, startOf } from "../model/ledger.ts"
import type { LineKind } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import { readAllCommits, readSince } from "./commits.ts"
import { CANDIDATES_LIMIT, noneBehind, type StandingTag, standingTags, vouchedFor } from "./history.ts"
import { asLanded, type Unplaced } from "./landing.ts"
import { readPulls } from "./pulls.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown } from "./reader.ts"
import { readTags, versionTags } from "./tags.ts"

interface Wanted {
  readonly branch: string
  readonly head: string
  readonly components: readonly Component[]
  /** Pull requests that webhooks told of. */
  readonly known: readonly Pull[]
  /** The history that is known. */
  readonly before: Ledger | undefined
  readonly released: readonly Base[]
  readonly kind: LineKind
}

/**
 * Reads back the history of a branch of several components: each begins at its own last release, by its own tags, and
 * the ledger goes back to the oldest of them. One that was never released begins with the first commit.
 */
export async function readComponentHistory(reader: Reader, wanted: Wanted): Promise<Read<Ledger>> {
  const { branch, head, components, kind } = wanted
  const listed = await readTags(reader)
  if (listed.is === "unknown") return listed
  const gathered = createGathered(reader, head)
  const starts: { [name: string]: Start } = {}
  for (const { name, tag } of components) {
    const tags = standingTags(
      versionTags(listed.value, tag),
      wanted.released.filter((one) => isOf(one, tag)),
    )
    const start = await startOfComponent(wanted, gathered, name, tags)
    if (start.is === "unknown") return start
    starts[name] = start.value
  }
  for (const start of Object.values(starts)) {
    const since = await gathered.since(startOf(start))
    // History was rewritten under it: nothing is taken on trust.
    const whole = since.is === "read" && since.value === "elsewhere" ? await gathered.since(null) : since
    if (whole.is === "unknown") return whole
  }
  const all = gathered.all()
  const commits = asLanded(all, head)
  if (commits.length !== all.length)
    return unknown(`${all.length - commits.length} of GitHub's commits are not reachable from ${head.slice(0, 7)}`)
  const pulls = await readPulls(reader, branch, commits, wanted.known)
  if (pulls.is === "unknown") return pulls
  for (const { name, tag } of components) {
    const tags = standingTags(
      versionTags(listed.value, tag),
      wanted.released.filter((one) => isOf(one, tag)),
    )
    const start = starts[name] as Start
    starts[name] = { ...start, tags: knownTags(tags, { base: start.base, commits, kind }) }
  }
  return read({ branch, base: null, starts, head, commits, pulls: pulls.value, heads: [] })
}

/** Whether a release of ours is of the component with that template for its tags. */
const isOf = (one: Base, template: string): boolean => versionTags([one], template).length > 0

async function startOfComponent(
  { branch, before, released, kind }: Wanted,
  gathered: Gathered,
  name: string,
  tags: readonly StandingTag[],
): Promise<Read<Start>> {
  const candidates = basesFirst(branch, kind, tags)
  for (const { tag, version, sha } of candidates.slice(0, CANDIDATES_LIMIT)) {
    const base: Base = { tag, version, sha }
    const since = await gathered.since(base)
    if (since.is === "unknown") return since
    if (since.value === "elsewhere") continue
    const vouched = vouchedFor(knownStart(before, name), released, base, since.value)
    return read({ base, ...(vouched === undefined ? {} : { vouched }) })
  }
  return candidates.length > CANDIDATES_LIMIT ? unknown(noneBehind(branch)) : read({ base: null })
}

/**
 * Where the known history of a component begins. Of one that is new where the oldest of the others does: a tag that
 * came since Slipway looks after the branch asked no gate, an older one was there before. Undefined: nothing is known.
 */
function knownStart(before: Ledger | undefined, name: string): Base | null | undefined {
  if (!before) return undefined
  if (!before.starts) return startOf(before)
  const start = own(before.starts, name)
  if (start) return startOf(start)
  const at = ({ sha }: Base) => before.commits.findIndex((commit) => commit.sha === sha)
  const others = Object.values(before.starts).flatMap((one) => startOf(one) ?? [])
  return others.sort((a, b) => at(a) - at(b))[0]
}

interface Gathered {
  /** The commits that a base does not reach; what was read for other components is not read again. */
  since(base: Base | null): Promise<Read<readonly Unplaced[] | "elsewhere">>
  all(): readonly Unplaced[]
}

function createGathered(reader: Reader, head: string): Gathered {
  const commits = new Map<string, Unplaced>()
  /** Bases whose commits have been read whole. */
  const bases = new Set<string>()
  let everything = false
  const take = (list: readonly Unplaced[]) => {
    for (const commit of list) commits.set(commit.sha, commit)
    return read(list)
  }
  return {
    async since(base) {
      if (base === null) {
        if (everything) return read([...commits.values()])
        const whole = await readAllCommits(reader, head)
        if (whole.is === "read") everything = true
        return whole.is === "unknown" ? whole : take(whole.value)
      }
      const known = sinceKnown(commits, base.sha, everything ? null : bases)
      if (known) return read(known)
      const since = await readSince(reader, base, head)
      if (since.is === "unknown") return since
      if (since.is === "elsewhere") return read("elsewhere")
      bases.add(base.sha)
      return take(since.commits)
    },
    all: () => [...commits.values()],
  }
}

/**
 * The commits that a base does not reach, from what was read: exact where the base reaches a base whose commits were
 * read, since what lies behind that one it reaches too; `null`: everything was read. Undefined: GitHub has to be asked.
 */
function sinceKnown(
  commits: ReadonlyMap<string, Unplaced>,
  base: string,
  bases: ReadonlySet<string> | null,
): readonly Unplaced[] | undefined {
  const isRead = bases?.has(base) === true
  if (!isRead && !commits.has(base)) return undefined
  const { reached, beyond } = reach(commits, base)
  const isExact = isRead || bases === null || [...bases].some((one) => reached.has(one) || beyond.has(one))
  if (!isExact) return undefined
  return [...commits.values()].filter(({ sha }) => !reached.has(sha))
}

/** What a commit reaches among those that were read, and the first ones beyond them. */
function reach(commits: ReadonlyMap<string, Unplaced>, from: string) {
  const reached = new Set<string>()
  const beyond = new Set<string>()
  const open = [from]
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    const commit = commits.get(sha)
    if (!commit) beyond.add(sha)
    else if (!reached.has(sha)) {
      reached.add(sha)
      open.push(...commit.parents)
    }
  }
  return { reached, beyond }
}
