import type { Change } from "../../model/change.ts"
import { type Component, isWhole, pathsAsked } from "../../model/component.ts"
import type { Config } from "../../model/config.ts"
import { type Base, group } from "../../model/ledger.ts"
import { matchesPath } from "../../model/path-glob.ts"
import { placed } from "../../observe/landing.ts"
import { localPulls } from "../local-pulls.ts"
import { type Clone, resolveCommit, versionTags } from "../read-clone.ts"
import { type Logged, readCommits, withLanding } from "../read-log.ts"
import { graphOf, rangesOf } from "./graph.ts"
import { type Tagged, withPrevious } from "./previous.ts"

/** A release that is a tag of the clone. */
export interface PastRelease extends Tagged {
  readonly component: string
  /** ISO 8601, of the tagged commit. */
  readonly at: string
  /** What its branch brought since another release (null: since the beginning), oldest first. */
  since(base: Base | null): readonly Change[]
}

export interface History {
  readonly component: Component
  /** Newest first. */
  readonly releases: readonly PastRelease[]
  /** What `to` brought since its latest stable release; null: `to` was not asked for, or there are no commits. */
  readonly unreleased: Unreleased | null
}

interface Unreleased {
  readonly base: Base | null
  readonly head: { readonly sha: string; readonly at: string }
  /** Oldest first. */
  readonly changes: readonly Change[]
}

export interface HistoryRequest {
  readonly components: readonly Component[]
  /** Its rules may ask which files a change touched. */
  readonly config: Config
  /** Only what this ref reaches, and what is not released there; without it, all that version tags reach. */
  readonly to?: string
}

/**
 * Reads every release of a clone: its tags by one `git for-each-ref`, all their commits by one `git log`.
 * @returns a history for each component
 * @throws WrongUsage where `to` names no commit
 */
export async function readHistories(
  clone: Clone,
  { components, config, to }: HistoryRequest,
): Promise<readonly History[]> {
  const tags = await versionTags(
    clone,
    components.map(({ tag }) => tag),
  )
  const head = to === undefined ? null : await resolveCommit(clone, to)
  const tips = to === undefined ? new Set(tags.flat().map(({ sha }) => sha)) : head === null ? [] : [head]
  const files = pathsAsked(config, components).length > 0
  const divided = !isWhole(components)
  const graph = graphOf(await readCommits(clone.directory, [...tips], { files }))
  const range = rangesOf(graph)
  const at = (number: number): Logged => graph.commits[number] as Logged

  return components.map((component, index) => {
    const since = (number: number, base: Base | null): readonly Change[] => {
      const numbers = range(number, base === null ? null : (graph.numberOf.get(base.sha) ?? null))
      const commits = placed(numbers.map(at), at(number).sha, withLanding)
      const changes = group(commits, localPulls(commits))
      return divided ? changes.filter((change) => concerns(change, component)) : changes
    }
    const tagged = withPrevious(graph, tags[index] ?? [])
    const releases = tagged.map(
      (tag): PastRelease => ({
        ...tag,
        component: component.name,
        at: at(tag.number).at,
        since: (base) => since(tag.number, base),
      }),
    )
    const number = head === null ? undefined : graph.numberOf.get(head)
    return {
      component,
      releases: releases.sort(newestFirst),
      unreleased: number === undefined ? null : unreleased(number),
    }

    function unreleased(number: number): Unreleased {
      const base = tagged.findLast(({ prerelease }) => !prerelease) ?? null
      const { sha, at: instant } = at(number)
      return { base, head: { sha, at: instant }, changes: since(number, base) }
    }
  })
}

/** A merge names no paths: what it merges speaks for it. */
const concerns = ({ commits }: Change, { paths }: Component): boolean =>
  commits.some(({ files }) => files?.some((file) => paths.some((pattern) => matchesPath(file, pattern))))

/** By when it was tagged; clocks may be wrong, so among the same instants by where it stands. */
const newestFirst = (a: PastRelease, b: PastRelease): number =>
  Date.parse(b.at) - Date.parse(a.at) || b.number - a.number
