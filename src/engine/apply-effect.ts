import type { Clock } from "../model/clock.ts"
import type { Envelope } from "../model/decision.ts"
import { checkedBy } from "../model/in-time.ts"
import type { Log } from "../model/log.ts"
import type { Outcome } from "../model/outcome.ts"
import { type Attempt, beginAttempt, endEffect, postponeEffect } from "../store/attempts.ts"
import { type Lease, renewLease } from "../store/lease.ts"
import type { PendingEffect, View } from "../store/look.ts"
import type { Db } from "../store/open.ts"
import { MAX_ATTEMPTS, retryAt } from "./backoff.ts"
import type { EngineMetrics, Parts } from "./parts.ts"
import { rejectOn } from "./reject-on.ts"

export interface ApplyContext<Signal, Effect extends Envelope> {
  readonly db: Db
  readonly parts: Pick<Parts<never, Signal, never, Effect>, "act" | "outcome">
  readonly clock: Clock
  readonly log: Log
  readonly metrics: EngineMetrics
  readonly lease: Lease
  readonly leaseMs: number
  readonly requestTimeoutMs: number
  /** How long after its begin a request may still take effect at the peer. */
  readonly landingMs: number
  /** The key was taken, or the process must end: what runs is given up. */
  readonly abort: AbortSignal
}

/**
 * Applies one effect and records what became of it.
 *
 * @returns "stale" if another has taken the key: this run must end
 */
export async function applyEffect<Signal, Effect extends Envelope>(
  context: ApplyContext<Signal, Effect>,
  pending: PendingEffect,
  view: View,
): Promise<"recorded" | "stale"> {
  const { clock, metrics } = context
  const effect = pending.effect as Effect
  const attempt = await begin(context, pending.seq)
  if (!attempt) return (await renewLease(context.db, context.lease, context.leaseMs)) ? "recorded" : "stale"
  const begun = clock.now()
  const outcome = isExpired(attempt, begun) ? expired(attempt) : await attemptOnce(context, effect, attempt, view)
  if (context.abort.aborted) return "stale"
  const result = await record(context, pending.seq, effect, { ...attempt, begun }, outcome)
  metrics.effect(effect.kind, result)
  return result === "stale" ? "stale" : "recorded"
}

const expired = ({ mayHaveHappened }: Attempt): Outcome => ({
  is: "refused",
  code: "expired",
  because: mayHaveHappened
    ? "its time had passed before it could be tried again; an attempt at it got no answer, and it may have been done all the same"
    : "its time had passed before it could be applied",
})

const isExpired = ({ notAfter }: Attempt, now: Date): boolean => notAfter !== undefined && now > new Date(notAfter)

/**
 * Nothing begins if the key was taken, or if a decision of this very run has put newer content in the effect's place
 * before it began; then its row has ended already.
 *
 * The lease outlasts a request that starts now. Should this process be paused between the renewal and here, too
 * little may be left: then it is renewed again, which fails if another has taken the key in the meantime.
 */
async function begin<S, E extends Envelope>(context: ApplyContext<S, E>, seq: string): Promise<Attempt | undefined> {
  const { db, lease, leaseMs, requestTimeoutMs, clock } = context
  let sinceRenewal = stopwatch()
  const attempt = await beginAttempt(db, lease, seq, leaseMs, clock.now())
  while (attempt && sinceRenewal() > leaseMs - requestTimeoutMs) {
    sinceRenewal = stopwatch()
    if (!(await renewLease(db, lease, leaseMs))) return undefined
  }
  return attempt
}

/** A throw, a time-out among them, says nothing about whether the peer did it: retry, in doubt. */
async function attemptOnce<S, E extends Envelope>(
  context: ApplyContext<S, E>,
  effect: E,
  attempt: Attempt,
  view: View,
): Promise<Outcome> {
  const { parts, log, lease, requestTimeoutMs, abort } = context
  const timeout = new AbortController()
  const end = () => timeout.abort(new Error(`no answer within ${requestTimeoutMs} ms`))
  const timer = setTimeout(end, requestTimeoutMs)
  const elapsed = stopwatch()
  // R6: a process that awakes may hear an answer before its timers, and must not go on from it.
  const signal = checkedBy(AbortSignal.any([timeout.signal, abort]), () => {
    if (elapsed() >= requestTimeoutMs) end()
  })
  try {
    const acting = parts.act(effect, {
      repo: view.repo,
      handle: view.handles[effect.target],
      handles: view.handles,
      attempt: attempt.number,
      mayHaveHappened: attempt.mayHaveHappened,
      signal,
    })
    return await Promise.race([acting, rejectOn(signal)])
  } catch (error) {
    log.warn(
      { err: error, key: lease.key, effect: effect.key, attempt: attempt.number },
      "an effect could not be applied",
    )
    return { is: "retry", because: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** In milliseconds: a machine that sleeps stops one of the two clocks, somebody who sets the time turns the other back. */
function stopwatch(): () => number {
  const [monotonic, wall] = [performance.now(), Date.now()]
  return () => Math.max(performance.now() - monotonic, Date.now() - wall)
}

/** A timer and the clock are not read at the same instant, nor rounded alike. */
const TIMER_ERROR_MS = 20

/**
 * A request that got no answer in time may take effect as long as a killed process's may: a look that comes before
 * would not see it, and the next attempt would do it again. What was answered has taken effect, or never will.
 */
function landedAt(
  { requestTimeoutMs, landingMs }: Pick<ApplyContext<never, Envelope>, "requestTimeoutMs" | "landingMs">,
  begun: Date,
  now: Date,
): Date {
  const wasAnswered = now.getTime() - begun.getTime() < requestTimeoutMs - TIMER_ERROR_MS
  return wasAnswered ? now : new Date(begun.getTime() + landingMs)
}

async function record<S, E extends Envelope>(
  context: ApplyContext<S, E>,
  seq: string,
  effect: E,
  attempt: Attempt & { readonly begun: Date },
  outcome: Outcome,
): Promise<"done" | "refused" | "retried" | "dead" | "stale"> {
  const { db, lease, clock, log, parts } = context
  const now = clock.now()
  if (outcome.is === "retry" && attempt.number < MAX_ATTEMPTS) {
    const backedOff = retryAt(effect.key, attempt.number, now, outcome.afterSeconds)
    const landed = landedAt(context, attempt.begun, now)
    const nextAt = new Date(Math.max(backedOff.getTime(), landed.getTime()))
    const certain = outcome.notDone === true && !attempt.mayHaveHappened
    const held = await postponeEffect(db, lease, seq, { nextAt, because: outcome.because, certain })
    return held ? "retried" : "stale"
  }
  const end: Exclude<Outcome, { is: "retry" }> =
    outcome.is === "retry"
      ? { is: "refused", code: "unavailable", because: `given up after ${MAX_ATTEMPTS} attempts: ${outcome.because}` }
      : outcome
  const status = outcome.is === "retry" ? "dead" : end.is
  const signals = [parts.outcome(effect, end)]
  const held = await endEffect(db, lease, { seq, effect, attempt: attempt.number, status, outcome: end, signals, now })
  if (!held) return "stale"
  const { key, kind } = effect
  if (status === "dead")
    log.error({ key: lease.key, effect: key, kind, because: outcome }, "an effect is a dead letter")
  else if (end.is === "refused")
    log.warn({ key: lease.key, effect: key, kind, code: end.code, because: end.because }, "an effect was refused")
  return status
}
