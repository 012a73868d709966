import type { Change } from "./change.ts"
import type { Component } from "./component.ts"
import { type Division, type Place, placesOf } from "./component-places.ts"
import { type Base, changesOf, group, holds, type Ledger, placesIn, type Start, startOf } from "./ledger.ts"
import { own } from "./own.ts"

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

/** What is known of a ledger so far, for one list of components. */
interface Seen {
  readonly tracks: Map<string, Track>
  readonly sections: Map<string, Section>
}

const seen = new WeakMap<Ledger, Map<readonly Component[], Seen>>()

/**
 * What a component sees of a branch; undefined where it is not known yet where its changes begin.
 *
 * Its `head` is the newest landing that concerns it: a change of its own, of a component that it is linked with, or of
 * what decides about gates, or the last release of what it depends on. Merges that do not touch it leave it alone.
 */
export function trackOf(ledger: Ledger, division: Division, name: string): Track | undefined {
  const byList = seen.get(ledger) ?? new Map<readonly Component[], Seen>()
  seen.set(ledger, byList)
  const known: Seen = byList.get(division.components) ?? { tracks: new Map(), sections: new Map() }
  byList.set(division.components, known)
  const found = known.tracks.get(name) ?? makeTrack(ledger, division, name, known)
  if (found) known.tracks.set(name, found)
  return found
}

function makeTrack(ledger: Ledger, division: Division, name: string, known: Seen): Track | undefined {
  const component = division.components.find((one) => one.name === name)
  if (!component) return undefined
  if (name === "" && !ledger.starts)
    return { ledger, own: null, shared: new Set(), unknown: new Set(), decides: null, touched: new Map() }
  const start = own(ledger.starts, name)
  if (!start) return undefined
  const { starts, ...rest } = ledger
  const section = sectionFrom(ledger, division, startOf(start)?.sha, known)
  const concerning = [name, ...component.linked].flatMap((one) => section.of.get(one) ?? [])
  const landings = [...concerning, ...section.deciding].flatMap((id) => section.landings.get(id) ?? [])
  const others = [...component.dependsOn, ...component.linked].flatMap((one) => releasesOf(own(starts, one)))
  const head = section.newest([...landings, ...others]) ?? startOf(start)?.sha ?? ledger.head
  const passed = section.passed.get(name) ?? []
  return {
    ledger: { ...rest, ...start, commits: section.commits, pulls: section.pulls, head },
    own: new Set(section.of.get(name)),
    shared: passed.length === 0 ? section.shared : new Set([...section.shared, ...passed]),
    unknown: section.unknown,
    decides: section.decides,
    touched: section.touched,
  }
}

/** A ledger behind one commit: what all components that begin there have in common. */
interface Section extends Pick<Ledger, "commits" | "pulls">, Pick<Track, "shared" | "unknown" | "touched"> {
  readonly decides: ReadonlySet<string>
  /** Changes that touch configuration or plan, and are known to. */
  readonly deciding: readonly string[]
  /** By component: its changes. */
  readonly of: ReadonlyMap<string, readonly string[]>
  /** By component: changes on whose own branch a merge touches it. */
  readonly passed: ReadonlyMap<string, readonly string[]>
  /** By change: the commit that it landed with. */
  readonly landings: ReadonlyMap<string, string>
  /** The last of some commits, as far as they are of the section. */
  newest(shas: readonly string[]): string | undefined
}

function sectionFrom(ledger: Ledger, division: Division, start: string | undefined, { sections }: Seen): Section {
  const key = start !== undefined && placesIn(ledger.commits).has(start) ? start : ""
  const section = sections.get(key) ?? makeSection(ledger, division, start)
  sections.set(key, section)
  return section
}

function makeSection(ledger: Ledger, division: Division, start: string | undefined): Section {
  const gone = behind(ledger, start)
  const commits = ledger.commits.filter(({ sha }) => !gone.has(sha))
  const pulls = ledger.pulls.filter(({ mergeSha }) => !gone.has(mergeSha))
  const changes = group(commits, pulls)
  const places = [...placesOf(changes, division)]
  const idsOf = (is: (place: Place) => boolean) => places.flatMap(([id, place]) => (is(place) ? [id] : []))
  const at = placesIn(commits)
  return {
    commits,
    pulls,
    shared: new Set(idsOf(({ outside, decides }) => outside || decides)),
    unknown: new Set(idsOf(({ known }) => !known)),
    decides: new Set(idsOf(({ decides, known }) => decides || !known)),
    deciding: idsOf(({ decides }) => decides),
    touched: new Map(places.map(([id, { components }]) => [id, components])),
    of: byComponent(places, ({ components }) => components),
    passed: byComponent(places, ({ passed }) => passed),
    landings: new Map(changes.map(({ id, commits: own, sha }) => [id, own.at(-1)?.landing ?? sha])),
    newest: (shas) => commits[shas.reduce((last, sha) => Math.max(last, at.get(sha) ?? -1), -1)]?.sha,
  }
}

function byComponent(
  places: readonly (readonly [id: string, place: Place])[],
  named: (place: Place) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [id, place] of places)
    for (const name of named(place)) {
      const ids = found.get(name)
      if (ids) ids.push(id)
      else found.set(name, [id])
    }
  return found
}

/** The commits of the releases that a component's changes begin with: the last one, and prereleases since. */
const releasesOf = (start: Start | undefined): readonly string[] => [
  ...(start?.base ? [start.base.sha] : []),
  ...(start?.tags?.inside ?? []).flatMap(({ sha, landed }) => (landed ? [sha] : [])),
]

/**
 * The commits of a ledger that one of them reaches, itself among them. A commit that a push told of names no parents:
 * then all that landed before it counts as reached, since a release of ours was made at what was the head.
 */
function behind(ledger: Ledger, sha: string | undefined): ReadonlySet<string> {
  const places = placesIn(ledger.commits)
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
