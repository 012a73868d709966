import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import type { Json } from "../model/json.ts"
import { jsonIn } from "../model/json-text.ts"
import type { KubernetesPlace } from "../model/kubernetes.ts"
import { type CallSettings, NOT_PUBLIC, withSecrets } from "./http-call.ts"
import { codeOf, hostOf, onlyTo, orAborted, urlOf } from "./http-probe.ts"
import { type Address, createNameLookup } from "./name-lookup.ts"
import { mayProbe, privateNetworks } from "./probe-addresses.ts"

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
 * Makes what asks API servers that the configuration names, by the rules of calls: the address that is connected to is the one
 * that was looked at, no redirect is followed, and the token goes to its own host alone, over TLS unless the network is the
 * operator's own.
 */
export function createKubernetes(settings: CallSettings): AskCluster {
  const { allowed, resolve = createNameLookup().byDns, timeoutMs } = settings
  return async ({ place, path, patch }, abort) => {
    const url = urlOf(`${place.server.replace(/\/+$/, "")}${path}`)
    if (typeof url === "string") return { is: "refused", because: url }
    const time = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([abort, time])
    try {
      const found = await orAborted(resolve(hostOf(url), signal), signal).catch((error: unknown) => {
        signal.throwIfAborted()
        return `the address of ${url.hostname} could not be found (${codeOf(error)})`
      })
      if (typeof found === "string") return { is: "retry", because: found }
      // guard: private-api-server
      const isRefused = found.length === 0 || found.some(({ address }) => !mayProbe(address, allowed))
      if (isRefused) return { is: "refused", because: `${url.hostname} ${NOT_PUBLIC}` }
      const isPublic = found.some(({ address }) => mayProbe(address, PUBLIC_ONLY))
      const call = withSecrets({ headers: headersOf(place, patch) }, url, settings.secrets, isPublic)
      if (typeof call === "string") return { is: "refused", because: call }
      const sending = { place, patch, url, headers: call.headers, addresses: found, signal, version: settings.version }
      return await orAborted(
        send(sending).then((answer) => read(answer, url.origin)),
        signal,
      )
    } catch (error) {
      abort.throwIfAborted()
      if (time.aborted) return { is: "retry", because: `${url.origin} did not answer within ${timeoutMs / 1000} s` }
      return { is: "retry", because: `${url.origin} could not be reached (${codeOf(error)})` }
    }
  }
}

const PUBLIC_ONLY = privateNetworks(undefined)

const headersOf = (
  { token }: KubernetesPlace,
  patch: ClusterRequest["patch"],
): { readonly [name: string]: string } => ({
  authorization: `Bearer ${"$"}{${token}}`,
  accept: "application/json",
  ...(patch ? { "content-type": "application/json-patch+json" } : {}),
})

interface Sending {
  readonly place: KubernetesPlace
  readonly patch: ClusterRequest["patch"] | undefined
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly addresses: readonly Address[]
  readonly signal: AbortSignal
  readonly version: string
}

/** @throws what the socket or TLS said, and when the signal ends it */
function send({ place, patch, url, headers, addresses, signal, version }: Sending): Promise<IncomingMessage> {
  const body = patch && JSON.stringify(patch)
  const options: RequestOptions & { ca?: string } = {
    method: patch ? "PATCH" : "GET",
    agent: false,
    signal,
    lookup: onlyTo(addresses),
    headers: {
      ...headers,
      "user-agent": `slipway/${version}`,
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    },
    maxHeaderSize: 16 * 1024,
    ...(place.ca === undefined ? {} : { ca: place.ca }),
  }
  return new Promise((done, fail) => {
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options)
    sent.once("response", done)
    sent.once("upgrade", (_, socket) => {
      socket.destroy()
      fail(new Error("another protocol than HTTP was offered"))
    })
    sent.on("error", fail)
    sent.end(body)
  })
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-status-codes: 408, 425 and 429 say that it was not done. */
async function read(answer: IncomingMessage, where: string): Promise<ClusterAnswer> {
  const status = answer.statusCode ?? 0
  try {
    if (status >= 500 || [408, 425, 429].includes(status))
      return { is: "retry", because: `${where} answered ${status}` }
    if (status >= 300 && status < 400)
      return { is: "refused", because: `${where} answered ${status}: redirects are not followed` }
    const text = await textOf(answer)
    if (text === undefined) return { is: "refused", because: `${where} answered with more than is read` }
    return { is: "answer", status, body: jsonIn(text) }
  } finally {
    answer.destroy()
  }
}

/** @throws when the answer breaks off */
async function textOf(answer: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_MOST) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
