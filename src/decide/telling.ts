import { prerelease } from "semver"
import type { Told } from "../model/after.ts"
import type { Change } from "../model/change.ts"
import { closedIn } from "../model/closes.ts"
import type { Config } from "../model/config.ts"
import type { Release } from "../model/release.ts"
import { versionOf } from "./candidate.ts"
import { withoutReverted } from "./classify-reverts.ts"
import { releaseUrl } from "./links.ts"
import { putRelease, type Run } from "./run.ts"

/**
 * GitHub allows about 80 writes that notify a minute and 500 an hour; the rest of an hour belongs to others.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const AT_ONCE = 4
const PAUSE_MS = 30_000

/**
 * Whom a release tells that they are in it: each of its pull requests, and each issue that one of them closes, once. A
 * prerelease tells nobody: what it brings is told by the release that it leads to. Nobody is told of what cancels itself
 * out within the release.
 */
export function toldBy(
  changes: readonly Change[],
  version: string,
  { config, repository }: { readonly config: Config; readonly repository: string },
): readonly Told[] {
  if (!config.publish.comments || prerelease(version) !== null) return []
  const brought = withoutReverted(changes)
  const pulls = brought.flatMap(({ pull }) => (pull ? [pull.number] : []))
  const told = new Map<number, Told>(pulls.map((number) => [number, { number }]))
  for (const { pull, commits } of brought) {
    const named = commits.flatMap(({ message }) => closedIn(message, repository))
    for (const number of [...(pull?.says?.closes ?? []), ...named])
      if (!told.has(number)) told.set(number, { number, ...(pull ? { by: pull.number } : {}) })
  }
  return [...told.values()]
}

/** Begins to tell them, once the release is out. */
export function beginTelling(run: Run, release: Release, left: readonly Told[]): void {
  if (left.length > 0) putRelease(run, { ...release, after: { ...release.after, telling: { left, next: run.at } } })
}

/** Tells the next few whose turn has come. */
export function tell(run: Run): void {
  for (const release of run.state.releases) {
    const telling = release.after?.telling
    if (!telling || run.at < telling.next || release.phase.is !== "published") continue
    for (const told of telling.left.slice(0, AT_ONCE)) comment(run, release, told)
    const { telling: _, ...after } = release.after ?? {}
    const left = telling.left.slice(AT_ONCE)
    const next = new Date(run.now.getTime() + PAUSE_MS).toISOString()
    putRelease(run, { ...release, after: left.length > 0 ? { ...after, telling: { left, next } } : after })
  }
}

/** When the next few are told. */
export const tellingAt = (run: Run): readonly string[] =>
  run.state.releases.flatMap(({ after }) => after?.telling?.next ?? [])

function comment(run: Run, release: Release, { number, by }: Told): void {
  const target = `comment:${release.id}:${number}`
  run.effects.push({
    kind: "comment",
    key: target,
    target,
    lane: `comments:${release.id}`,
    mode: "append",
    // Nothing is ever said of it again.
    forgets: true,
    content: {
      number,
      repositoryId: run.repo.id,
      release: release.id,
      since: run.at,
      version: versionOf(release),
      tag: release.tag,
      url: releaseUrl(run.repo, release),
      ...(by === undefined ? {} : { by }),
    },
  })
}
