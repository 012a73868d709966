import type { Environment } from "../../model/deployment.ts"
import type { Told } from "../../model/post-mortem.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import { type Run, releaseOf } from "../run.ts"
import { levelName } from "./says.ts"

/** What the state knows of how it came to a rollback, in the order in which it came. */
export function timelineOf(run: Run, environment: Environment, rollback: Rollback): readonly Told[] {
  const release = releaseOf(run.state, rollback.from.release)
  if (release?.phase.is !== "published") return []
  const { candidate, at, by } = release.phase
  const { was = {}, to } = rollback
  const { name, live } = environment
  const returned = live?.release === to.release ? live.since : undefined
  const points = [
    { at: candidate.at, what: `${candidate.version} was cut at ${candidate.sha.slice(0, 7)} by ${candidate.by}` },
    ...release.approvals
      .filter((a) => a.does === "approve" && a.sha === candidate.sha)
      .map((a) => ({ at: a.at, what: `approved by ${a.by.login}` })),
    { at, what: `published by ${by}` },
    ...(was.live === undefined ? [] : [{ at: was.live, what: `it went live in ${name}` }]),
    ...(was.failed ? [{ at: was.failed.at, what: failedIn(name, was.failed.because) }] : []),
    { at: rollback.begun, what: `rollback to ${to.version} begun by ${rollback.by}` },
    ...(returned === undefined ? [] : [{ at: returned, what: `${to.version} is live in ${name} again` }]),
    ...stepPoints(rollback),
  ]
  return points.sort((a, b) => secondOf(a) - secondOf(b))
}

export const failedIn = (environment: string, because: string | undefined): string =>
  because === undefined ? `its deployment to ${environment} failed` : `it failed in ${environment}: ${because}`

/** GitHub's times are whole seconds and ours are not: within one second the order above is the one in which it came. */
const secondOf = ({ at }: { readonly at: string }): number => Math.floor(Date.parse(at) / 1000)

/** What was tried in vain, and what was shown at last. */
const stepPoints = (rollback: Rollback): readonly Told[] =>
  stepsOf(rollback).flatMap((step) => {
    if (step.is === "failed")
      return [{ at: step.ended, what: `${levelName(step.level)} did not help: ${step.because}` }]
    return step.is === "worked" && step.verified
      ? [{ at: step.ended, what: "what came back was shown to be well" }]
      : []
  })
