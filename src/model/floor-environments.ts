import type { Config } from "./config.ts"
import { ENVIRONMENT } from "./floor-gates.ts"
import { found, judged, type Loosening } from "./floor-judge.ts"
import { PEOPLE } from "./floor-people.ts"
import { isSameEnvironment } from "./protection.ts"
import { quoteAll } from "./quote.ts"

type Environments = Config["environments"]
type Environment = Environments[string]
type Gates = Omit<Environment, "approvals">

export function environments(floor: Environments, own: Environments, path: readonly string[]): readonly Loosening[] {
  const there = Object.entries(floor).flatMap(([name, gates]) => {
    const now = Object.hasOwn(own, name) ? own[name] : undefined
    return now ? environment(gates, now, [...path, name]) : found([...path, name], "must be there")
  })
  return [...there, ...renamed(Object.keys(floor), Object.keys(own), path)]
}

/** GitHub tells environments apart without their case: in other letters it would be the same one with gates of its own. */
export const renamed = (
  floor: readonly string[],
  own: readonly string[],
  path: readonly string[],
): readonly Loosening[] =>
  own.flatMap((name) => {
    const meant = floor.includes(name) ? undefined : floor.find((other) => isSameEnvironment(other, name))
    return meant === undefined ? [] : found([...path, name], `must be called ${quoteAll([meant])}`)
  })

export function environment(floor: Environment, own: Environment, path: readonly string[]): readonly Loosening[] {
  const { approvals: asked, ...gates } = floor
  const { approvals: given, ...now } = own
  const people = [...path, "approvals"]
  return [
    ...judged<Gates>(ENVIRONMENT, gates, now, path),
    ...narrowed(gates, now, path),
    ...(asked === undefined
      ? []
      : given === undefined
        ? found(people, "must be there")
        : judged(PEOPLE, asked, given, people)),
  ]
}

/**
 * What one key leaves out, another speaks of more widely: without `checks` everything on the commit has to be fresh, and
 * without `after` what is soaked is the release.
 */
function narrowed(floor: Gates, own: Gates, path: readonly string[]): readonly Loosening[] {
  const isFresh = floor.freshness !== undefined && floor.checks.length === 0 && own.checks.length > 0
  const isSoaked = floor.soak !== undefined && floor.after === undefined && own.after !== undefined
  return [
    ...(isFresh ? found([...path, "checks"], "must be empty: without it, `freshness` speaks of every check") : []),
    ...(isSoaked ? found([...path, "after"], "must not be set: without it, `soak` counts from the publication") : []),
  ]
}
