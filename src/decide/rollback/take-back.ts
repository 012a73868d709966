import { componentsOf } from "../../model/component.ts"
import { type Environment, placeOf } from "../../model/deployment.ts"
import type { RevertRequest } from "../../model/effect.ts"
import { rulingOf } from "../../model/entry-rules.ts"
import { own } from "../../model/own.ts"
import { revertBranch } from "../../model/own-branch.ts"
import { endOf, type Release } from "../../model/release.ts"
import { type OwnFiles, type Rollback, stepsOf } from "../../model/rollback.ts"
import { type Run, releaseOf } from "../run.ts"
import { limitOf } from "./limit.ts"
import { putStep } from "./present.ts"
import { mergeTarget, revertTarget } from "./targets.ts"

/**
 * Has the pull request opened that takes back what came between the releases.
 *
 * @returns why it cannot be; undefined where it was asked for
 */
export function takeBack(run: Run, environment: Environment, rollback: Rollback): string | undefined {
  const { from } = rollback
  const release = releaseOf(run.state, from.release)
  const step = stepsOf(rollback).at(-1)
  if (release?.phase.is !== "published" || step?.is !== "running")
    return `it is not known what came with ${from.version}`
  const whose = ownFilesOf(run, release)
  if (whose === "unknown")
    return `the configuration has no ${release.component} any more, so nobody knows which files are its own`
  const now = whose === "all" ? environment : putStep(run, environment, { ...step, own: whose })
  const content = requestOf(run, now)
  if (!content) return undefined
  const target = revertTarget(rollback)
  const guard = { notAfter: limitOf(rollback) }
  run.effects.push({ kind: "revert", key: target, target, lane: target, mode: "append", guard, content })
  return undefined
}

/** Asks GitHub to merge it; whether it may be merged is for the branch's rules to say. */
export function merge(run: Run, environment: Environment, rollback: Rollback, number: number): void {
  const content = requestOf(run, environment)
  const step = stepsOf(rollback).at(-1)
  if (!content || step?.is !== "running") return
  const target = mergeTarget(rollback, step.looks ?? 0)
  run.effects.push({
    kind: "merge",
    key: target,
    target,
    lane: revertTarget(rollback),
    mode: "append",
    guard: { notAfter: limitOf(rollback) },
    content: { ...content, number },
  })
}

/** The same for the merge as for the pull request: what Slipway made is known by it. */
function requestOf(run: Run, environment: Environment): RevertRequest | undefined {
  const { rollback } = environment
  if (!rollback) return undefined
  const release = releaseOf(run.state, rollback.from.release)
  const step = stepsOf(rollback).at(-1)
  if (release?.phase.is !== "published" || step?.is !== "running") return undefined
  const { id, from, to, by, because } = rollback
  const { breaking, sections } = release.phase.notes
  const commits = new Set([...breaking, ...sections.flatMap(({ entries }) => entries)].map(({ sha }) => sha))
  const bad = endOf(release.phase.candidate)
  return {
    repositoryId: run.repo.id,
    environment: placeOf(environment),
    from: { version: from.version, sha: bad },
    to: { version: to.version, sha: to.sha },
    head: revertBranch(id, bad),
    base: release.branch,
    ...(step.own ? { own: step.own } : {}),
    asked: step.begun,
    commits: [...commits],
    by,
    because,
  }
}

/** Whose files a release takes back: all of them, or a component's own, by the configuration that was approved last. */
function ownFilesOf({ state, repo }: Run, { branch, component }: Release): OwnFiles | "all" | "unknown" {
  if (component === "") return "all"
  const of = own(state.lines, branch)
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  const config = line?.inForce.config?.value
  const components = config ? componentsOf(config, line.workspace) : []
  const paths = components.find(({ name }) => name === component)?.paths
  if (!paths) return "unknown"
  return { paths, others: components.filter(({ name }) => name !== component).flatMap((one) => one.paths) }
}
