import type { Envelope } from "../model/decision.ts"
import type { Outcome } from "../model/outcome.ts"
import type { Ended } from "../model/signal.ts"

/** How an effect's end is told to the next decision. */
export const ended = ({ kind, key, target }: Envelope, outcome: Outcome, now: Date): Ended => ({
  kind: "ended",
  effect: key,
  of: kind,
  target,
  outcome,
  at: now.toISOString(),
})
