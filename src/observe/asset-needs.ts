import { judgeAssets } from "../model/asset.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { configFor } from "./line-config.ts"

/**
 * Releases of whose drafts the files are read: where the configuration asks for files, once the release is cut, at a
 * click, and, while one is missing, when something is heard of the candidate. GitHub tells of no upload; the pipeline
 * that uploads reports its check afterwards.
 *
 * @param fresh releases that are read whole
 */
export function assetNeeds(
  state: State | undefined,
  signals: readonly Signal[],
  fresh: readonly string[],
): readonly string[] {
  return (state?.releases ?? []).flatMap((release) => (state && asks(state, release, signals, fresh) ? release.id : []))
}

function asks(state: State, release: Release, signals: readonly Signal[], fresh: readonly string[]): boolean {
  const line = own(state.lines, release.branch)
  const patterns = line ? configFor(line).publish.assets : []
  if (patterns.length === 0 || release.phase.is === "published") return false
  if (fresh.includes(release.id)) return true
  if (release.phase.is !== "cut" || release.phase.publishing) return false
  const known = own(state.assets, release.id)
  if (!known && !state.unknown.some(({ what }) => what === `assets:${release.id}`)) return true
  const { sha } = release.phase.candidate
  const heard = signals.some(
    (s) => (s.kind === "evidence" && s.sha === sha) || s.kind === "look" || isAbout(s, release),
  )
  return heard && (!known || judgeAssets(patterns, known).state !== "passed")
}

const isAbout = (signal: Signal, { tag }: Release): boolean => signal.kind === "release-edited" && signal.tag === tag
