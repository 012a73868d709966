import type { ErrorBudget, Metric, TickingMetric } from "./config-metrics.ts"
import type { Environment, Live } from "./deployment.ts"
import { hashOf } from "./hash.ts"
import { own } from "./own.ts"

/** A query with everything filled in, at an instant (ISO 8601), or, without one, at the moment. */
export interface MetricQuestion {
  /** Names it in `Learned.metrics` and `State.metrics`: what was asked of another deployment is another question. */
  readonly key: string
  readonly query: string
  readonly at?: string
}

/** What a question came to when it was asked last. `at`: ISO 8601. */
export type MetricReading =
  | { readonly is: "value"; readonly value: number; readonly at: string }
  | { readonly is: "none"; readonly because: string; readonly at: string }

/** A metric of what is live in an environment, beside the same of the release before it. */
export interface Comparison {
  readonly metric: Metric
  readonly now: MetricQuestion
  /** ISO 8601: before, there are not enough measurements of it. */
  readonly from: string
  /** Absent: no earlier release was good there for as long. */
  readonly baseline?: { readonly question: MetricQuestion; readonly version: string }
}

const MINUTE_MS = 60_000
const KEY_LENGTH = 24

/** What the metrics of an environment's live release ask. Each is measured over its window up to now. */
export function comparisonsOf(environment: Environment, live: Live, metrics: readonly Metric[]): readonly Comparison[] {
  return metrics.map((metric) => {
    const from = new Date(Date.parse(live.since) + metric.window * MINUTE_MS).toISOString()
    const now = question(metric, environment, live)
    const base = metric.within === undefined ? undefined : baselineIn(environment, live, metric.window)
    const baseline = base && {
      question: question(metric, environment, base.live, base.until),
      version: base.live.version,
    }
    return { metric, now, from, ...(baseline ? { baseline } : {}) }
  })
}

/** The share of good events in an environment, whichever release is live there. */
export const budgetQuestion = (place: Pick<Environment, "name" | "component">, budget: ErrorBudget): MetricQuestion =>
  question(budget, place, undefined)

/** What ticks an item of a release's checklist, wherever that is live: the query says where it looks. */
export function tickQuestion(
  { query, window }: TickingMetric,
  of: { readonly component: string; readonly version: string; readonly sha: string },
): MetricQuestion {
  const asked = filledIn(query, window, of)
  return { key: hashOf(["tick", asked]).slice(0, KEY_LENGTH), query: asked }
}

/**
 * The last release that was good there before and was live for the whole of a window, and until when. Where a state from
 * before that was kept does not say until when, it was until the next one went live.
 */
function baselineIn(
  { good }: Environment,
  current: Live,
  window: number,
): { readonly live: Live; readonly until: string } | undefined {
  const earlier = good.filter(({ release, since }) => release !== current.release && since < current.since)
  const ended = earlier.map((live, at) => ({ live, until: live.until ?? earlier[at + 1]?.since ?? current.since }))
  return ended.findLast(({ live, until }) => Date.parse(until) - Date.parse(live.since) >= window * MINUTE_MS)
}

function question(
  { query, window }: Pick<Metric, "query" | "window">,
  { name, component = "" }: Pick<Environment, "name" | "component">,
  live: Live | undefined,
  at?: string,
): MetricQuestion {
  const asked = filledIn(query, window, {
    environment: name,
    component,
    version: live?.version ?? "",
    sha: live?.sha ?? "",
  })
  const of = [asked, at ?? null, name, component, live ? [live.release, live.deployment, live.since] : null]
  return { key: hashOf(of).slice(0, KEY_LENGTH), query: asked, ...(at === undefined ? {} : { at }) }
}

function filledIn(query: string, window: number, of: { readonly [placeholder: string]: string }): string {
  return query.replaceAll(/\{(window|environment|component|version|sha)\}/g, (_, one: string) =>
    one === "window" ? `${window}m` : quoted(own(of, one) ?? ""),
  )
}

/**
 * Inside of a string in single or double quotes, whichever: what could end it is written as its code.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */
const quoted = (text: string): string =>
  text.replaceAll(/[\\"'`{}]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`)
