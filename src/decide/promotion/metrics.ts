import { placeOf } from "../../model/deployment.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import type { Gate } from "../../model/gate.ts"
import { budgetQuestion, type Comparison } from "../../model/metric.ts"
import { entryComparisons } from "../../model/metrics-asked.ts"
import { isMeasuredNow, judgeComparison, type Measured, readingOf } from "../metrics.ts"
import type { Run } from "../run.ts"
import { list, plural } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

const WORST = ["failed", "unknown", "pending", "passed"] as const

/**
 * What the release's metrics are in the environment before, where it is live, beside those of the release that was good
 * there before it: over equally long windows, the one up to now, the other up to when that release was replaced.
 */
export function performanceGate(entry: Entry): Judged | null {
  const { rules, state, release, run } = entry
  const { performance: metrics, after } = rules
  if (metrics === undefined) return null
  if (after === undefined)
    return judgedBy("performance", {
      state: "unknown",
      because: "it is measured in the environment before, and there is none: set “after”",
      stays: true,
    })
  const comparisons = entryComparisons(state, rules, release)
  if (comparisons === undefined)
    return judgedBy("performance", { state: "pending", because: `it is measured once it is live in ${after}` })
  return judgedBy("performance", together(comparisons.map((one) => judgeComparison(run, one, after))))
}

/**
 * Enough of what may go wrong in the environment is left: `1 - slo` of all events may be bad over the window.
 * https://sre.google/workbook/error-budget-policy/
 */
export function errorBudgetGate(entry: Entry): Judged | null {
  const budget = entry.rules["error-budget"]
  if (budget === undefined) return null
  const of = `the error budget of ${placeOf(placeIn(entry))}`
  const reading = readingOf(entry.run, budgetQuestion(placeIn(entry), budget), of)
  if (reading.is !== "value") return judgedBy("error budget", reading.measured)
  const { value, at } = reading
  if (!(value >= 0 && value <= 1 + ROUNDING))
    return judgedBy("error budget", {
      state: "unknown",
      because: `the query gives ${value}, which is no share of good events: it has to be from 0 to 1`,
      until: againAt(at),
      stays: true,
    })
  const left = 100 * (1 - (1 - Math.min(value, 1)) / (1 - budget.slo / 100))
  const says = `${shownPercent(left)} of ${of} is left over ${plural(budget.window / 1440, "day")} (${budget.slo}%)`
  const least = `at least ${budget.remaining}% has to be`
  // What rounding leaves below the limit is at it.
  if (left + ROUNDING < budget.remaining)
    return judgedBy("error budget", { state: "failed", because: `${says}; ${least}`, until: againAt(at) })
  return judgedBy("error budget", { state: "passed", because: `${says}; ${least}` })
}

const ROUNDING = 1e-9
const AGAIN_MS = 5 * 60_000
const againAt = (at: string): string => new Date(Date.parse(at) + AGAIN_MS).toISOString()
const shownPercent = (value: number): string => `${Number(value.toPrecision(3))}%`

/** Whether this run has asked for all that lets it in. */
export function isEntryMeasured(entry: Entry): boolean {
  const { rules, state, release, run } = entry
  const { performance: metrics, "error-budget": budget } = rules
  const comparisons = metrics ? (entryComparisons(state, rules, release) ?? []) : []
  const isLeft = budget === undefined || isMeasuredNow(run, budgetQuestion(placeIn(entry), budget))
  return isLeft && comparisons.every((one) => isMeasured(run, one))
}

/** Whether this run has asked for both sides of a comparison. */
export const isMeasured = (run: Run, { now, baseline }: Comparison): boolean =>
  [now, ...(baseline ? [baseline.question] : [])].every((question) => isMeasuredNow(run, question))

const placeIn = ({ state, request, release }: Entry) => {
  const known = environmentNamed(state, request.environment, release.component)
  return known ?? { name: request.environment, component: release.component }
}

/** Several as one: the worst of them decides, and what is said is said of all that are as bad. */
export function together(all: readonly Measured[]): Measured {
  const state = WORST.find((is) => all.some((one) => one.state === is)) ?? "unknown"
  const worst = all.filter((one) => one.state === state)
  const until = all.flatMap((one) => one.until ?? []).sort()[0]
  return {
    state,
    because: list(
      worst.map(({ because }) => because),
      10,
    ),
    ...(until === undefined ? {} : { until }),
    ...(worst.some(({ stays }) => stays) ? { stays: true } : {}),
  }
}

export const judgedBy = (
  name: "performance" | "error budget" | "criteria",
  { state, because, until, stays }: Measured,
): Judged => ({
  gate: { name, state, because } satisfies Gate,
  ...(until === undefined ? {} : { until }),
  ...(stays ? { stays } : {}),
})
