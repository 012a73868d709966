import type { Change, Commit } from "./change.ts"
import type { Component } from "./component.ts"
import { type Base, changesOf, group, holds, isMergeCommit, type Ledger, type Start, startOf } from "./ledger.ts"
import { own } from "./own.ts"
import { matchesPath } from "./path-glob.ts"

/** What one component sees of a branch. */
export interface Track {
  /** A ledger like that of a branch with one component: it begins at the component's own last release. */
  readonly ledger: Ledger
  /** Changes of the ledger that count for the component, by id; null: all of them do. */
  readonly own: ReadonlySet<string> | null
  /**
   * Changes that lie outside all components, as a whole or in part, or that touch what decides about gates. What of them
   * is no component's own is in nobody's notes, but it ships with whatever is released: approvals cover it too.
   */
  readonly shared: ReadonlySet<string>
  /** Changes of which nobody told what they touched: they count for every component. */
  readonly unknown: ReadonlySet<string>
  /** Changes that touch the configuration or the plan, as far as that is told; null: nobody asks which. */
  readonly decides: ReadonlySet<string> | null
  /** By change: the components that it touches. */
  readonly touched: ReadonlyMap<string, readonly string[]>
}

/** What the tracks of a ledger depend on beside it. */
export interface Division {
  readonly components: readonly Component[]
  /** Paths that concern every component. */
  readonly shared: readonly string[]
}

const tracks = new WeakMap<Ledger, Map<readonly Component[], Map<string, Track>>>()

/**
 * What a component sees of a branch; undefined where it is not known yet where its changes begin.
 *
 * Its `head` is the newest landing that concerns it: a change of its own, of a component that it is linked with, or of
 * what decides about gates, or the last release of what it depends on. Merges that do not touch it leave it alone.
 */
export function trackOf(ledger: Ledger, division: Division, name: string): Track | undefined {
  const byList = tracks.get(ledger) ?? new Map<readonly Component[], Map<string, Track>>()
  tracks.set(ledger, byList)
  const byName = byList.get(division.components) ?? new Map<string, Track>()
  byList.set(division.components, byName)
  const found = byName.get(name) ?? makeTrack(ledger, division, name)
  if (found) byName.set(name, found)
  return found
}

function makeTrack(ledger: Ledger, division: Division, name: string): Track | undefined {
  const component = division.components.find((one) => one.name === name)
  if (!component) return undefined
  if (name === "" && !ledger.starts)
    return { ledger, own: null, shared: new Set(), unknown: new Set(), decides: null, touched: new Map() }
  const start = own(ledger.starts, name)
  if (!start) return undefined
  const { starts, ...rest } = ledger
  const gone = behind(ledger, startOf(start)?.sha)
  const commits = ledger.commits.filter(({ sha }) => !gone.has(sha))
  const seen: Ledger = { ...rest, ...start, commits, pulls: ledger.pulls.filter(({ mergeSha }) => !gone.has(mergeSha)) }
  const changes = group(commits, seen.pulls)
  const places = placed(changes, division)
  const idsOf = (is: (place: Place) => boolean) => new Set([...places].flatMap(([id, it]) => (is(it) ? [id] : [])))
  const mine = idsOf(({ components }) => components.includes(name))
  const concerning = idsOf(
    (it) => it.decides || it.components.some((one) => one === name || component.linked.includes(one)),
  )
  const others = [...component.dependsOn, ...component.linked].flatMap((one) => releasesOf(own(starts, one)))
  return {
    ledger: { ...seen, head: newest(seen, changes, concerning, others) },
    own: mine,
    shared: idsOf(({ outside, decides, passed }) => outside || decides || passed.includes(name)),
    unknown: idsOf(({ known }) => !known),
    decides: idsOf(({ decides, known }) => decides || !known),
    touched: new Map([...places].map(([id, it]) => [id, it.components])),
  }
}

/** The commits of the releases that a component's changes begin with: the last one, and prereleases since. */
const releasesOf = (start: Start | undefined): readonly string[] => [
  ...(start?.base ? [start.base.sha] : []),
  ...(start?.tags?.inside ?? []).flatMap(({ sha, landed }) => (landed ? [sha] : [])),
]

/** The last of the landings of some changes and of some commits; where the ledger begins when there are none. */
function newest(ledger: Ledger, changes: readonly Change[], ids: ReadonlySet<string>, shas: readonly string[]): string {
  const places = new Map(ledger.commits.map(({ sha }, at) => [sha, at]))
  const landings = changes.filter(({ id }) => ids.has(id)).map(({ commits, sha }) => commits.at(-1)?.landing ?? sha)
  const last = Math.max(-1, ...[...landings, ...shas].map((sha) => places.get(sha) ?? -1))
  return ledger.commits[last]?.sha ?? startOf(ledger)?.sha ?? ledger.head
}

interface Place {
  readonly components: readonly string[]
  readonly known: boolean
  /** It touches the configuration or the plan. */
  readonly decides: boolean
  /** It touches something that is no component's. */
  readonly outside: boolean
  /** Components that only merges on its own branch touch: what they bring is others', as far as they are what they say. */
  readonly passed: readonly string[]
}

/** A change that came with another one's merge has no commits of its own: it belongs where that one belongs. */
function placed(changes: readonly Change[], division: Division): ReadonlyMap<string, Place> {
  const carriers = new Map(changes.filter(({ commits }) => commits.length > 0).map((change) => [change.sha, change]))
  return new Map(changes.map((change) => [change.id, placeOf(carriers.get(change.sha) ?? change, division)]))
}

/**
 * A merge commit on the change's own branch brings what others did, so of those only the one at its end counts. But
 * anybody can call a commit a merge, and one can bring more than it merges: what the others touch is covered.
 */
function placeOf({ commits }: Change, division: Division): Place {
  const own = commits.filter((commit, at) => at === commits.length - 1 || !isMergeCommit(commit))
  const files = own.map((commit) => commit.files)
  const all = division.components.map(({ name }) => name)
  if (own.length === 0 || files.includes(undefined))
    return { components: all, known: false, decides: false, outside: true, passed: [] }
  const touched = own.map((commit) => touchedBy(commit, division))
  const merges = commits.filter((commit) => !own.includes(commit))
  const brought = merges.map((commit) => touchedBy(commit, division))
  return {
    components: all.filter((name) => touched.some((one) => one.components.has(name))),
    known: true,
    decides: [...touched, ...brought].some(({ decides }) => decides),
    outside: [...touched, ...brought].some(({ outside }) => outside) || touched.every((it) => it.components.size === 0),
    passed: merges.some((commit) => commit.files === undefined)
      ? all
      : all.filter((name) => brought.some((one) => one.components.has(name))),
  }
}

interface Touched {
  readonly components: ReadonlySet<string>
  readonly decides: boolean
  readonly outside: boolean
}

const touches = new WeakMap<readonly Component[], WeakMap<Commit, Touched>>()

function touchedBy(commit: Commit, { components, shared }: Division): Touched {
  const byCommit = touches.get(components) ?? new WeakMap<Commit, Touched>()
  touches.set(components, byCommit)
  const before = byCommit.get(commit)
  if (before) return before
  const files = commit.files ?? []
  const isAmong = (file: string, patterns: readonly string[]) => patterns.some((one) => matchesPath(file, one))
  const ownersOf = (file: string) => components.filter(({ paths }) => isAmong(file, paths))
  const owned = files.map((file) => ({ file, owners: ownersOf(file) }))
  const found = {
    components: new Set(owned.flatMap(({ owners }) => owners.map(({ name }) => name))),
    decides: files.some((file) => isAmong(file, shared)),
    // Where GitHub was asked by folder (`api/`) it told nothing of what lies in none of them.
    outside: owned.some(({ file, owners }) => owners.length === 0 && !isAmong(file, shared)),
  }
  byCommit.set(commit, found)
  return found
}

/**
 * The commits of a ledger that one of them reaches, itself among them. A commit that a push told of names no parents:
 * then all that landed before it counts as reached, since a release of ours was made at what was the head.
 */
function behind(ledger: Ledger, sha: string | undefined): ReadonlySet<string> {
  const places = new Map(ledger.commits.map((commit, at) => [commit.sha, at]))
  const reached = new Set<string>()
  const open = sha !== undefined && places.has(sha) ? [sha] : []
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    const at = places.get(next) ?? 0
    const { parents } = ledger.commits[at] ?? {}
    if (parents) open.push(...parents.filter((parent) => places.has(parent)))
    else for (const { sha: earlier } of ledger.commits.slice(0, at)) reached.add(earlier)
  }
  return reached
}

/**
 * The ledger from a component's release on: what is behind the starts of all components is left out. Null: the commit
 * is not on this branch.
 */
export function startComponentFrom(ledger: Ledger, component: string, base: Base): Ledger | null {
  const before = own(ledger.starts, component)
  const isHere = ledger.commits.some(({ sha }) => sha === base.sha) || (before && startOf(before)?.sha === base.sha)
  if (!isHere) return null
  const starts: { [name: string]: Start } = { ...ledger.starts, [component]: { base } }
  const gone = Object.values(starts).map((start) => behind(ledger, startOf(start)?.sha))
  const isGone = (sha: string) => gone.every((one) => one.has(sha))
  return {
    ...ledger,
    starts,
    commits: ledger.commits.filter(({ sha }) => !isGone(sha)),
    pulls: ledger.pulls.filter(({ mergeSha }) => !isGone(mergeSha)),
  }
}

/** `own`: what is released and noted; `covered`: also what lies outside all components; `all`: whatever landed. */
export type Which = "own" | "covered" | "all"

/**
 * The changes of a component from `after` (exclusive; undefined: from its last release) to `upTo` (inclusive). Empty
 * where a commit of another history is named.
 *
 * @param after the commit that they landed behind
 */
export function changesBetween(
  track: Track,
  which: Which,
  after: string | undefined,
  upTo: string | undefined,
): readonly Change[] {
  const known = between.get(track) ?? new Map<string, readonly Change[]>()
  between.set(track, known)
  const key = `${which} ${after ?? ""} ${upTo ?? ""}`
  const found = known.get(key) ?? findBetween(track, which, after, upTo)
  known.set(key, found)
  return found
}

/** A run asks for the same list for the version, the gates and the notes, and what they make of it goes by the list. */
const between = new WeakMap<Track, Map<string, readonly Change[]>>()

function findBetween(
  { ledger, own, shared }: Track,
  which: Which,
  after: string | undefined,
  upTo: string | undefined,
): readonly Change[] {
  if (upTo !== undefined && !holds(ledger, upTo)) return []
  const from = after !== undefined && holds(ledger, after) ? after : undefined
  const all = changesOf(ledger, from, upTo)
  if (own === null || which === "all") return all
  return all.filter(({ id }) => own.has(id) || (which === "covered" && shared.has(id)))
}

/** The changes from a commit (exclusive) to a later one (inclusive) that may have changed configuration or plan. */
export function decidingBetween(track: Track, after: string, upTo: string): readonly Change[] {
  if (!holds(track.ledger, after)) return []
  // History was read anew from another place: then any of them may have.
  const changes = changesBetween(
    track,
    "all",
    after,
    holds(track.ledger, upTo) ? upTo : track.ledger.commits.at(-1)?.sha,
  )
  return changes.filter(({ id }) => track.decides?.has(id) ?? true)
}
