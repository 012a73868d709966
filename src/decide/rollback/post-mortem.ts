import type { Environment } from "../../model/deployment.ts"
import type { PostMortem } from "../../model/message.ts"
import type { RollbackNotice } from "../../model/reply-rollback.ts"
import { fullName } from "../../model/repository.ts"
import { type Rollback, stepsOf, wentBack } from "../../model/rollback.ts"
import { releaseUrl } from "../links.ts"
import { type Run, releaseOf } from "../run.ts"
import { levelName } from "./says.ts"

export const noticeOf = (run: Run, environment: Environment, rollback: Rollback, ended: string): RollbackNotice => ({
  is: "rolled back",
  service:
    environment.component === undefined ? fullName(run.repo) : `${fullName(run.repo)} (${environment.component})`,
  environment: environment.name,
  from: { version: rollback.from.version, sha: rollback.from.sha },
  to: { version: rollback.to.version, sha: rollback.to.sha },
  by: rollback.by,
  because: rollback.because,
  begun: rollback.begun,
  ended,
  ...(wentBack(rollback) ? {} : { how: howSays(rollback) }),
  next: `Find out why ${rollback.from.version} was bad (a post-mortem issue is open); its fix goes out as the next release.`,
})

export function postMortem(run: Run, environment: Environment, rollback: Rollback, notice: RollbackNotice): PostMortem {
  const release = releaseOf(run.state, rollback.from.release)
  const notes = release?.phase.is === "published" ? release.phase.notes : undefined
  const entries = notes ? [...notes.breaking, ...notes.sections.flatMap((s) => s.entries)] : []
  const seen = new Set<string>()
  return {
    ...(rollback.issue === undefined ? {} : { issue: rollback.issue }),
    notice,
    timeline: timeline(run, environment, rollback),
    changes: entries
      .filter((e) => !seen.has(e.sha) && seen.add(e.sha))
      .map((e) => ({
        text: e.text,
        ...(e.number ? { number: e.number } : {}),
        ...(e.author ? { author: e.author } : {}),
      })),
    releaseUrl: release ? releaseUrl(run.repo, release) : "",
  }
}

function timeline(run: Run, environment: Environment, rollback: Rollback): PostMortem["timeline"] {
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

const failedIn = (environment: string, because: string | undefined): string =>
  because === undefined ? `its deployment to ${environment} failed` : `it failed in ${environment}: ${because}`

/** GitHub's times are whole seconds and ours are not: within one second the order above is the one in which it came. */
const secondOf = ({ at }: { readonly at: string }): number => Math.floor(Date.parse(at) / 1000)

/** What was tried in vain, and what was shown at last. */
const stepPoints = (rollback: Rollback): PostMortem["timeline"] =>
  stepsOf(rollback).flatMap((step) => {
    if (step.is === "failed")
      return [{ at: step.ended, what: `${levelName(step.level)} did not help: ${step.because}` }]
    return step.is === "worked" && step.verified
      ? [{ at: step.ended, what: "what came back was shown to be well" }]
      : []
  })

const howSays = (rollback: Rollback): string =>
  stepsOf(rollback).at(-1)?.level === "flag"
    ? `a flag was switched off, and ${rollback.from.version} stays live`
    : `the changes since ${rollback.to.version} were taken back on its branch`
