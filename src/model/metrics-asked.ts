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
import { comparisonFor, criteriaIn, isOfMetric, isWatched, measuredEvery, pausesIn } from "./watch.ts"

/** A question that something waits for. `from`: ISO 8601; it makes no sense before. `at once`: whatever is known of it. */
export interface AskedMetric {
  readonly question: MetricQuestion
  readonly from?: string
  readonly fresh: boolean
  /** In milliseconds: how old an answer may be, where that is less than usual. */
  readonly every?: number
}

/** A timer that goes off a moment early measures as well. */
const EARLY_MS = 1_000

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

/**
 * The questions of everything that waits: deployments that ask to enter, releases that may, those that are verified or
 * watched, checklists.
 *
 * @param at now, as ISO 8601
 */
export function metricsAsked(
  state: State,
  configOf: (line: Line) => typeof DEFAULT_CONFIG,
  defaultBranch: string,
  at: string,
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
    return versions(line, request.environment).flatMap((rules) => [
      ...ofEntry(state, rules, release, request),
      ...ofAll(
        pausing(state, rules.after === undefined ? [] : versions(line, rules.after), rules, release),
        request.asked !== undefined,
      ),
    ])
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
  const watched = Object.values(state.environments).flatMap((environment) => {
    const { live, rollback } = environment
    const rules = live ? versions(lineOf(live.release).line, environment.name) : []
    if (!live || rollback?.is === "running" || !isWatched(environment, live, rules, at)) return []
    return criteriaIn(rules)
      .filter(isOfMetric)
      .flatMap(({ criterion }) =>
        ofAll([comparisonFor(environment, live, criterion)], false).map((one) => ({
          ...one,
          every: measuredEvery(criterion) - EARLY_MS,
        })),
      )
  })
  const ticking = state.releases.flatMap(({ measures = [], unattended }) =>
    measures.map((question) => ({ question, fresh: unattended?.is === "asked" })),
  )
  return [...entering, ...verified, ...watched, ...ticking]
}

/** What is measured of the criteria of the environment before, where it is live. */
function pausing(
  state: State,
  before: readonly EntryRules[],
  { after = "" }: EntryRules,
  release: Out,
): readonly Comparison[] {
  const environment = environmentNamed(state, after, release.component)
  const { live } = environment ?? {}
  const sha = release.phase.is === "published" ? release.phase.candidate.sha : undefined
  if (!environment || live === undefined || live.sha !== sha) return []
  return pausesIn(before).map(({ criterion }) => comparisonFor(environment, live, criterion))
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
