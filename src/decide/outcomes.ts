import type { Ended } from "../model/signal.ts"
import { backWritten } from "./bring-back.ts"
import { dispatchEnded } from "./dispatch.ts"
import { answerEnded } from "./promotion/requests.ts"
import { publicationEnded } from "./publication.ts"
import { pullWritten } from "./release-pull.ts"
import { clusterEnded } from "./rollback/cluster.ts"
import { flagEnded, rollbackRefused } from "./rollback/heard.ts"
import { mergeEnded, revertEnded } from "./rollback/reverted.ts"
import { tellPostMortem } from "./rollback/tell-post-mortem.ts"
import { wayEnded } from "./rollback/withdraw-way.ts"
import { runEnded } from "./rollback/workflow.ts"
import type { Run } from "./run.ts"
import { undoEnded } from "./undo-publishing.ts"
import { tellAnswered } from "./waits.ts"

/**
 * How an effect ended. Why a publication was refused stands with the release: its draft can still be written. A refusal is remembered and shown; the target is left alone until something else wakes the
 * repository, so that a peer which keeps refusing is not asked in a circle. A target that is gone is made anew, once.
 */
export function ended(run: Run, signal: Ended): void {
  const { outcome } = signal
  // It was decided, and told, when it was withdrawn.
  if (outcome.is === "refused" && outcome.code === "withdrawn") return
  const target = signal.of === "comment" ? commentsTarget(signal.target) : signal.target
  const gone = outcome.is === "refused" && outcome.code === "gone"
  if (outcome.is === "refused" && (signal.of !== "publish" || gone) && signal.of !== "unpublish") {
    const again = gone && run.state.refused[target] === undefined
    run.state = { ...run.state, refused: { ...run.state.refused, [target]: outcome.because } }
    if (again) run.anew.add(target)
  }
  if (outcome.is === "done" && run.state.refused[target] !== undefined) {
    const { [target]: _, ...rest } = run.state.refused
    run.state = { ...run.state, refused: rest }
  }
  if (signal.of === "pull-request") pullWritten(run, signal)
  if (signal.of === "pull-request") backWritten(run, signal)
  if (signal.of === "dispatch" || signal.of === "dispatch-look") dispatchEnded(run, target, outcome, signal.at)
  if (signal.of === "protection-answer") answerEnded(run, signal)
  if (signal.of === "protection-answer") tellAnswered(run, signal)
  if (signal.of === "unpublish") undoEnded(run, signal)
  if (signal.of === "publish") publicationEnded(run, target.slice("draft:".length), outcome, signal.at)
  if (signal.of === "post-mortem") tellPostMortem(run, signal)
  if (signal.of === "revert") revertEnded(run, signal)
  if (signal.of === "merge") mergeEnded(run, signal)
  if (signal.of === "call" && target.startsWith("flag:")) flagEnded(run, signal)
  if (signal.of === "kubernetes-look" || signal.of === "kubernetes-undo") clusterEnded(run, signal)
  if (signal.of === "back-run" || signal.of === "back-run-look") runEnded(run, signal)
  if (signal.of === "deployment") rollbackRefused(run, target.slice("deployment:".length), outcome, signal.at)
  wayEnded(run, signal)
}

/** Hundreds of comments of one release are refused for one reason: it is kept once. */
const commentsTarget = (target: string): string => target.replace(/^comment:(\w+):\d+$/, "comments:$1")
