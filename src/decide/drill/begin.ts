import type { Environment, Live } from "../../model/deployment.ts"
import { placeOf } from "../../model/deployment.ts"
import type { DrillAsk } from "../../model/drill.ts"
import type { Rollback, RollbackEnd, RollbackRules } from "../../model/rollback.ts"
import { tryNext } from "../rollback/levels.ts"
import { does } from "../rollback/says.ts"
import { putEnvironment, type Run, record, reply } from "../run.ts"
import { practisedRules } from "./rules.ts"
import { startOf } from "./why-not.ts"

/**
 * Begins a drill: the whole rollback of what is live, by the ways that can be gone for practice, and then back. Nothing is
 * locked by it, no release is marked bad, and nobody is paged.
 *
 * @returns why not; undefined: it has begun
 */
export function beginDrill(run: Run, environment: Environment, { by, at }: DrillAsk): string | undefined {
  const start = startOf(run, environment)
  if (start.is === "not") return start.because
  const [from, to] = [endOf(start.live), endOf(start.to)]
  const id = String(run.state.lastRollback + 1)
  const { rollback: before, ...rest } = environment
  const drill = { id, by, at, from, to, ...(before ? { before } : {}) }
  const rules = practisedRules(run, environment)
  const next = withLeg(run, { ...rest, drill }, { leg: "back", rules, at })
  const { name, component } = environment
  const where = { environment: name, ...(component === undefined ? {} : { component }) }
  const facts = { ...where, from: from.version, to: to.version, sha: to.sha, rollback: id, at }
  record(run, "drill begun", facts, { release: from.release, by })
  reply(run, from.release, `drill:${id}:begun`, {
    is: "drill",
    state: "begun",
    environment: placeOf(environment),
    from: from.version,
    to: to.version,
    by,
    at,
    does: rules.levels.map((level) => does(level, environment, to)),
  })
  tryNext(run, next, at)
  return undefined
}

const endOf = ({ release, version, sha }: Live): RollbackEnd => ({ release, version, sha })

/** Begins one half of a drill as a rollback of its own; what is to be tried for it is tried next. */
export function withLeg(
  run: Run,
  environment: Environment,
  { leg, rules, at }: { readonly leg: "back" | "return"; readonly rules: RollbackRules; readonly at: string },
): Environment {
  const { drill } = environment
  if (!drill) return environment
  const id = String(run.state.lastRollback + 1)
  run.state = { ...run.state, lastRollback: run.state.lastRollback + 1 }
  const ends = leg === "back" ? { from: drill.from, to: drill.to } : { from: drill.to, to: drill.from }
  const rollback: Rollback = {
    id,
    ...ends,
    by: drill.by,
    because: leg === "back" ? "a drill" : `the end of a drill: ${drill.from.version} was live`,
    begun: at,
    is: "running",
    drill: leg,
    rules,
    steps: [],
  }
  const next = { ...environment, rollback }
  putEnvironment(run, next)
  return next
}
