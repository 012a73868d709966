import type { Change } from "../model/change.ts"
import { decidingBetween } from "../model/component-ledger.ts"
import { DEFAULT_CONFIG } from "../model/config.ts"
import { hashOf } from "../model/hash.ts"
import { endOf, type Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { gatesHash } from "./candidate.ts"
import { trackFor } from "./division.ts"
import { planInForce } from "./plan-of.ts"

/** What was changed of the gates since they were last approved, each as a sentence. */
export function changedGates(line: Line, state: State): readonly string[] {
  const { config, plan } = line.inForce
  const said: string[] = []
  if (config && gatesHash(configNow(line)) !== config.hash)
    said.push(line.config.is === "absent" ? ".github/slipway.yml was deleted" : "the gates in slipway.yml were changed")
  // guard: plan-in-force
  if (plan && seenHash(line.plan) !== plan.hash)
    said.push(
      line.plan.is === "absent"
        ? "the plan was deleted"
        : planInForce(line, state)
          ? "the plan was changed"
          : "the plan was withdrawn",
    )
  return said
}

const configNow = ({ config }: Line) => (config.is === "valid" ? config.value : DEFAULT_CONFIG)

/** Remembers the head at which the gates last became others than those in force; nothing while they are the same. */
export function seeChangedGates(line: Line, state: State): Line {
  if (!line.ledger) return line
  const { changedAt, ...same } = line
  if (changedGates(line, state).length === 0) return changedAt ? same : line
  const hash = hashOf([gatesHash(configNow(line)), seenHash(line.plan)])
  return changedAt?.hash === hash ? line : { ...line, changedAt: { sha: line.ledger.head, hash } }
}

/**
 * What landed behind a candidate and may have changed the gates that it is judged by. It is not in the release, but who
 * approves the release by these gates approves it too: nobody takes a gate away by their own word.
 */
export function gateChangers(line: Line, { phase, component }: Release): readonly Change[] {
  const track = trackFor(line, { component })
  if (phase.is !== "cut" || !track || !line.changedAt) return []
  return decidingBetween(track, endOf(phase.candidate), line.changedAt.sha)
}
