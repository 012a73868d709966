import type { Gate } from "../../model/gate.ts"
import { encodePath, pageUrl } from "../links.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/** Whoever is woken at night finds the procedure in the repository, at the very commit that is live. */
export function rollbackPlanGate({ plan, state, sha, repo }: Subject): Gate | null {
  if (!plan) return null
  const gate = (is: Gate["state"], because: string, evidence?: Gate["evidence"]): Gate => ({
    name: "rollback plan",
    state: is,
    because,
    ...(evidence ? { evidence } : {}),
  })
  const procedure = plan.rollback_plan?.procedure
  if (!procedure)
    return gate("failed", "the plan has no “rollback_plan.procedure”: name the file that says how to go back")
  const what = `${sha}:${procedure}`
  const link = [{ text: procedure, url: pageUrl(repo, `blob/${sha}/${encodePath(procedure)}`) }]
  const exists = state.files[what]
  if (exists === undefined)
    return gate("unknown", unknownBecause(state, `file:${what}`) ?? `${procedure} was not looked for yet`)
  if (!exists) return gate("failed", `${procedure} does not exist at ${sha.slice(0, 7)}`)
  return gate(
    "passed",
    `${procedure} is there; it takes ${plan.rollback_plan?.estimated_time ?? "an unstated time"}`,
    link,
  )
}
