import type { LabelOff } from "../../model/incident.ts"
import { own } from "../../model/own.ts"
import type { Labelled, Signal, Unlabelled } from "../../model/signal.ts"
import { LATE_MS } from "../late.ts"
import type { Run } from "../run.ts"

/** A label that comes later than this is late, by far: what took it off need not be known for it. */
const KEPT_MS = 2 * LATE_MS

/** Events come in any order: what put a label on may come after what took it off. */
export function keepLabelOff(run: Run, signal: Unlabelled): void {
  const issue = String(signal.number)
  const { by, since } = offOf(signal)
  const known = own(run.state.labelsOff, issue)
  if (known && known.since >= since) return
  run.state = { ...run.state, labelsOff: { ...run.state.labelsOff, [issue]: { by, since } } }
}

/**
 * Who took a label off that was put on before, or in the same second: GitHub tells no time more exactly, and whoever means it
 * puts it on once more.
 *
 * @param later of the same label, what happened after it, as far as this run knows
 */
export function offSince(
  { state }: Run,
  { number, since }: Labelled,
  later: readonly Unlabelled[],
): LabelOff | undefined {
  const known = own(state.labelsOff, String(number))
  const all = [...(known ? [known] : []), ...later.map(offOf)]
  return all.find((off) => off.since >= since) // guard: label-off
}

/** What no label can come before any more, unless it is late, is forgotten. */
export function forgetLabelsOff(run: Run): void {
  const { labelsOff, ...rest } = run.state
  if (!labelsOff) return
  const kept = Object.entries(labelsOff).filter(([, { since }]) => Date.parse(since) + KEPT_MS > run.now.getTime())
  run.state = kept.length === 0 ? rest : { ...rest, labelsOff: Object.fromEntries(kept) }
}

export const isOff = (signal: Signal, number: number): signal is Unlabelled =>
  signal.kind === "unlabelled" && signal.number === number

const offOf = ({ by, since, at }: Unlabelled): LabelOff => ({ by: by.login, since: since ?? at })
