import type { Draft, Effect } from "../model/effect.ts"
import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import { versionOf } from "./candidate.ts"
import { isPrerelease } from "./releases.ts"
import { draftTarget, type Run } from "./run.ts"

/**
 * What the draft of a release says, or the body of a published one. Notes that are too long for it come as a file once
 * the release is cut, where no changelog has them: each merge before would have to upload it again.
 */
export function draftContent(
  run: Run,
  release: Release,
  notes: Notes,
  commitish: string,
  banner?: string,
): Pick<Extract<Effect, { kind: "draft" }>, "kind" | "target" | "lane"> & { readonly content: Draft } {
  const line = own(run.state.lines, release.branch)
  const name = release.announced?.name
  return {
    kind: "draft",
    target: draftTarget(release.id),
    lane: `release:${release.id}`,
    content: {
      repositoryId: run.repo.id,
      release: release.id,
      tag: release.tag,
      name: name && line ? `${release.tag}: ${name}` : release.tag,
      commitish,
      prerelease: isPrerelease(versionOf(release)),
      published: release.phase.is === "published",
      notes,
      hand: release.hand,
      ...(banner ? { banner } : {}),
      ...(release.foundDraft ? { found: release.foundDraft } : {}),
      ...(release.phase.is === "cut" && notes.changelog === undefined ? { attach: true } : {}),
      redraws: release.redraws,
    },
  }
}

/** As data: no notes of fewer characters come near to GitHub's 125,000 once they are written out. */
const LONG_FROM = 20_000

/**
 * A release that goes by itself may be cut and published at once, and nobody has written its draft as one that is cut:
 * where its notes may be too long, that comes first.
 */
export function draftBeforePublishing(run: Run, release: Release, notes: Notes, sha: string): void {
  if (notes.changelog !== undefined || JSON.stringify(notes).length + handLength(release) < LONG_FROM) return
  const wish = draftContent(run, release, notes, sha)
  run.effects.push({ ...wish, key: `${wish.target}@${run.at}:before`, mode: "replace" })
}

const handLength = ({ hand }: Release): number => hand.above.length + hand.below.length
