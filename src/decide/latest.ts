import { gt } from "semver"
import { isStable } from "../model/known-tags.ts"
import type { Release } from "../model/release.ts"
import type { State } from "../model/state.ts"
import { ledgerFor } from "./division.ts"

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
  const published = state.releases.flatMap((r) =>
    r.phase.is === "published" && r.component === component && isStable(r.phase.candidate.version)
      ? [r.phase.candidate.version]
      : [],
  )
  return ![...tagged, ...published].some((other) => gt(other, version))
}
