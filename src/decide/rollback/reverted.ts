import type { Environment } from "../../model/deployment.ts"
import { placeOf } from "../../model/deployment.ts"
import { presentStep, type RollbackStep } from "../../model/rollback.ts"
import type { Ended, Signal } from "../../model/signal.ts"
import { type Run, releaseOf, reply } from "../run.ts"
import { plain } from "../wording.ts"
import { stepFailed, stepWorked } from "./levels.ts"
import { presentLevel, putStep } from "./present.ts"

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
  const level = presentLevel(rollback)
  const isMerged = level?.is === "configuration" && level.merge === true
  putStep(run, environment, { ...step, pull: number, ...(isMerged ? { next: run.at } : {}) })
  reply(run, rollback.from.release, `revert:${id}`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "verifying",
    says: `#${number} takes back what came since ${rollback.to.version}, and ${isMerged ? "is merged as soon as GitHub lets it" : "waits for somebody to merge it"}`,
    at,
    ...(typeof url === "string" ? { url } : {}),
  })
}

/** How often GitHub is asked whether it may be merged by now. */
const MERGE_AGAIN_MS = 60_000

/** GitHub merged the pull request, or does not let it be merged yet: reviews or checks are missing, or there is a conflict. */
export function mergeEnded(run: Run, { target, outcome, at }: Ended): void {
  const [, id = ""] = target.split(":")
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const step = environment?.rollback && presentStep(environment.rollback)
  if (!environment?.rollback || step?.is !== "running" || step.level !== "configuration") return
  const { merged, because } = outcome.is === "done" ? (outcome.result ?? {}) : {}
  if (merged === true) {
    stepWorked(run, environment, at)
    return
  }
  const isOver = outcome.is === "refused" || merged === undefined
  const next = isOver ? {} : { next: new Date(run.now.getTime() + MERGE_AGAIN_MS).toISOString() }
  putStep(run, environment, { ...step, ...next })
  const why = outcome.is === "refused" ? outcome.because : typeof because === "string" ? because : "it did not say why"
  const { rollback } = environment
  reply(run, rollback.from.release, `merge:${id}${isOver ? ":over" : ""}`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "running",
    says: plain(
      `#${step.pull ?? ""} is not merged: ${why}. ${isOver ? "Somebody has to merge it" : "It is tried again each minute"}`,
    ),
    at,
  })
}

/** Somebody merged the pull request, or closed it. What is merged into another branch than the release's takes nothing back there. */
export function revertTouched(run: Run, signal: Signal): void {
  const number = signal.kind === "merged" ? signal.pull.number : signal.kind === "issue" ? signal.number : undefined
  if (number === undefined || (signal.kind === "issue" && signal.of !== undefined)) return
  for (const environment of Object.values(run.state.environments)) {
    const step = waitingFor(environment, number)
    if (step && signal.kind === "merged") pullMerged(run, environment, signal)
    if (step && signal.kind === "issue" && signal.state === "not merged")
      stepFailed(run, environment, `#${number} was closed without a merge`, run.at)
  }
}

function pullMerged(run: Run, environment: Environment, { base, pull }: Extract<Signal, { kind: "merged" }>): void {
  const wanted = environment.rollback && releaseOf(run.state, environment.rollback.from.release)?.branch
  if (base === wanted) stepWorked(run, environment, run.at)
  else
    stepFailed(
      run,
      environment,
      `#${pull.number} was merged into ${base}, which is not where the release is from`,
      run.at,
    )
}

function waitingFor({ rollback }: Environment, number: number): RollbackStep | undefined {
  const step = rollback && presentStep(rollback)
  return step?.is === "running" && step.level === "configuration" && step.pull === number ? step : undefined
}
