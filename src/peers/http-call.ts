import { type RequestOptions, request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import type { HostSecret, HttpCall, HttpCallResult } from "../model/http-call.ts"
import { codeOf, hostOf, onlyTo, orAborted, urlOf } from "./http-probe.ts"
import { type Address, createNameLookup, type FindAddresses } from "./name-lookup.ts"
import { mayProbe, type PrivateNetworks, privateNetworks } from "./probe-addresses.ts"

export interface CallSettings {
  /** Slipway's own version, for the User-Agent. */
  readonly version: string
  /** Networks that are not public, and may be reached all the same. */
  readonly allowed: PrivateNetworks
  /** By name: the account's, and nobody else's. */
  readonly secrets: { readonly [name: string]: HostSecret }
  /** How long an answer is waited for, in milliseconds. */
  readonly timeoutMs: number
  readonly resolve?: FindAddresses
}

/**
 * Sends one call. `key` tells it from every other one, and is the same when it is sent again: receivers that know
 * `Idempotency-Key` take it once. `abort` ends it: it throws then, since nothing is known.
 */
export type SendCall = (call: HttpCall, key: string, abort: AbortSignal) => Promise<HttpCallResult>

const PUBLIC_ONLY = privateNetworks(undefined)

/**
 * Makes what sends calls, by the rules of probes: the address that is connected to is the one that was looked at, no
 * redirect is followed, and nothing of what is answered but its status is told. A secret goes to its own host, and only
 * where nobody can read it on its way.
 */
export function createHttpCall(settings: CallSettings): SendCall {
  const { allowed, resolve = createNameLookup().byDns, timeoutMs } = settings
  return async (call, key, abort) => {
    const url = urlOf(call.url)
    if (typeof url === "string") return { is: "refused", because: url }
    const where = `${url.origin}${url.pathname}`
    const time = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([abort, time])
    try {
      const found = await orAborted(resolve(hostOf(url), signal), signal).catch((error: unknown) => {
        signal.throwIfAborted()
        return `the address of ${url.hostname} could not be found (${codeOf(error)})`
      })
      if (typeof found === "string") return { is: "retry", because: found }
      // guard: call-to-a-private-address
      const refused = found.length === 0 || found.some(({ address }) => !mayProbe(address, allowed))
      if (refused) return { is: "refused", because: `${url.hostname} ${NOT_PUBLIC}` }
      const isPublic = found.some(({ address }) => mayProbe(address, PUBLIC_ONLY))
      const whole = withSecrets(call, url, settings.secrets, isPublic)
      if (typeof whole === "string") return { is: "refused", because: whole }
      return judged(where, await orAborted(send(whole, url, { key, addresses: found, signal, settings }), signal))
    } catch (error) {
      abort.throwIfAborted()
      if (time.aborted) return { is: "retry", because: `${where} did not answer within ${timeoutMs / 1000} s` }
      return { is: "retry", because: `${where} could not be reached (${codeOf(error)})` }
    }
  }
}

export const NOT_PUBLIC = "is no public address: who runs Slipway can allow its network with SLIPWAY_PROBE_PRIVATE"

/** https://www.rfc-editor.org/rfc/rfc9110#name-status-codes: 408, 425 and 429 say that it was not done. */
function judged(where: string, status: number): HttpCallResult {
  if (status >= 200 && status < 300) return { is: "done", status }
  const because = `${where} answered ${status}`
  return status >= 500 || [408, 425, 429].includes(status) ? { is: "retry", because } : { is: "refused", because }
}

const SECRET = /\$\{([A-Z][A-Z0-9_]{0,63})\}/g

/** @returns the call with its secrets in it, or why it must not have one, as a sentence without any */
export function withSecrets<Call extends Pick<HttpCall, "headers" | "body">>(
  call: Call,
  { host, protocol }: URL,
  secrets: CallSettings["secrets"],
  isPublic: boolean,
): Call | string {
  const named = [...Object.values(call.headers), call.body ?? ""].flatMap((text) =>
    [...text.matchAll(SECRET)].map(([, name = ""]) => name),
  )
  for (const name of new Set(named)) {
    // guard: secret-that-nobody-set
    const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (!secret)
      return `there is no secret ${name}: who runs Slipway sets SLIPWAY_SECRET_${name} to its host and the secret, with a space between`
    // guard: secret-of-another-host
    if (secret.host.toLowerCase() !== host.toLowerCase()) return `the secret ${name} is for another host than ${host}`
    // guard: secret-in-the-clear
    if (protocol !== "https:" && isPublic) return `the secret ${name} is sent to https:// alone`
  }
  const filled = (text: string) =>
    text.replaceAll(SECRET, (_, name: string) => (Object.hasOwn(secrets, name) ? (secrets[name]?.value ?? "") : ""))
  const headers = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, filled(value)]))
  return { ...call, headers, ...(call.body === undefined ? {} : { body: filled(call.body) }) }
}

interface Sending {
  readonly key: string
  readonly addresses: readonly Address[]
  readonly signal: AbortSignal
  readonly settings: CallSettings
}

/** @returns the status. @throws what the socket or TLS said, and when the signal ends it */
function send({ method, headers, body }: HttpCall, url: URL, { key, addresses, signal, settings }: Sending) {
  const options: RequestOptions = {
    method,
    agent: false,
    signal,
    lookup: onlyTo(addresses),
    headers: {
      "content-type": "application/json",
      ...lowerCased(headers),
      "user-agent": `slipway/${settings.version}`,
      "idempotency-key": key,
      "content-length": Buffer.byteLength(body ?? ""),
    },
    maxHeaderSize: 16 * 1024,
  }
  return new Promise<number>((done, fail) => {
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options)
    sent.once("response", (answer) => {
      done(answer.statusCode ?? 0)
      answer.destroy()
    })
    sent.once("upgrade", (_, socket) => {
      socket.destroy()
      fail(new Error("another protocol than HTTP was offered"))
    })
    sent.on("error", fail)
    sent.end(body)
  })
}

const lowerCased = (headers: HttpCall["headers"]) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
