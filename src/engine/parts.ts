import type { Decision, Envelope } from "../model/decision.ts"
import type { Handle, Handles, Outcome } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"

/** What the engine runs, handed in as functions: it knows nothing of releases, GitHub or Slack. */
export interface Parts<State, Signal, Facts, Effect extends Envelope> {
  /**
   * Pure. Waits for partners of what has come (a push and its pull request arrive in either order). What may wait on
   * its own cuts no wait of others short: it is looked at when they are.
   *
   * @returns until when to wait, or undefined to decide now; it must be bounded by the first signal's arrival
   */
  settle(pending: readonly { readonly signal: Signal; readonly receivedAt: Date }[], now: Date): Date | undefined

  /** Pure. True if a person waits for what is decided on it: its key is looked at before those that nobody waits for. */
  isAwaited?(signal: Signal): boolean

  /** Pure. True if the signal is only the echo of what a handle says we wrote: it wakes nobody. */
  isEcho?(signal: Signal, handles: Handles): boolean

  /** Reads the world; never writes. A throw keeps every signal, and the run is tried again later. */
  observe(input: {
    readonly repo: Repository
    readonly state: State | undefined
    readonly signals: readonly Signal[]
    readonly handles: Handles
    readonly now: Date
    readonly abort: AbortSignal
  }): Promise<Facts>

  /** Pure. */
  decide(input: {
    readonly repo: Repository
    readonly state: State | undefined
    readonly facts: Facts
    readonly signals: readonly Signal[]
    readonly handles: Handles
    readonly now: Date
  }): Decision<State, Effect>

  /**
   * Applies one effect: looks, then does. With `mayHaveHappened` an earlier attempt may have reached the peer, and
   * what it would have made must be looked for first. A throw counts as a retry that may have happened. All of its
   * requests must end with `signal`.
   */
  act(effect: Effect, context: ActContext): Promise<Outcome>

  /** Pure. How an effect's end is told to the next decision. */
  outcome(effect: Effect, outcome: Outcome): Signal
}

export interface ActContext {
  readonly repo: Repository
  /** Of the effect's own target. */
  readonly handle: Handle | undefined
  readonly handles: Handles
  /** Counted from 1. */
  readonly attempt: number
  readonly mayHaveHappened: boolean
  readonly signal: AbortSignal
}

/** What the engine counts; `telemetry/metrics.ts` fits. */
export interface EngineMetrics {
  run(result: RunResult): void
  effect(kind: string, outcome: EffectResult): void
  /** A delivery was given up: every run on it threw. */
  deadDelivery(): void
}

/** `lost`: another run had decided first; `echo`: nothing but echoes of our own writes. */
export type RunResult = "decided" | "lost" | "failed" | "echo"

/** `stale`: the key was taken while the effect was applied, so its outcome does not count. */
export type EffectResult = "done" | "refused" | "retried" | "dead" | "stale"
