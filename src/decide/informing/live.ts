import { isVerified, type Live } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { configOf } from "../plan-of.ts"

/** The environments that no other one of the configuration comes after: what is live there has arrived. */
export function lastEnvironments(state: State, release: Release): readonly string[] {
  const line = own(state.lines, release.branch)
  const environments = line ? configOf(line).environments : {}
  const followed = new Set(Object.values(environments).map(({ after }) => after))
  return Object.keys(environments).filter((name) => !followed.has(name))
}

/** Since when a release is out where it was to go, and where that is. All instants are ISO 8601. */
export interface Arrived {
  readonly at: string
  readonly environments: readonly { readonly name: string; readonly since: string }[]
}

/**
 * Live in each of the last environments and verified there, now or before a later release took its place; where the
 * configuration names no environment, published. Undefined: not yet, or rolled back.
 */
export function arrived(state: State, release: Release): Arrived | undefined {
  if (release.phase.is !== "published") return undefined
  const lasts = lastEnvironments(state, release)
  const found = lasts.map((name) => ({ name, live: wellIn(state, name, release) }))
  const environments = found.flatMap(({ name, live }) => (live ? [{ name, since: live.since }] : []))
  if (environments.length < lasts.length) return undefined
  const times = found.flatMap(({ live }) => (live ? [verifiedAt(live)] : []))
  return { at: [release.phase.at, ...times].sort().at(-1) ?? release.phase.at, environments }
}

function wellIn(state: State, name: string, { id, component }: Release): Live | undefined {
  const environment = Object.values(state.environments).find(
    (one) => one.name === name && (one.component ?? "") === component,
  )
  if (!environment) return undefined
  const { live, rollback, good } = environment
  if (rollback?.is === "running" && rollback.from.release === id) return undefined
  if (live?.release === id) return isVerified(live) ? live : undefined
  return good.find(({ release }) => release === id)
}

const verifiedAt = ({ verification, since }: Live): string => (verification?.is === "passed" ? verification.at : since)
