import { placeOf } from "../../model/deployment.ts"
import type { Button } from "../../model/effect.ts"
import { type Lock, lockId, lockKey } from "../../model/lock.ts"
import { own } from "../../model/own.ts"
import type { State } from "../../model/state.ts"
import { LOCK, UNLOCK } from "../buttons.ts"
import { configOf } from "../plan-of.ts"
import { type Run, record, reply } from "../run.ts"
import { instant } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { requestsIn } from "./requests.ts"

type Place = Pick<Lock, "environment" | "component">

export const lockOf = (state: State, place: Place): Lock | undefined => own(state.locks, lockKey(place))

/** Nobody has locked the environment: by its button, by a rollback, or in the configuration. Shown while somebody has. */
export function lockedGate({ run, request, release, rules, at }: Entry): Judged | null {
  const lock = lockOf(run.state, { environment: request.environment, component: release.component })
  // guard: locked-environment
  if (lock) return { gate: { name: "locked", state: "failed", because: `${lockSays(lock)}; Unlock opens it` } }
  const { locked } = rules
  if (!locked || (locked.until !== undefined && locked.until <= at)) return null
  const until = locked.until === undefined ? {} : { until: locked.until }
  const says = locked.until === undefined ? "" : ` until ${instant(locked.until)}`
  const because = `${locked.by} locks it${says}, by the configuration: ${locked.because}`
  return { gate: { name: "locked", state: "failed", because }, ...until }
}

/** Who locked it, since when and why. */
export const lockSays = ({ by, at, because }: Lock): string => `locked by ${by} since ${instant(at)}: ${because}`

/** Whether a lock would keep anything out: Slipway is asked about deployments there, or the configuration says so. */
const isAsked = (state: State, environment: string): boolean =>
  Object.values(state.lines).some((line) => Object.keys(configOf(line).environments).some(isSame(environment))) ||
  requestsIn(state).some((request) => isSame(environment)(request.environment))

const isSame =
  (environment: string) =>
  (other: string): boolean =>
    other.toLowerCase() === environment.toLowerCase()

/** @param release on whose page it was locked: who follows it is told */
export function putLock(run: Run, lock: Lock, release: string): void {
  run.state = { ...run.state, locks: { ...run.state.locks, [lockKey(lock)]: lock } }
  tellLocked(run, lock, release)
}

/** A rollback locks the environment by itself, where that keeps anything out: what was bad does not come again. */
export function lockAfterRollback(
  run: Run,
  place: Place,
  { from, by, at }: { readonly from: { readonly release: string; readonly version: string } } & Pick<Lock, "by" | "at">,
): void {
  if (!isAsked(run.state, place.environment)) return
  putLock(run, { ...place, by, at, because: `rolled back from ${from.version}` }, from.release)
}

function tellLocked(run: Run, { environment, component, by, at, because }: Lock, release: string): void {
  record(run, "locked", { environment, component, because, at }, { release, by })
  const place = placeOf({ name: environment, component })
  reply(run, release, `locked:${place}:${at}`, { is: "locked", environment: place, by, because, at })
}

export function takeLock(run: Run, lock: Lock): void {
  const { [lockKey(lock)]: _, ...locks } = run.state.locks ?? {}
  run.state = { ...run.state, locks }
}

/** What a page of an environment offers, and what its check run is bound to besides. */
export function lockOn(state: State, place: Place): { readonly buttons: readonly Button[]; readonly id: string } {
  const lock = lockOf(state, place)
  if (lock) return { buttons: [UNLOCK], id: `:lock:${lockId(lock)}` }
  return { buttons: isAsked(state, place.environment) ? [LOCK] : [], id: "" }
}
