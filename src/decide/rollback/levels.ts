import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import { type Environment, placeOf } from "../../model/deployment.ts"
import {
  markOf,
  presentStep,
  type Rollback,
  type RollbackLevel,
  type RollbackStep,
  stepsOf,
  toldWith,
} from "../../model/rollback.ts"
import { putEnvironment, type Run, record, releaseOf, reply, rollbackTarget } from "../run.ts"
import { plain } from "../wording.ts"
import { lookAtCluster } from "./begin-cluster.ts"
import { beginRun, firstLook } from "./begin-run.ts"
import { rollbackDone, rollbackFailed } from "./end.ts"
import { newChecking } from "./health.ts"
import { limitOf } from "./limit.ts"
import { pushCall } from "./push-call.ts"
import { levelName } from "./says.ts"
import { takeBack } from "./take-back.ts"
import { flagTarget } from "./targets.ts"
import { withdrawWay } from "./withdraw-way.ts"

/** Tries the next way back that is declared; where none is left, or another release is live, the rollback has failed. */
export function tryNext(run: Run, environment: Environment, at: string, url?: string): void {
  const { rollback } = environment
  if (!rollback) return
  const { levels } = rollback.rules ?? DEFAULT_ROLLBACK
  const steps = stepsOf(rollback)
  const level = levels[steps.length]
  if (level && !rollback.overtaken) {
    const next: RollbackStep = { level: level.is, begun: at, is: "running", ...firstLook(level.is, at) }
    const begun = { ...rollback, steps: [...steps, next] }
    putEnvironment(run, { ...environment, rollback: begun })
    begin(run, { ...environment, rollback: begun }, begun, level)
    return
  }
  const last = steps.at(-1)
  rollbackFailed(run, environment, rollback, last?.is === "failed" ? last.because : "no way back is declared", at, url)
}

/** `untouched`: it is certain that nothing was changed. */
interface Failing {
  readonly url?: string
  readonly untouched?: true
}

/** The present way back came to nothing. */
export function stepFailed(
  run: Run,
  environment: Environment,
  reason: string,
  at: string,
  { url, ...certain }: Failing = {},
): void {
  const { rollback } = environment
  const step = rollback && presentStep(rollback)
  if (!rollback || !step) return
  withdrawWay(run, rollback)
  const because = plain(reason)
  const { level, begun, run: id } = step
  const known = id === undefined ? {} : { run: id }
  const untouched =
    level === "kubernetes" && step.is === "running" && !step.cluster ? { untouched: true as const } : certain
  const failed = withStep(rollback, { level, begun, ...known, is: "failed", ended: at, because, ...untouched })
  const steps = stepsOf(failed)
  const isLast = rollback.overtaken !== undefined || steps.length >= (rollback.rules ?? DEFAULT_ROLLBACK).levels.length
  recordStep(run, environment, failed, { because, at })
  if (!isLast) say(run, environment, failed, "failed", `${levelName(level)} did not help: ${because}`, at)
  putEnvironment(run, { ...environment, rollback: failed })
  tryNext(run, { ...environment, rollback: failed }, at, url)
}

/**
 * The present way back did what it does. Where the environment asks for something that shows whether that was enough, it is
 * looked at for some time; where it does not, what comes after a flag is tried as well, since nobody knows.
 */
export function stepWorked(run: Run, environment: Environment, at: string): void {
  const { rollback } = environment
  const step = rollback && presentStep(rollback)
  if (!rollback || !step) return
  const { level, begun } = step
  const checking = newChecking(run, environment, rollback, at)
  if (checking) {
    const verifying = withStep(rollback, { level, begun, is: "verifying", ...checking })
    putEnvironment(run, { ...environment, rollback: verifying })
    say(run, environment, verifying, "verifying", watchedSays(rollback, level), at, checking.ends)
    return
  }
  const worked = withStep(rollback, { level, begun, is: "worked", ended: at, verified: false })
  const isLast = stepsOf(worked).length >= (rollback.rules ?? DEFAULT_ROLLBACK).levels.length
  if (level !== "flag" || isLast) {
    rollbackDone(run, environment, worked, at)
    return
  }
  say(run, environment, worked, "worked", "the flag is off; whether that is enough nothing would show", at)
  tryNext(run, { ...environment, rollback: worked }, at)
}

/** What came back was shown to be well. */
export function stepVerified(run: Run, environment: Environment, at: string): void {
  const { rollback } = environment
  const step = rollback && presentStep(rollback)
  if (!rollback || !step) return
  const { level, begun } = step
  rollbackDone(run, environment, withStep(rollback, { level, begun, is: "worked", ended: at, verified: true }), at)
}

const withStep = (rollback: Rollback, step: RollbackStep): Rollback => ({
  ...rollback,
  steps: stepsOf(rollback).with(-1, step),
})

function recordStep(
  run: Run,
  { name }: Environment,
  rollback: Rollback,
  facts: { readonly because: string; readonly at: string },
): void {
  const { id, by, steps = [] } = rollback
  const level = steps.at(-1)?.level ?? ""
  record(
    run,
    rollback.drill === undefined ? "rollback level failed" : "drill level failed",
    { environment: name, rollback: id, level, ...facts },
    { release: toldWith(rollback), by },
  )
}

function say(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  state: "failed" | "verifying" | "worked",
  says: string,
  at: string,
  until?: string,
): void {
  const { id, steps = [] } = rollback
  reply(run, toldWith(rollback), `rollback-step:${id}:${steps.length}:${state}`, {
    is: "rollback step",
    environment: placeOf(environment),
    state,
    ...markOf(rollback),
    says: plain(says),
    at,
    ...(until === undefined ? {} : { until }),
  })
}

const watchedSays = ({ to }: Rollback, level: RollbackStep["level"]): string =>
  ({
    flag: "the flag is off, and what it did is watched",
    application: `${to.version} is there, and is watched`,
    workflow: `${to.version} is there, and is watched`,
    kubernetes: `${to.version} is there, and is watched`,
    configuration: "the changes are taken back, and what that did is watched",
  })[level]

/** Asks for what a level does; once, whatever is decided again. */
function begin(run: Run, environment: Environment, rollback: Rollback, level: RollbackLevel): void {
  switch (level.is) {
    case "flag":
      switchOff(run, environment, rollback, level)
      return
    case "application":
      deploy(run, environment, rollback)
      return
    case "workflow":
      beginRun(run, environment, rollback, level)
      return
    case "kubernetes":
      lookAtCluster(run, rollback, level)
      return
    case "configuration": {
      const because = takeBack(run, environment, rollback)
      if (because !== undefined) stepFailed(run, environment, because, run.at)
    }
  }
}

function switchOff(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  { name, call }: Extract<RollbackLevel, { is: "flag" }>,
): void {
  const target = flagTarget(rollback, stepsOf(rollback).length)
  const guard = { notAfter: limitOf(rollback) }
  pushCall(run, environment, rollback, { target, what: `switch ${name} off`, call, guard })
}

function deploy(run: Run, environment: Environment, rollback: Rollback): void {
  const { id, from, to, by, because, drill } = rollback
  const { name, component, good } = environment
  const tag = releaseOf(run.state, to.release)?.tag
  const artifact = good.findLast(({ release }) => release === to.release)?.artifact
  run.effects.push({
    kind: "deployment",
    key: `rollback:${id}`,
    target: rollbackTarget(id),
    lane: `environment:${name}`,
    mode: "append",
    guard: { notAfter: limitOf(rollback) },
    content: {
      rollback: id,
      environment: name,
      ...(component === undefined ? {} : { component }),
      sha: to.sha,
      from,
      to: { ...to, ...(tag === undefined ? {} : { tag }) },
      ...(artifact === undefined ? {} : { artifact }),
      by,
      because,
      ...(drill === undefined ? {} : { drill }),
    },
  })
}
