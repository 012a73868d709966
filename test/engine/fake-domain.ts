import type { ActContext, EffectResult, EngineMetrics, Parts, RunResult } from "../../src/engine/parts.ts"
import type { Envelope } from "../../src/model/decision.ts"
import type { Log } from "../../src/model/log.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import type { Repository } from "../../src/model/repository.ts"

/** A signal says what to add, which effects the decision on it has, and what it forgets, tries again and withdraws. */
export type Signal =
  | {
      kind: "add"
      amount: number
      effects?: Partial<Effect>[]
      revisitAt?: string
      forgets?: string[]
      retries?: string[]
      withdraws?: string[]
    }
  | { kind: "outcome"; of: string; outcome: Outcome }

export interface Effect extends Envelope {
  readonly content: string
}

export interface State {
  total: number
  decisions: number
  outcomes: { of: string; is: string; code?: string }[]
}

interface Facts {
  seen: number
}

type Act = (effect: Effect, context: ActContext) => Promise<Outcome>

/** What the world looks like: for every target the contents that were written, in order. */
export class Peer {
  readonly written: { target: string; content: string; key: string }[] = []
  readonly calls: { key: string; attempt: number; mayHaveHappened: boolean }[] = []

  contents(target: string): string[] {
    return this.written.filter((each) => each.target === target).map((each) => each.content)
  }

  /** Looks, if an attempt is in doubt, then does. */
  readonly apply: Act = async (effect, { attempt, mayHaveHappened }) => {
    this.calls.push({ key: effect.key, attempt, mayHaveHappened })
    const already = mayHaveHappened && this.written.some((each) => each.key === effect.key)
    if (!already) this.written.push({ target: effect.target, content: effect.content, key: effect.key })
    return { is: "done", handle: { id: `id of ${effect.target}`, written: effect.content } }
  }
}

export type FakeParts = Parts<State, Signal, Facts, Effect>

/** Counts what the signals add. Each part can be replaced by a test that needs it to fail or to wait. */
export function fakeParts(peer: Peer, replaced: Partial<FakeParts> = {}): FakeParts {
  return {
    settle: () => undefined,
    observe: async ({ signals }) => ({ seen: signals.length }),
    decide({ state, signals }) {
      const before = state ?? { total: 0, decisions: 0, outcomes: [] }
      const added = signals.filter((signal) => signal.kind === "add")
      const ended = signals.filter((signal) => signal.kind === "outcome")
      const revisitAt = added.find((signal) => signal.revisitAt)?.revisitAt
      return {
        state: {
          total: before.total + added.reduce((sum, signal) => sum + signal.amount, 0),
          decisions: before.decisions + 1,
          outcomes: [...before.outcomes, ...ended.map(({ of, outcome }) => summary(of, outcome))],
        },
        effects: added.flatMap((signal) => (signal.effects ?? []).map(effect)),
        audit: [{ what: "added", facts: { signals: signals.length } }],
        times: [],
        ...(revisitAt ? { revisitAt } : {}),
        forgets: added.flatMap((signal) => signal.forgets ?? []),
        retries: added.flatMap((signal) => signal.retries ?? []),
        withdraws: added.flatMap((signal) => signal.withdraws ?? []),
      }
    },
    act: peer.apply,
    outcome: (of, outcome) => ({ kind: "outcome", of: of.key, outcome }),
    ...replaced,
  }
}

const summary = (of: string, outcome: Outcome): State["outcomes"][number] =>
  outcome.is === "refused" ? { of, is: outcome.is, code: outcome.code } : { of, is: outcome.is }

/** An effect with everything that a test did not say. */
export const effect = (said: Partial<Effect>): Effect => ({
  kind: "note",
  key: said.key ?? `${said.target ?? "t"}:${said.content ?? "c"}`,
  target: "t",
  lane: "l",
  mode: "append",
  content: "c",
  ...said,
})

export const repository = (id: string): Repository => ({
  id,
  owner: "acme",
  name: `repo-${id}`,
  defaultBranch: "main",
  private: false,
  installation: "1",
})

export interface Seen {
  readonly metrics: EngineMetrics
  readonly runs: RunResult[]
  readonly effects: EffectResult[]
  /** Deliveries that were given up. */
  deadDeliveries: number
  readonly log: Log
  readonly lines: { level: string; message: string }[]
}

/** Keeps what the engine counts and logs, for assertions. */
export function watch(): Seen {
  const runs: RunResult[] = []
  const effects: EffectResult[] = []
  const lines: Seen["lines"] = []
  const at = (level: string) => (_fields: object, message: string) => void lines.push({ level, message })
  const seen: Seen = {
    runs,
    effects,
    lines,
    deadDeliveries: 0,
    metrics: {
      run: (result) => runs.push(result),
      effect: (_kind, outcome) => effects.push(outcome),
      deadDelivery: () => void seen.deadDeliveries++,
    },
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
  }
  return seen
}
