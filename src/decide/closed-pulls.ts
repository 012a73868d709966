import { own } from "../model/own.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"

/** The pull request that a signal says is merged or closed. */
export function closedBy(signal: Signal): number | undefined {
  if (signal.kind === "merged") return signal.pull.number
  return signal.kind === "issue" && signal.of === undefined && signal.state === "not merged" ? signal.number : undefined
}

/** An event from before it was closed, which comes late, says nothing any more: see `State.impacts`. */
export const isClosed = ({ impacts }: State, number: number): boolean => own(impacts, String(number)) === null
