import type { Environment } from "../../model/deployment.ts"
import { filledText } from "../../model/http-call.ts"
import type { KubernetesPlace, Undo } from "../../model/kubernetes.ts"
import { type ClusterBack, type Rollback, type RollbackEnd, stepsOf } from "../../model/rollback.ts"
import { failuresIn } from "../last-known-good.ts"
import { type Run, releaseOf } from "../run.ts"
import type { Asked, Sought } from "./choose-revision.ts"
import { fillsOf } from "./fills.ts"
import { limitOf } from "./limit.ts"
import { undoTarget } from "./targets.ts"

const laneOf = (rollback: Rollback): string => `kubernetes:${rollback.id}:${stepsOf(rollback).length}`

const placeIn = ({ server, namespace, deployment, token, ca }: ClusterBack): KubernetesPlace => ({
  server,
  namespace,
  deployment,
  token,
  ...(ca === undefined ? {} : { ca }),
})

/** Asks the API server how the Deployment is. Each look is one of its own, by how often that was done. */
export function lookAtCluster(run: Run, rollback: Rollback, level: ClusterBack): void {
  const step = stepsOf(rollback).at(-1)
  const looks = step?.is === "running" ? step.looks : undefined
  const target = `kubernetes-look:${rollback.id}:${stepsOf(rollback).length}:${looks ?? 1}`
  run.effects.push({
    kind: "kubernetes-look",
    key: target,
    target,
    lane: laneOf(rollback),
    mode: "append",
    guard: { notAfter: limitOf(rollback) },
    content: { place: placeIn(level) },
  })
}

/** Has the Deployment changed, from what was looked at; never after its time, when another way back is being tried. */
export function undoInCluster(run: Run, rollback: Rollback, level: ClusterBack, undo: Undo): void {
  const target = undoTarget(rollback, stepsOf(rollback).length)
  const { revision, template, left } = undo
  run.effects.push({
    kind: "kubernetes-undo",
    key: target,
    target,
    lane: laneOf(rollback),
    mode: "append",
    guard: { notAfter: limitOf(rollback) },
    content: { place: placeIn(level), undo: { revision, template, left } },
  })
}

/** What is looked for among the revisions of a Deployment. */
export function askedOf(run: Run, environment: Environment, rollback: Rollback, { image }: ClusterBack): Asked {
  const { from, to } = rollback
  const imageOf = (told: Rollback) => image && filledText(image, fillsOf(run, environment, told))
  const [wanted, left] = [imageOf(rollback), imageOf({ ...rollback, from: to, to: from })]
  return {
    to: sought(run, environment, to),
    from: sought(run, environment, from),
    ...(wanted === undefined ? {} : { image: wanted }),
    ...(left === undefined ? {} : { imageLeft: left }),
    isReturn: rollback.drill === "return",
    isBefore: lastBefore(environment, from) === to.release,
  }
}

const sought = (run: Run, { good }: Environment, { release, version, sha }: RollbackEnd): Sought => ({
  version,
  sha,
  tag: releaseOf(run.state, release)?.tag ?? "",
  artifact: good.findLast((one) => one.release === release)?.artifact ?? [],
})

/** The release that was there last, or failed there, of all but the one that is left. */
function lastBefore(environment: Environment, from: RollbackEnd): string | undefined {
  const { good, unverified = [], live } = environment
  const there = [...good, ...unverified, ...(live ? [live] : [])].map(({ release, since }) => ({ release, at: since }))
  const tried = [...there, ...failuresIn(environment)].filter(({ release }) => release !== from.release)
  return tried.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.release
}
