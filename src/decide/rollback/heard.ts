import { type Environment, type Live, placeOf } from "../../model/deployment.ts"
import type { Outcome, Refusal } from "../../model/outcome.ts"
import {
  presentStep,
  type Rollback,
  type RollbackLevel,
  type RollbackStep,
  stepsOf,
  wentBack,
} from "../../model/rollback.ts"
import type { Deployed, Ended } from "../../model/signal.ts"
import { latestAfterRollback } from "../latest.ts"
import { putEnvironment, putRelease, type Run, releaseOf, reply } from "../run.ts"
import { stepFailed, stepWorked } from "./levels.ts"
import { withdrawWay } from "./withdraw-way.ts"

/**
 * A status of the deployment that a rollback made. One that failed may come to a good end after all: whoever deploys
 * tries again, and the newest status says what is true.
 */
export function rollbackHeard(run: Run, environment: Environment, signal: Deployed): void {
  const { rollback } = environment
  const step = rollback && presentStep(rollback)
  // It came back already. Where something else was the end of it, such as a flag, it comes back only now.
  if (!rollback || (wentBack(rollback) && (rollback.is === "done" || step?.is === "verifying"))) return
  const heard: Rollback = { ...rollback, deployment: signal.deployment, heard: signal.at }
  const next = { ...environment, rollback: rollback.is === "running" ? heard : rollback }
  putEnvironment(run, next)
  if (
    signal.state === "in_progress" &&
    step?.is === "running" &&
    step.level === "application" &&
    rollback.drill === undefined
  )
    sayDeploying(run, next, heard, signal)
  if (signal.state === "success") cameBack(run, { ...environment, rollback: heard }, "application", signal)
  const hasFailed = signal.state === "failure" || signal.state === "error"
  if (step?.is === "running" && step.level === "application" && hasFailed)
    stepFailed(run, next, `its deployment ended as “${signal.state}”`, signal.at, signal.url ? { url: signal.url } : {})
}

/** Whoever waits sees that somebody has taken it up; once, however often that is told. */
function sayDeploying(run: Run, environment: Environment, rollback: Rollback, { at, url }: Deployed): void {
  const { id, from, to } = rollback
  reply(run, from.release, `rollback-step:${id}:${stepsOf(rollback).length}:running`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "running",
    says: `${to.version} is being deployed`,
    at,
    ...(url === undefined ? {} : { url }),
  })
}

/**
 * The release that was good is there again, and GitHub has no deployment that says so; where the workflow made one, that is
 * known already.
 */
export function broughtBack(run: Run, environment: Environment, level: RollbackLevel["is"], at: string): void {
  const { live, rollback } = environment
  if (!rollback) return
  const isKnown = live?.release === rollback.to.release && live.since >= rollback.begun
  const { verification: _, ...known } = live ?? {}
  const told = isKnown ? known : { deployment: `rollback:${rollback.id}`, reported: true as const }
  cameBack(run, environment, level, { deployment: "", ...told, at })
}

type Told = Pick<Deployed, "deployment" | "at" | "reported">

/** Something else went live since, and is there: a word that comes late is of the past. */
const isReplaced = ({ live }: Environment, { from, to }: Rollback, at: string): boolean =>
  live !== undefined && live.release !== from.release && live.release !== to.release && at < live.since

/** The release that was good is live again; the bad one has left. Whether that is enough is looked at from now on. */
function cameBack(run: Run, environment: Environment, level: RollbackLevel["is"], told: Told): void {
  const { failed: _, rollback, ...rest } = environment
  if (!rollback || isReplaced(environment, rollback, told.at)) return
  const { from, to } = rollback
  const known = environment.good.find(({ release }) => release === to.release)?.artifact
  const live: Live = {
    ...to,
    since: told.at,
    deployment: told.deployment,
    ...(known ? { artifact: known } : {}),
    ...(told.reported ? { reported: true as const } : {}),
  }
  // What leaves for practice is as good as it was.
  const isGone = (release: string) => release === from.release && rollback.drill === undefined
  const good = environment.good.filter(({ release }) => release !== to.release && !isGone(release))
  // Another way back is being tried by now.
  if (presentStep(rollback)?.level !== level) withdrawWay(run, rollback)
  const { overtaken: __, ...anew } = rollback
  const again = { ...anew, is: "running" as const, steps: withStepOf(level, rollback) }
  const next = { ...rest, live, good: [...good, live], rollback: again }
  putEnvironment(run, next)
  const bad = releaseOf(run.state, from.release)
  const mark = { environment: environment.name, to: to.version, by: rollback.by, at: told.at }
  if (bad && rollback.drill === undefined) putRelease(run, { ...bad, rolledBack: [...bad.rolledBack, mark] })
  if (rollback.drill === undefined) latestAfterRollback(run, to.release, rollback.id)
  stepWorked(run, next, told.at)
}

/** Also where it was given up, or another way back is being tried by now. */
function withStepOf(level: RollbackLevel["is"], rollback: Rollback): readonly RollbackStep[] {
  const steps = stepsOf(rollback)
  const last = steps.at(-1)
  if (last?.is === "running" && last.level === level) return steps
  const begun = steps.findLast((step) => step.level === level)?.begun ?? rollback.begun
  return [...steps, { level, begun, is: "running" }]
}

/** How the call that switches a flag off ended. */
export function flagEnded(run: Run, { target, outcome, at }: Ended): void {
  const [, id = "", step = ""] = target.split(":")
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const present = environment?.rollback && presentStep(environment.rollback)
  if (!environment?.rollback || present?.is !== "running" || stepsOf(environment.rollback).length !== Number(step))
    return
  if (outcome.is === "done") stepWorked(run, environment, at)
  if (outcome.is === "refused" && outcome.code !== "expired") stepFailed(run, environment, outcome.because, at)
}

/** How an effect ends that GitHub may have done all the same: an attempt was begun, and its answer never heard. */
const LEAVES_DOUBT: readonly Refusal[] = ["unavailable", "dropped"]

/** GitHub refused the deployment. Where it gave no answer until Slipway or a person gave up, it may have made it. */
export function rollbackRefused(run: Run, id: string, outcome: Outcome, at: string): void {
  // What came too late is said by the time limit itself.
  if (outcome.is !== "refused" || outcome.code === "expired") return
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const step = environment?.rollback && presentStep(environment.rollback)
  if (environment && step?.is === "running" && step.level === "application")
    stepFailed(run, environment, outcome.because, at, LEAVES_DOUBT.includes(outcome.code) ? {} : { untouched: true })
}
