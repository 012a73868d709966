import { Resolver, lookup as system } from "node:dns/promises"
import { isIP, type LookupFunction } from "node:net"

export interface Address {
  readonly address: string
  readonly family: number
}

/** Finds what a name stands for, at least one address. @throws what the resolver said, and when the signal ends it */
export type FindAddresses = (host: string, signal: AbortSignal) => Promise<readonly Address[]>

export interface NameLookup {
  /** By DNS alone: what is public is known there. */
  readonly byDns: FindAddresses
  /** By DNS, and what that does not know as the machine does: its hosts file, its search domains. */
  readonly asMachine: FindAddresses
}

interface NameLookupOptions {
  /** DNS servers, as `dns.setServers` takes them; those of the machine unless others are given. */
  readonly servers?: readonly string[]
  /** The longest that one name may take. */
  readonly withinMs?: number
  readonly system?: (host: string) => Promise<readonly Address[]>
}

const WITHIN_MS = 3_000
const TRIES = 2
/**
 * The machine's own look-up (`getaddrinfo`) occupies one of the four threads that everything in the process shares, until
 * it ends by itself: https://nodejs.org/api/dns.html#implementation-considerations. Half of them stay free for others.
 */
const SYSTEM_AT_ONCE = 2

/**
 * Looks up names that configurations of accounts name, so that a slow or silent DNS of one of them holds up nobody else:
 * DNS is asked from sockets of its own, and each name has its own time. One for a process.
 */
export function createNameLookup({
  servers,
  withinMs = WITHIN_MS,
  system = fromSystem,
}: NameLookupOptions = {}): NameLookup {
  const slots = new Slots(SYSTEM_AT_ONCE)
  const byDns: FindAddresses = (host, signal) =>
    inTime(host, signal, withinMs, (own) => ask(host, own, servers, withinMs))
  const asMachine: FindAddresses = async (host, signal) => {
    // A name without a dot is in no public DNS.
    if (host.includes(".")) {
      try {
        return await byDns(host, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (!NOT_THERE.includes(codeOf(error))) throw error
      }
    }
    return inTime(host, signal, withinMs, (own) => slots.take(own, () => system(host)))
  }
  return { byDns, asMachine }
}

/** What a socket needs for its own look-ups. */
export const lookupBy =
  (find: FindAddresses, signal: AbortSignal): LookupFunction =>
  (host, options, callback) => {
    find(host, signal).then(
      (found) => {
        if (options.all) callback(null, [...found])
        else callback(null, found[0]?.address ?? "", found[0]?.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    )
  }

/** DNS knows no such name, or there is no DNS: the machine may know it all the same. */
const NOT_THERE: readonly string[] = ["ENOTFOUND", "ENODATA", "ECONNREFUSED", "EBADNAME"]

const fromSystem = (host: string): Promise<readonly Address[]> => system(host, { all: true })

async function inTime(
  host: string,
  signal: AbortSignal,
  withinMs: number,
  find: (signal: AbortSignal) => Promise<readonly Address[]>,
): Promise<readonly Address[]> {
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  signal.throwIfAborted()
  const time = AbortSignal.timeout(withinMs)
  const own = AbortSignal.any([signal, time])
  const ended = Promise.withResolvers<never>()
  const end = () => ended.reject(signal.aborted ? signal.reason : late())
  own.addEventListener("abort", end, { once: true })
  try {
    return await Promise.race([find(own), ended.promise])
  } finally {
    own.removeEventListener("abort", end)
  }
}

const late = (): Error => Object.assign(new Error("the name was not found in time"), { code: "ETIMEOUT" })

/** Both families; the name is known when one of them is. */
async function ask(
  host: string,
  signal: AbortSignal,
  servers: readonly string[] | undefined,
  withinMs: number,
): Promise<readonly Address[]> {
  const resolver = new Resolver({ timeout: Math.ceil(withinMs / TRIES), tries: TRIES })
  if (servers) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener("abort", cancel, { once: true })
  try {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = [
      ...(four.status === "fulfilled" ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === "fulfilled" ? six.value.map((address) => ({ address, family: 6 })) : []),
    ]
    if (found.length > 0) return found
    throw four.status === "rejected" ? four.reason : late()
  } finally {
    signal.removeEventListener("abort", cancel)
  }
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

/** So many at once; what waits for its turn does so no longer than its signal says. */
class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#free = most
  }

  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#turn(signal)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>()
    const leave = () => {
      const at = this.#waiting.indexOf(begin)
      if (at >= 0) this.#waiting.splice(at, 1)
      turn.reject(signal.reason)
    }
    // Whose turn has come leaves the queue in the same moment: no slot is given to one that has gone.
    const begin = () => {
      signal.removeEventListener("abort", leave)
      turn.resolve()
    }
    this.#waiting.push(begin)
    signal.addEventListener("abort", leave, { once: true })
    return turn.promise
  }
}
