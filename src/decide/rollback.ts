import { type Environment, type Live, placeOf, type Rollback } from "../model/deployment.ts"
import type { PostMortem, RollbackNotice } from "../model/message.ts"
import { own } from "../model/own.ts"
import { fullName } from "../model/repository.ts"
import type { Clicked, Deployed } from "../model/signal.ts"
import { mayClick } from "./approvals.ts"
import { peopleOf } from "./environment-people.ts"
import { isFailing, lastKnownGood } from "./last-known-good.ts"
import { releaseUrl } from "./links.ts"
import { lockAfterRollback } from "./promotion/locked.ts"
import {
  postMortemTarget,
  putEnvironment,
  putRelease,
  type Run,
  record,
  releaseOf,
  reply,
  rollbackTarget,
  stamp,
  withAnswer,
} from "./run.ts"
import { plain } from "./wording.ts"

/** The button on `Slipway / <environment>`: back to the last known good release, by somebody who may. */
export function clickRollback(run: Run, environment: Environment, click: Clicked): void {
  const bad = badRelease(run, environment, click.sha)
  if (!bad) {
    refuse(run, environment, click, "this release is not the one that is live or failing here")
    return
  }
  if (environment.rollback?.is === "running") {
    refuse(run, environment, click, `a rollback to ${environment.rollback.to.version} is under way already`)
    return
  }
  const may = mayClick(run.state, click.by, [peopleOf(run, bad.branch, environment)])
  if (!may.may) {
    refuse(run, environment, click, may.because)
    return
  }
  const good = lastKnownGood(run.state, environment, bad.release)
  if (!good) {
    refuse(
      run,
      environment,
      click,
      "no release was ever live and well here: there is nothing known to be good to go back to",
    )
    return
  }
  begin(run, environment, click, bad, good)
}

interface Bad {
  readonly release: string
  readonly version: string
  readonly sha: string
  readonly branch: string
}

/** The release on whose check the button was pressed, if it is the one that is failing or live there now. */
function badRelease(run: Run, environment: Environment, sha: string): Bad | undefined {
  const { failed, live } = environment
  const ids = [failed && isFailing(environment, failed.release) ? failed.release : undefined, live?.release]
  for (const id of ids) {
    const release = id === undefined ? undefined : releaseOf(run.state, id)
    if (release?.phase.is === "published" && release.phase.candidate.sha === sha)
      return { release: release.id, version: release.phase.candidate.version, sha, branch: release.branch }
  }
  return undefined
}

function begin(run: Run, environment: Environment, click: Clicked, bad: Bad, good: Live): void {
  const id = String(run.state.lastRollback + 1)
  run.state = { ...run.state, lastRollback: run.state.lastRollback + 1 }
  const { failed } = environment
  const because = isFailing(environment, bad.release)
    ? failed?.release === bad.release && failed.because !== undefined
      ? `${bad.version} failed: ${failed.because}`
      : `deployment of ${bad.version} failed`
    : `${bad.version} was judged bad`
  const from = { release: bad.release, version: bad.version, sha: bad.sha }
  const to = { release: good.release, version: good.version, sha: good.sha }
  const rollback: Rollback = { id, from, to, by: click.by.login, because, begun: click.at, is: "running" }
  putEnvironment(run, { ...environment, rollback })
  const place = { environment: environment.name, component: environment.component ?? "" }
  lockAfterRollback(run, place, { from, by: click.by.login, at: click.at })
  accept(run, environment, click, `${good.version} is being deployed again`)
  record(
    run,
    "rollback begun",
    {
      environment: environment.name,
      from: from.version,
      to: to.version,
      sha: to.sha,
      rollback: id,
      checkRun: click.checkRun,
      at: click.at,
      because,
    },
    { release: bad.release, by: click.by.login },
  )
  stamp(run, "rollback-begun", bad.release, `${environment.name}/${id}`, click.at)
  const target = rollbackTarget(id)
  const tag = releaseOf(run.state, good.release)?.tag
  run.effects.push({
    kind: "deployment",
    key: `rollback:${id}`,
    target,
    lane: `environment:${environment.name}`,
    mode: "append",
    content: {
      rollback: id,
      environment: environment.name,
      ...(environment.component === undefined ? {} : { component: environment.component }),
      sha: to.sha,
      from,
      to: { ...to, ...(tag === undefined ? {} : { tag }) },
      ...(good.artifact === undefined ? {} : { artifact: good.artifact }),
      by: click.by.login,
      because,
    },
  })
  reply(run, bad.release, `rolling-back:${id}`, {
    is: "rolling back",
    environment: environment.name,
    from: from.version,
    to: to.version,
    by: click.by.login,
    at: click.at,
  })
}

/**
 * A status of the deployment that a rollback made. One that failed may come to a good end after all: whoever deploys
 * tries again, and the newest status says what is true.
 */
export function rollbackEnded(run: Run, environment: Environment, signal: Deployed): void {
  const { rollback } = environment
  if (!rollback || rollback.is === "done") return
  if (rollback.is === "running")
    putEnvironment(run, { ...environment, rollback: { ...rollback, deployment: signal.deployment, heard: signal.at } })
  if (signal.state === "success") succeeded(run, environment, rollback, signal)
  if (rollback.is === "running" && (signal.state === "failure" || signal.state === "error"))
    rollbackFailed(run, environment, rollback, `its deployment ended as “${signal.state}”`, signal.at, signal.url)
}

function succeeded(run: Run, environment: Environment, rollback: Rollback, signal: Deployed): void {
  const { failed: _, ...rest } = environment
  const known = environment.good.find(({ release }) => release === rollback.to.release)?.artifact
  const live = {
    ...rollback.to,
    since: signal.at,
    deployment: signal.deployment,
    ...(known ? { artifact: known } : {}),
  }
  const good = environment.good.filter((g) => g.release !== rollback.from.release && g.release !== rollback.to.release)
  putEnvironment(run, { ...rest, live, good: [...good, live], rollback: { ...rollback, is: "done", ended: signal.at } })
  const bad = releaseOf(run.state, rollback.from.release)
  const mark = { environment: environment.name, to: rollback.to.version, by: rollback.by, at: signal.at }
  if (bad) putRelease(run, { ...bad, rolledBack: [...bad.rolledBack, mark] })
  stamp(run, "rollback-ended", rollback.from.release, `${environment.name}/${rollback.id}`, signal.at)
  record(
    run,
    "rolled back",
    {
      environment: environment.name,
      from: rollback.from.version,
      to: rollback.to.version,
      sha: rollback.to.sha,
      rollback: rollback.id,
      deployment: signal.deployment,
      at: signal.at,
    },
    { release: rollback.from.release, by: rollback.by },
  )
  const notice = noticeOf(run, environment, rollback, signal.at)
  reply(run, rollback.from.release, `rolled-back:${rollback.id}`, notice)
  const target = postMortemTarget(rollback.id)
  run.effects.push({
    kind: "post-mortem",
    key: target,
    target,
    lane: target,
    mode: "append",
    content: { marker: `${run.repo.id}:${rollback.id}`, report: postMortem(run, environment, rollback, notice) },
  })
}

/** A deployment that nobody takes up, or tells more of, within this time is lost: its button has to come back. */
const SILENT_MS = 60 * 60_000

/** When a rollback is given up, unless another status of its deployment comes before. ISO 8601; undefined: never. */
export const givenUpAt = ({ rollback }: Environment): string | undefined =>
  rollback?.is === "running"
    ? new Date(new Date(rollback.heard ?? rollback.begun).getTime() + SILENT_MS).toISOString()
    : undefined

/** Ends a rollback whose deployment went silent: no workflow may listen to deployments here, or it was killed. */
export function giveUp(run: Run, environment: Environment): void {
  const until = givenUpAt(environment)
  if (!environment.rollback || until === undefined || run.at < until) return
  const because = environment.rollback.heard
    ? "its deployment was not heard of for an hour; look at the workflow that runs it"
    : "its deployment got no status within an hour; does a workflow run on deployments here?"
  rollbackFailed(run, environment, environment.rollback, because, run.at)
}

/** The rollback itself failed, or GitHub refused its deployment: said loudly, and the button stays. */
export function rollbackFailed(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  reason: string,
  at: string,
  url?: string,
): void {
  const because = plain(reason)
  putEnvironment(run, { ...environment, rollback: { ...rollback, is: "failed", ended: at, detail: because } })
  record(
    run,
    "rollback failed",
    {
      environment: environment.name,
      to: rollback.to.version,
      sha: rollback.to.sha,
      rollback: rollback.id,
      ...(rollback.deployment === undefined ? {} : { deployment: rollback.deployment }),
      at,
      because,
    },
    { release: rollback.from.release, by: rollback.by },
  )
  stamp(run, "rollback-ended", rollback.from.release, `${environment.name}/${rollback.id}`, at)
  reply(run, rollback.from.release, `rollback-failed:${rollback.id}`, {
    is: "rollback failed",
    environment: environment.name,
    from: rollback.from.version,
    to: rollback.to.version,
    at,
    because,
    ...(url ? { url } : {}),
  })
}

const noticeOf = (run: Run, environment: Environment, rollback: Rollback, ended: string): RollbackNotice => ({
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
  next: `Find out why ${rollback.from.version} was bad (a post-mortem issue is open); its fix goes out as the next release.`,
})

/** @param environment as it was before the rollback came to its end */
function postMortem(run: Run, environment: Environment, rollback: Rollback, notice: RollbackNotice): PostMortem {
  const release = releaseOf(run.state, rollback.from.release)
  const notes = release?.phase.is === "published" ? release.phase.notes : undefined
  const entries = notes ? [...notes.breaking, ...notes.sections.flatMap((s) => s.entries)] : []
  const seen = new Set<string>()
  return {
    notice,
    timeline: timeline(run, environment, rollback, notice),
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

function timeline(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  notice: RollbackNotice,
): PostMortem["timeline"] {
  const release = releaseOf(run.state, rollback.from.release)
  if (release?.phase.is !== "published") return []
  const { candidate, at, by } = release.phase
  const { failed } = environment
  const points = [
    { at: candidate.at, what: `${candidate.version} was cut at ${candidate.sha.slice(0, 7)} by ${candidate.by}` },
    ...release.approvals
      .filter((a) => a.does === "approve" && a.sha === candidate.sha)
      .map((a) => ({ at: a.at, what: `approved by ${a.by.login}` })),
    { at, what: `published by ${by}` },
    ...liveAt(environment, rollback),
    ...(failed?.release === release.id ? [{ at: failed.at, what: failedIn(notice.environment, failed.because) }] : []),
    { at: rollback.begun, what: `rollback to ${rollback.to.version} begun by ${rollback.by}` },
    { at: notice.ended, what: `${rollback.to.version} is live in ${notice.environment} again` },
  ]
  return points.sort((a, b) => secondOf(a) - secondOf(b))
}

const failedIn = (environment: string, because: string | undefined): string =>
  because === undefined ? `its deployment to ${environment} failed` : `it failed in ${environment}: ${because}`

/** GitHub's times are whole seconds and ours are not: within one second the order above is the one in which it came. */
const secondOf = ({ at }: { readonly at: string }): number => Math.floor(Date.parse(at) / 1000)

const liveAt = ({ name, live, good }: Environment, { from }: Rollback) => {
  const was = live?.release === from.release ? live : good.find((g) => g.release === from.release)
  return was ? [{ at: was.since, what: `it went live in ${name}` }] : []
}

function refuse(run: Run, environment: Environment, click: Clicked, because: string): void {
  const said = { by: click.by.login, did: "roll back", counted: false, because, at: click.at }
  putEnvironment(run, { ...environment, answers: withAnswer(environment.answers, said) })
  record(
    run,
    "click did not count",
    { button: click.button, because, environment: environment.name, checkRun: click.checkRun, sha: click.sha },
    { by: click.by.login },
  )
}

function accept(run: Run, before: Environment, click: Clicked, because: string): void {
  const environment = own(run.state.environments, placeOf(before))
  if (!environment) return
  const said = { by: click.by.login, did: "roll back", counted: true, because, at: click.at }
  putEnvironment(run, { ...environment, answers: withAnswer(environment.answers, said) })
}
