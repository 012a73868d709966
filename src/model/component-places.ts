import type { Change, Commit } from "./change.ts"
import type { Component } from "./component.ts"
import { isMergeCommit } from "./ledger.ts"
import { matchesPath } from "./path-glob.ts"

/** What decides where a change belongs. */
export interface Division {
  readonly components: readonly Component[]
  /** Paths that concern every component. */
  readonly shared: readonly string[]
}

/** Where a change belongs. */
export interface Place {
  readonly components: readonly string[]
  readonly known: boolean
  /** It touches the configuration or the plan. */
  readonly decides: boolean
  /** It touches something that is no component's. */
  readonly outside: boolean
  /** Components that only merges on its own branch touch: what they bring is others', as far as they are what they say. */
  readonly passed: readonly string[]
}

/** By its id. A change that came with another one's merge has no commits of its own: it belongs where that one belongs. */
export function placesOf(changes: readonly Change[], division: Division): ReadonlyMap<string, Place> {
  const carriers = new Map(changes.filter(({ commits }) => commits.length > 0).map((change) => [change.sha, change]))
  return new Map(changes.map((change) => [change.id, placeOf(carriers.get(change.sha) ?? change, division)]))
}

/**
 * A merge commit on the change's own branch brings what others did, so of those only the one at its end counts. But
 * anybody can call a commit a merge, and one can bring more than it merges: what the others touch is covered.
 */
function placeOf({ commits }: Change, division: Division): Place {
  const isPassed = (commit: Commit, at: number) => at < commits.length - 1 && isMergeCommit(commit)
  const own = commits.filter((commit, at) => !isPassed(commit, at))
  const files = own.map((commit) => commit.files)
  const all = () => division.components.map(({ name }) => name)
  if (own.length === 0 || files.includes(undefined))
    return { components: all(), known: false, decides: false, outside: true, passed: [] }
  const touched = own.map((commit) => touchedBy(commit, division))
  const merges = commits.filter(isPassed)
  const brought = merges.map((commit) => touchedBy(commit, division))
  return {
    components: [...new Set(touched.flatMap((one) => [...one.components]))],
    known: true,
    decides: [...touched, ...brought].some(({ decides }) => decides),
    outside: [...touched, ...brought].some(({ outside }) => outside) || touched.every((it) => it.components.size === 0),
    passed: merges.some((commit) => commit.files === undefined)
      ? all()
      : [...new Set(brought.flatMap((one) => [...one.components]))],
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
