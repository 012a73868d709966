import { ProbotOctokit } from "probot"
import { inTimeLike, throwIfLate } from "../model/in-time.ts"
import { PeerUnavailable, toPeerError } from "./errors.ts"
import { type Budget, budgetOf } from "./github-budget.ts"
import { createConditional } from "./github-conditional.ts"
import type { RateLimits, Urgency } from "./github-limits.ts"

/** What a request was: for the counter `slipway_github_requests_total{kind}`. */
export type RequestKind = "token" | "app" | "read" | "write"

export interface OctokitSettings {
  /** Slipway's own version, for the User-Agent. */
  readonly version: string
  /** After this long without the whole answer, a request ends as `unreachable`. */
  readonly requestTimeoutMs: number
  /** Called once a request, just before it leaves. */
  readonly onRequest?: (kind: RequestKind) => void
  /** Called once an answer that says how much of a rate limit is left. */
  readonly onBudget?: (budget: Budget) => void
  /** Asked before each request, and told what came of it. */
  readonly limits?: RateLimits
  /** What each request is made in. */
  readonly around?: (method: string, path: string, send: () => Promise<Response>) => Promise<Response>
}

type Fetch = typeof globalThis.fetch
type ProbotOptions = Record<string, unknown> & {
  request?: object
  auth?: { installationId?: unknown }
}

/**
 * The class for `new Probot({ Octokit })`: Probot's authentication, REST methods and pagination, but nothing in it
 * waits or tries again. An effect holds a lease that is only a little longer than one request: Probot's throttling
 * (1 s between writes) and retries would outlive it. What meets a limit ends as an error, and the engine tries later.
 *
 * `Octokit.defaults({ throttle })` has no effect, since Probot lays its own defaults over it: hence a subclass.
 */
export function slipwayOctokit(settings: OctokitSettings): typeof ProbotOctokit {
  const turns = new Map<string, Promise<unknown>>()
  const conditional = createConditional()

  class SlipwayOctokit extends ProbotOctokit {
    constructor(options: ProbotOptions = {}) {
      const installation = String(options.auth?.installationId ?? "app")
      const fetch = watchedFetch(settings, installation)
      const asBefore = conditional(fetch, installation)
      super({
        ...options,
        userAgent: `slipway/${settings.version}`,
        throttle: { enabled: false },
        retry: { enabled: false },
        request: { ...options.request, fetch },
      })
      this.hook.wrap("request", (send, sent) => {
        const urgency: Urgency = sent.request?.urgency === "background" ? "background" : "people"
        const isToken = sent.url.endsWith("/access_tokens")
        return withinLimits(settings.limits, isToken ? "app" : installation, urgency, async () => {
          // What a press or a job rests on is read whole, and not taken on an ETag's word.
          // Written into `sent`: before-after-hook hands what is passed on to the innermost hook alone.
          if (sent.method === "GET" && urgency === "background") sent.request = { ...sent.request, fetch: asBefore }
          // A token is asked for inside of the write that needs it: in line behind that write it would wait for ever.
          if (sent.method === "GET" || sent.method === "HEAD" || isToken) return send(sent)
          const signal = within(sent.request?.signal, settings.requestTimeoutMs)
          return inTurn(turns, installation, signal, async () =>
            send({ ...sent, request: { ...sent.request, signal } }),
          )
        })
      })
    }
  }
  return SlipwayOctokit as typeof ProbotOctokit
}

/** Sends nothing that GitHub would refuse for its rate limits; what it refuses all the same is remembered. */
async function withinLimits<T>(
  limits: RateLimits | undefined,
  installation: string,
  urgency: Urgency,
  send: () => Promise<T>,
): Promise<T> {
  limits?.admit(installation, urgency)
  try {
    return await send()
  } catch (error) {
    // What we refused ourselves, a token within this request, was refused for somebody else's limit.
    const refused = error instanceof PeerUnavailable ? undefined : limitOf(error)
    if (refused !== undefined) limits?.refused(installation, refused)
    throw error
  }
}

/** For how many seconds GitHub wants to be left alone; undefined: it was no rate limit that it refused for. */
function limitOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "status" in error && (error.status === 403 || error.status === 429))) return undefined
  const refused = toPeerError(error)
  return refused.is === "limited" ? refused.afterSeconds : undefined
}

function watchedFetch(settings: OctokitSettings, installation: string): Fetch {
  const { requestTimeoutMs, onRequest, onBudget, limits, around = (_, __, send) => send() } = settings
  return async (input, init) => {
    const kind = kindOf(String(input), init?.method ?? "GET")
    onRequest?.(kind)
    const signal = within(init?.signal ?? undefined, requestTimeoutMs)
    // Here, behind the wait for its turn and for a token.
    throwIfLate(signal)
    const send = () => globalThis.fetch(input, { ...init, signal })
    const response = await around(init?.method ?? "GET", new URL(String(input)).pathname, send)
    // Tokens are asked for by the App, whoever they are for.
    const asked = kind === "token" || kind === "app" ? "app" : installation
    const budget = budgetOf(asked, response.headers)
    if (budget) {
      onBudget?.(budget)
      limits?.heard(budget, dateOf(response))
    }
    return response
  }
}

function dateOf({ headers }: Response): Date | undefined {
  const date = Date.parse(headers.get("date") ?? "")
  return Number.isNaN(date) ? undefined : new Date(date)
}

function kindOf(url: string, method: string): RequestKind {
  const { pathname } = new URL(url)
  if (pathname.endsWith("/access_tokens")) return "token"
  if (/\/app(?:\/|$)/.test(pathname) && !pathname.includes("/repos/")) return "app"
  return method === "GET" || method === "HEAD" ? "read" : "write"
}

const within = (signal: AbortSignal | undefined, ms: number): AbortSignal =>
  signal ? inTimeLike(signal, AbortSignal.any([signal, AbortSignal.timeout(ms)])) : AbortSignal.timeout(ms)

/**
 * Writes of one installation go one after another, as GitHub asks ("make requests serially":
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
 * GitHub's "one second between" is for large numbers of writes; Slipway makes a handful a release.
 */
async function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  installation: string,
  signal: AbortSignal,
  send: () => Promise<T>,
): Promise<T> {
  const before = turns.get(installation)
  const mine = (async () => {
    await before
    signal.throwIfAborted()
    return send()
  })()
  const settled = mine.then(
    () => undefined,
    () => undefined,
  )
  turns.set(installation, settled)
  try {
    return await (before ? orAborted(mine, before, signal) : mine)
  } finally {
    if (turns.get(installation) === settled) turns.delete(installation)
  }
}

/** While it waits for its turn a write may run out of time: nothing has left then, and nothing will. */
async function orAborted<T>(mine: Promise<T>, before: Promise<unknown>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<"aborted">((resolve) => signal.addEventListener("abort", () => resolve("aborted")))
  mine.catch(() => undefined)
  if ((await Promise.race([before, aborted])) === "aborted")
    throw new PeerUnavailable({ is: "unreachable", message: "other writes of this installation took all the time" })
  return mine
}
