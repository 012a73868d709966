import { Gauge, type Registry } from "prom-client"

/** As peers/github-budget has it. */
export interface Budget {
  readonly installation: string
  readonly resource: string
  readonly limit: number
  readonly remaining: number
  readonly resetAt: Date
}

/** An installation of which nothing was heard for so long is gone, or has nothing to do. */
const FORGOTTEN_MS = 24 * 60 * 60_000

/**
 * The gauges of GitHub's rate limits. What GitHub said last stands until the limit is whole again, which happens without
 * a request of ours.
 */
export function createBudgetGauges(
  registry: Registry,
  now: () => Date,
): { readonly budget: (budget: Budget) => void; readonly waits: (installation: string, until: Date) => void } {
  const known = new Map<string, Budget>()
  const gauge = (name: string, help: string, of: (budget: Budget) => number): void => {
    const shown: Gauge<"installation" | "resource"> = new Gauge({
      name,
      help,
      labelNames: ["installation", "resource"],
      registers: [registry],
      collect() {
        shown.reset()
        for (const budget of known.values())
          shown.set({ installation: budget.installation, resource: budget.resource }, of(budget))
      },
    })
  }
  const isWhole = ({ resetAt }: Budget): boolean => resetAt <= now()
  gauge("slipway_github_budget_limit", "Requests to GitHub that a rate limit allows.", ({ limit }) => limit)
  gauge("slipway_github_budget_remaining", "Requests to GitHub that are left of a rate limit.", (budget) =>
    isWhole(budget) ? budget.limit : budget.remaining,
  )
  const waits = new Map<string, Date>()
  const waiting: Gauge<"installation"> = new Gauge({
    name: "slipway_github_waits_seconds",
    help: "For how long nothing, or nothing but what people wait for, is asked of GitHub, by its rate limits.",
    labelNames: ["installation"],
    registers: [registry],
    collect() {
      waiting.reset()
      for (const [installation, until] of waits) {
        const seconds = (until.getTime() - now().getTime()) / 1_000
        if (seconds > 0) waiting.set({ installation }, seconds)
        else waits.delete(installation)
      }
    },
  })
  return {
    budget: (budget) => {
      known.set(`${budget.installation} ${budget.resource}`, budget)
      for (const [key, { resetAt }] of known) if (now().getTime() - resetAt.getTime() > FORGOTTEN_MS) known.delete(key)
    },
    waits: (installation, until) => void waits.set(installation, until),
  }
}
