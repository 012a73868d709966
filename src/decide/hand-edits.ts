import { splitDraftBody } from "../model/draft-body.ts"
import type { ReleaseEdited } from "../model/signal.ts"
import { isEcho } from "./echo.ts"
import { draftTarget, putRelease, type Run, record } from "./run.ts"

/**
 * Somebody edited a release of ours. What they wrote above and below the generated section is theirs and stays; an edit
 * inside it is written anew, since it is the changes that decide there. Where the markers are gone, all of it is kept
 * above. An edit that raced a write of ours is restored here, when its webhook comes.
 */
export function handEdited(run: Run, edit: ReleaseEdited): void {
  const release = run.state.releases.find((r) => run.handles[draftTarget(r.id)]?.id === edit.releaseId)
  if (!release || edit.body === null || edit.action !== "edited" || isEcho(edit, run.handles)) return
  const parts = splitDraftBody(edit.body)
  const hand = parts ? { above: parts.above, below: parts.below } : { above: `${edit.body}\n\n`, below: "" }
  record(
    run,
    "draft edited by hand",
    { releaseId: edit.releaseId, markers: parts !== null },
    { release: release.id, by: edit.by },
  )
  putRelease(run, { ...release, hand, redraws: release.redraws + 1 })
}
