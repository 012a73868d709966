import type { Clock } from "../model/clock.ts"
import type { Envelope } from "../model/decision.ts"
import type { Log } from "../model/log.ts"
import type { Outcome } from "../model/outcome.ts"
import { commitDecision } from "../store/commit-decision.ts"
import type { Lease } from "../store/lease.ts"
import type { View } from "../store/look.ts"
import type { Db } from "../store/open.ts"
import { dismiss, postponeRun } from "../store/postpone-run.ts"
import type { Wakes } from "../store/wakes.ts"
import { runAgainAt } from "./backoff.ts"
import { contentHash } from "./content-hash.ts"
import { failureOf } from "./failure.ts"
import { isolate } from "./isolate.ts"
import type { EngineMetrics, Parts, RunResult } from "./parts.ts"
import { rejectOn } from "./reject-on.ts"

export interface DecisionContext<State, Signal, Facts, Effect extends Envelope> {
  readonly db: Db
  readonly wakes: Pick<Wakes, "send">
  readonly parts: Parts<State, Signal, Facts, Effect>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: EngineMetrics
  readonly lease: Lease
  readonly abort: AbortSignal
}

/** A decision that wants to look again at once, every time, would never rest. */
const SOONEST_REVISIT_MS = 1_000
/** After so many runs in a row that broke, some three minutes, the deliveries are looked at one by one. */
const BROKEN_IN_A_ROW = 8

/**
 * One run: observe without any lock, decide, commit if nobody has decided since `view` was read.
 * A throw of the domain ends in a back-off, as long as the peer asked for if it did; the deliveries stay undecided.
 * Where it throws again and again, the deliveries that it throws on are found and given up.
 *
 * @returns undefined if the run was given up because the process ends or the key was taken
 */
export async function runDecision<State, Signal, Facts, Effect extends Envelope>(
  context: DecisionContext<State, Signal, Facts, Effect>,
  view: View,
): Promise<RunResult | undefined> {
  const { abort } = context
  try {
    if (await dismissEchoes(context, view)) return "echo"
    const isStuck = view.broken >= BROKEN_IN_A_ROW && view.inbox.length > 0
    const result = isStuck ? await isolate(isolation(context), view) : await decideAndCommit(context, view)
    return abort.aborted ? undefined : result
  } catch (error) {
    if (abort.aborted) return undefined
    await postpone(context, view, error)
    return "failed"
  }
}

async function decideAndCommit<State, Signal, Facts, Effect extends Envelope>(
  context: DecisionContext<State, Signal, Facts, Effect>,
  view: View,
): Promise<"decided" | "lost"> {
  const commit = await decideOn(context, view)
  if (context.abort.aborted) return "lost"
  if ((await commitDecision(context, commit)) !== "committed") return "lost"
  const effects = commit.effects.map(({ effect }) => effect.key)
  if (effects.length > 0) context.log.debug({ key: context.lease.key, effects }, "decided")
  return "decided"
}

const isolation = <State, Signal, Facts, Effect extends Envelope>(
  context: DecisionContext<State, Signal, Facts, Effect>,
): Parameters<typeof isolate>[0] => ({
  ...context,
  rehearse: async (view) => void (await decideOn(context, view)),
  decide: async (view) => await decideAndCommit(context, view),
})

async function postpone<State, Signal, Facts, Effect extends Envelope>(
  { db, clock, log, lease }: DecisionContext<State, Signal, Facts, Effect>,
  view: View,
  error: unknown,
): Promise<void> {
  const failures = view.failures + 1
  const failure = failureOf(error)
  const now = clock.now()
  const backedOff = runAgainAt(lease.key, failures, now).getTime()
  const asked = failure.is === "unavailable" ? now.getTime() + failure.afterSeconds * 1_000 : 0
  const until = new Date(Math.max(backedOff, asked))
  log.error({ err: error, key: lease.key, failures, until }, "a run failed; its deliveries are kept")
  await postponeRun(db, lease, { until, why: failure.is, tried: view.inbox.at(-1)?.seq })
}

async function decideOn<State, Signal, Facts, Effect extends Envelope>(
  { parts, clock, lease, abort }: DecisionContext<State, Signal, Facts, Effect>,
  view: View,
): Promise<Parameters<typeof commitDecision>[1]> {
  const signals = view.inbox.flatMap((row) => row.signals) as Signal[]
  const known = { repo: view.repo, state: view.state as State | undefined, signals, handles: view.handles }
  const facts = await Promise.race([parts.observe({ ...known, now: clock.now(), abort }), rejectOn(abort)])
  const now = clock.now()
  const decision = parts.decide({ ...known, facts, now })
  return {
    key: lease.key,
    lease,
    read: { version: view.version, inbox: view.inbox.map((row) => row.seq) },
    now,
    state: decision.state,
    revisitAt: decision.revisitAt === undefined ? undefined : notBefore(new Date(decision.revisitAt), now),
    effects: decision.effects.map((effect) => ({ effect, contentHash: contentHash(effect.content) })),
    audit: decision.audit,
    times: decision.times,
    forgets: decision.forgets ?? [],
    retries: decision.retries ?? [],
    ...(decision.withdraws?.length ? { withdraws: { targets: decision.withdraws, ended: endedAs(parts) } } : {}),
    listens: decision.listens ?? [],
    waiting: decision.waiting ?? [],
    ...(decision.tells ? { tells: { ...decision.tells, by: view.repo } } : {}),
  }
}

/** The outbox has what decisions of these parts put there. */
const endedAs =
  <State, Signal, Facts, Effect extends Envelope>({ outcome }: Parts<State, Signal, Facts, Effect>) =>
  (effect: Envelope, end: Outcome): Signal =>
    outcome(effect as Effect, end)

const notBefore = (wanted: Date, now: Date): Date =>
  new Date(Math.max(wanted.getTime(), now.getTime() + SOONEST_REVISIT_MS))

/** @returns true if all that waits are echoes of our own writes (and no timer is due): nobody needs to look */
async function dismissEchoes<State, Signal, Facts, Effect extends Envelope>(
  { db, parts, clock, lease }: DecisionContext<State, Signal, Facts, Effect>,
  view: View,
): Promise<boolean> {
  const { isEcho } = parts
  const now = clock.now()
  if (!isEcho || view.inbox.length === 0 || (view.revisitAt !== undefined && view.revisitAt <= now)) return false
  const signals = view.inbox.flatMap((row) => row.signals) as Signal[]
  if (!signals.every((signal) => isEcho(signal, view.handles))) return false
  await dismiss(
    db,
    lease,
    view.inbox.map((row) => row.seq),
    view.version,
    now,
  )
  return true
}
