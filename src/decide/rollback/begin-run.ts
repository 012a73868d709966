import type { Environment } from "../../model/deployment.ts"
import { filledText } from "../../model/http-call.ts"
import { type Rollback, type RollbackLevel, type Running, stepsOf } from "../../model/rollback.ts"
import type { Run } from "../run.ts"
import { fillsOf } from "./fills.ts"
import { limitOf } from "./limit.ts"
import { runTarget } from "./targets.ts"

type Workflow = Extract<RollbackLevel, { is: "workflow" }>

/** How often GitHub is asked how the run is, whose webhooks tell it as a rule. */
export const LOOK_MS = 60_000

/** When it is looked at how it goes on; a Deployment is looked at before anything is done to it. */
export function firstLook(level: RollbackLevel["is"], at: string): Pick<Running, "looks" | "next"> {
  if (level === "workflow") return { looks: 0, next: new Date(Date.parse(at) + LOOK_MS).toISOString() }
  return level === "kubernetes" ? { looks: 1 } : {}
}

/** Has the workflow started that deploys the release which was good. */
export function beginRun(run: Run, environment: Environment, rollback: Rollback, level: Workflow): void {
  const target = runTarget(rollback, stepsOf(rollback).length)
  const fills = fillsOf(run, environment, rollback)
  const filled = (text: string) => filledText(text, fills)
  run.effects.push({
    kind: "back-run",
    key: target,
    target,
    lane: target,
    mode: "append",
    guard: { notAfter: limitOf(rollback) },
    content: {
      workflow: level.workflow,
      ref: filled(level.ref),
      inputs: Object.fromEntries(Object.entries(level.inputs).map(([name, text]) => [name, filled(text)])),
      asked: run.at,
      mark: fills.key ?? "",
    },
  })
}

/** Asks GitHub how its run is, since a webhook may be lost. */
export function lookAtRun(run: Run, environment: Environment, rollback: Rollback, level: Workflow): void {
  const step = stepsOf(rollback).at(-1)
  if (step?.is !== "running") return
  const target = `back-run-look:${rollback.id}:${stepsOf(rollback).length}:${step.looks ?? 0}`
  const { key: mark = "" } = fillsOf(run, environment, rollback)
  run.effects.push({
    kind: "back-run-look",
    key: target,
    target,
    lane: runTarget(rollback, stepsOf(rollback).length),
    mode: "append",
    content: {
      workflow: level.workflow,
      asked: step.begun,
      mark,
      ...(step.run === undefined ? {} : { run: step.run }),
    },
  })
}
