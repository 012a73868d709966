import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import type { Environment, Live } from "../../model/deployment.ts"
import { presentStep, type Rollback, type RollbackStep, stepsOf } from "../../model/rollback.ts"
import { watchedIn } from "../../model/rollback-watch.ts"
import { putEnvironment, type Run } from "../run.ts"
import { allFindings, brokenNow, measuredTimes } from "../verification.ts"
import { list, plain } from "../wording.ts"
import { rollbackUnwell } from "./end.ts"
import { stepFailed, stepVerified } from "./levels.ts"

const MINUTE_MS = 60_000
/** What could not be shown when its time is over is looked for again this often, and no longer than this. */
const AGAIN_MS = MINUTE_MS
const PATIENCE_MS = 15 * MINUTE_MS

type Verifying = Extract<RollbackStep, { is: "verifying" }>

/** Looks at every rollback that runs: whether its present way back took too long, and whether what came back is well. */
export function followRollbacks(run: Run): void {
  for (const environment of Object.values(run.state.environments)) {
    const step = environment.rollback && presentStep(environment.rollback)
    const watched = watchedIn(environment)
    if (step?.is === "running") giveUp(run, environment, step)
    if (step?.is === "verifying" && watched) look(run, environment, step, watched.live)
  }
}

/** When one of them is looked at again. ISO 8601 */
export const rollbackTimes = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) => {
    const { rollback } = environment
    const step = rollback && presentStep(rollback)
    const watched = watchedIn(environment)
    if (rollback && step?.is === "running") return [limitOf(rollback, step)]
    if (step?.is !== "verifying" || !watched) return []
    if (step.asked !== undefined) return [new Date(run.now.getTime() + 1).toISOString()]
    return [step.again ?? step.ends, ...measuredTimes(run, environment, watched.live, step.ends)]
  })

const limitOf = ({ rules }: Rollback, { begun }: RollbackStep): string =>
  new Date(Date.parse(begun) + (rules ?? DEFAULT_ROLLBACK).within * MINUTE_MS).toISOString()

/** A way back that has not come to its end in time is given up; should it end well after all, that still counts. */
function giveUp(run: Run, environment: Environment, step: RollbackStep): void {
  const { rollback } = environment
  if (!rollback || run.at < limitOf(rollback, step)) return
  const { within } = rollback.rules ?? DEFAULT_ROLLBACK
  const because =
    step.level !== "application"
      ? step.is === "running" && step.pull !== undefined
        ? `#${step.pull} was not merged within ${within} minutes; it stays open`
        : `it came to no end within ${within} minutes`
      : rollback.heard
        ? `its deployment has not ended within ${within} minutes; look at the workflow that runs it`
        : `its deployment got no status within ${within} minutes; does a workflow run on deployments here?`
  stepFailed(run, environment, because, run.at)
}

function look(run: Run, environment: Environment, step: Verifying, live: Live): void {
  const { level, begun, since, ends, asked, again } = step
  const put = (more: Pick<Verifying, "asked" | "again" | "missing">) =>
    putStep(run, environment, { level, begun, is: "verifying", since, ends, ...more })
  if (asked === undefined) {
    const broken = run.at < ends ? brokenNow(run, environment, live) : []
    if (broken.length > 0) unwell(run, environment, list(broken))
    else if (run.at >= (again ?? ends)) put({ asked: run.at })
    return
  }
  if (asked === run.at) return
  const found = allFindings(run, environment, live)
  const saying = (all: typeof found) => list(all.map(({ because }) => because))
  const failed = found.filter(({ state }) => state === "failed")
  const open = found.filter(({ state }) => state !== "passed")
  if (failed.length > 0) unwell(run, environment, saying(failed))
  else if (open.length === 0) stepVerified(run, environment, run.at)
  else if (run.now.getTime() - Date.parse(ends) >= PATIENCE_MS)
    unwell(run, environment, `it was not shown to be well: ${saying(open)}`)
  else put({ again: new Date(run.now.getTime() + AGAIN_MS).toISOString(), missing: plain(saying(open)) })
}

function putStep(run: Run, environment: Environment, step: RollbackStep): void {
  const { rollback } = environment
  if (!rollback) return
  putEnvironment(run, { ...environment, rollback: { ...rollback, steps: stepsOf(rollback).with(-1, step) } })
}

/** What came back is not well either: it is not known to be good any more, and the next way back is tried. */
function unwell(run: Run, environment: Environment, because: string): void {
  stepFailed(run, rollbackUnwell(run, environment, plain(because)), because, run.at)
}
