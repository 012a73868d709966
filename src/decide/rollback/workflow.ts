import { type Environment, placeOf } from "../../model/deployment.ts"
import type { Json } from "../../model/json.ts"
import type { Outcome } from "../../model/outcome.ts"
import { markOf, presentStep, stepsOf, toldWith } from "../../model/rollback.ts"
import type { Ended, Ran } from "../../model/signal.ts"
import { pageUrl } from "../links.ts"
import { putEnvironment, type Run, reply } from "../run.ts"
import { LOOK_MS } from "./begin-run.ts"
import { broughtBack } from "./heard.ts"
import { stepFailed } from "./levels.ts"
import { presentLevel, putStep } from "./present.ts"

/** The run was started, or GitHub did not take it, or it was looked at how it is. */
export function runEnded(run: Run, { of, target, outcome, at }: Ended): void {
  const [, id = "", step = ""] = target.split(":")
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  if (of === "back-run" && environment) startedLate(run, environment, Number(step), outcome)
  const present = environment?.rollback && presentStep(environment.rollback)
  if (!environment?.rollback || present?.is !== "running" || present.level !== "workflow") return
  if (stepsOf(environment.rollback).length !== Number(step)) return
  if (of === "back-run" && outcome.is === "refused") {
    stepFailed(run, environment, outcome.because, at)
    return
  }
  const known = outcome.is === "done" ? seenIn(outcome.result) : undefined
  const next = new Date(run.now.getTime() + LOOK_MS).toISOString()
  const { next: _, ...rest } = present
  const going = putStep(run, environment, { ...rest, ...(known ? { run: known.run } : {}), next })
  if (known && present.run === undefined) tellRun(run, going, known.run, at)
  if (known && known.state !== "running") judge(run, going, known, at)
}

/** The way back was given up while GitHub started the run: its end is heard all the same. */
function startedLate(run: Run, environment: Environment, number: number, outcome: Outcome): void {
  const { rollback } = environment
  const steps = rollback ? stepsOf(rollback) : []
  const step = steps[number - 1]
  const known = outcome.is === "done" ? seenIn(outcome.result) : undefined
  if (!rollback || !known || step?.is !== "failed" || step.level !== "workflow") return
  const next = { ...rollback, steps: steps.with(number - 1, { ...step, run: known.run }) }
  putEnvironment(run, { ...environment, rollback: next })
}

/** A workflow run went a step further: it may be the one that deploys. One that was given up and ends well still counts. */
export function runHeard(run: Run, signal: Ran): void {
  const environment = Object.values(run.state.environments).find(
    ({ rollback }) => rollback && stepsOf(rollback).some((step) => step.run === signal.run),
  )
  const step = environment?.rollback && stepsOf(environment.rollback).findLast((one) => one.run === signal.run)
  if (!environment || !step || signal.state === "running" || environment.rollback?.is === "done") return
  if (step.is === "running" || (step.is === "failed" && signal.state === "succeeded"))
    judge(run, environment, signal, signal.at)
}

function judge(run: Run, environment: Environment, known: Pick<Ran, "run" | "state" | "word">, at: string): void {
  if (known.state === "succeeded") broughtBack(run, environment, "workflow", at)
  else {
    const because = `its run ended as “${known.word.replaceAll("_", " ")}”`
    stepFailed(run, environment, because, at, { url: urlOf(run, known.run) })
  }
}

const urlOf = ({ repo }: Run, id: string): string => pageUrl(repo, `actions/runs/${id}`)

function tellRun(run: Run, environment: Environment, id: string, at: string): void {
  const { rollback } = environment
  const level = rollback && presentLevel(rollback)
  if (!rollback || level?.is !== "workflow") return
  reply(run, toldWith(rollback), `rollback-step:${rollback.id}:${stepsOf(rollback).length}:running`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "running",
    ...markOf(rollback),
    says: `${level.workflow} deploys ${rollback.to.version}`,
    at,
    url: urlOf(run, id),
  })
}

type Known = Pick<Ran, "run" | "state" | "word">

/** What an effect found out of a run. */
function seenIn(result: { readonly [key: string]: Json } | undefined): Known | undefined {
  const { id, state, word } = result ?? {}
  if (typeof id !== "string" || (state !== "running" && state !== "succeeded" && state !== "failed")) return undefined
  return { run: id, state, word: typeof word === "string" ? word : state }
}
