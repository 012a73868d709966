import type { Scope, Work } from "../engine/scope.ts"
import type { Envelope } from "../model/decision.ts"
import { fullName } from "../model/repository.ts"
import { withLogFields } from "../telemetry/log-context.ts"

/** A run can be about a thousand deliveries; the first ones say which. */
const DELIVERIES_SHOWN = 20

/** Every line of a run names its repository and the deliveries that it decides on; of an effect, its release as well. */
export const logScope: Scope = (of, work) => withLogFields(fieldsOf(of), work)

/** What a piece of work is about, as fields of a line. */
function fieldsOf(of: Work): { readonly [name: string]: unknown } {
  const about = { repository: fullName(of.repo), key: of.repo.id }
  if (of.is === "run")
    return of.deliveries.length === 0 ? about : { ...about, deliveries: of.deliveries.slice(0, DELIVERIES_SHOWN) }
  const { key: effect, kind } = of.effect
  const release = releaseOf(of.effect)
  return { ...about, effect, kind, ...(release === undefined ? {} : { release }) }
}

const NAMED = /^(?:draft|thread|reply|mail|post|pull|comment|draft-delete|dispatch):(\d+)\b/

/** Its id, where an effect is of one. */
function releaseOf({ target, content }: Envelope): string | undefined {
  const said = typeof content === "object" && content !== null && "release" in content ? content.release : undefined
  return typeof said === "string" ? said : NAMED.exec(target)?.[1]
}

/** Of a webhook whose signature is known to be good; what it says is still anybody's text. */
export function fieldsOfWebhook(id: string, event: string, payload: object): { readonly [name: string]: unknown } {
  const repository = "repository" in payload ? payload.repository : undefined
  const isNamed = typeof repository === "object" && repository !== null && "full_name" in repository
  const name = isNamed ? repository.full_name : undefined
  return { delivery: id, event, ...(typeof name === "string" ? { repository: name.slice(0, 200) } : {}) }
}
