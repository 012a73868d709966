import type { Environment } from "../../model/deployment.ts"
import { placeOf } from "../../model/deployment.ts"
import { presentStep, type RollbackStep, stepsOf } from "../../model/rollback.ts"
import type { Ended, Signal } from "../../model/signal.ts"
import { putEnvironment, type Run, reply } from "../run.ts"
import { stepFailed, stepWorked } from "./levels.ts"

/** The pull request stands, or GitHub did not take it. */
export function revertEnded(run: Run, { target, outcome, at }: Ended): void {
  const id = target.slice("revert:".length)
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const step = environment?.rollback && presentStep(environment.rollback)
  if (!environment?.rollback || step?.is !== "running" || step.level !== "configuration") return
  if (outcome.is === "refused") stepFailed(run, environment, outcome.because, at)
  const { number, url } = outcome.is === "done" ? (outcome.result ?? {}) : {}
  if (typeof number !== "number") return
  const { rollback } = environment
  const steps = stepsOf(rollback).with(-1, { ...step, pull: number })
  putEnvironment(run, { ...environment, rollback: { ...rollback, steps } })
  reply(run, rollback.from.release, `revert:${id}`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "verifying",
    says: `#${number} takes back what came since ${rollback.to.version}, and waits for somebody to merge it`,
    at,
    ...(typeof url === "string" ? { url } : {}),
  })
}

/** Somebody merged the pull request, or closed it. */
export function revertTouched(run: Run, signal: Signal): void {
  const number = signal.kind === "merged" ? signal.pull.number : signal.kind === "issue" ? signal.number : undefined
  if (number === undefined || (signal.kind === "issue" && signal.of !== undefined)) return
  for (const environment of Object.values(run.state.environments)) {
    const step = waitingFor(environment, number)
    if (step && signal.kind === "merged") stepWorked(run, environment, run.at)
    if (step && signal.kind === "issue" && signal.state === "not merged")
      stepFailed(run, environment, `#${number} was closed without a merge`, run.at)
  }
}

function waitingFor({ rollback }: Environment, number: number): RollbackStep | undefined {
  const step = rollback && presentStep(rollback)
  return step?.is === "running" && step.level === "configuration" && step.pull === number ? step : undefined
}
