/**
 * The engine: the only room that knows how crashes are survived.
 *
 *   ingest ─► inbox row + wake ─► tick of the key: look → observe → decide → commit ─► outbox ─► act ─► outcome ─┐
 *                                      ▲                                                                         │
 *                                      └────────────────────── inbox row ◄───────────────────────────────────────┘
 *
 * DESIRED PROPERTIES
 *  P1  A delivery that was answered is decided on, whatever crashes. Once, however often it is delivered.
 *  P2  Decisions on a key form one line: each rests on the state that the one before left.
 *  P3  State, audit, times, outbox and the end of deliveries change together or not at all.
 *  P4  An effect ends exactly once, and its end is decided on. What it did to the peer is done once if `act` honours
 *      `mayHaveHappened`.
 *  P5  Effects of a lane are applied in the order of their decision; a lane, key or process that is stuck holds up
 *      no other.
 *  P6  Nothing spins: whatever fails is tried again later and later, and is seen in log and metrics.
 *  P7  What throws on every run holds up its key for some minutes, never for ever (isolate.ts): the delivery is given up
 *      and counts as a dead letter. Nothing is given up because a peer or the database is away, however long.
 *  P8  Nothing grows for ever: what is decided and done goes after 30 days (store/remove-old). The audit trail stays,
 *      and so does the key of every append, by which it is never said twice.
 *
 * RACES, each with its guard (and the test in test/engine that goes red without it)
 *  R1  Redelivery. Guard: the inbox's primary key (delivery, key).
 *  R2  A wake coalesces into one whose run has read already, while the delivery is not yet committed. Guard: ingest
 *      holds the key FOR KEY SHARE before it sends; a run reads after FOR UPDATE, by later statements (store/look).
 *  R3  Two runs decide on one key (pg-boss overlaps, a lease that ran out). Guard: `where version = n`
 *      (store/commit-decision); the loser throws its decision away.
 *  R4  A delivery comes when the holder has found nothing and gives the key back; its wake finds the key held and goes
 *      away. Guard: looking and giving back are one transaction under FOR UPDATE (store/look).
 *  R5  A crash after the peer did it and before that is recorded. Guard: `started_at`, on disk before the attempt
 *      (store/attempts); the next attempt is told that it may have happened.
 *  R6  A paused process awakes and goes on speaking for a key that another has taken. Guard: the fence, in every
 *      statement that begins or ends an attempt and in the commit of a decision; a lease that outlasts an attempt, renewed
 *      before each; and a look at the clock right before every request (`throwIfLate`), since a process that awakes hears
 *      its sockets before its timers.
 *  R7  A timer or a demand to look (`wake`) comes while a run is under way. Guard: it moves the version on; timers
 *      are looked at again before the key is given back.
 *  R8  A killed worker's job blocks its key. Guard: its lease runs out; the poll takes the job away and wakes the key.
 *  R9  A wake is lost altogether. Guard: the sweep, at start and every minute.
 *  R10 Newer content overtakes a creation that something behind it needs. Guard: `supersede` (store/commit-decision).
 *  R11 A delivery that may wait sends no wake, as a timer stands, while a run is about to clear that timer. Guard: the
 *      run looks again before it gives the key back, under FOR UPDATE (R4), and so after the delivery's commit.
 *  R12 A decision puts newer content in the place of an effect that has been started and has not yet begun. Guard: what
 *      could not begin ends the run only if the key was taken (`applyEffect`).
 *  R13 A request that got no answer in time takes effect after the next attempt has looked for it. Guard: that attempt
 *      waits until the peer has given the request up (`landedAt` in apply-effect).
 *  R14 Two decisions tell each other's keys at once, and each holds its own row. Guard: a teller locks the other's row FOR
 *      KEY SHARE, which a commit does not wait for, and wakes in the order of the keys (store/commit-decision).
 *  R15 A decision withdraws an effect of which an attempt is under way, or about to begin. Guard: it gets no time beyond now
 *      (store/withdraw), which is read in the statement that begins an attempt (store/attempts); what is put off is ended
 *      in the decision's own transaction.
 *
 * ACCEPTED LOSSES
 *  - A key that begins to listen is not told what was committed before that. The domain looks once more a second later.
 *  - Between the last look at the clock and the first byte on the wire lie a few microseconds, or a new connection, in
 *    which a process can be paused for longer than a lease. What it writes then, another may have written: the peer gets
 *    it once more where it has no key of its own to know it by.
 *  - A run that loses, and a look at the world before a crash, cost their requests.
 *  - While a key backs off from a failing run, a person's click starts one run of its own. If that fails as well, the click
 *    waits with the key: at most 75 s, or as long as GitHub asked for (a rate limit: up to an hour), since nothing can be
 *    read for it either until then.
 *  - A delivery that is given up is not decided on: a click counts for nothing and must be pressed again, and of an
 *    effect's end the domain does not hear. What it only hinted at, the next look at the world finds.
 *  - Content that was superseded was never shown. So a key's effects can be fewer than its decisions.
 *  - An append that was given up as `unavailable` or `forbidden` stays so until a decision names its target in `retries`.
 *  - What is withdrawn after an attempt without an answer is not looked for: its end says that it may have been done.
 *  - An old redelivery can carry a repository's old name; GitHub redirects, and the next delivery corrects it.
 */
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { setTimeout as delay } from "node:timers/promises"
import type { Clock } from "../model/clock.ts"
import type { Envelope } from "../model/decision.ts"
import type { Log } from "../model/log.ts"
import type { Repository } from "../model/repository.ts"
import { isAnyLeased } from "../store/due.ts"
import { ingest, wakeKey } from "../store/ingest.ts"
import { inheritLeases } from "../store/lease.ts"
import type { Store } from "../store/open.ts"
import { collectAtRest } from "./collect-at-rest.ts"
import { createIntake } from "./intake.ts"
import type { EngineMetrics, Parts } from "./parts.ts"
import { poll, wakeDueKeys } from "./poll.ts"
import { noScope, type Scope } from "./scope.ts"
import { type TickContext, tick } from "./tick.ts"

export const systemClock: Clock = { now: () => new Date() }

export interface EngineOptions<State, Signal, Facts, Effect extends Envelope> {
  readonly store: Store
  readonly parts: Parts<State, Signal, Facts, Effect>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: EngineMetrics
  /** The longest that one effect may take, all its requests together. */
  readonly requestTimeoutMs: number
  /** How many days deliveries and effects are kept that are done. */
  readonly keepDays?: number
  /** Keys that this process works on at once. */
  readonly concurrency?: number
  /**
   * How long a request that nobody waits for any more may still take effect at the peer: its process was killed, or it
   * got no answer in time. GitHub ends what takes it longer than 10 s (docs.github.com, "Best practices for using the REST API": timeouts).
   */
  readonly landingMs?: number
  /** What a run and an effect are done in; absent: in nothing. */
  readonly scope?: Scope
}

export interface Engine<Signal> {
  /** Keeps a delivery; when this resolves it is on disk and its repository will be looked at. */
  ingest(delivery: {
    readonly id: string
    readonly repo: Repository
    readonly signals: readonly Signal[]
  }): Promise<"stored" | "duplicate">
  start(): Promise<void>
  /** Begins nothing more, and finishes or hands back what runs within `withinMs`. */
  stop(options?: { readonly withinMs?: number }): Promise<void>
  /** Looks at a repository now, whatever it waits for; false if nothing was ever delivered for it. */
  wake(key: string): Promise<boolean>
  /**
   * Resolves when no process has anything left to do for now; what waits for a later time may wait. It does not wait
   * for the poll to notice what is due, but wakes it itself.
   */
  idle(): Promise<void>
}

const CONCURRENCY = 4
const LANDING_MS = 10_000
const STOP_WITHIN_MS = 10_000

/** Puts the engine together; nothing runs before `start`, but deliveries are taken. */
export function createEngine<State, Signal, Facts, Effect extends Envelope>(
  options: EngineOptions<State, Signal, Facts, Effect>,
): Engine<Signal> {
  const { store, clock, log } = options
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const context: TickContext<State, Signal, Facts, Effect> = {
    ...options,
    landingMs: options.landingMs ?? LANDING_MS,
    scope: options.scope ?? noScope,
    owner: `${hostname()}:${process.pid}:${randomUUID()}`,
    stopping: stopping.signal,
    givingUp: givingUp.signal,
  }
  const ticks = new Set<Promise<void>>()
  const intake = createIntake()
  let polling: Promise<void> | undefined

  return {
    async ingest({ id, repo, signals }) {
      const receivedAt = clock.now()
      const alone = signals.map((signal) => ({ signal, receivedAt }))
      const mayWaitUntil = options.parts.settle(alone, receivedAt)
      const isUrgent = signals.some((signal) => options.parts.isAwaited?.(signal) === true)
      const delivery = { id, key: repo.id, repo, signals, receivedAt, mayWaitUntil, isUrgent }
      return await intake.take(() => ingest(store, delivery))
    },

    async start() {
      if (store.exclusive) {
        await store.wakes.dropActive("all")
        const inherited = await inheritLeases(store.db, context.landingMs)
        if (inherited > 0) log.warn({ keys: inherited }, "the process before ended in the middle of its work; going on")
      }
      const worked = collectAtRest()
      await store.wakes.work(options.concurrency ?? CONCURRENCY, async (key) => {
        await intake.room()
        const ticked = tick(context, key).catch((err: unknown) =>
          log.error({ err, key }, "the work on a key was broken off"),
        )
        ticks.add(ticked)
        await ticked
        ticks.delete(ticked)
        worked()
      })
      polling = poll(options, stopping.signal)
    },

    async stop({ withinMs = STOP_WITHIN_MS } = {}) {
      stopping.abort()
      const deadline = setTimeout(() => givingUp.abort(new Error("the process ends")), withinMs)
      await Promise.all([store.wakes.pause(), polling])
      clearTimeout(deadline)
    },

    wake: async (key) => await wakeKey(store, key, clock.now()),

    async idle() {
      while (
        (await store.wakes.pending()) ||
        (await wakeDueKeys(store, clock.now())) ||
        (await isAnyLeased(store.db))
      ) {
        // The database is not asked again before what runs here has ended.
        await Promise.all([...ticks, delay(10)])
      }
    },
  }
}
