import { DEFAULT_CONFIG } from "./config.ts"
import { type EntryRules, rulingOf } from "./entry-rules.ts"
import { environmentNamed } from "./environment-named.ts"
import { budgetQuestion, type Comparison, comparisonsOf, type MetricQuestion } from "./metric.ts"
import { own } from "./own.ts"
import type { ProtectionRequest } from "./protection.ts"
import type { Release } from "./release.ts"
import { watchedIn } from "./rollback-watch.ts"
import type { Line, State } from "./state.ts"
import { asRequest } from "./verdict.ts"
import { verifyRules } from "./verify-rules.ts"

/** A question that something waits for. `from`: ISO 8601; it makes no sense before. `at once`: whatever is known of it. */
export interface AskedMetric {
  readonly question: MetricQuestion
  readonly from?: string
  readonly fresh: boolean
}

type Out = Pick<Release, "branch" | "component" | "phase">

/**
 * What is measured for a release that asks to enter: in the environment before, where it is live already; undefined:
 * it is not live there, or none comes before.
 */
export function entryComparisons(state: State, rules: EntryRules, release: Out): readonly Comparison[] | undefined {
  const before = rules.after === undefined ? undefined : environmentNamed(state, rules.after, release.component)
  const { performance: metrics = [] } = rules
  const sha = release.phase.is === "published" ? release.phase.candidate.sha : undefined
  return before?.live && before.live.sha === sha ? comparisonsOf(before, before.live, metrics) : undefined
}

/** The questions of everything that waits: deployments that ask to enter, releases that may, those that are verified, checklists. */
export function metricsAsked(
  state: State,
  configOf: (line: Line) => typeof DEFAULT_CONFIG,
  defaultBranch: string,
): readonly AskedMetric[] {
  const versions = (of: Line | undefined, environment: string): readonly EntryRules[] => {
    const ruling = of && rulingOf(state, of, defaultBranch)
    if (!ruling) return []
    const { line, rulesIn } = ruling
    return [line.inForce.config?.value ?? DEFAULT_CONFIG, configOf(line)].map((config) => rulesIn(config, environment))
  }
  const lineOf = (id: string | undefined) => {
    const release = state.releases.find((one) => one.id === id)
    return { release, line: own(state.lines, release?.branch ?? "") }
  }
  const verdicts = Object.values(state.verdicts ?? {}).filter(({ closed }) => !closed)
  const waiting = [...Object.values(state.requests ?? {}).filter(({ end }) => !end), ...verdicts.map(asRequest)]
  const entering = waiting.flatMap((request) => {
    const { release, line } = lineOf(request.release)
    if (!release) return []
    return versions(line, request.environment).flatMap((rules) => ofEntry(state, rules, release, request))
  })
  const verified = Object.values(state.environments).flatMap((environment) => {
    const { live } = environment
    const isVerified = live?.verification?.is === "running"
    const all = [
      ...(isVerified ? [{ live, asked: live.verification.asked }] : []),
      ...[watchedIn(environment) ?? []].flat(),
    ]
    return all.flatMap((one) => {
      const rules = verifyRules(versions(lineOf(one.live.release).line, environment.name))
      return ofAll(comparisonsOf(environment, one.live, rules?.metrics ?? []), one.asked !== undefined)
    })
  })
  const ticking = state.releases.flatMap(({ measures = [], unattended }) =>
    measures.map((question) => ({ question, fresh: unattended?.is === "asked" })),
  )
  return [...entering, ...verified, ...ticking]
}

function ofEntry(
  state: State,
  rules: EntryRules,
  release: Out,
  { environment, asked }: ProtectionRequest,
): readonly AskedMetric[] {
  const { "error-budget": budget } = rules
  const fresh = asked !== undefined
  const place = environmentNamed(state, environment, release.component) ?? {
    name: environment,
    component: release.component,
  }
  return [
    ...ofAll(entryComparisons(state, rules, release) ?? [], fresh),
    ...(budget ? [{ question: budgetQuestion(place, budget), fresh }] : []),
  ]
}

const ofAll = (comparisons: readonly Comparison[], fresh: boolean): readonly AskedMetric[] =>
  comparisons.flatMap(({ now, from, baseline }) => [
    { question: now, from, fresh },
    ...(baseline ? [{ question: baseline.question, from, fresh }] : []),
  ])
