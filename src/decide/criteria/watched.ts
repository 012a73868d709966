import type { Environment, Live } from "../../model/deployment.ts"
import type { EntryRules } from "../../model/entry-rules.ts"
import type { Comparison, MetricReading } from "../../model/metric.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { Line } from "../../model/state.ts"
import {
  comparisonFor,
  criteriaIn,
  isOfMetric,
  isWatched,
  type MetricCriterion,
  measuredEvery,
  type Watched,
} from "../../model/watch.ts"
import { rulesFor } from "../promotion/entry.ts"
import { type Run, releaseOf } from "../run.ts"
import type { Pace } from "./held.ts"

/** A release somewhere, with the branch that it came from and what its environment asks. */
export interface There {
  readonly release: Release
  readonly line: Line
  readonly rules: readonly EntryRules[]
}

/** Undefined: nothing is known of the release, or of its branch. */
export function there(run: Run, { name }: Environment, id: string): There | undefined {
  const release = releaseOf(run.state, id)
  const line = release && own(run.state.lines, release.branch)
  return release && line && { release, line, rules: rulesFor(run, line, name) }
}

/** What is measured of one criterion, and what came of it last. */
export interface Measuring {
  readonly watched: Watched<MetricCriterion>
  readonly comparison: Comparison
  readonly reading: MetricReading | undefined
  readonly pace: Pace
}

/** All that is measured of what is live in an environment; nothing while it is being rolled back, or after its time. */
export function measuringIn(run: Run, environment: Environment): readonly Measuring[] {
  const { live, rollback } = environment
  const found = live && there(run, environment, live.release)
  if (!live || !found || rollback?.is === "running") return []
  if (!isWatched(environment, live, found.rules, run.at)) return []
  return criteriaIn(found.rules)
    .filter(isOfMetric)
    .map((watched) => measuring(run, environment, live, watched))
}

function measuring(run: Run, environment: Environment, live: Live, watched: Watched<MetricCriterion>): Measuring {
  const comparison = comparisonFor(environment, live, watched.criterion)
  const pace = { lasts: watched.criterion.for * 60_000, every: measuredEvery(watched.criterion) }
  return { watched, comparison, reading: own(run.state.metrics, comparison.now.key), pace }
}

/** What nobody has asked yet is asked by the next run, if none comes before. */
const SOON_MS = 5_000

/** When something of it is measured next. ISO 8601 */
export const watchTimes = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) =>
    measuringIn(run, environment).map(({ comparison, reading, pace }) => {
      if (run.at < comparison.from) return comparison.from
      const soon = run.now.getTime() + SOON_MS
      const next = reading ? Math.max(Date.parse(reading.at) + pace.every, soon) : soon
      return new Date(next).toISOString()
    }),
  )
