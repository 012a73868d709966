import { presentStep, type Rollback, stepsOf } from "../../model/rollback.ts"
import { rollbackTarget } from "../run.ts"

/** What is done for a way back, by the rollback and, where it may be gone more than once, the place of its step. */
type Way = Pick<Rollback, "id">

export const flagTarget = ({ id }: Way, step: number): string => `flag:${id}:${step}`
/** A run is known by the step that the rollback has come to. */
export const runTarget = ({ id }: Way, step: number): string => `back-run:${id}:${step}`
export const undoTarget = ({ id }: Way, step: number): string => `kubernetes-undo:${id}:${step}`
export const revertTarget = ({ id }: Way): string => `revert:${id}`
/** @param looks how often it was tried before */
export const mergeTarget = ({ id }: Way, looks: number): string => `merge:${id}:${looks}`

/** What the present way back may have asked for and is not done yet; what only looks changes nothing. */
export function targetsUnderWay(rollback: Rollback): readonly string[] {
  const step = presentStep(rollback)
  if (step?.is !== "running") return []
  const number = stepsOf(rollback).length
  switch (step.level) {
    case "flag":
      return [flagTarget(rollback, number)]
    case "application":
      return [rollbackTarget(rollback.id)]
    case "workflow":
      return [runTarget(rollback, number)]
    case "kubernetes":
      return [undoTarget(rollback, number)]
    case "configuration":
      return [revertTarget(rollback), mergeTarget(rollback, step.looks ?? 0)]
  }
}
