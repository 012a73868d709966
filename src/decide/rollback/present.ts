import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import type { Environment } from "../../model/deployment.ts"
import { presentStep, type Rollback, type RollbackLevel, type RollbackStep, stepsOf } from "../../model/rollback.ts"
import { putEnvironment, type Run } from "../run.ts"

/** The way back that is being tried, as it was declared when the rollback began; undefined: none is any more. */
export function presentLevel(rollback: Rollback): RollbackLevel | undefined {
  const step = presentStep(rollback)
  const level = (rollback.rules ?? DEFAULT_ROLLBACK).levels[stepsOf(rollback).length - 1]
  return step && level?.is === step.level ? level : undefined
}

/** Puts the present step as it stands now. @returns the environment with it */
export function putStep(run: Run, environment: Environment, step: RollbackStep): Environment {
  const { rollback } = environment
  if (!rollback) return environment
  const next = { ...environment, rollback: { ...rollback, steps: stepsOf(rollback).with(-1, step) } }
  putEnvironment(run, next)
  return next
}
