import type { LookupFunction } from "node:net"
import { throwIfLate } from "../model/in-time.ts"
import { type Address, createNameLookup, type FindAddresses } from "./name-lookup.ts"
import { mayProbe, type PrivateNetworks, privateNetworks } from "./probe-addresses.ts"

/** By which rules an address is reached that a configuration names. */
export interface ReachSettings {
  /** Networks that are not public, and may be reached all the same. */
  readonly allowed: PrivateNetworks
  /** What a name stands for; a look-up by DNS alone unless another one is given. */
  readonly resolve?: FindAddresses | undefined
  /** For all of it, from the look-up to the end of what is read. */
  readonly withinMs: number
  /** Ends it: it throws then, since nothing is known. */
  readonly abort: AbortSignal
}

/** Where a request may go. */
export interface Way {
  readonly url: URL
  /** Answers each look-up of the socket with what was looked at already. */
  readonly lookup: LookupFunction
  /** One of its addresses is on the internet. */
  readonly isPublic: boolean
  readonly signal: AbortSignal
}

/** What came of it, or why nothing did, as a sentence without a text of the other side. */
export type Reached<T> =
  | { readonly is: "reached"; readonly answer: T }
  /** `wrong`, `nameless` and `private`: nothing was sent; `late` and `broken`: no whole answer came. */
  | { readonly is: "wrong" | "nameless" | "private" | "late" | "broken"; readonly because: string }

const PUBLIC_ONLY = privateNetworks(undefined)

/**
 * Reaches an address that a configuration names: the address that is connected to is the one that was looked at, so that a
 * name that stands for another one a moment later changes nothing.
 *
 * @param called how the address is called in what is said of it
 * @param ask sends the request, and reads what is needed of the answer
 */
export async function reach<T>(
  written: string,
  { allowed, resolve = createNameLookup().byDns, withinMs, abort }: ReachSettings,
  called: (url: URL) => string,
  ask: (way: Way) => Promise<T>,
): Promise<Reached<T>> {
  const url = urlOf(written)
  if (typeof url === "string") return { is: "wrong", because: url }
  const time = AbortSignal.timeout(withinMs)
  const signal = AbortSignal.any([abort, time])
  try {
    const found = await orAborted(resolve(hostOf(url), signal), signal).catch((error: unknown) => {
      signal.throwIfAborted()
      return `the address of ${url.hostname} could not be found (${codeOf(error)})`
    })
    if (typeof found === "string") return { is: "nameless", because: found }
    // guard: private-address
    const isPrivate = found.length === 0 || found.some(({ address }) => !mayProbe(address, allowed))
    if (isPrivate) return { is: "private", because: `${url.hostname} ${NOT_PUBLIC}` }
    const isPublic = found.some(({ address }) => mayProbe(address, PUBLIC_ONLY))
    throwIfLate(abort)
    return { is: "reached", answer: await orAborted(ask({ url, lookup: onlyTo(found), isPublic, signal }), signal) }
  } catch (error) {
    abort.throwIfAborted()
    return time.aborted
      ? { is: "late", because: `${called(url)} did not answer within ${withinMs / 1000} s` }
      : { is: "broken", because: `${called(url)} could not be reached (${codeOf(error)})` }
  }
}

const NOT_PUBLIC = "is no public address: who runs Slipway can allow its network with SLIPWAY_PROBE_PRIVATE"

/** Without its query, which may hold what nobody is to read. */
export const withoutQuery = ({ origin, pathname }: URL): string => `${origin}${pathname}`

/** @returns what is wrong with it, as a sentence */
function urlOf(written: string): URL | string {
  if (!URL.canParse(written)) return "its URL is none"
  const url = new URL(written)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "its URL does not begin with https:// or http://"
  if (url.username !== "" || url.password !== "") return "its URL holds credentials, which everybody could read"
  return url
}

/** Without the brackets that a URL puts around an IPv6 address. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "")

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
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

const onlyTo =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, [...addresses])
    else callback(null, first?.address ?? "", first?.family)
  }

/** What a socket, a resolver or TLS calls its trouble: no text of the other side. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] }
  if (typeof code === "string" && /^\w{1,60}$/.test(code)) return code
  return errors?.length ? codeOf(errors[0]) : "no answer that is HTTP"
}
