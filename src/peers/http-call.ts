import type { HostSecret, HttpCall, HttpCallResult } from "../model/http-call.ts"
import { exchange } from "./http-exchange.ts"
import { type Reached, reach, type Way, withoutQuery } from "./http-reach.ts"
import type { FindAddresses } from "./name-lookup.ts"
import type { PrivateNetworks } from "./probe-addresses.ts"

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

/**
 * Makes what sends calls, by the rules of probes (`reach`): nothing of what is answered but its status is told. A secret goes
 * to its own host, and only where nobody can read it on its way.
 */
export function createHttpCall(settings: CallSettings): SendCall {
  const { allowed, resolve, timeoutMs: withinMs } = settings
  return async (call, key, abort) => {
    // guard: call-to-a-private-address
    const rules = { allowed, resolve, withinMs, abort }
    return resultOf(await reach(call.url, rules, withoutQuery, (way) => send(call, key, way, settings)))
  }
}

/** What was not sent for want of an address, or of an answer, is sent again. */
export const resultOf = <T>(reached: Reached<T>): T | Exclude<HttpCallResult, { is: "done" }> =>
  reached.is === "reached"
    ? reached.answer
    : { is: reached.is === "wrong" || reached.is === "private" ? "refused" : "retry", because: reached.because }

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

/** @throws what the socket or TLS said, and when the signal ends it */
async function send(
  call: HttpCall,
  key: string,
  way: Way,
  { secrets, version }: CallSettings,
): Promise<HttpCallResult> {
  const { url, lookup, signal } = way
  const whole = withSecrets(call, url, secrets, way.isPublic)
  if (typeof whole === "string") return { is: "refused", because: whole }
  const answer = await exchange({
    method: whole.method,
    url,
    lookup,
    signal,
    headers: {
      "content-type": "application/json",
      ...lowerCased(whole.headers),
      "user-agent": `slipway/${version}`,
      "idempotency-key": key,
    },
    body: whole.body ?? "",
  })
  answer.destroy()
  return judged(withoutQuery(url), answer.statusCode ?? 0)
}

const lowerCased = (headers: HttpCall["headers"]) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
