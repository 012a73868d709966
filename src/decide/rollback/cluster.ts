import { type Environment, placeOf } from "../../model/deployment.ts"
import type { Json } from "../../model/json.ts"
import type { DeploymentSeen } from "../../model/kubernetes.ts"
import {
  type ClusterBack,
  markOf,
  presentStep,
  type Rollback,
  type RollbackStep,
  stepsOf,
  toldWith,
  type Undoing,
} from "../../model/rollback.ts"
import type { Ended } from "../../model/signal.ts"
import { type Run, record, reply } from "../run.ts"
import { plain } from "../wording.ts"
import { askedOf, undoInCluster } from "./begin-cluster.ts"
import { chooseRevision } from "./choose-revision.ts"
import { broughtBack } from "./heard.ts"
import { stepFailed } from "./levels.ts"
import { presentLevel, putStep } from "./present.ts"

/** How often a rollout is looked at. */
const LOOK_MS = 5_000

interface There {
  readonly environment: Environment
  readonly rollback: Rollback
  readonly step: Extract<RollbackStep, { is: "running" }>
  readonly level: ClusterBack
}

/** The API server said how a Deployment is, or took the change, or refused. */
export function clusterEnded(run: Run, { of, target, outcome, at }: Ended): void {
  const there = thereOf(run, target)
  // What came too late is said by the time limit itself.
  if (!there || outcome.is === "retry" || (outcome.is === "refused" && outcome.code === "expired")) return
  if (outcome.is === "refused") {
    stepFailed(run, there.environment, outcome.because, at)
    return
  }
  const { cluster } = there.step
  if (of === "kubernetes-undo" && cluster) lookSoon(run, there, { ...cluster, isDone: true })
  const seen = of === "kubernetes-look" ? seenIn(outcome.result) : undefined
  if (!seen) return
  if (cluster) watch(run, there, cluster, seen, at)
  else choose(run, there, seen, at)
}

function thereOf(run: Run, target: string): There | undefined {
  const [, id = "", number = ""] = target.split(":")
  const environment = Object.values(run.state.environments).find(({ rollback }) => rollback?.id === id)
  const rollback = environment?.rollback
  const step = rollback && presentStep(rollback)
  const level = rollback && presentLevel(rollback)
  if (!environment || !rollback || step?.is !== "running" || level?.is !== "kubernetes") return undefined
  return stepsOf(rollback).length === Number(number) ? { environment, rollback, step, level } : undefined
}

function choose(run: Run, there: There, seen: DeploymentSeen, at: string): void {
  const { environment, rollback, step, level } = there
  const choice = chooseRevision(seen, askedOf(run, environment, rollback, level))
  if (choice.is === "none") {
    stepFailed(run, environment, `the Deployment ${level.deployment}: ${choice.because}`, at)
    return
  }
  const { revision, template, left, says } = choice
  const cluster: Undoing = { revision, template, left, says: plain(says), isDone: choice.is === "there" }
  const next = putStep(run, environment, { ...step, cluster })
  const facts = { deployment: level.deployment, namespace: level.namespace, revision, says: cluster.says, at }
  const what = choice.is === "there" ? "revision there already" : "revision chosen"
  record(
    run,
    what,
    { environment: environment.name, rollback: rollback.id, ...facts },
    { release: rollback.from.release, by: rollback.by },
  )
  tell(run, environment, rollback, level, choice.is, cluster, at)
  if (choice.is === "there") watch(run, { ...there, environment: next }, cluster, seen, at)
  else undoInCluster(run, rollback, level, cluster)
}

function tell(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  { deployment }: ClusterBack,
  is: "go" | "there",
  { revision, says }: Undoing,
  at: string,
): void {
  const does = is === "go" ? "goes back to" : "is at"
  const number = revision === 0 ? "its newest revision" : `revision ${revision}`
  reply(run, toldWith(rollback), `rollback-step:${rollback.id}:${stepsOf(rollback).length}:running`, {
    is: "rollback step",
    environment: placeOf(environment),
    state: "running",
    ...markOf(rollback),
    says: plain(`the Deployment ${deployment} ${does} ${number}: ${says}`),
    at,
  })
}

/** Until the pods are there; what somebody else changed meanwhile is not what was gone back to. */
function watch(run: Run, there: There, cluster: Undoing, seen: DeploymentSeen, at: string): void {
  const { environment, level } = there
  if (!cluster.isDone) return
  if (seen.template !== cluster.template)
    stepFailed(
      run,
      environment,
      `the Deployment ${level.deployment} was changed again, to another pod template: by somebody, or by what keeps it as it is in Git`,
      at,
    )
  else if (seen.rollout.is === "done") broughtBack(run, environment, "kubernetes", at)
  else lookSoon(run, there, { ...cluster, missing: plain(seen.rollout.because) })
}

function lookSoon(run: Run, { environment, step }: There, cluster: Undoing): void {
  const next = new Date(run.now.getTime() + LOOK_MS).toISOString()
  putStep(run, environment, { ...step, cluster, next })
}

/** What a look of ours came to: act made it. */
const seenIn = (result: { readonly [key: string]: Json } | undefined): DeploymentSeen | undefined =>
  result?.seen as DeploymentSeen | undefined
