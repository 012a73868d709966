import type { Drift } from "../model/deployment.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { State } from "../model/state.ts"
import { endFinding } from "./findings.ts"
import type { Run } from "./run.ts"
import { short } from "./wording.ts"

/** Names the finding that a deployment is: by it, what was found is known again. */
export const deploymentFinding = (environment: string, deployment: string): string =>
  `deployed:${environment}:${deployment}`

/** Keeps that an environment stands at what is no release; one that is known to be newer stays. */
export function drifted(run: Run, drift: Drift): void {
  const key = keyOf(drift)
  const { drift: known = {} } = run.state
  const before = known[key]
  if (before && before.since > drift.since) return
  run.state = { ...run.state, drift: { ...known, [key]: drift } }
  if (before && before.deployment !== drift.deployment)
    endFinding(run, deploymentFinding(before.environment, before.deployment), "another deployment took its place")
}

/**
 * What no release is and stands where a component should be; undefined: a release went live there since, or nothing else
 * was ever seen. What names no component may be any of them.
 */
export function driftOf(state: State, environment: string, component: string): Drift | undefined {
  const since = livePlaces(state, environment).find((place) => (place.component ?? "") === component)?.live?.since ?? ""
  return Object.values(state.drift ?? {})
    .filter((one) => isSameEnvironment(one.environment, environment))
    .filter((one) => (one.component === undefined || one.component === component) && one.since > since)
    .toSorted((a, b) => (a.since < b.since ? -1 : 1))
    .at(-1)
}

/** A release went live everywhere that a stray deployment may have reached: nothing stands astray any more. */
export function followDrift(run: Run): void {
  const { drift, ...state } = run.state
  if (drift === undefined) return
  const over = Object.entries(drift).filter(([, one]) => isOver(run.state, one))
  if (over.length === 0) return
  const gone = new Set(over.map(([key]) => key))
  const rest = Object.entries(drift).filter(([key]) => !gone.has(key))
  run.state = rest.length === 0 ? state : { ...state, drift: Object.fromEntries(rest) }
  for (const [, { environment, deployment }] of over)
    endFinding(run, deploymentFinding(environment, deployment), `a release is live in ${environment} again`)
}

function isOver(state: State, { environment, component, since }: Drift): boolean {
  const places = livePlaces(state, environment).filter(
    (place) => component === undefined || (place.component ?? "") === component,
  )
  return places.length > 0 && places.every(({ live }) => live !== undefined && live.since >= since)
}

const livePlaces = ({ environments }: State, environment: string) =>
  Object.values(environments).filter(({ name, live }) => live !== undefined && isSameEnvironment(name, environment))

const keyOf = ({ environment, component = "" }: Drift): string => `${environment.toLowerCase()}:${component}`

/** What stands there, in a few words: `abc1234 (main)`. */
export const driftSays = ({ sha, ref }: Pick<Drift, "sha" | "ref">): string => {
  if (sha === "") return ref
  return ref === "" || ref === sha ? short(sha) : `${short(sha)} (${ref})`
}
