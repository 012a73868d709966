import type { Environment, Live } from "./deployment.ts"
import { presentStep } from "./rollback.ts"

/** What came back, as its health is looked at; `asked` is set while the next run reads everything for it. */
export interface Watched {
  readonly live: Live
  readonly asked?: string
}

/** What a rollback brought back and is watching; undefined: none is at that point. */
export function watchedIn({ rollback }: Pick<Environment, "rollback">): Watched | undefined {
  const step = rollback && presentStep(rollback)
  if (!rollback || step?.is !== "verifying") return undefined
  const { from, to } = rollback
  const { since } = step
  // What else brought it back made no deployment that GitHub could be asked about.
  const deployment = step.level === "application" ? (rollback.deployment ?? "") : ""
  const live = step.level === "flag" ? { ...from, since, deployment: "" } : { ...to, since, deployment }
  return { live, ...(step.asked === undefined ? {} : { asked: step.asked }) }
}
