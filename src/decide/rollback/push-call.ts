import type { Envelope } from "../../model/decision.ts"
import type { Environment } from "../../model/deployment.ts"
import type { HttpCall } from "../../model/http-call.ts"
import type { Run } from "../run.ts"
import { type Filled, fillsOf } from "./fills.ts"

interface Asked {
  readonly target: string
  /** For the audit trail and the log. */
  readonly what: string
  readonly call: HttpCall
  /** Its target is forgotten when it is done. */
  readonly forgets?: true
  readonly guard?: NonNullable<Envelope["guard"]>
}

/** Asks for an HTTP call that the configuration describes; once for a target, whatever is decided again. */
export function pushCall(
  run: Run,
  environment: Environment,
  told: Filled,
  { target, what, call, ...envelope }: Asked,
): void {
  const content = { what, call, fills: fillsOf(run, environment, told) }
  run.effects.push({ kind: "call", key: target, target, lane: target, mode: "append", ...envelope, content })
}
