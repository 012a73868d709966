import { type Environment, isVerified, type Live, placeOf } from "../model/deployment.ts"
import { environmentNamed } from "../model/environment-named.ts"
import { isLaterId } from "../model/later-id.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { deployedAround, deployedUnnamed, enteredUnasked } from "./deployed-around.ts"
import { deployedArtifact } from "./deployed-artifact.ts"
import { lastKnownGood, withFailed, withGood } from "./last-known-good.ts"
import { latestAfterReturn } from "./latest.ts"
import { environmentCheckUrl } from "./links.ts"
import { spend } from "./promotion/one-entry.ts"
import { rollbackHeard } from "./rollback/heard.ts"
import { overtake } from "./rollback/overtake.ts"
import { putEnvironment, putRelease, type Run, record, reply, rollbackTarget, stamp } from "./run.ts"
import { newVerification, withFailure } from "./verification.ts"

/** A deployment was made, or its status says that a release is live, or failed to be, or that a rollback came to its end. */
export function deployed(run: Run, signal: Deployed): void {
  const found = deployedRelease(run.state, signal)
  if (found.is === "several") {
    deployedUnnamed(run, found.releases, signal)
    return
  }
  if (found.is === "none") {
    keepForLater(run, signal)
    return
  }
  const { release } = found
  if (signal.state === "created") {
    const known = environmentNamed(run.state, signal.environment, release.component)
    // Webhooks change places on their way: what it came to is known already.
    if (!known || isNews(known, signal)) enteredUnasked(run, release, signal)
    return
  }
  stamp(run, "deployment", release.id, `${signal.environment}/${signal.deployment}/${signal.state}`, signal.at)
  const fresh = newEnvironment(signal.environment, release.component)
  const before = environmentNamed(run.state, fresh.name, release.component) ?? fresh
  if (!isNews(before, signal) && !isLateSuccess(before, signal)) return
  const environment = isNews(before, signal) ? withStatus(before, signal) : before
  putEnvironment(run, environment)
  if (isOfRollback(run, environment, signal)) {
    rollbackHeard(run, environment, signal)
    return
  }
  const wasAsked = isOurs(run, signal) || !enteredUnasked(run, release, signal)
  if (signal.state === "success" && !isToldAgain(environment, release, signal))
    wentLive(run, environment, release, signal, wasAsked)
  if (signal.state === "failure" || signal.state === "error") failed(run, environment, release, signal)
  if (["success", "failure", "error"].includes(signal.state)) spend(run, release.id, signal.environment)
}

/** A job ends whose deployment another system has reported already, or the other way round: it went live once. */
function isToldAgain({ live, failed }: Environment, { id }: Release, signal: Deployed): boolean {
  if (live?.release !== id || live.verification?.is === "failed") return false
  if ((live.reported === true) === (signal.reported === true)) return false
  return failed?.release !== id || failed.at <= live.since
}

type Carried =
  | { readonly is: "one"; readonly release: Release }
  /** Of several components, and nothing says which of them is meant. */
  | { readonly is: "several"; readonly releases: readonly Release[] }
  | { readonly is: "none" }

/**
 * The published release that a deployment carries, by its commit: GitHub resolves a tag to the commit it stands on, and
 * where that is another one, what is deployed is not what the gates saw. Of several components that were released from
 * one commit it is the one whose tag was deployed, or that our own rollback went back to; else none is live for it.
 */
function deployedRelease(state: State, signal: Deployed): Carried {
  const at = state.releases.filter((r) => r.phase.is === "published" && r.phase.candidate.sha === signal.sha)
  const goal = Object.values(state.environments).find(({ rollback }) => rollback && rollback.id === signal.rollback)
  const named =
    at.find((release) => isRefOf(release, signal.ref)) ?? at.find(({ id }) => id === goal?.rollback?.to.release)
  if (named) return { is: "one", release: named }
  if (state.releases.some((release) => isComingAt(release, signal.sha) && isRefOf(release, signal.ref)))
    return { is: "none" }
  const newest = at.at(-1)
  if (!newest) return { is: "none" }
  // guard: deployed-of-several
  const isOfOne = at.every(({ component }) => component === newest.component)
  return isOfOne ? { is: "one", release: newest } : { is: "several", releases: at }
}

const isComingAt = ({ phase }: Release, sha: string): boolean =>
  phase.is === "cut" && phase.candidate.sha === sha && phase.publishing !== undefined

const EARLY_KEPT = 20

/** The tag is out before the end of our own publication is told: what is deployed meanwhile is taken in with it. */
function keepForLater(run: Run, signal: Deployed): void {
  const { releases } = run.state
  const coming = releases.filter((release) => isComingAt(release, signal.sha))
  const release = coming.find((one) => isRefOf(one, signal.ref)) ?? coming[0]
  if (release?.phase.is === "cut" && release.phase.publishing) {
    const { publishing } = release.phase
    const early = [...(publishing.early ?? []), signal].slice(-EARLY_KEPT)
    putRelease(run, { ...release, phase: { ...release.phase, publishing: { ...publishing, early } } })
    return
  }
  const named = releases.find((r) => r.phase.is === "published" && isRefOf(r, signal.ref))
  deployedAround(run, signal)
  if (!named) return
  const { environment, deployment, ref, sha } = signal
  record(run, "deployed from a tag that was moved", { environment, deployment, ref, sha }, { release: named.id })
}

const isRefOf = ({ tag }: Release, ref: string): boolean => ref === tag || ref === `refs/tags/${tag}`

/**
 * Whether it is the deployment that our own rollback made, and not one that somebody gave its number: it carries the
 * release that is gone back to, and has the id that GitHub answered with, once that is known.
 */
function isOfRollback(run: Run, { rollback }: Environment, signal: Deployed): boolean {
  if (!rollback || rollback.id !== signal.rollback || rollback.to.sha !== signal.sha) return false
  const made = run.handles[rollbackTarget(rollback.id)]?.id
  return made === undefined || made === signal.deployment
}

/** A late word on the deployment of a rollback that is over, or of one half of a drill: we made it ourselves. */
const isOurs = ({ handles }: Run, { rollback, deployment }: Deployed): boolean =>
  // guard: rollback-number-of-another
  rollback !== undefined && handles[rollbackTarget(rollback)]?.id === deployment

/** Statuses come in any order and more than once; ids grow. */
function isNews(environment: Environment, signal: Deployed): boolean {
  const known = own(environment.statuses, signal.deployment)
  return !known || isLaterId(signal.status, known.id)
}

/** A deployment that is known to have been replaced was live before: a success that comes late still says so. */
const isLateSuccess = ({ statuses }: Environment, { deployment, state }: Deployed): boolean =>
  state === "success" && statuses[deployment]?.state === "inactive"

const STATUSES_KEPT = 20

function withStatus(environment: Environment, signal: Deployed): Environment {
  const others = Object.entries(environment.statuses).filter(([id]) => id !== signal.deployment)
  const statuses = [...others, [signal.deployment, { id: signal.status, state: signal.state }] as const]
  return { ...environment, statuses: Object.fromEntries(statuses.slice(-STATUSES_KEPT)) }
}

const newEnvironment = (name: string, component: string): Environment => ({
  name,
  ...(component === "" ? {} : { component }),
  good: [],
  statuses: {},
  answers: [],
})

const UNVERIFIED_KEPT = 3

function wentLive(run: Run, environment: Environment, release: Release, signal: Deployed, wasAsked: boolean): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const verification = newVerification(run, environment.name, release, signal.at)
  const artifact = deployedArtifact(run, release, signal)
  const live: Live = {
    release: release.id,
    version,
    sha,
    since: signal.at,
    deployment: signal.deployment,
    ...(verification ? { verification } : {}),
    ...(artifact ? { artifact } : {}),
    ...(wasAsked ? {} : { unasked: true as const }),
    ...(signal.reported ? { reported: true as const } : {}),
  }
  const { failed: before, ...rest } = environment
  const isOver = isPast(environment, signal)
  if (isOver && environment.live) putEnvironment(run, left(environment, { ...live, until: environment.live.since }))
  else {
    const { good, ...others } = replaced(run, rest, live)
    putEnvironment(run, {
      ...others,
      live,
      good: verification ? good : withGood(good, live),
      ...(rest.failedBefore ? { failedBefore: rest.failedBefore.filter((one) => one.release !== release.id) } : {}),
      ...(before && before.release !== release.id ? { failed: before } : {}),
    })
    clearMark(run, release, environment.name, signal.deployment)
  }
  const until = verification && !isOver ? { verifiedFrom: verification.ends } : {}
  record(
    run,
    "live",
    { environment: environment.name, version, sha, ...statusOf(signal), ...until },
    { release: release.id, by: signal.by },
  )
  reply(run, release.id, `deployed:${environment.name}:${signal.deployment}`, {
    is: "deployed",
    environment: environment.name,
    version,
    sha,
    at: signal.at,
    ...until,
    ...(signal.url ? { url: signal.url } : {}),
  })
  if (!isOver) overtake(run, placeOf(environment), live)
}

/** What was live gives way to another release: what was not verified by then never will be. */
function replaced(run: Run, environment: Environment, next: Live): Environment {
  const { live } = environment
  if (!live || live.release === next.release) return environment
  if (live.verification?.is === "running") {
    const { version, sha, deployment } = live
    const facts = { environment: environment.name, version, sha, deployment, by: next.version }
    record(run, "replaced before it was verified", facts, { release: live.release })
  }
  return left(environment, { ...live, until: next.since })
}

/** Known to be good, or at least to have been there. */
function left(environment: Environment, live: Live): Environment {
  const { good, unverified = [] } = environment
  const before = good.find(({ release }) => release === live.release)
  const isGood = isVerified(live)
  // One that was good before its last deployment was not shown to be bad by it.
  if (before && !isGood)
    return { ...environment, good: good.with(good.indexOf(before), { ...before, ...untilOf(live) }) }
  if (isGood) return { ...environment, good: withGood(good, live) }
  const others = unverified.filter(({ release }) => release !== live.release)
  return { ...environment, unverified: [...others, live].slice(-UNVERIFIED_KEPT) }
}

const untilOf = ({ until }: Live) => (until === undefined ? {} : { until })

/** What the audit keeps of a deployment's status, so that it can be found again. */
const statusOf = ({ deployment, status, at, url }: Deployed) => ({
  deployment,
  status,
  at,
  ...(url === undefined ? {} : { url }),
})

/** Whether what is live now went live after this: statuses of two deployments may change places on their way. */
function isPast({ live, statuses }: Environment, { at, status, deployment }: Deployed): boolean {
  if (!live || live.deployment === deployment || at > live.since) return false
  return at < live.since || isLaterId(statuses[live.deployment]?.id ?? "", status)
}

/** A release that was rolled back is live again: the mark comes off its notes, which are written once more. */
function clearMark(run: Run, release: Release, environment: string, deployment: string): void {
  const rolledBack = release.rolledBack.filter((r) => r.environment !== environment)
  if (rolledBack.length === release.rolledBack.length) return
  const { mended: _, ...rest } = release
  const mark = rolledBack.length > 0 && release.mended ? { mended: release.mended } : {}
  putRelease(run, { ...rest, ...mark, rolledBack, redraws: release.redraws + 1 })
  latestAfterReturn(run, release, deployment)
}

function failed(run: Run, environment: Environment, release: Release, signal: Deployed): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const noticed = { release: release.id, version, deployment: signal.deployment, at: signal.at }
  const told = withFailed(environment, noticed)
  const { live } = environment
  const isWatched = live?.release === release.id && live.verification?.is === "running" && signal.at >= live.since
  const next = isWatched ? withFailure(told, live, `its deployment ended as “${signal.state}”`, signal.at) : told
  putEnvironment(run, next)
  const good = lastKnownGood(run.state, next, release.id)
  stamp(run, "failure-noticed", release.id, `${environment.name}/${signal.deployment}`)
  record(
    run,
    "deployment failed",
    {
      environment: environment.name,
      version,
      sha,
      ...statusOf(signal),
      lastKnownGood: good?.version ?? null,
    },
    { release: release.id, by: signal.by },
  )
  const check = environmentCheckUrl(run, placeOf(environment), sha)
  reply(run, release.id, `failed:${environment.name}:${signal.deployment}`, {
    is: "failed",
    environment: environment.name,
    version,
    sha,
    at: signal.at,
    ...(signal.url ? { url: signal.url } : {}),
    lastKnownGood: good ? { version: good.version, sha: good.sha } : null,
    check,
  })
}
