import { type Environment, placeOf } from "../model/deployment.ts"
import { own } from "../model/own.ts"
import type { EnvironmentPage } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import { stepsOf, wentBack } from "../model/rollback.ts"
import { watchedIn } from "../model/rollback-watch.ts"
import { criteriaSays } from "./criteria/says.ts"
import { drillSays } from "./drill/says.ts"
import { failedThere, lastKnownGood } from "./last-known-good.ts"
import { hostUrl } from "./links.ts"
import { liveBeside } from "./live-shown.ts"
import { pointerTrouble } from "./pointers.ts"
import { lockOf, lockSays } from "./promotion/locked.ts"
import { notUndone } from "./rollback/lasting.ts"
import { staysSays } from "./rollback/says.ts"
import { postMortemTarget, type Run } from "./run.ts"
import { verificationSays } from "./verification-shown.ts"
import { instant, plain } from "./wording.ts"

/** The page of a release in one environment; undefined while it was never there. */
export function environmentPage(run: Run, environment: Environment, release: Release): EnvironmentPage | undefined {
  if (release.phase.is !== "published" || release.component !== (environment.component ?? "")) return undefined
  const where = stateIn(environment, release)
  if (!where) return undefined
  const good = lastKnownGood(run.state, environment, release.id)
  const line = own(run.state.lines, release.branch)
  const live = line && environment.live?.release === release.id ? liveBeside(run, line, release.component) : undefined
  return {
    is: "environment",
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    environment: placeOf(environment),
    version: release.phase.candidate.version,
    sha: release.phase.candidate.sha,
    state: where.state,
    since: where.since,
    lastKnownGood: good ? { version: good.version, sha: good.sha } : null,
    detail: detail(run, environment, release),
    ...(live ? { live } : {}),
    answers: where.state === "replaced" ? [] : environment.answers,
  }
}

/** Whether the release is live there, or failed, or was rolled back last: its page offers what can be done there. */
export const isSpokenOf = ({ live, failed, rollback, drill }: Environment, { id }: Release): boolean =>
  [live?.release, failed?.release, drill?.from.release ?? rollback?.from.release].includes(id)

function stateIn(environment: Environment, release: Release): Pick<EnvironmentPage, "state" | "since"> | undefined {
  const { live, rollback, good, unverified = [], drill } = environment
  if (drill?.from.release === release.id) return { state: "drill", since: drill.at }
  if (rollback?.is === "running" && !drill && rollback.from.release === release.id)
    return { state: "rolling back", since: rollback.begun }
  const back = release.rolledBack.find((r) => r.environment === environment.name)
  if (back) return { state: "rolled back", since: back.at }
  if (live?.release === release.id && live.verification?.is === "failed")
    return { state: "failed", since: live.verification.at }
  const failed = failedThere(environment, release.id)
  if (failed) return { state: "failed", since: failed.at }
  if (live?.release === release.id) {
    const isWatched = live.verification?.is === "running" || watchedIn(environment)?.live.release === release.id
    return { state: isWatched ? "verifying" : "live", since: live.since }
  }
  const was = [...good, ...unverified].find((g) => g.release === release.id)
  return was && live ? { state: "replaced", since: live.since } : undefined
}

function detail(run: Run, environment: Environment, release: Release): readonly string[] {
  const { live, rollback } = environment
  const postMortemTrouble = rollback && run.state.refused[postMortemTarget(rollback.id)]
  const pageTrouble = pageRefused(run, environment)
  const said: string[] = []
  if (live?.release === release.id) said.push(...verificationSays(environment), ...criteriaSays(run, environment))
  if (live?.release === release.id) said.push(...pointerTrouble(run, environment))
  said.push(...drillSays(environment, release.id))
  const lock = lockOf(run.state, { environment: environment.name, component: environment.component ?? "" })
  if (lock && isSpokenOf(environment, release)) said.push(`${lockSays(lock)}; nothing enters but a rollback`)
  if (live && live.release !== release.id) said.push(`${live.version} is live here since ${instant(live.since)}`)
  if (isSpokenOf(environment, release) && rollback?.is !== "running")
    said.push(...staysAfter(run, environment, release))
  if (rollback?.from.release === release.id && rollback.is === "failed")
    said.push(`the rollback to ${rollback.to.version} failed: ${rollback.detail ?? "no reason was given"}`)
  if (isSpokenOf(environment, release) && pageTrouble) said.push(`nobody was paged: ${pageTrouble}`)
  if (rollback?.from.release === release.id && postMortemTrouble)
    said.push(`no post-mortem issue could be opened: ${postMortemTrouble}`)
  if (rollback?.from.release === release.id && rollback.is === "done" && !wentBack(rollback))
    said.push(
      `${stepsOf(rollback).at(-1)?.level === "flag" ? "a flag was switched off" : "its changes were taken back"} for it by ${rollback.by}, begun ${instant(rollback.begun)}: ${rollback.because}`,
    )
  else if (rollback?.from.release === release.id && rollback.is === "done")
    said.push(
      `rolled back to ${rollback.to.version} by ${rollback.by}, begun ${instant(rollback.begun)}: ${rollback.because}`,
    )
  if (rollback?.to.release === release.id && rollback.is === "done" && wentBack(rollback))
    said.push(`came back by a rollback from ${rollback.from.version} on ${instant(rollback.ended ?? rollback.begun)}`)
  return said.map(plain)
}

/** Why nobody could be called: about the last rollback, or about one that waits for people. */
function pageRefused({ state }: Run, environment: Environment): string | undefined {
  const place = placeOf(environment)
  const kinds = [`page:left-${place}-`, `page:second-${place}-`]
  const waiting = Object.entries(state.refused).find(([target]) => kinds.some((kind) => target.startsWith(kind)))
  return (environment.rollback && state.refused[`page:${environment.rollback.id}`]) ?? waiting?.[1]
}

/** Who is about to press Roll back reads here what that does not undo. */
function staysAfter({ state }: Run, environment: Environment, { id, phase }: Release): readonly string[] {
  const good = lastKnownGood(state, environment, id)
  if (!good || phase.is !== "published" || environment.live?.release === good.release) return []
  const { version, sha } = phase.candidate
  const says = staysSays(notUndone(state, { release: id, version, sha }, good))
  return says.map((one) => `going back to ${good.version} does not undo everything: ${one}`)
}
