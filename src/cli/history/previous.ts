import { compareBuild, prerelease } from "semver"
import type { Base } from "../../model/ledger.ts"
import type { Graph } from "./graph.ts"

/** A tag of a history, and the releases that a tool on its branch would have taken as the last one. */
export interface Tagged extends Base {
  readonly number: number
  readonly prerelease: boolean
  /** The highest lower version among the tags that are its ancestors; for a stable one only stable ones count. */
  readonly previous: Base | null
  /** The same among stable tags alone. */
  readonly stable: Base | null
}

/** Finds for every tag the release before it. Lowest version first; tags outside of the graph are left out. */
export function withPrevious(graph: Graph, tags: readonly Base[]): readonly Tagged[] {
  const inside = tags.filter(({ sha }) => graph.numberOf.has(sha)).sort((a, b) => compareBuild(a.version, b.version))
  const placed = inside.map((tag, rank) => ({
    tag,
    rank,
    number: graph.numberOf.get(tag.sha) ?? 0,
    prerelease: prerelease(tag.version) !== null,
  }))
  const highestStable = highestBelow(
    graph,
    placed.filter((it) => !it.prerelease),
  )
  const highest = placed.some((it) => it.prerelease) ? highestBelow(graph, placed) : highestStable
  return placed.map(({ tag, rank, number, prerelease }) => {
    const stable = inside[highestStable(number, rank)] ?? null
    const previous = prerelease ? (inside[highest(number, rank)] ?? null) : stable
    return { ...tag, number, prerelease, previous, stable }
  })
}

interface Placed {
  readonly rank: number
  readonly number: number
}

/**
 * Gives the highest rank below another one, among the tags that a commit reaches; -1: none. Mostly that is the highest
 * of all that its parents reach, known from one pass; only where higher versions were merged in is it searched, behind
 * those.
 */
function highestBelow({ parents }: Graph, tags: readonly Placed[]): (number: number, rank: number) => number {
  const own = Map.groupBy(tags, ({ number }) => number)
  const best = new Int32Array(parents.length).fill(-1)
  for (let number = 0; number < parents.length; number++) {
    let most = -1
    for (const parent of parents[number] ?? []) most = Math.max(most, best[parent] ?? -1)
    for (const { rank } of own.get(number) ?? []) most = Math.max(most, rank)
    best[number] = most
  }
  return (number, rank) => {
    let found = -1
    const seen = new Set([number])
    const open = [number]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const tag of own.get(at) ?? []) if (tag.rank < rank) found = Math.max(found, tag.rank)
      for (const parent of parents[at] ?? []) {
        const most = best[parent] ?? -1
        if (most <= found || seen.has(parent)) continue
        seen.add(parent)
        if (most < rank) found = most
        else open.push(parent)
      }
    }
    return found
  }
}
