import { placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import { type Rollback, type RollbackLevel, stepsOf } from "../../model/rollback.ts"
import type { Ended } from "../../model/signal.ts"
import { type Run, reply } from "../run.ts"
import { plain } from "../wording.ts"
import { levelName } from "./says.ts"
import { targetsUnderWay } from "./targets.ts"

/** The present way back is over, however it ended: what it asked for and nobody has done yet is not wanted any more. */
export function withdrawWay(run: Run, rollback: Rollback): void {
  const targets = targetsUnderWay(rollback)
  run.withdraws.push(...targets)
  // What this very decision asks for is not asked for at all.
  const kept = run.effects.filter(({ target }) => !targets.includes(target))
  run.effects.splice(0, run.effects.length, ...kept)
}

/** By how their targets begin. */
const LEVELS: { readonly [name: string]: RollbackLevel["is"] } = {
  flag: "flag",
  deployment: "application",
  "back-run": "workflow",
  "kubernetes-undo": "kubernetes",
  revert: "configuration",
  merge: "configuration",
}

/** It was told that no further way back is tried, and nobody knows whether the last one comes all the same. */
export function wayEnded(run: Run, { target, outcome, at }: Ended): void {
  if (outcome.is !== "refused" || !["unavailable", "expired"].includes(outcome.code)) return
  const [name = "", id = ""] = target.split(":")
  const level = own(LEVELS, name)
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const { rollback } = environment ?? {}
  if (!environment || !rollback?.overtaken || level === undefined) return
  if (!stepsOf(rollback).some((step) => step.level === level)) return
  reply(run, rollback.from.release, `rollback-withdrawn:${target}`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "failed",
    says: plain(`${levelName(level)}: ${outcome.because}`),
    at,
  })
}
