import type { Environment } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Rollback } from "../../model/rollback.ts"
import { configOf } from "../plan-of.ts"
import { type Run, releaseOf } from "../run.ts"
import { pushCall } from "./push-call.ts"

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
  const forgets = Number.isNaN(Number(told.id)) ? ({ forgets: true } as const) : {}
  const asked = { target: `page:${told.id}`, what: "page who is on call", call, ...forgets }
  pushCall(run, environment, { ...told, because }, asked)
}
