import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { ReleaseEdited } from "../model/signal.ts"
import { versionOf } from "./candidate.ts"
import { endFinding, find } from "./findings.ts"
import { notesAt, notesOf } from "./release-notes.ts"
import { draftTarget, putRelease, type Run, record, releaseOf } from "./run.ts"
import { publishedFinding, reverts, undoPublishing } from "./undo-publishing.ts"

/**
 * Somebody published the draft of an open release on its page at GitHub, or took that back. Slipway itself is the
 * author of its drafts: what their author publishes is its own doing, and so is what goes out while it publishes.
 */
export function watchPublishing(run: Run, edit: ReleaseEdited): void {
  const release = run.state.releases.find((r) => run.handles[draftTarget(r.id)]?.id === edit.releaseId)
  if (!release || edit.byAuthor) return
  if (edit.action === "unpublished" || edit.action === "deleted") {
    const did = edit.action === "deleted" ? "deleted" : "turned back into a draft"
    endFinding(run, publishedFinding(release.id), `${release.tag} was ${did} by ${edit.by}.`)
    if (release.byHand && release.phase.is !== "published") {
      const { byHand: _, ...back } = release
      putRelease(run, back)
    }
    return
  }
  if (edit.action !== "published" || release.byHand || isOurs(release)) return
  const { phase } = release
  const { tag, by } = edit
  record(run, "published by hand", { tag, releaseId: edit.releaseId }, { release: release.id, by })
  // Its tag may have been heard of first.
  if (phase.is === "published") putRelease(run, { ...release, phase: { ...phase, by } })
  else putRelease(run, { ...release, byHand: { by, at: run.at, tag, notes: notesBefore(run, release) } })
  // The tag that GitHub makes with it is the same doing.
  endFinding(run, `tag:${tag}`, `It came with the release ${tag}, which ${by} published by hand.`, "elsewhere")
  find(run, {
    id: publishedFinding(release.id),
    kind: "published by hand",
    says: `The draft of ${tag} was published by hand: no gate was asked.`,
    todo: "If it is not to be out, turn it back into a draft and delete its tag; then release by the button of this check.",
    by,
    release: release.id,
  })
  const line = own(run.state.lines, release.branch)
  const byHand = releaseOf(run.state, release.id)
  if (line && byHand && reverts(line)) undoPublishing(run, byHand)
}

/** It is out by our own doing, or going out at this moment: whoever publishes it meanwhile does what was decided. */
const isOurs = ({ phase }: Release): boolean =>
  (phase.is === "published" && phase.outside === undefined) || (phase.is === "cut" && phase.publishing !== undefined)

/** This very run may have read history back from the new tag on: what was in the release, the last one knew. */
function notesBefore(run: Run, release: Release): Notes {
  const before = own(run.before?.lines, release.branch)
  return before ? notesAt(run, before, release, versionOf(release)) : notesOf(run, release)
}
