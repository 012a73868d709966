import type { IncomingMessage, RequestOptions } from "node:http"
import { request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import type { LookupFunction } from "node:net"
import type { Probe, ProbeResult } from "../model/probe.ts"
import { type Address, createNameLookup, type FindAddresses } from "./name-lookup.ts"
import { mayProbe, type PrivateNetworks } from "./probe-addresses.ts"

export interface ProbeSettings {
  /** Slipway's own version, for the User-Agent. */
  readonly version: string
  /** Networks that are not public, and may be reached all the same. */
  readonly allowed: PrivateNetworks
  /** What a name stands for; a look-up by DNS alone unless another one is given. */
  readonly resolve?: FindAddresses
}

/** Sends one probe. `abort` ends it: it throws then, since nothing is known. */
export type SendProbe = (probe: Probe, abort: AbortSignal) => Promise<ProbeResult>

const BODY_MOST = 1024 * 1024

/**
 * Makes what sends probes. The address that is connected to is the one that was looked at: a name that stands for another
 * one a moment later changes nothing. No redirect is followed, no credentials, cookies or proxies are used, and nothing of
 * what is answered but its status is told to anybody.
 */
export function createHttpProbe({ version, allowed, resolve = createNameLookup().byDns }: ProbeSettings): SendProbe {
  return async (probe, abort) => {
    const url = urlOf(probe.url)
    if (typeof url === "string") return { is: "unknown", because: url }
    const where = `${url.origin}${url.pathname}`
    const time = AbortSignal.timeout(probe.within * 1000)
    const signal = AbortSignal.any([abort, time])
    const late: ProbeResult = { is: "failed", because: `${where} did not answer within ${probe.within} s` }
    try {
      const found = await orAborted(resolve(hostOf(url), signal), signal).catch((error: unknown) => {
        signal.throwIfAborted()
        return `the address of ${url.hostname} could not be found (${codeOf(error)})`
      })
      if (typeof found === "string") return { is: "unknown", because: found }
      // guard: private-address
      const refused = found.length === 0 || found.some(({ address }) => !mayProbe(address, allowed))
      if (refused) return { is: "unknown", because: `${url.hostname} ${NOT_PUBLIC}` }
      return await orAborted(ask(probe, url, where, { addresses: found, signal, version }), signal)
    } catch (error) {
      abort.throwIfAborted()
      if (time.aborted) return late
      return { is: "failed", because: `${where} could not be reached (${codeOf(error)})` }
    }
  }
}

const NOT_PUBLIC =
  "is no public address: who runs Slipway can allow its network with SLIPWAY_PROBE_PRIVATE, or use a check as `smoke`"

/** @returns what is wrong with it, as a sentence */
export function urlOf(written: string): URL | string {
  if (!URL.canParse(written)) return "its URL is none"
  const url = new URL(written)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "its URL does not begin with https:// or http://"
  if (url.username !== "" || url.password !== "") return "its URL holds credentials, which everybody could read"
  return url
}

/** Without the brackets that a URL puts around an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "")

export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const end = () => aborted.reject(signal.reason)
  signal.addEventListener("abort", end, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener("abort", end)
  }
}

interface Sending {
  readonly addresses: readonly Address[]
  readonly signal: AbortSignal
  readonly version: string
}

async function ask(probe: Probe, url: URL, where: string, sending: Sending): Promise<ProbeResult> {
  const began = performance.now()
  const answer = await send(url, sending)
  try {
    const status = answer.statusCode ?? 0
    if (status !== probe.status)
      return { is: "failed", because: `${where} answered ${status}, not ${probe.status}${redirect(status)}` }
    if (!(await holds(answer, probe.contains)))
      return { is: "failed", because: `${where} answered ${status} without the text that it has to contain` }
    return { is: "passed", because: `${where} answered ${status} in ${Math.round(performance.now() - began)} ms` }
  } finally {
    answer.destroy()
  }
}

const redirect = (status: number): string =>
  status >= 300 && status < 400 ? " (redirects are not followed: name the address that it leads to)" : ""

/** @throws what the socket or TLS said, and when the signal ends it */
function send(url: URL, { addresses, signal, version }: Sending): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: "GET",
    // No agent: no connection is kept, and no proxy of the process's environment stands between.
    agent: false,
    signal,
    lookup: onlyTo(addresses),
    headers: { "user-agent": `slipway/${version}`, accept: "*/*", "accept-encoding": "identity" },
    maxHeaderSize: 16 * 1024,
  }
  return new Promise((done, fail) => {
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options)
    sent.once("response", done)
    // Without somebody who listens to it an upgrade ends neither with an answer nor with an error.
    sent.once("upgrade", (_, socket) => {
      socket.destroy()
      fail(new Error("another protocol than HTTP was offered"))
    })
    // Stays for what comes after the answer: an error that nobody listens to would end the process.
    sent.on("error", fail)
    sent.end()
  })
}

/** Answers each look-up of the socket with what was looked at already. */
export const onlyTo =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, [...addresses])
    else callback(null, first?.address ?? "", first?.family)
  }

/** Reads up to a megabyte; the rest is not waited for. @throws when the answer breaks off */
async function holds(answer: IncomingMessage, text: string | undefined): Promise<boolean> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= BODY_MOST) break
  }
  return text === undefined || Buffer.concat(chunks).subarray(0, BODY_MOST).includes(text, 0, "utf8")
}

/** What a socket, a resolver or TLS calls its trouble: no text of the other side. */
export function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] }
  if (typeof code === "string" && /^\w{1,60}$/.test(code)) return code
  return errors?.length ? codeOf(errors[0]) : "no answer that is HTTP"
}
