import { Gauge, type Registry } from "prom-client"
import type { Waiting } from "../model/waiting.ts"

/** How much waits in the store at the moment of a scrape. */
export interface Depths {
  readonly inbox: number
  readonly inboxAgeSeconds: number
  readonly outbox: number
  readonly outboxAgeSeconds: number
  readonly dead: number
  /** Repositories whose last run failed. */
  readonly failing: number
  /** Webhooks that GitHub could not deliver. */
  readonly missed: number
  /** Gates that are not passed, of all repositories. */
  readonly waiting: readonly Waiting[]
}

const GAUGES: readonly { name: string; help: string; of: (depths: Depths) => number }[] = [
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
    name: "slipway_outbox_oldest_seconds",
    help: "Age of the oldest effect that is decided and not yet applied.",
    of: (depths) => depths.outboxAgeSeconds,
  },
  {
    name: "slipway_dead_letters",
    help: "Effects given up after every retry, and deliveries on which every run threw.",
    of: (depths) => depths.dead,
  },
  {
    name: "slipway_failing_repositories",
    help: "Repositories whose last run failed; they are tried again with growing pauses.",
    of: (depths) => depths.failing,
  },
  {
    name: "slipway_missed_deliveries",
    help: "Webhooks that GitHub could not deliver, and that have not come since.",
    of: (depths) => depths.missed,
  },
]

/** One query serves all gauges of a scrape. A store that does not answer is "no data" (NaN), and the rest is shown. */
export function watchDepths(registry: Registry, read: () => Promise<Depths>): void {
  let reading: Promise<Depths | undefined> | undefined
  const shared = (): Promise<Depths | undefined> => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  for (const { name, help, of } of GAUGES) {
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
  const gates: Gauge<"of" | "gate" | "state"> = new Gauge({
    name: "slipway_gates_waiting",
    help: "Gates that are not passed, of releases that are cut and of deployments that ask.",
    labelNames: ["of", "gate", "state"],
    registers: [registry],
    async collect() {
      const depths = await shared()
      // What nobody waits for any more is no series any more; nor is what nobody knows.
      gates.reset()
      for (const { of, gate, state, count } of depths?.waiting ?? []) gates.set({ of, gate, state }, count)
    },
  })
}
