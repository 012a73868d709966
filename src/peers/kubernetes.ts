import type { IncomingMessage } from "node:http"
import type { Json } from "../model/json.ts"
import { jsonIn } from "../model/json-text.ts"
import type { KubernetesPlace } from "../model/kubernetes.ts"
import { type CallSettings, resultOf, withSecrets } from "./http-call.ts"
import { exchange, textOf } from "./http-exchange.ts"
import { reach, type Way } from "./http-reach.ts"

/** https://www.rfc-editor.org/rfc/rfc6902 */
export interface PatchOperation {
  readonly op: "add" | "replace"
  readonly path: string
  readonly value: Json
}

export interface ClusterRequest {
  readonly place: KubernetesPlace
  /** Behind the server's own path: `/apis/apps/v1/…`, with a query where there is one. */
  readonly path: string
  /** What is changed; absent: it is read. */
  readonly patch?: readonly PatchOperation[]
}

/** What an API server said. `refused`: nothing was asked, or asking again would not help; `retry`: no word of it came. */
export type ClusterAnswer =
  | { readonly is: "answer"; readonly status: number; readonly body: unknown }
  | { readonly is: "refused"; readonly because: string }
  | { readonly is: "retry"; readonly because: string }

/** Sends one request to an API server. `abort` ends it: it throws then, since nothing is known. */
export type AskCluster = (request: ClusterRequest, abort: AbortSignal) => Promise<ClusterAnswer>

/** A Deployment with a few dozen ReplicaSets is some hundred kilobytes. */
const BODY_MOST = 16 * 1024 * 1024

/**
 * Makes what asks API servers that the configuration names, by the rules of calls (`reach`): the token goes to its own host
 * alone, over TLS unless the network is the operator's own.
 */
export function createKubernetes(settings: CallSettings): AskCluster {
  const { allowed, resolve, timeoutMs: withinMs } = settings
  return async (request, abort) => {
    const { server } = request.place
    // guard: private-api-server
    const rules = { allowed, resolve, withinMs, abort }
    const written = `${server.replace(/\/+$/, "")}${request.path}`
    return resultOf(
      await reach(
        written,
        rules,
        ({ origin }) => origin,
        (way) => send(request, way, settings),
      ),
    )
  }
}

const headersOf = (
  { token }: KubernetesPlace,
  patch: ClusterRequest["patch"],
): { readonly [name: string]: string } => ({
  authorization: `Bearer ${"$"}{${token}}`,
  accept: "application/json",
  ...(patch ? { "content-type": "application/json-patch+json" } : {}),
})

/** @throws what the socket or TLS said, and when the signal ends it */
async function send(
  { place, patch }: ClusterRequest,
  { url, lookup, signal, isPublic }: Way,
  { secrets, version }: CallSettings,
): Promise<ClusterAnswer> {
  const call = withSecrets({ headers: headersOf(place, patch) }, url, secrets, isPublic)
  if (typeof call === "string") return { is: "refused", because: call }
  const answer = await exchange({
    method: patch ? "PATCH" : "GET",
    url,
    lookup,
    signal,
    headers: { ...call.headers, "user-agent": `slipway/${version}` },
    body: patch && JSON.stringify(patch),
    ca: place.ca,
  })
  return read(answer, url.origin)
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-status-codes: 408, 425 and 429 say that it was not done. */
async function read(answer: IncomingMessage, where: string): Promise<ClusterAnswer> {
  const status = answer.statusCode ?? 0
  try {
    if (status >= 500 || [408, 425, 429].includes(status))
      return { is: "retry", because: `${where} answered ${status}` }
    if (status >= 300 && status < 400)
      return { is: "refused", because: `${where} answered ${status}: redirects are not followed` }
    const text = await textOf(answer, BODY_MOST)
    if (text === undefined) return { is: "refused", because: `${where} answered with more than is read` }
    return { is: "answer", status, body: jsonIn(text) }
  } finally {
    answer.destroy()
  }
}
