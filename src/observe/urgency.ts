import type { Signal } from "../model/signal.ts"
import type { Urgency } from "../peers/github-limits.ts"

/** Somebody waits for what this says: a press, a job at an environment, a rollback that is asked for. */
function isUrgent(signal: Signal): boolean {
  switch (signal.kind) {
    case "clicked":
    case "requested":
    case "labelled":
    case "drill asked":
      return true
    default:
      return false
  }
}

/** Whom a run reads for; `enters`: it is about to let something in, whoever asked for that and when. */
export const urgencyOf = (signals: readonly Signal[], enters: boolean): Urgency =>
  enters || signals.some(isUrgent) ? "people" : "background"
