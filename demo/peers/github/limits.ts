import { createHash } from "node:crypto"
import { type Answer, type PeerRequest, Refusal } from "../http-front.ts"
import type { Caller } from "./callers.ts"

const HOUR_MS = 3_600_000
/** More than any story asks for; `set` makes it as little as wanted. GitHub's own is 5,000 for an installation. */
const USUAL = 100_000

type Hour = { limit: number; used: number; resetAt: number }

/** GitHub's primary rate limits: for the App itself, and for each account that it is installed on, by the hour. */
export class Limits {
  readonly #hours = new Map<string, Hour>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** From now on so much of an hour's limit is left for an installation; it is whole again in an hour. */
  set(owner: string, { limit, remaining }: { limit: number; remaining: number }): void {
    this.#hours.set(owner, { limit, used: limit - remaining, resetAt: this.#now().getTime() + HOUR_MS })
  }

  /** Throws GitHub's refusal when nothing is left. */
  admit(caller: Caller): void {
    const hour = this.#hour(caller)
    if (!hour || hour.used < hour.limit) return
    const who = caller.kind === "installation" ? `installation of ${caller.accountLogin}` : "the App"
    const body = { message: `API rate limit exceeded for ${who}.` }
    throw new Refusal({ status: 403, body, headers: { "x-ratelimit-remaining": "0" } })
  }

  /** The headers that say what is left, once this answer is counted. A 304 costs nothing, nor does a refusal. */
  headers(caller: Caller, answer: Answer): Record<string, string> {
    const hour = this.#hour(caller)
    if (!hour) return {}
    if (answer.status !== 304 && hour.used < hour.limit) hour.used++
    return {
      "x-ratelimit-limit": String(hour.limit),
      "x-ratelimit-remaining": String(hour.limit - hour.used),
      "x-ratelimit-used": String(hour.used),
      "x-ratelimit-reset": String(Math.floor(hour.resetAt / 1000)),
      "x-ratelimit-resource": "core",
    }
  }

  #hour(caller: Caller): Hour | undefined {
    if (caller.kind !== "installation" && caller.kind !== "app") return undefined
    const name = caller.kind === "app" ? "" : caller.accountLogin
    const hour = this.#hours.get(name)
    if (hour && hour.resetAt > this.#now().getTime()) return hour
    const fresh = { limit: hour?.limit ?? USUAL, used: 0, resetAt: this.#now().getTime() + HOUR_MS }
    this.#hours.set(name, fresh)
    return fresh
  }
}

/** An answer with its ETag, which is another one for another token; 304 for who has that already. */
export function conditional({ method, headers }: PeerRequest, answer: Answer): Answer {
  if (method !== "GET" || answer.status !== 200 || answer.raw) return answer
  const hash = createHash("sha256").update(
    `${headers.authorization}\n${headers.accept}\n${JSON.stringify(answer.body)}`,
  )
  const etag = `W/"${hash.digest("hex")}"`
  const tagged = { ...answer, headers: { ...answer.headers, etag } }
  return headers["if-none-match"] === etag ? { status: 304, headers: tagged.headers } : tagged
}
