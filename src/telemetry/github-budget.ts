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
export function createBudgetGauges(registry: Registry, now: () => Date): (budget: Budget) => void {
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
  return (budget) => {
    known.set(`${budget.installation} ${budget.resource}`, budget)
    for (const [key, { resetAt }] of known) if (now().getTime() - resetAt.getTime() > FORGOTTEN_MS) known.delete(key)
  }
}
