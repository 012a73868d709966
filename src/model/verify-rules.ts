import type { Metric } from "./config-metrics.ts"
import type { EntryRules } from "./entry-rules.ts"
import { hashOf } from "./hash.ts"

/** What an environment asks of a release from when it is live there on. */
export interface VerifyRules {
  readonly minutes: number
  readonly checks: readonly string[]
  readonly metrics: readonly Metric[]
}

/** What all of several versions of an environment's gates ask for together: the longest time, and everything else. */
export function verifyRules(versions: readonly EntryRules[]): VerifyRules | undefined {
  const asked = versions.flatMap(({ verify }) =>
    verify === undefined ? [] : [typeof verify === "number" ? { for: verify } : verify],
  )
  if (asked.length === 0) return undefined
  return {
    minutes: Math.max(...asked.map((one) => one.for)),
    checks: [...new Set(asked.flatMap(({ checks = [] }) => checks))],
    metrics: [...new Map(asked.flatMap(({ metrics = [] }) => metrics.map((one) => [hashOf(one), one]))).values()],
  }
}
