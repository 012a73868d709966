import { DEFAULT_CONFIG } from "../model/config.ts"
import type { Environment } from "../model/deployment.ts"
import { entryRulesIn, rulingOf } from "../model/entry-rules.ts"
import { own } from "../model/own.ts"
import { approvalRule, type GroupedRule } from "./approvals.ts"
import { withoutOwners } from "./owners.ts"
import type { Run } from "./run.ts"

/**
 * Who may roll an environment back, lock and unlock it: the people that it asks for, else whoever may approve. By the
 * configuration that was approved last: a change of it that waits for its approval lets nobody in. What a hotfix branch
 * says of itself counts for nothing.
 *
 * @param branch that what is there was released from
 */
export function peopleOf(
  { state, repo }: Run,
  branch: string,
  { name, component }: Pick<Environment, "name" | "component">,
): GroupedRule {
  const of = own(state.lines, branch)
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  const config = line?.inForce.config?.value ?? DEFAULT_CONFIG
  const asked = entryRulesIn(config, name).approvals
  const rule = withoutOwners(approvalRule(config, null, [], component ?? ""))
  const from = [asked ?? [], asked?.["all-of"] ?? [], asked?.["any-of"] ?? []].flat().flatMap((one) => one.from)
  return from.length > 0
    ? { ...rule, required: 1, from, allOf: [], anyOf: [] }
    : { ...rule, stakeholders: line?.trusted ?? [] }
}
