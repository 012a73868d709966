import type { Criterion } from "./config-criteria.ts"
import type { Environment, Live } from "./deployment.ts"
import type { EntryRules } from "./entry-rules.ts"
import { hashOf } from "./hash.ts"
import { type Comparison, comparisonsOf } from "./metric.ts"
import { own } from "./own.ts"

/** What was measured of the criteria of an environment since a deployment is live there. */
export interface Watch {
  /** GitHub's deployment id, as text: what is kept of another one speaks of nothing. */
  readonly deployment: string
  readonly held: { readonly [criterion: string]: Held }
}

/** How it goes with one criterion. All instants are ISO 8601. */
export interface Held {
  /** When it was measured last, and what came of it. */
  readonly at: string
  readonly is: "broken" | "kept" | "unknown"
  /** Since it was measured to be broken first, and not to be kept to after; and when last. */
  readonly broken?: Span
  /** The same of being kept to, where something was done about it. */
  readonly kept?: Span
  /** When that was done which the criterion asks for. Absent: nothing was, or it was kept to for as long since. */
  readonly acted?: string
}

/** For how long something was measured: time between two measurements that has a gap in it counts for nothing. */
export interface Span {
  readonly since: string
  readonly last: string
  /** In milliseconds. */
  readonly lasted: number
}

export type MetricCriterion = Extract<Criterion, { is: "metric" }>

/** A criterion in force, and its name in `Watch.held`. */
export interface Watched<T extends Criterion = Criterion> {
  readonly key: string
  readonly criterion: T
  /** A release was approved with it: before, nothing is rolled back by it. */
  readonly isApproved: boolean
}

const KEY_LENGTH = 24

/** The criteria of several versions of an environment's rules, those in force first; the one counts as much as the other. */
export function criteriaIn([inForce, ...others]: readonly EntryRules[]): readonly Watched[] {
  const watched = (rules: EntryRules | undefined, isApproved: boolean) =>
    (rules?.criteria ?? []).map((criterion): [string, Watched] => {
      const key = hashOf(criterion).slice(0, KEY_LENGTH)
      return [key, { key, criterion, isApproved }]
    })
  return [...new Map([...others.flatMap((one) => watched(one, false)), ...watched(inForce, true)]).values()]
}

export const isOfMetric = (watched: Watched): watched is Watched<MetricCriterion> => watched.criterion.is === "metric"

/** Those that keep what breaks them out of the next environment. */
export const pausesIn = (rules: readonly EntryRules[]): readonly Watched<MetricCriterion>[] =>
  criteriaIn(rules)
    .filter(isOfMetric)
    .filter(({ criterion }) => criterion.do === "pause")

/** What a criterion measures of what is live. */
export function comparisonFor(environment: Environment, live: Live, { metric }: MetricCriterion): Comparison {
  const [comparison] = comparisonsOf(environment, live, [metric])
  if (!comparison) throw new TypeError("one metric makes one comparison")
  return comparison
}

const DAY = 24 * 60

/** For how many minutes what is live stays watched after it was verified: the longest of what is said. */
export const watchedFor = (rules: readonly EntryRules[]): number =>
  Math.max(...rules.map(({ watch = DAY }) => watch), 0)

/** Until when it is watched; undefined: nothing says so yet, as long as it is being verified. ISO 8601 */
export function watchEnds({ since, verification }: Live, minutes: number): string | undefined {
  if (verification?.is === "running") return undefined
  return new Date(Date.parse(verification?.at ?? since) + minutes * MINUTE_MS).toISOString()
}

const MINUTE_MS = 60_000

/** A verification has its end a day after its time, but what somebody judged bad meanwhile has none. */
const verifiedAtLast = ({ since, verification }: Live, minutes: number): string => {
  const ends = verification?.is === "running" ? verification.ends : since
  return new Date(Date.parse(ends) + (DAY + minutes) * MINUTE_MS).toISOString()
}

/** How often a criterion is measured: five times while it has to be broken, each minute at most and all four at least. */
export const measuredEvery = ({ for: minutes }: MetricCriterion): number =>
  Math.min(4, Math.max(1, Math.floor(minutes / 5))) * MINUTE_MS

/** What is kept of what is live now. */
export const heldOf = ({ watch, live }: Environment): Watch["held"] =>
  watch !== undefined && watch.deployment === live?.deployment ? watch.held : {}

/** Whether it is measured still: in its time, and after it for as long as a pause stands. */
export function isWatched(environment: Environment, live: Live, rules: readonly EntryRules[], at: string): boolean {
  const ends = watchEnds(live, watchedFor(rules)) ?? verifiedAtLast(live, watchedFor(rules))
  const held = heldOf(environment)
  const isPaused = pausesIn(rules).some(({ key }) => own(held, key)?.acted !== undefined)
  return ends === undefined || at < ends || isPaused
}
