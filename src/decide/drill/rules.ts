import { DEFAULT_CONFIG } from "../../model/config.ts"
import type { Environment } from "../../model/deployment.ts"
import { type EntryRules, entryRulesIn, rulingOf } from "../../model/entry-rules.ts"
import { own } from "../../model/own.ts"
import type { RollbackLevel, RollbackRules } from "../../model/rollback.ts"
import type { Line } from "../../model/state.ts"
import { rollbackRulesOf } from "../rollback/rules.ts"
import { type Run, releaseOf } from "../run.ts"

/** What an environment says of drills, and the branch by whose configuration; undefined: nothing is known of it. */
export interface DrillRules {
  readonly line: Line
  readonly rules: EntryRules
}

/**
 * By the configuration that was approved last, of the branch that what is live came from: a change of it that waits for its
 * approval deploys nothing.
 */
export function drillRulesOf({ state, repo }: Run, { name, live }: Environment): DrillRules | undefined {
  const of = live && own(state.lines, releaseOf(state, live.release)?.branch ?? "")
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  return line && { line, rules: entryRulesIn(line.inForce.config?.value ?? DEFAULT_CONFIG, name) }
}

/**
 * The ways back that can be gone in a drill: those after which a deployment of what was live makes all as it was. Nobody
 * told Slipway how a flag is switched on again, and a pull request would take changes back that are to stay.
 */
export function practisedRules(run: Run, environment: Environment): RollbackRules {
  const branch = releaseOf(run.state, environment.live?.release ?? "")?.branch ?? ""
  const rules = rollbackRulesOf(run, branch, environment)
  return { ...rules, levels: rules.levels.filter(isPractised) }
}

const isPractised = ({ is }: RollbackLevel): boolean => is !== "flag" && is !== "configuration"
