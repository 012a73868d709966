import { type Environment, type Live, placeOf } from "../model/deployment.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { deployedAround, enteredUnasked } from "./deployed-around.ts"
import { lastKnownGood } from "./last-known-good.ts"
import { environmentCheckUrl } from "./links.ts"
import { rollbackEnded } from "./rollback.ts"
import { putEnvironment, putRelease, type Run, record, reply, rollbackTarget, stamp } from "./run.ts"

/** A deployment status: a release is live somewhere, or failed to be, or a rollback came to its end. */
export function deployed(run: Run, signal: Deployed): void {
  const release = deployedRelease(run.state, signal)
  if (!release) {
    keepForLater(run, signal)
    return
  }
  stamp(run, "deployment", release.id, `${signal.environment}/${signal.deployment}/${signal.state}`, signal.at)
  const fresh = newEnvironment(signal.environment, release.component)
  const before = own(run.state.environments, placeOf(fresh)) ?? fresh
  if (!isNews(before, signal) && !isLateSuccess(before, signal)) return
  const environment = isNews(before, signal) ? withStatus(before, signal) : before
  putEnvironment(run, environment)
  if (isOfRollback(run, environment, signal)) {
    rollbackEnded(run, environment, signal)
    return
  }
  enteredUnasked(run, release, signal)
  if (signal.state === "success") wentLive(run, environment, release, signal)
  if (signal.state === "failure" || signal.state === "error") failed(run, environment, release, signal)
}

/**
 * The published release that a deployment carries, by its commit: GitHub resolves a tag to the commit it stands on, and
 * where that is another one, what is deployed is not what the gates saw. Of several components that were released from
 * one commit it is the one whose tag was deployed, or that our own rollback went back to; else the newest.
 */
function deployedRelease(state: State, signal: Deployed): Release | undefined {
  const at = state.releases.filter((r) => r.phase.is === "published" && r.phase.candidate.sha === signal.sha)
  const goal = Object.values(state.environments).find(({ rollback }) => rollback && rollback.id === signal.rollback)
  return (
    at.find((release) => isRefOf(release, signal.ref)) ??
    at.find(({ id }) => id === goal?.rollback?.to.release) ??
    at.at(-1)
  )
}

const EARLY_KEPT = 20

/** The tag is out before the end of our own publication is told: what is deployed meanwhile is taken in with it. */
function keepForLater(run: Run, signal: Deployed): void {
  const { releases } = run.state
  const release = releases.find((r) => r.phase.is === "cut" && r.phase.candidate.sha === signal.sha)
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

/** Statuses come in any order and more than once; ids grow. */
function isNews(environment: Environment, signal: Deployed): boolean {
  const known = own(environment.statuses, signal.deployment)
  return !known || BigInt(signal.status) > BigInt(known.id)
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

const GOOD_KEPT = 10

function wentLive(run: Run, environment: Environment, release: Release, signal: Deployed): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const live: Live = { release: release.id, version, sha, since: signal.at, deployment: signal.deployment }
  const { failed: before, ...rest } = environment
  const good = withGood(environment.good, live)
  if (isPast(environment, signal)) putEnvironment(run, { ...environment, good })
  else {
    putEnvironment(run, {
      ...rest,
      live,
      good,
      ...(before && before.release !== release.id ? { failed: before } : {}),
    })
    clearMark(run, release, environment.name)
  }
  record(
    run,
    "live",
    { environment: environment.name, version, sha, ...statusOf(signal) },
    { release: release.id, by: signal.by },
  )
  reply(run, release.id, `deployed:${environment.name}:${signal.deployment}`, {
    is: "deployed",
    environment: environment.name,
    version,
    sha,
    at: signal.at,
    ...(signal.url ? { url: signal.url } : {}),
  })
}

/** What the audit keeps of a deployment's status, so that it can be found again. */
const statusOf = ({ deployment, status, at, url }: Deployed) => ({
  deployment,
  status,
  at,
  ...(url === undefined ? {} : { url }),
})

/** In the order in which they last went live, each release once. */
function withGood(good: Environment["good"], live: Live): Environment["good"] {
  const known = good.find((g) => g.release === live.release)
  if (known && known.since > live.since) return good
  return [...good.filter((g) => g !== known), live]
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
    .slice(-GOOD_KEPT)
}

/** Whether what is live now went live after this: statuses of two deployments may change places on their way. */
function isPast({ live, statuses }: Environment, { at, status, deployment }: Deployed): boolean {
  if (!live || live.deployment === deployment || at > live.since) return false
  return at < live.since || BigInt(status) < BigInt(statuses[live.deployment]?.id ?? 0)
}

/** A release that was rolled back is live again: the mark comes off its notes, which are written once more. */
function clearMark(run: Run, release: Release, environment: string): void {
  const rolledBack = release.rolledBack.filter((r) => r.environment !== environment)
  if (rolledBack.length === release.rolledBack.length) return
  putRelease(run, { ...release, rolledBack, redraws: release.redraws + 1 })
}

function failed(run: Run, environment: Environment, release: Release, signal: Deployed): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const noticed = { release: release.id, version, deployment: signal.deployment, at: signal.at }
  const next =
    environment.failed && environment.failed.at > signal.at ? environment : { ...environment, failed: noticed }
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
