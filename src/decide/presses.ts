import type { Clicked } from "../model/signal.ts"
import { type Run, record } from "./run.ts"

/** Of more presses than this the oldest is forgotten; somebody who may press would have to press as often to get there. */
const KEPT = 1_000

/**
 * Whether a press is one that was decided on already. GitHub numbers no press, and the name of a delivery is not signed:
 * whoever has seen a press on its way could send it again under another name. What is signed has the page as it stood,
 * with the answers to what was pressed before; so the same bytes are the same press, for good. Two presses of one person
 * before the page was drawn anew are one, too.
 */
export function isSecondTime(run: Run, click: Clicked): boolean {
  const { signed, button, checkRun, sha } = click
  if (signed === undefined) return false
  if (isKnownPress(run, signed)) {
    record(run, "click came again", { button, checkRun, sha }, { by: click.by.login })
    return true
  }
  keepPress(run, signed)
  return false
}

/** Whether the same bytes were decided on before. */
export const isKnownPress = ({ state: { presses = [] } }: Run, signed: string): boolean => presses.includes(signed) // guard: replayed-press

export function keepPress(run: Run, signed: string): void {
  run.state = { ...run.state, presses: [...(run.state.presses ?? []), signed].slice(-KEPT) }
}
