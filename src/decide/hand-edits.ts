import { editsIn, handOf } from "../model/hand.ts"
import type { ReleaseEdited } from "../model/signal.ts"
import { isEcho } from "./echo.ts"
import { draftTarget, putRelease, type Run, record } from "./run.ts"

/**
 * Somebody edited a release of ours. What they wrote is theirs and stays: above and below the generated section as it
 * is, inside of it line by line, while the section goes on. Where the markers are gone, all of it is kept above. An edit
 * that raced a write of ours is restored here, when its webhook comes.
 */
export function handEdited(run: Run, edit: ReleaseEdited): void {
  const release = run.state.releases.find((r) => run.handles[draftTarget(r.id)]?.id === edit.releaseId)
  if (!release || edit.body === null || edit.action !== "edited" || isEcho(edit, run.handles)) return
  const hand = handOf(edit.body)
  record(
    run,
    "draft edited by hand",
    { releaseId: edit.releaseId, ...(hand.inside ? { inside: { ...editsIn(hand.inside) } } : {}) },
    { release: release.id, by: edit.by },
  )
  putRelease(run, { ...release, hand, redraws: release.redraws + 1 })
}
