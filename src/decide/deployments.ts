import type { Environment, Live } from "../model/deployment.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { lastKnownGood } from "./last-known-good.ts"
import { environmentCheckUrl } from "./links.ts"
import { rollbackEnded } from "./rollback.ts"
import { putEnvironment, putRelease, type Run, record, reply, stamp } from "./run.ts"

/** A deployment status: a release is live somewhere, or failed to be, or a rollback came to its end. */
export function deployed(run: Run, signal: Deployed): void {
  const release = deployedRelease(run.state, signal)
  if (!release || !isNews(run.state.environments[signal.environment], signal)) return
  const environment = withStatus(
    run.state.environments[signal.environment] ?? newEnvironment(signal.environment),
    signal,
  )
  putEnvironment(run, environment)
  stamp(run, "deployment", release.id, `${signal.environment}/${signal.deployment}/${signal.state}`, signal.at)
  if (signal.rollback !== undefined && environment.rollback?.id === signal.rollback) {
    rollbackEnded(run, environment, signal)
    return
  }
  if (signal.state === "success") wentLive(run, environment, release, signal)
  if (signal.state === "failure" || signal.state === "error") failed(run, environment, release, signal)
}

/** The published release that a deployment carries: by its commit, else by its tag. */
function deployedRelease(state: State, signal: Deployed): Release | undefined {
  const out = state.releases.filter((r) => r.phase.is === "published")
  return (
    out.findLast((r) => r.phase.is === "published" && r.phase.candidate.sha === signal.sha) ??
    out.findLast((r) => r.tag === signal.ref || `refs/tags/${r.tag}` === signal.ref)
  )
}

/** Statuses come in any order and more than once; ids grow. */
function isNews(environment: Environment | undefined, signal: Deployed): boolean {
  const known = environment?.statuses[signal.deployment]
  return !known || BigInt(signal.status) > BigInt(known.id)
}

const STATUSES_KEPT = 20

function withStatus(environment: Environment, signal: Deployed): Environment {
  const others = Object.entries(environment.statuses).filter(([id]) => id !== signal.deployment)
  const statuses = [...others, [signal.deployment, { id: signal.status, state: signal.state }] as const]
  return { ...environment, statuses: Object.fromEntries(statuses.slice(-STATUSES_KEPT)) }
}

const newEnvironment = (name: string): Environment => ({ name, good: [], statuses: {}, answers: [] })

const GOOD_KEPT = 10

function wentLive(run: Run, environment: Environment, release: Release, signal: Deployed): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const live: Live = { release: release.id, version, sha, since: signal.at, deployment: signal.deployment }
  const { failed: before, ...rest } = environment
  putEnvironment(run, {
    ...rest,
    live,
    good: [...environment.good.filter((g) => g.release !== release.id), live].slice(-GOOD_KEPT),
    ...(before && before.release !== release.id ? { failed: before } : {}),
  })
  putRelease(run, { ...release, rolledBack: release.rolledBack.filter((r) => r.environment !== environment.name) })
  record(
    run,
    "live",
    { environment: environment.name, version, sha, deployment: signal.deployment },
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

function failed(run: Run, environment: Environment, release: Release, signal: Deployed): void {
  if (release.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const next = {
    ...environment,
    failed: { release: release.id, version, deployment: signal.deployment, at: signal.at },
  }
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
      deployment: signal.deployment,
      lastKnownGood: good?.version ?? null,
    },
    { release: release.id, by: signal.by },
  )
  const check = environmentCheckUrl(run, environment.name, sha)
  reply(run, release.id, `failed:${environment.name}:${signal.deployment}`, {
    is: "failed",
    environment: environment.name,
    version,
    sha,
    at: signal.at,
    ...(signal.url ? { url: signal.url } : {}),
    lastKnownGood: good ? { version: good.version, sha: good.sha } : null,
    ...(check ? { check } : {}),
  })
}
