import type { GateState } from "../model/gate.ts"
import type { Comparison, MetricQuestion, MetricReading } from "../model/metric.ts"
import { own } from "../model/own.ts"
import type { State } from "../model/state.ts"
import type { Run } from "./run.ts"
import { instant, plain, plural } from "./wording.ts"

/** What failed, or was not to be had, is measured again then. */
const AGAIN_MS = 5 * 60_000

/** What nobody has asked yet is asked by the next run, if none comes before. */
const SOON_MS = 5_000

/** What a measurement says of a gate. `until`: ISO 8601, when it is looked at again. */
export interface Measured {
  readonly state: GateState
  readonly because: string
  readonly until?: string
  /** Nothing but the metrics server can change it: what GitHub has is not read for it. */
  readonly stays?: true
}

/** Whether this very run has asked. */
export const isMeasuredNow = ({ facts }: Run, { key }: MetricQuestion): boolean =>
  own(facts.learned.metrics, key) !== undefined

/** Holds what was measured last against what it may be. */
export function judgeComparison(run: Run, { metric, now, from, baseline }: Comparison, where: string): Measured {
  const name = metric.name ?? "the metric"
  const span = plural(metric.window, "minute")
  if (run.at < from)
    return { state: "pending", because: `${name} is measured once it is live in ${where} for ${span}`, until: from }
  const current = readingOf(run, now, name)
  if (current.is !== "value") return current.measured
  const limits = limitsOf(metric)
  if (metric.within !== undefined && baseline) {
    const before = readingOf(run, baseline.question, `${name} of ${baseline.version}`)
    if (before.is !== "value") return before.measured
    limits.push(relative(metric, before.value, baseline.version))
  }
  const asked = limits.map(({ says }) => says).join(" and ")
  const said = `${name} is ${shown(current.value)} in ${where} over ${span} (measured on ${instant(current.at)})`
  if (limits.length === 0)
    return {
      state: "unknown",
      because: `${said}, and there is nothing to compare it with: no earlier release was good in ${where} for ${span}; set “at-most” or “at-least”`,
      stays: true,
    }
  const broken = limits.filter(({ holds }) => !holds(current.value))
  if (broken.length > 0)
    return {
      state: "failed",
      because: `${said}; it has to be ${broken.map(({ says }) => says).join(" and ")}`,
      until: later(current.at),
    }
  return { state: "passed", because: `${said}: ${asked}` }
}

type Reading =
  | { readonly is: "value"; readonly value: number; readonly at: string }
  | { readonly is: "none"; readonly measured: Measured }

/** The newest answer; that of this run is among what is known. */
export function readingOf(run: Run, question: MetricQuestion, name: string): Reading {
  const reading: MetricReading | undefined = own(run.state.metrics, question.key)
  if (reading === undefined) {
    const soon = new Date(run.now.getTime() + SOON_MS).toISOString()
    return { is: "none", measured: { state: "unknown", because: `${name} was not measured yet`, until: soon } }
  }
  if (reading.is === "value") return reading
  return {
    is: "none",
    measured: { state: "unknown", because: notKnown(name, reading, question), until: later(reading.at), stays: true },
  }
}

/** Why there is no number, with what was asked. */
export const notKnown = (
  name: string,
  { because, at }: Extract<MetricReading, { is: "none" }>,
  { query }: MetricQuestion,
): string => plain(`${name} is not known: ${because}; asked on ${instant(at)}: ${short(query)}`)

const later = (at: string): string => new Date(Date.parse(at) + AGAIN_MS).toISOString()

interface Limit {
  readonly says: string
  readonly holds: (value: number) => boolean
}

/** What a number may be, whatever it was before. */
export function limitsOf(metric: Pick<Comparison["metric"], "at-most" | "at-least">): Limit[] {
  const { "at-most": most, "at-least": least } = metric
  return [
    ...(most === undefined ? [] : [{ says: `at most ${shown(most)}`, holds: (value: number) => value <= most }]),
    ...(least === undefined ? [] : [{ says: `at least ${shown(least)}`, holds: (value: number) => value >= least }]),
  ]
}

function relative({ within = 0, better }: Comparison["metric"], before: number, version: string): Limit {
  const room = (Math.abs(before) * within) / 100
  const than = `${within}% ${better === "lower" ? "above" : "below"} the ${shown(before)} of ${version}`
  return {
    says: `no more than ${than}`,
    holds: (value) => (better === "lower" ? value <= before + room : value >= before - room),
  }
}

const DIGITS = 4
export const shown = (value: number): string => String(Number(value.toPrecision(DIGITS)))

const QUERY_SHOWN = 200
const short = (query: string): string => {
  const line = query.replaceAll(/\s+/g, " ").trim()
  return line.length <= QUERY_SHOWN ? line : `${line.slice(0, QUERY_SHOWN)}…`
}

/** More than any repository asks at a time; what is left out is asked again, and comes back as the newest. */
const METRICS_KEPT = 1_000

/**
 * What is still asked, and of it the newest by their time: the order of the keys is the database's. An answer about a
 * deployment that is over speaks of nothing.
 */
export function keptMetrics({ metrics }: State, asked: ReadonlySet<string>): Pick<State, "metrics"> {
  if (!metrics) return {}
  const kept = Object.entries(metrics)
    .filter(([key]) => asked.has(key))
    .toSorted(([, a], [, b]) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, METRICS_KEPT)
  return { metrics: Object.fromEntries(kept) }
}
