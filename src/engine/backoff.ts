import { createHash } from "node:crypto"

/** So many attempts are made; then the effect is a dead letter. With these delays the last comes after some 18 minutes. */
export const MAX_ATTEMPTS = 12

const EFFECT_BACKOFF = { firstMs: 1_000, longestMs: 5 * 60_000 }
const RUN_BACKOFF = { firstMs: 1_000, longestMs: 60_000 }

/**
 * When a postponed effect is tried again. Jitter is drawn from the effect's key: repeatable, and different for
 * effects that failed together.
 *
 * @param attempt the one that has just failed, from 1
 * @param afterSeconds what the peer asked for (`retry-after`); it is honoured, never shortened
 */
export function retryAt(key: string, attempt: number, now: Date, afterSeconds?: number): Date {
  const delay = jittered(exponential(EFFECT_BACKOFF, attempt), `${key}:${attempt}`)
  return new Date(now.getTime() + Math.max(delay, (afterSeconds ?? 0) * 1_000))
}

/** When a run that threw is tried again; `failures` in a row, from 1. */
export function runAgainAt(key: string, failures: number, now: Date): Date {
  return new Date(now.getTime() + jittered(exponential(RUN_BACKOFF, failures), `${key}:${failures}`))
}

const exponential = ({ firstMs, longestMs }: { firstMs: number; longestMs: number }, nth: number): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(nth - 1, 20))

/** Between 100 % and 125 % of `ms`. */
function jittered(ms: number, seed: string): number {
  const fraction = createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32
  return Math.round(ms * (1 + fraction / 4))
}
