import { Counter, collectDefaultMetrics, Registry } from "prom-client"
import { type Depths, watchDepths } from "./depth-gauges.ts"
import { type Budget, createBudgetGauges } from "./github-budget.ts"

export interface Metrics {
  readonly registry: Registry
  /** `result`: stored, duplicate, ignored, refused or failed. */
  webhook(event: string, result: string): void
  /** `result`: stored, duplicate, ignored, refused or failed. */
  report(result: string): void
  run(result: string): void
  effect(kind: string, outcome: string): void
  deadDelivery(): void
  /** `kind`: token, app, read or write. */
  githubRequest(kind: string): void
  /** What GitHub's last answer said of a rate limit. */
  githubBudget(budget: Budget): void
  /** GitHub is not asked for this installation until then, or only for people. */
  githubWaits(installation: string, until: Date): void
  /** Reads the store's depths at each scrape from now on. */
  watch(read: () => Promise<Depths>): void
}

/**
 * Slipway's numbers, in Prometheus' text format by `registry.metrics()`.
 *
 * @param now tells whether a rate limit is whole again, of which GitHub was not asked since
 */
export function createMetrics(now: () => Date = () => new Date()): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const webhooks = counter("slipway_webhooks_total", "Webhooks by event and what became of them.", ["event", "result"])
  const reports = counter("slipway_reports_total", "Reported deployments by what became of them.", ["result"])
  const runs = counter("slipway_runs_total", "Runs of a repository by result.", ["result"])
  const effects = counter("slipway_effects_total", "Attempts to apply an effect, by kind and outcome.", [
    "kind",
    "outcome",
  ])
  const deadDeliveries = counter("slipway_dead_deliveries_total", "Deliveries given up: every run on them threw.", [])
  const requests = counter("slipway_github_requests_total", "Requests to GitHub by kind.", ["kind"])
  const limits = createBudgetGauges(registry, now)
  return {
    registry,
    webhook: (event, result) => webhooks.inc({ event, result }),
    report: (result) => reports.inc({ result }),
    run: (result) => runs.inc({ result }),
    effect: (kind, outcome) => effects.inc({ kind, outcome }),
    deadDelivery: () => deadDeliveries.inc(),
    githubRequest: (kind) => requests.inc({ kind }),
    githubBudget: limits.budget,
    githubWaits: limits.waits,
    watch: (read) => watchDepths(registry, read),
  }
}
