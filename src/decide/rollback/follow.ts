import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import type { Environment, Live } from "../../model/deployment.ts"
import { presentStep, type Rollback, type RollbackStep } from "../../model/rollback.ts"
import { watchedIn } from "../../model/rollback-watch.ts"
import { type Run, rollbackTarget } from "../run.ts"
import { allFindings, brokenNow, measuredTimes } from "../verification.ts"
import { list, plain } from "../wording.ts"
import { lookAtCluster } from "./begin-cluster.ts"
import { lookAtRun } from "./begin-run.ts"
import { rollbackUnwell } from "./end.ts"
import { stepFailed, stepVerified } from "./levels.ts"
import { limitOf } from "./limit.ts"
import { presentLevel, putStep } from "./present.ts"
import { merge } from "./take-back.ts"

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
    if (step?.is === "running") followStep(run, environment, step)
    if (step?.is === "verifying" && watched) look(run, environment, step, watched.live)
  }
}

/** When one of them is looked at again. ISO 8601 */
export const rollbackTimes = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) => {
    const { rollback } = environment
    const step = rollback && presentStep(rollback)
    const watched = watchedIn(environment)
    if (rollback && step?.is === "running") return [limitOf(rollback), ...(step.next === undefined ? [] : [step.next])]
    if (step?.is !== "verifying" || !watched) return []
    if (step.asked !== undefined) return [new Date(run.now.getTime() + 1).toISOString()]
    return [step.again ?? step.ends, ...measuredTimes(run, environment, watched.live, step.ends)]
  })

type Waiting = Extract<RollbackStep, { is: "running" }>

function followStep(run: Run, environment: Environment, step: Waiting): void {
  const { rollback } = environment
  if (!rollback) return
  if (run.at >= limitOf(rollback)) stepFailed(run, environment, lateSays(run, rollback, step), run.at)
  else if (step.next !== undefined && run.at >= step.next) lookAgain(run, environment, step)
}

/** A way back that has not come to its end in time is given up; should it end well after all, that still counts. */
function lateSays({ handles }: Run, rollback: Rollback, { level, pull, run: id, cluster }: Waiting): string {
  const time = `within ${(rollback.rules ?? DEFAULT_ROLLBACK).within} minutes`
  switch (level) {
    case "application":
      if (rollback.heard) return `its deployment has not ended ${time}; look at the workflow that runs it`
      return handles[rollbackTarget(rollback.id)] === undefined
        ? `GitHub could not be asked for its deployment ${time}, or did not answer`
        : `its deployment got no status ${time}; does a workflow run on deployments here?`
    case "workflow":
      return id === undefined
        ? `no run of it began ${time}; look at the repository's Actions`
        : `its run has not ended ${time}; look at it`
    case "kubernetes":
      return cluster?.missing === undefined ? `it came to no end ${time}` : `not ${time}: ${cluster.missing}`
    case "configuration":
      return pull === undefined ? `it came to no end ${time}` : `#${pull} was not merged ${time}; it stays open`
    case "flag":
      return `it came to no end ${time}`
  }
}

function lookAgain(run: Run, environment: Environment, step: Waiting): void {
  const { next: _, ...rest } = step
  const { rollback } = putStep(run, environment, { ...rest, looks: (step.looks ?? 0) + 1 })
  if (!rollback) return
  const level = presentLevel(rollback)
  if (level?.is === "workflow") lookAtRun(run, environment, rollback, level)
  if (level?.is === "kubernetes") lookAtCluster(run, rollback, level)
  if (level?.is === "configuration" && step.pull !== undefined) merge(run, environment, rollback, step.pull)
}

function look(run: Run, environment: Environment, step: Verifying, live: Live): void {
  const { level, begun, since, ends, asked, again } = step
  const put = (more: Pick<Verifying, "asked" | "again" | "missing">) =>
    void putStep(run, environment, { level, begun, is: "verifying", since, ends, ...more })
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

/** What came back is not well either: it is not known to be good any more, and the next way back is tried. */
function unwell(run: Run, environment: Environment, because: string): void {
  stepFailed(run, rollbackUnwell(run, environment, plain(because)), because, run.at)
}
