import type { MetricQuestion, MetricReading } from "../model/metric.ts"
import { type AskedMetric, metricsAsked } from "../model/metrics-asked.ts"
import { own } from "../model/own.ts"
import type { State } from "../model/state.ts"
import type { Prometheus } from "../peers/prometheus.ts"
import type { Findings } from "./findings.ts"
import { configFor } from "./line-config.ts"
import { read } from "./reader.ts"

/** What was measured is measured again after this time, when something is looked at anyway. */
const AGE_MS = 4 * 60_000
/** More questions than this are not asked in one run: those that were never asked come first. */
const AT_ONCE = 20

type Fresh = { readonly [release: string]: { readonly fresh: boolean } }

/**
 * The questions that a run asks: those that a decision is to rest on now, those that nobody asked yet, and those whose
 * answer is some minutes old; and those of releases that are read whole. No run is begun for them but by the timers that the gates set.
 */
export function metricNeeds(
  state: State | undefined,
  now: Date,
  defaultBranch: string,
  releases: Fresh = {},
): readonly MetricQuestion[] {
  if (!state || state.uninstalled) return []
  const at = now.toISOString()
  const read = state.releases.filter(({ id }) => releases[id]?.fresh)
  const ticking = read.flatMap(({ measures = [] }) => measures.map((question) => ({ question, fresh: true })))
  const due = [...ticking, ...metricsAsked(state, configFor, defaultBranch, at)].filter(
    ({ question, from, fresh, every = AGE_MS }: AskedMetric) => {
      if (from !== undefined && at < from) return false
      const known = own(state.metrics, question.key)
      return fresh || !known || now.getTime() - Date.parse(known.at) >= every
    },
  )
  const oldest = due.toSorted((a, b) => askedAt(state, a.question) - askedAt(state, b.question))
  // What a decision is to rest on now is asked in one run, however much it is: a part of it would let nothing in, ever.
  const atOnce = due.filter(({ fresh }) => fresh)
  const others = oldest.filter(({ fresh }) => !fresh).slice(0, AT_ONCE)
  return [...new Map([...atOnce, ...others].map(({ question }) => [question.key, question])).values()]
}

const askedAt = (state: State, { key }: MetricQuestion): number => Date.parse(own(state.metrics, key)?.at ?? "") || 0

/** Asks the account's metrics server. One that is out of reach is a reason, and holds nothing else up. */
export async function readMetrics(
  questions: readonly MetricQuestion[],
  server: Prometheus | undefined,
  findings: Findings,
  { now, abort }: { readonly now: Date; readonly abort: AbortSignal },
): Promise<void> {
  await Promise.all(
    questions.map(async ({ key, query, at }) => {
      const answer = server
        ? await server.value(query, at === undefined ? now : new Date(at), abort)
        : ({ is: "none", because: "no metrics server is set for this account (PROMETHEUS_URL)" } as const)
      const reading: MetricReading = { ...answer, at: now.toISOString() }
      findings.take("metrics", key, read(reading))
    }),
  )
}
