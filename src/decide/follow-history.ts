import { type Base, holds, type Ledger } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { type Beside, endOf, isBeside, type Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { componentOf, componentsOn, ledgerFor } from "./division.ts"
import { draftNext } from "./next-draft.ts"
import { notesAt } from "./release-notes.ts"
import { giveBack } from "./releases.ts"
import { putRelease, type Run, record } from "./run.ts"
import { tagStands } from "./strayed-tags.ts"
import { awaitNothing, awaitsPartner, isUndone } from "./undo-publishing.ts"

/**
 * Brings the releases of a line up to its history: what somebody published elsewhere is out, a candidate whose commit
 * left the branch is given back, and what landed since the last release or cut is in the one drafted release.
 */
export function followHistory(run: Run, line: Line): void {
  if (!line.ledger || line.broken || line.outdated !== undefined || line.retired !== undefined) return
  for (const release of run.state.releases)
    if (release.branch === line.branch && isWithoutComponent(line, release))
      giveBack(run, release, "the configuration has no such component any more")
  for (const { name } of componentsOn(line)) followComponent(run, line, name)
}

/** What is being published at this moment is left to come to its end. */
const isWithoutComponent = (line: Line, release: Release): boolean =>
  (release.phase.is === "drafted" || (release.phase.is === "cut" && !release.phase.publishing)) &&
  !componentOf(line, release)

function followComponent(run: Run, line: Line, component: string): void {
  const of = { branch: line.branch, component }
  if (isUndone(run, of)) return
  const ledger = ledgerFor(line, of)
  if (!ledger) return
  if (settlePublishedElsewhere(run, line, ledger, of) === "waits") return
  // guard: force-push
  for (const release of run.state.releases)
    if (isBeside(release, of) && release.phase.is === "cut" && !holds(ledger, endOf(release.phase.candidate)))
      giveBack(run, release, "its commit does not lie between the last release and the head any more")
  draftNext(run, line, component)
}

/** A tag of an open release stands on the branch, but Slipway did not publish it. */
function settlePublishedElsewhere(run: Run, line: Line, { base: last, tags }: Ledger, of: Beside): "waits" | undefined {
  const stands = [...(last ? [last] : []), ...(tags?.inside ?? [])]
  const found = run.state.releases.flatMap((release) => {
    const base = stands.find(({ tag }) => tag === (release.byHand?.tag ?? release.tag))
    return base && isBeside(release, of) && release.phase.is !== "published" ? [{ release, base }] : []
  })[0]
  if (!found || isOurTag(found.release, found.base)) {
    awaitNothing(run, of)
    return undefined
  }
  if (awaitsPartner(run, line, found.release)) return "waits"
  const { release, base } = found
  const { byHand, awaits: _, ...rest } = release
  const by = byHand?.by ?? "outside Slipway"
  const left = typeof byHand?.undo === "object" ? byHand.undo.left : undefined
  const candidate = { sha: base.sha, version: base.version, at: run.at, by }
  const before = lineBefore(run, release, base.sha)
  const pinned: Release = { ...release, phase: { is: "cut", candidate } }
  const notes = before || !byHand ? notesAt(run, before ?? line, pinned, base.version) : byHand.notes
  record(
    run,
    "published outside Slipway",
    { tag: base.tag, version: base.version, sha: base.sha, by },
    { release: release.id },
  )
  if (!byHand) tagStands(run, release, base)
  putRelease(run, {
    ...rest,
    tag: base.tag,
    phase: {
      is: "published",
      candidate,
      at: run.at,
      by,
      notes,
      gates: [],
      outside:
        left === undefined ? "not published by Slipway: no gate was asked" : `it was published by hand, and ${left}`,
    },
    ...(byHand && left !== undefined ? { byHand, redraws: release.redraws + 1 } : {}),
  })
  return undefined
}

/**
 * A tag on our own candidate is ours, as long as its release is not out: the tag is made first, and what came after may
 * have been refused. Publish takes it up again.
 */
const isOurTag = ({ phase, byHand }: Release, base: Base): boolean =>
  byHand === undefined && phase.is === "cut" && (phase.publishing !== undefined || phase.candidate.sha === base.sha)

/** A read-back begins after the tag: which changes were in the release only the mirror of the last run knows. */
function lineBefore(run: Run, release: Release, sha: string): Line | undefined {
  const before = own(run.before?.lines, release.branch)
  const ledger = before && ledgerFor(before, release)
  return ledger && ledger.base?.sha !== sha && holds(ledger, sha) ? before : undefined
}
