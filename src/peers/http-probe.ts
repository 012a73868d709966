import type { IncomingMessage } from "node:http"
import type { Probe, ProbeResult } from "../model/probe.ts"
import { exchange } from "./http-exchange.ts"
import { reach, type Way, withoutQuery } from "./http-reach.ts"
import type { FindAddresses } from "./name-lookup.ts"
import type { PrivateNetworks } from "./probe-addresses.ts"

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
 * Makes what sends probes, to the address that was looked at (`reach`). No credentials, cookies or proxies are used, and nothing
 * of what is answered but its status is told to anybody.
 */
export function createHttpProbe({ version, allowed, resolve }: ProbeSettings): SendProbe {
  return async (probe, abort) => {
    const settings = { allowed, resolve, withinMs: probe.within * 1000, abort }
    const reached = await reach(probe.url, settings, withoutQuery, (way) => ask(probe, way, version))
    switch (reached.is) {
      case "reached":
        return reached.answer
      case "late":
      case "broken":
        return { is: "failed", because: reached.because }
      case "private":
        return { is: "unknown", because: `${reached.because}, or use a check as \`smoke\`` }
      default:
        return { is: "unknown", because: reached.because }
    }
  }
}

async function ask(probe: Probe, { url, lookup, signal }: Way, version: string): Promise<ProbeResult> {
  const began = performance.now()
  const where = withoutQuery(url)
  const headers = { "user-agent": `slipway/${version}`, accept: "*/*", "accept-encoding": "identity" }
  const answer = await exchange({ method: "GET", url, lookup, signal, headers })
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
