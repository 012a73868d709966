import { type Environment, placeOf } from "../../model/deployment.ts"
import type { RevertRequest } from "../../model/effect.ts"
import { own } from "../../model/own.ts"
import { revertBranch } from "../../model/own-branch.ts"
import { endOf, type Release } from "../../model/release.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import { componentsOn } from "../division.ts"
import { type Run, releaseOf } from "../run.ts"
import { limitOf } from "./limit.ts"

const revertTarget = ({ id }: Rollback): string => `revert:${id}`

/**
 * Has the pull request opened that takes back what came between the releases.
 *
 * @returns why it cannot be; undefined where it was asked for
 */
export function takeBack(run: Run, environment: Environment, rollback: Rollback): string | undefined {
  const content = requestOf(run, environment, rollback)
  if (typeof content === "string") return content
  const target = revertTarget(rollback)
  const guard = { notAfter: limitOf(rollback) }
  run.effects.push({ kind: "revert", key: target, target, lane: target, mode: "append", guard, content })
  return undefined
}

/** Asks GitHub to merge it; whether it may be merged is for the branch's rules to say. */
export function merge(run: Run, environment: Environment, rollback: Rollback, number: number): void {
  const content = requestOf(run, environment, rollback)
  const step = stepsOf(rollback).at(-1)
  if (typeof content === "string" || step?.is !== "running") return
  const target = `merge:${rollback.id}:${step.looks ?? 0}`
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

function requestOf(
  run: Run,
  environment: Environment,
  { id, from, to, by, because }: Rollback,
): RevertRequest | string {
  const release = releaseOf(run.state, from.release)
  if (release?.phase.is !== "published") return `it is not known what came with ${from.version}`
  const whose = ownPathsOf(run, release)
  if (whose === "unknown")
    return `the configuration has no ${release.component} any more, so nobody knows which files are its own`
  const { breaking, sections } = release.phase.notes
  const commits = new Set([...breaking, ...sections.flatMap(({ entries }) => entries)].map(({ sha }) => sha))
  return {
    repositoryId: run.repo.id,
    environment: placeOf(environment),
    from: { version: from.version, sha: endOf(release.phase.candidate) },
    to: { version: to.version, sha: to.sha },
    head: revertBranch(id),
    base: release.branch,
    ...(whose === "all" ? {} : { own: whose }),
    commits: [...commits],
    by,
    because,
  }
}

/** Whose files a release takes back: all of them, or a component's own. */
function ownPathsOf(run: Run, { branch, component }: Release): NonNullable<RevertRequest["own"]> | "all" | "unknown" {
  if (component === "") return "all"
  const line = own(run.state.lines, branch)
  const components = line ? componentsOn(line) : []
  const paths = components.find(({ name }) => name === component)?.paths
  if (!paths) return "unknown"
  return { paths, others: components.filter(({ name }) => name !== component).flatMap((one) => one.paths) }
}
