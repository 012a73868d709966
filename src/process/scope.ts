import type { Scope, Work } from "../engine/scope.ts"
import type { Envelope } from "../model/decision.ts"
import { fullName } from "../model/repository.ts"
import { withLogFields } from "../telemetry/log-context.ts"
import type { Tracer } from "../telemetry/tracer.ts"

type Fields = { readonly [name: string]: string | readonly string[] }

/** What work is done in: its lines name what it is about, and where traces are on, it is a span. */
export interface Scopes {
  /** A run or an effect of the engine. */
  readonly work: Scope
  /** A webhook whose signature is known to be good. */
  readonly webhook: <T>(id: string, event: string, payload: object, work: () => Promise<T>) => Promise<T>
  /** A request to GitHub. */
  readonly request: (method: string, path: string, work: () => Promise<Response>) => Promise<Response>
}

export function createScopes(tracer?: Tracer): Scopes {
  const span: Tracer["span"] = tracer?.span ?? ((_, work) => work())
  return {
    work: (of, work) => {
      const fields = fieldsOf(of)
      const name = of.is === "run" ? "run" : `effect ${of.effect.kind}`
      return withLogFields(fields, () => span({ name, kind: "internal", values: named(fields) }, work))
    },
    webhook: (id, event, payload, work) => {
      const fields = fieldsOfWebhook(id, event, payload)
      return withLogFields(fields, () =>
        span({ name: `webhook ${event}`, kind: "server", values: named(fields) }, work),
      )
    },
    request: (method, path, work) =>
      span(
        { name: `${method} GitHub`, kind: "client", values: { "http.request.method": method, "url.path": path } },
        work,
      ),
  }
}

const named = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`slipway.${name}`, value]))

/** A run can be about a thousand deliveries; the first ones say which. */
const DELIVERIES_SHOWN = 20

/** Every line of a run names its repository and the deliveries that it decides on; of an effect, its release as well. */
function fieldsOf(of: Work): Fields {
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

/** What it says is still anybody's text. */
function fieldsOfWebhook(id: string, event: string, payload: object): Fields {
  const repository = "repository" in payload ? payload.repository : undefined
  const isNamed = typeof repository === "object" && repository !== null && "full_name" in repository
  const name = isNamed ? repository.full_name : undefined
  return { delivery: id, event, ...(typeof name === "string" ? { repository: name.slice(0, 200) } : {}) }
}
