import type { Change, Commit, PullSays } from "../model/change.ts"
import { firstLine } from "./classify.ts"
import { bare, SHORT, type Undoing, undoingOf } from "./undoing.ts"
import { isBareMerge } from "./voices.ts"

/** Where a commit stands among the changes of a release. */
interface Place {
  readonly commit: Commit
  readonly change: Change
  readonly order: number
}

/**
 * Leaves out what is taken back before it was ever released, and what takes it back. A revert of something released
 * stays: it is a change of its own. A revert of a revert gives the original back.
 *
 * A commit's message names what it takes back (undoing.ts), or the description of the pull request that it came with;
 * only where nothing is named does the quoted first line decide.
 */
export function withoutReverted(changes: readonly Change[]): readonly Change[] {
  const known = left.get(changes)
  if (known) return known
  const found = leftOf(changes)
  left.set(changes, found)
  return found
}

/** The version and the notes ask about the same list. */
const left = new WeakMap<readonly Change[], readonly Change[]>()

function leftOf(changes: readonly Change[]): readonly Change[] {
  const reverts = revertsAmong(changes)
  if (reverts.length === 0) return changes

  const places = changes.flatMap((change) => change.commits.map((commit) => ({ commit, change })))
  const index = indexOf(places.map((place, order) => ({ ...place, order })))
  const gone = new Set<Commit>()
  for (const revert of reverts.reverse()) {
    if (gone.has(revert.commit)) continue
    const { found, whole } = targets(revert.undoing, revert, index, gone)
    for (const commit of found) gone.add(commit)
    if (whole) gone.add(revert.commit)
  }
  return gone.size === 0 ? changes : changes.flatMap((change) => remaining(change, gone))
}

/** What each commit of a change takes back, as far as it says so. */
export const undoingsIn = (change: Change): readonly Undoing[] =>
  change.commits.flatMap((commit) => undoingIn(commit, change) ?? [])

/** Most releases take nothing back, and are looked through without a place for each commit. */
function revertsAmong(changes: readonly Change[]): (Place & { readonly undoing: Undoing })[] {
  const reverts: (Place & { readonly undoing: Undoing })[] = []
  let order = 0
  for (const change of changes)
    for (const commit of change.commits) {
      const undoing = undoingIn(commit, change)
      if (undoing) reverts.push({ commit, change, order, undoing })
      order += 1
    }
  return reverts
}

/** An override stands in the place of all that the commits say, what they take back included. */
function undoingIn(commit: Commit, { sha, pull }: Change): Undoing | null {
  const { override, reverts = [] } = pull?.says ?? SILENT
  if (override !== undefined && commit.sha !== sha) return null
  const undoing = undoingOf(override ?? commit.message)
  return undoing && { ...undoing, pulls: [...undoing.pulls, ...reverts] }
}

const SILENT: PullSays = {}

/** A change of which nothing is left that speaks is gone, with its title. */
function remaining(change: Change, gone: ReadonlySet<Commit>): readonly Change[] {
  if (!change.commits.some((commit) => gone.has(commit))) return [change]
  const commits = change.commits.filter((commit) => !gone.has(commit))
  return commits.every(isBareMerge) ? [] : [{ ...change, commits }]
}

interface Index {
  readonly byShort: ReadonlyMap<string, readonly Place[]>
  /** Grows shorter as it is used. */
  readonly byHeader: ReadonlyMap<string, Place[]>
  readonly byPull: ReadonlyMap<number, Place>
}

function indexOf(places: readonly Place[]): Index {
  return {
    byShort: Map.groupBy(places, (place) => place.commit.sha.slice(0, SHORT).toLowerCase()),
    byHeader: Map.groupBy(places, (place) => bare(firstLine(place.commit.message))),
    byPull: new Map(places.flatMap((place) => (place.change.pull ? [[place.change.pull.number, place]] : []))),
  }
}

/**
 * What is named and still there. `whole`: everything that is named was found, so nothing released is taken back; else
 * the revert stands for itself. What a SHA or a number names is older by nature, a quoted line has to be.
 */
function targets(undoing: Undoing, revert: Place, index: Index, gone: ReadonlySet<Commit>) {
  const there = (place: Place | undefined): place is Place =>
    place !== undefined && place.commit !== revert.commit && !gone.has(place.commit)
  const shas = undoing.shas.map((sha) => {
    const place = index.byShort.get(sha.slice(0, SHORT))?.find(({ commit }) => commit.sha.toLowerCase().startsWith(sha))
    return there(place) ? meant(place) : []
  })
  const pulls = undoing.pulls.map((number) => {
    const place = index.byPull.get(number)
    return there(place) ? place.change.commits : []
  })
  const older = (place: Place) => there(place) && place.order < revert.order
  // A revert on the branch names a SHA that a squash left behind: then the number of the pull request tells.
  const byName = [shas, pulls].filter((names) => names.length > 0)
  const named = byName.find(isWhole) ?? byName[0] ?? [byHeader(undoing.header, index, older)]
  return { found: named.flat(), whole: isWhole(named) }
}

const isWhole = (named: readonly (readonly Commit[])[]): boolean => named.every((commits) => commits.length > 0)

/** To take back a merge commit is to take back all that it brought. */
const meant = (place: Place): readonly Commit[] =>
  isBareMerge(place.commit) && place.commit.sha === place.change.sha ? place.change.commits : [place.commit]

function byHeader(header: string | null, index: Index, usable: (place: Place) => boolean): readonly Commit[] {
  if (header === null) return []
  const places = index.byHeader.get(bare(header)) ?? []
  // Reverts are looked at newest first: what cannot be meant by this one cannot be meant by an older one either.
  for (let place = places.at(-1); place && !usable(place); place = places.at(-1)) places.pop()
  const place = places.at(-1)
  return place ? [place.commit] : []
}
