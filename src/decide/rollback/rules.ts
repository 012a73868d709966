import { DEFAULT_CONFIG } from "../../model/config.ts"
import { rollbackRules } from "../../model/config-rollback.ts"
import type { Environment } from "../../model/deployment.ts"
import { entryRulesIn, rulingOf } from "../../model/entry-rules.ts"
import { own } from "../../model/own.ts"
import type { RollbackRules } from "../../model/rollback.ts"
import type { Run } from "../run.ts"

/**
 * How an environment goes back, by the configuration that was approved last: a change of it that waits for its approval
 * reaches nothing outside.
 *
 * @param branch that what is there was released from
 */
export function rollbackRulesOf(
  { state, repo }: Run,
  branch: string,
  { name }: Pick<Environment, "name">,
): RollbackRules {
  const of = own(state.lines, branch)
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  return rollbackRules(entryRulesIn(line?.inForce.config?.value ?? DEFAULT_CONFIG, name).rollback)
}
