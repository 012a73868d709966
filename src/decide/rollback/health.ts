import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import type { Environment } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Checking, Rollback } from "../../model/rollback.ts"
import { verifyRules } from "../../model/verify-rules.ts"
import { rulesFor } from "../promotion/entry.ts"
import { type Run, releaseOf } from "../run.ts"

const MINUTE_MS = 60_000

/**
 * What begins when a way back did what it does (ISO 8601). It lasts for as long as the rollback asks, and for as long as
 * each metric is measured over; undefined: the environment's `verify` asks for nothing.
 */
export function newChecking(
  run: Run,
  { name }: Environment,
  { to, rules }: Rollback,
  at: string,
): Checking | undefined {
  const line = own(run.state.lines, releaseOf(run.state, to.release)?.branch ?? "")
  const asked = line && verifyRules(rulesFor(run, line, name))
  if (!asked) return undefined
  const { health } = rules ?? DEFAULT_ROLLBACK
  const minutes = Math.max(health, ...asked.metrics.map(({ window }) => window))
  return { since: at, ends: new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString() }
}
