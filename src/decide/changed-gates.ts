import type { Change } from "../model/change.ts"
import { decidingBetween } from "../model/component-ledger.ts"
import { DEFAULT_CONFIG } from "../model/config.ts"
import { hashOf } from "../model/hash.ts"
import { isInPlanFolder } from "../model/plan-folder.ts"
import { endOf, type Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { gatesHash } from "./candidate.ts"
import { trackFor } from "./division.ts"
import { extendedBy } from "./gates/stop.ts"
import { chosenPlan, isUnspent, oldPlan, planInForce } from "./plan-of.ts"

/** What was changed of the gates of a release since they were last approved, each as a sentence. */
export const changedGates = (line: Line, state: State, release: Release): readonly string[] => [
  ...changedFiles(line, state),
  ...changedPlans(line, state, release),
]

/** By a configuration and a plan that stand for every release. */
function changedFiles(line: Line, state: State): readonly string[] {
  const { config, plan } = line.inForce
  const said: string[] = []
  if (config && gatesHash(configNow(line)) !== config.hash)
    said.push(
      line.config.is === "absent"
        ? ".github/slipway.yml was deleted"
        : `the gates in slipway.yml${organisationsOf(line)} were changed`,
    )
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

/** By the plans of `release-plans/`: one that is in force for the release is another one now, or not the release's. */
function changedPlans(line: Line, state: State, release: Release): readonly string[] {
  const known = line.plans ?? []
  const chosen = chosenPlan(state, line, release)
  const now = chosen.is === "one" ? [chosen.plan] : chosen.is === "several" ? chosen.plans : []
  const old = oldPlan(state, line, release)
  // guard: plans-in-force
  if (!old || now.some((plan) => seenHash(plan) === seenHash(old))) return []
  const names = now.map(({ path }) => path).join(" and ")
  if (!line.inForce.plans?.includes(old))
    return now.some(({ path }) => isInPlanFolder(path)) ? [`${names} takes the place of ${old.path}`] : []
  const there = known.find(({ path }) => path === old.path)
  if (!there) return [`${old.path} was deleted`]
  if (seenHash(there) !== seenHash(old)) return [`${old.path} was changed`]
  return [`${names} comes before ${old.path}`]
}

/** Whether `release-plans/` has others than those that are in force for anything that is not out. */
function hasOtherPlans(line: Line, state: State): boolean {
  const old = (line.inForce.plans ?? []).filter((plan) => isUnspent(line, state, plan)).map(seenHash)
  const now = (line.plans ?? []).filter((plan) => isUnspent(line, state, plan)).map(seenHash)
  if (old.length === 0 && !line.inForce.plan) return false
  return hashOf(old.toSorted()) !== hashOf(now.toSorted())
}

/** Which of the files changed is not told: what counts is what they come to together. */
const organisationsOf = (line: Line): string =>
  extendedBy(line)
    .map((name) => ` or in ${name}`)
    .join("")

const configNow = ({ config }: Line) => (config.is === "valid" ? config.value : DEFAULT_CONFIG)

/** Remembers the head at which the gates last became others than those in force; nothing while they are the same. */
export function seeChangedGates(line: Line, state: State): Line {
  if (!line.ledger) return line
  const { changedAt, ...same } = line
  if (changedFiles(line, state).length === 0 && !hasOtherPlans(line, state)) return changedAt ? same : line
  const hash = hashOf([gatesHash(configNow(line)), ...[line.plan, ...(line.plans ?? [])].map(seenHash)])
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
