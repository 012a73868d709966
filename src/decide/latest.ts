import { gt } from "semver"
import { isStable } from "../model/known-tags.ts"
import type { Release } from "../model/release.ts"
import type { State } from "../model/state.ts"
import { ledgerFor } from "./division.ts"
import { type Run, releaseOf } from "./run.ts"

/**
 * Whether a release is to be the repository's latest when it comes out: it is stable, and no higher stable version of
 * its component is out, on whatever branch. Said outright, since what GitHub decides by itself (`legacy`) goes by the
 * date as well, and a patch of an older line is newer.
 * https://docs.github.com/en/rest/releases/releases#update-a-release, `make_latest`
 */
export function isLatest(state: State, release: Pick<Release, "component">, version: string): boolean {
  if (!isStable(version)) return false
  const { component } = release
  const tagged = Object.values(state.lines).flatMap((line) => ledgerFor(line, { component })?.tags?.highest ?? [])
  const out = stableOf(state, component)
  const bad = new Set(out.filter(isBad).map(({ version: one }) => one))
  const others = [...tagged, ...out.map(({ version: one }) => one)]
  return !others.some((other) => !bad.has(other) && gt(other, version))
}

interface Out {
  readonly release: Release
  readonly version: string
}

const stableOf = ({ releases }: State, component: string): readonly Out[] =>
  releases.flatMap((release) =>
    release.phase.is === "published" && release.component === component && isStable(release.phase.candidate.version)
      ? [{ release, version: release.phase.candidate.version }]
      : [],
  )

/** It was rolled back from somewhere, and is not live there again: nobody should be handed it as the latest. */
const isBad = ({ release }: Out): boolean => release.rolledBack.length > 0

/**
 * An environment went back to a release: it is GitHub's latest from now on, where that was one that was rolled back. What
 * came out meanwhile, or belongs to another component or branch, stays the latest.
 */
export function latestAfterRollback(run: Run, good: string, rollback: string): void {
  const release = releaseOf(run.state, good)
  if (release?.phase.is !== "published" || !isStable(release.phase.candidate.version)) return
  const bad = stableOf(run.state, release.component).filter(isBad)
  want(run, release, bad, rollback)
}

/** A release that was rolled back is live again, and takes its place, unless a better one is out. */
export function latestAfterReturn(run: Run, { id }: Release, deployment: string): void {
  const release = releaseOf(run.state, id)
  if (release?.phase.is !== "published" || isBad({ release, version: "" })) return
  const { version } = release.phase.candidate
  if (!isLatest(run.state, release, version)) return
  const lower = stableOf(run.state, release.component).filter((one) => gt(version, one.version))
  want(run, release, lower, `${id}:${deployment}`)
}

function want(run: Run, { id, tag }: Release, instead: readonly Out[], name: string): void {
  const tags = instead.map(({ release }) => release.tag).filter((one) => one !== tag)
  if (tags.length === 0) return
  const target = `latest:${name}`
  run.effects.push({
    kind: "latest",
    key: target,
    target,
    lane: "latest",
    mode: "append",
    forgets: true,
    content: { release: id, tag, instead: tags },
  })
}
