import { DEFAULT_ROLLBACK } from "../../model/config-rollback.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"

const MINUTE_MS = 60_000

/** When the present way back is given up (ISO 8601). */
export function limitOf(rollback: Rollback): string {
  const begun = stepsOf(rollback).at(-1)?.begun ?? rollback.begun
  return new Date(Date.parse(begun) + (rollback.rules ?? DEFAULT_ROLLBACK).within * MINUTE_MS).toISOString()
}
