import type { Metric } from "./config-metrics.ts"
import type { EntryRules } from "./entry-rules.ts"
import { hashOf } from "./hash.ts"
import type { Probe } from "./probe.ts"

/** What an environment asks of a release from when it is live there on. */
export interface VerifyRules {
  readonly minutes: number
  readonly checks: readonly string[]
  readonly metrics: readonly Metric[]
  /** As they are written: see `probesOf`. */
  readonly probes: readonly Probe[]
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
    metrics: once(asked.flatMap(({ metrics = [] }) => metrics)),
    probes: once(asked.flatMap(({ smoke = [] }) => smoke)),
  }
}

const once = <T>(all: readonly T[]): readonly T[] => [...new Map(all.map((one) => [hashOf(one), one])).values()]
