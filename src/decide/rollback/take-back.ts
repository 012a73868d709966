import { type Environment, placeOf } from "../../model/deployment.ts"
import type { RevertRequest } from "../../model/effect.ts"
import { revertBranch } from "../../model/own-branch.ts"
import { endOf } from "../../model/release.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import { type Run, releaseOf } from "../run.ts"
import { limitOf } from "./limit.ts"

const revertTarget = ({ id }: Rollback): string => `revert:${id}`

/** Has the pull request opened that takes back what came between the releases. */
export function takeBack(run: Run, environment: Environment, rollback: Rollback): void {
  const content = requestOf(run, environment, rollback)
  if (!content) return
  const target = revertTarget(rollback)
  run.effects.push({ kind: "revert", key: target, target, lane: target, mode: "append", content })
}

/** Asks GitHub to merge it; whether it may be merged is for the branch's rules to say. */
export function merge(run: Run, environment: Environment, rollback: Rollback, number: number): void {
  const content = requestOf(run, environment, rollback)
  const step = stepsOf(rollback).at(-1)
  if (!content || step?.is !== "running") return
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
): RevertRequest | undefined {
  const release = releaseOf(run.state, from.release)
  if (release?.phase.is !== "published") return undefined
  const { breaking, sections } = release.phase.notes
  const commits = new Set([...breaking, ...sections.flatMap(({ entries }) => entries)].map(({ sha }) => sha))
  return {
    repositoryId: run.repo.id,
    environment: placeOf(environment),
    from: { version: from.version, sha: endOf(release.phase.candidate) },
    to: { version: to.version, sha: to.sha },
    head: revertBranch(id),
    base: release.branch,
    commits: [...commits],
    by,
    because,
  }
}
