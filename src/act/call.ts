import { filledCall } from "../model/http-call.ts"
import type { Outcome } from "../model/outcome.ts"
import type { SendCall } from "../peers/http-call.ts"
import { type ActContext, type Family, refused } from "./context.ts"

/**
 * Sends a call that the configuration describes. What an attempt without an answer may have done nobody can look up at a
 * system of somebody's own: it is sent again under the same key, so that what it asks for must be the same when it is
 * asked for twice, as a flag that is off, or an alert of one name.
 */
export const call: Family<"call", ActContext & { readonly send: SendCall }> = async (effect, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const { call, fills } = effect.content
  const result = await context.send(filledCall(call, fills), `slipway-${context.repo.id}-${effect.key}`, context.signal)
  if (result.is === "refused") return refused("invalid", result.because)
  return result.is === "retry" ? (result satisfies Outcome) : { is: "done", handle: { id: String(result.status) } }
}
