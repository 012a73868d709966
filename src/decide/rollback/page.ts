import type { Environment } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Rollback } from "../../model/rollback.ts"
import { configOf } from "../plan-of.ts"
import { type Run, releaseOf } from "../run.ts"
import { fillsOf } from "./fills.ts"

/**
 * Calls whoever the configuration names (`page`), once an `id`; receivers take calls of one `{key}` for one.
 *
 * @param told its `id` is a rollback's; of what came to none it is made of words, which no number is
 */
export function page(
  run: Run,
  environment: Environment,
  told: Pick<Rollback, "id" | "from" | "to" | "by">,
  because: string,
): void {
  const line = own(run.state.lines, releaseOf(run.state, told.from.release)?.branch ?? "")
  const call = line && configOf(line).page
  if (!call) return
  const target = `page:${told.id}`
  run.effects.push({
    kind: "call",
    key: target,
    target,
    lane: target,
    mode: "append",
    ...(Number.isNaN(Number(told.id)) ? { forgets: true } : {}),
    content: { what: "page who is on call", call, fills: fillsOf(run, environment, { ...told, because }) },
  })
}
