import { type DeployStep, stepOf } from "../../model/agenda.ts"
import { own } from "../../model/own.ts"
import { validPlans } from "../../model/plan-folder.ts"
import { statedFor } from "../plan-of.ts"
import { instant } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

/**
 * It does not enter before the plan says so. The date is the one that the release was published with, which was approved
 * with it; a plan that still names its version moves it later at once, and never earlier. A hotfix does not wait.
 */
export function plannedGate({ release, request, rules, state, at }: Entry): Judged | null {
  const step = rules.planned ?? stepOf(request.environment)
  const line = own(state.lines, release.branch)
  if (step === undefined || line?.kind?.is === "hotfix") return null
  const kept = (release.phase.agenda ?? []).flatMap((one) => (one.is === step ? [one.at] : []))
  const date = [...kept, ...plannedNow({ release, state }, step)].sort().at(-1)
  if (date === undefined) return null
  const evidence = { name: "planned" as const, because: `the plan's ${step} is ${instant(date)}` }
  return at < date
    ? { gate: { ...evidence, state: "pending" }, until: date }
    : { gate: { ...evidence, state: "passed" } }
}

/** The dates that plans on the release's branch state for its version as they are now, though they are spent. */
function plannedNow({ release, state }: Pick<Entry, "release" | "state">, step: DeployStep): readonly string[] {
  const line = own(state.lines, release.branch)
  if (!line) return []
  return validPlans([line.plan, ...(line.plans ?? [])]).flatMap(({ value }) =>
    statedFor(value, release) === release.phase.candidate.version ? (value.timeline[step] ?? []) : [],
  )
}
