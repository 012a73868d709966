import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client"

/** How much waits in the store at the moment of a scrape. */
interface Depths {
  readonly inbox: number
  readonly inboxAgeSeconds: number
  readonly outbox: number
  readonly dead: number
}

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
  /** Reads the store's depths at each scrape from now on. */
  watch(read: () => Promise<Depths>): void
}

/** Slipway's numbers, in Prometheus' text format by `registry.metrics()`. */
export function createMetrics(): Metrics {
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
  return {
    registry,
    webhook: (event, result) => webhooks.inc({ event, result }),
    report: (result) => reports.inc({ result }),
    run: (result) => runs.inc({ result }),
    effect: (kind, outcome) => effects.inc({ kind, outcome }),
    deadDelivery: () => deadDeliveries.inc(),
    githubRequest: (kind) => requests.inc({ kind }),
    watch: (read) => watchDepths(registry, read),
  }
}

const DEPTHS: readonly { name: string; help: string; of: (depths: Depths) => number }[] = [
  { name: "slipway_inbox_pending", help: "Deliveries that are not decided on.", of: (depths) => depths.inbox },
  {
    name: "slipway_inbox_oldest_seconds",
    help: "Age of the oldest delivery that is not decided on.",
    of: (depths) => depths.inboxAgeSeconds,
  },
  {
    name: "slipway_outbox_pending",
    help: "Effects that are decided and not yet applied.",
    of: (depths) => depths.outbox,
  },
  {
    name: "slipway_dead_letters",
    help: "Effects given up after every retry, and deliveries on which every run threw.",
    of: (depths) => depths.dead,
  },
]

/** One query serves all gauges of a scrape. A store that does not answer is "no data" (NaN), and the rest is shown. */
function watchDepths(registry: Registry, read: () => Promise<Depths>): void {
  let reading: Promise<Depths | undefined> | undefined
  const shared = (): Promise<Depths | undefined> => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  for (const { name, help, of } of DEPTHS) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const depths = await shared()
        gauge.set(depths ? of(depths) : Number.NaN)
      },
    })
  }
}
