import { setTimeout as delay } from "node:timers/promises"
import type { Clock } from "../model/clock.ts"
import type { Envelope } from "../model/decision.ts"
import type { Log } from "../model/log.ts"
import { type Lease, releaseLease, renewLease, takeLease } from "../store/lease.ts"
import { look, type PendingEffect, type View } from "../store/look.ts"
import type { Store } from "../store/open.ts"
import { applyEffect } from "./apply-effect.ts"
import { type Agenda, judge, restUntil } from "./judge.ts"
import type { EngineMetrics, Parts } from "./parts.ts"
import { runDecision } from "./run-decision.ts"
import type { Scope } from "./scope.ts"

export interface TickContext<State, Signal, Facts, Effect extends Envelope> {
  readonly store: Store
  readonly parts: Parts<State, Signal, Facts, Effect>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: EngineMetrics
  /** Names this process; two runs of one process are told apart by their fence. */
  readonly owner: string
  readonly requestTimeoutMs: number
  readonly landingMs: number
  readonly scope: Scope
  /** From now on: finish what runs, begin nothing. */
  readonly stopping: AbortSignal
  /** From now on: leave even what runs. */
  readonly givingUp: AbortSignal
}

/** Effects of one key under way at once, each in a lane of its own. */
const LANES_AT_ONCE = 4
const OF_ONE_KIND = 3
/** While effects are under way a person's click should not wait for the slowest. */
const LOOK_AGAIN_MS = 250

/**
 * Works on one key until nothing is due: decides on what has come, applies what was decided, looks again.
 * Returns at once if somebody else holds the key: the holder looks once more before giving it back.
 *
 * @throws the database's error; the lease is left to run out, and the poll finds the key again
 */
export async function tick<State, Signal, Facts, Effect extends Envelope>(
  context: TickContext<State, Signal, Facts, Effect>,
  key: string,
): Promise<void> {
  const { store, log } = context
  if (context.stopping.aborted) return await store.wakes.send(store.db, key)
  const leaseMs = leaseFor(context.requestTimeoutMs)
  const lease = await takeLease(store.db, key, context.owner, leaseMs)
  if (!lease) return
  const taken = new AbortController()
  const heartbeat = setInterval(() => {
    renewLease(store.db, lease, leaseMs).then(
      (held) => held || taken.abort(new Error("another has taken the key")),
      (err: unknown) => log.warn({ err, key }, "a lease could not be renewed"),
    )
  }, leaseMs / RENEWALS)
  const underWay = new Map<string, Promise<void>>()
  try {
    await workOn(context, { lease, leaseMs, taken }, underWay)
  } finally {
    await Promise.all(underWay.values())
    clearInterval(heartbeat)
  }
}

/** Longer than the longest request, so that whoever takes over meets none of ours on the wire. */
const leaseFor = (requestTimeoutMs: number): number => requestTimeoutMs * 1.5

/**
 * Of one lease: so often that a process that is killed leaves, at any instant, at least 1.25 times the longest request of
 * its lease, in which its last request lands. With the 8 s of the default these are the 10 s after which GitHub ends a
 * request, and at the latest 12 s after the death another takes the key.
 */
const RENEWALS = 6

interface Held {
  readonly lease: Lease
  readonly leaseMs: number
  /** Aborted when another has taken the key, or the database failed under an effect. */
  readonly taken: AbortController
}

async function workOn<State, Signal, Facts, Effect extends Envelope>(
  context: TickContext<State, Signal, Facts, Effect>,
  held: Held,
  underWay: Map<string, Promise<void>>,
): Promise<void> {
  const { store, clock, metrics, stopping, givingUp } = context
  const { lease, taken } = held
  const leave = AbortSignal.any([taken.signal, givingUp])
  const { settle, isAwaited } = context.parts
  const rules: Parameters<typeof judge>[1] = {
    settle: (inbox, at) => settle(withTimes(inbox), at),
    isAwaited: ({ signals }) => (signals as Signal[]).some((signal) => isAwaited?.(signal) === true),
  }
  while (!leave.aborted && !stopping.aborted) {
    const now = clock.now()
    let agenda: Agenda = { is: "nothing" }
    const seen = await look(store.db, lease, (view) => {
      agenda = judge(view, rules, now)
      const busy = agenda.is === "decide" || underWay.size > 0 || dueHeads(view, underWay, now).length > 0
      return busy ? { is: "go" } : { is: "rest", revisitAt: restUntil(agenda, view.revisitAt, now) }
    })
    if (!seen || seen.released) return
    if ((agenda as Agenda).is === "decide") {
      const { view } = seen
      const deliveries = view.inbox.map(({ delivery }) => delivery)
      const abort = AbortSignal.any([leave, stopping])
      const result = await context.scope({ is: "run", repo: view.repo, deliveries }, () =>
        runDecision({ ...context, db: store.db, wakes: store.wakes, lease, abort }, view),
      )
      if (result) metrics.run(result)
      continue
    }
    for (const head of dueHeads(seen.view, underWay, now)) start(context, held, leave, underWay, head, seen.view)
    await Promise.race([...underWay.values(), delay(LOOK_AGAIN_MS, undefined, { ref: false })])
  }
  await Promise.all(underWay.values())
  if (!leave.aborted) await handBack(store, lease)
}

function start<State, Signal, Facts, Effect extends Envelope>(
  context: TickContext<State, Signal, Facts, Effect>,
  { lease, leaseMs, taken }: Held,
  abort: AbortSignal,
  underWay: Map<string, Promise<void>>,
  pending: PendingEffect,
  view: View,
): void {
  const apply = () =>
    applyEffect({ ...context, db: context.store.db, lease, leaseMs, abort }, pending, view)
      .then((result) => {
        if (result === "stale") taken.abort(new Error("another has taken the key"))
      })
      .catch((err: unknown) => {
        // Not recorded, so in doubt: the next holder looks before it repeats.
        context.log.error({ err, key: lease.key, effect: pending.effect.key }, "an effect's end could not be recorded")
        taken.abort(err)
      })
      .finally(() => underWay.delete(pending.lane))
  underWay.set(pending.lane, context.scope({ is: "effect", repo: view.repo, effect: pending.effect }, apply))
}

/**
 * What waits longest first, and never all places for one kind: a hundred e-mails to a server that hangs must not hold up
 * an answer to GitHub.
 */
function dueHeads({ heads }: View, underWay: ReadonlyMap<string, unknown>, now: Date): PendingEffect[] {
  const taken = heads.flatMap(({ lane, effect }) => (underWay.has(lane) ? [effect.kind] : []))
  const due: PendingEffect[] = []
  for (const head of heads.toSorted((a, b) => a.nextAt.getTime() - b.nextAt.getTime())) {
    if (head.nextAt > now || underWay.size + due.length >= LANES_AT_ONCE) break
    const { kind } = head.effect
    if (underWay.has(head.lane) || taken.filter((one) => one === kind).length >= OF_ONE_KIND) continue
    taken.push(kind)
    due.push(head)
  }
  return due
}

const withTimes = <Signal>(inbox: View["inbox"]): { signal: Signal; receivedAt: Date }[] =>
  inbox.flatMap(({ signals, receivedAt }) => signals.map((signal) => ({ signal: signal as Signal, receivedAt })))

/** Gives the key to another process, or to our next start; what is left to do is left to them. */
async function handBack(store: Store, lease: Lease): Promise<void> {
  await store.db.transaction().execute(async (transaction) => {
    await releaseLease(transaction, lease)
    await store.wakes.send(transaction, lease.key)
  })
}
