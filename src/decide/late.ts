import type { Clicked } from "../model/signal.ts"
import type { Run } from "./run.ts"
import { instant } from "./wording.ts"

/** Whoever asked for something that long ago has found another way since, and what is there is something else. */
export const LATE_MS = 60 * 60_000

/** @param at ISO 8601: when it was asked for */
export const isLate = ({ now }: Run, at: string): boolean => now.getTime() - Date.parse(at) > LATE_MS

/**
 * Why a press does nothing that comes long after it was made: Slipway was down, or somebody brought a dead delivery back.
 * Only of buttons whose press is of that moment; an approval holds for as long as what the page showed.
 */
export const whyLate = (run: Run, { at }: Clicked): string | undefined =>
  isLate(run, at)
    ? `it was pressed ${instant(at)}, more than an hour before it was decided on: press it again where it is still wanted`
    : undefined
