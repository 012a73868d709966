import type { Environment, Live } from "../model/deployment.ts"
import { environmentNamed } from "../model/environment-named.ts"
import type { Place, PlaceLive, Whereabouts } from "../model/places.ts"
import { isSameEnvironment } from "../model/protection.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { State } from "../model/state.ts"
import { driftOf } from "./drift.ts"
import { lastKnownGood } from "./last-known-good.ts"
import { configOf } from "./plan-of.ts"
import { lockOf } from "./promotion/locked.ts"

/** Where each component of a repository is, by what is known of it. */
export function whereReleasesAre(repo: Repository, state: State): Whereabouts {
  const components = componentsOf(state)
  const environments = environmentsOf(state)
  const places = components.flatMap((component) =>
    environments.flatMap((environment) => placeIn(state, environment, component) ?? []),
  )
  return { repository: fullName(repo), components, environments, places }
}

function componentsOf({ releases, environments, drift = {} }: State): readonly string[] {
  const all = [...releases, ...Object.values(environments), ...Object.values(drift)]
  const named = [...new Set(all.map(({ component = "" }) => component))].toSorted()
  // What was released as a whole before there were components is spoken of for as long as it is live somewhere.
  return named.length === 0 ? [""] : named
}

function environmentsOf({ lines, environments, drift = {} }: State): readonly string[] {
  const configured = Object.values(lines).flatMap((line) =>
    line.retired === undefined ? Object.keys(configOf(line).environments) : [],
  )
  const seen = [
    ...Object.values(environments).flatMap(({ name, live }) => (live ? [name] : [])),
    ...Object.values(drift).map(({ environment }) => environment),
  ].toSorted()
  return [...configured, ...seen].filter(
    (name, at, all) => all.findIndex((other) => isSameEnvironment(other, name)) === at,
  )
}

function placeIn(state: State, environment: string, component: string): Place | undefined {
  const known = environmentNamed(state, environment, component)
  const drift = driftOf(state, environment, component)
  const lock = lockOf(state, { environment: known?.name ?? environment, component })
  if (!known?.live && !drift && !lock) return undefined
  const good = known && lastKnownGood(state, known)
  return {
    component,
    environment,
    ...(known?.live ? { live: liveIn(known, known.live) } : {}),
    ...(good ? { good: { version: good.version, sha: good.sha, since: good.since } } : {}),
    ...(drift ? { drift: { sha: drift.sha, ref: drift.ref, since: drift.since, by: drift.by } } : {}),
    ...(lock ? { locked: { by: lock.by, at: lock.at, because: lock.because } } : {}),
  }
}

function liveIn(environment: Environment, live: Live): PlaceLive {
  const { version, sha, since, unasked } = live
  return { version, sha, since, state: stateOf(environment, live), ...(unasked ? { unasked } : {}) }
}

/** How it goes with what is live there. */
export function stateOf({ rollback, drill }: Environment, { release, verification }: Live): PlaceLive["state"] {
  const isLeft = rollback?.is === "running" && rollback.from.release === release
  const words = { running: "verifying", passed: "verified", failed: "failed" } as const
  return drill ? "drill" : isLeft ? "rolling back" : verification ? words[verification.is] : "live"
}
