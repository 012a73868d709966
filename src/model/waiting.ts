import type { Gate, GateName, GateState } from "./gate.ts"

/** A gate that is not passed, of a release that is cut or of a deployment that asks to be let in. */
export interface WaitingGate {
  readonly of: "release" | "environment"
  readonly gate: GateName
  readonly state: Exclude<GateState, "passed">
}

/** So many of them. */
export type Waiting = WaitingGate & { readonly count: number }

export const waitingGates = (of: WaitingGate["of"], gates: readonly Gate[]): readonly WaitingGate[] =>
  gates.flatMap(({ name, state }) => (state === "passed" ? [] : [{ of, gate: name, state }]))

export const countWaiting = (all: readonly WaitingGate[]): readonly Waiting[] =>
  [...Map.groupBy(all, ({ of, gate, state }) => `${of} ${gate} ${state}`).values()].flatMap((same) =>
    same.slice(0, 1).map((one) => ({ ...one, count: same.length })),
  )
