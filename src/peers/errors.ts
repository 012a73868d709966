import { firstOf, storableText } from "../model/storable.ts"
import { missingPermission } from "./github-permissions.ts"

/**
 * What GitHub answered instead of what was asked, as a value that can be decided on.
 *
 * - `unreachable`: 5xx, network, time-out, our own wait. `limited`: a rate limit. Both: ask again later.
 * - `unauthorized`: the credentials themselves are refused: a wrong key, a suspended or removed installation.
 * - `forbidden`: a permission is missing, named in `permission` where it can be told.
 * - `gone`: 404 or 410; GitHub also says 404 for what the App may not see.
 * - `taken`: 422, it exists already. `empty`: 409, the repository has no commit. `invalid`: any other refusal.
 */
export type PeerError = { readonly message: string; readonly status?: number } & (
  | { readonly is: "unreachable" | "unauthorized" | "gone" | "taken" | "empty" | "invalid" }
  | { readonly is: "limited"; readonly afterSeconds: number }
  | { readonly is: "forbidden"; readonly permission?: string }
)

/** An answer that says "later" (`unreachable`, `limited`), thrown: who caught it before it ended asks again. */
export class PeerUnavailable extends Error {
  override readonly name = "PeerUnavailable"
  readonly afterSeconds: number | undefined

  constructor(error: PeerError, options?: ErrorOptions) {
    super(error.message, options)
    this.afterSeconds = error.is === "limited" ? error.afterSeconds : undefined
  }
}

interface Refused {
  readonly status: number
  readonly message: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly body: unknown
}

/** "wait for at least one minute": https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const UNSTATED_WAIT_SECONDS = 60

/**
 * Maps what an Octokit call threw. No token, key or Authorization header is in the message.
 *
 * @param error what was thrown
 * @returns the outcome, with a sentence that names request and status
 * @throws `error` itself when GitHub has nothing to do with it: it is a bug, not an outcome
 */
export function toPeerError(error: unknown): PeerError {
  if (error instanceof PeerUnavailable) return unavailable(error)
  const refused = asRefused(error)
  if (refused) return fromAnswer(refused)
  if (error instanceof Error && isNetwork(error))
    return { is: "unreachable", message: safe(`GitHub: ${reason(error)}`) }
  throw error
}

const unavailable = (error: PeerUnavailable): PeerError =>
  error.afterSeconds === undefined
    ? { is: "unreachable", message: error.message }
    : { is: "limited", message: error.message, afterSeconds: error.afterSeconds }

/** Octokit's RequestError by its shape: several versions of the class live in one process. */
function asRefused(error: unknown): Refused | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined
  const { request, response } = error as { request?: Partial<Refused>; response?: { headers?: object; data?: unknown } }
  // No answer: @octokit/request gives network errors and aborts the status 500.
  if (!response) return undefined
  return {
    status: error.status,
    message: error.message,
    method: request?.method ?? "GET",
    url: request?.url ?? "",
    headers: { ...response.headers },
    body: response.data,
  }
}

function fromAnswer(refused: Refused): PeerError {
  const { status } = refused
  const message = safe(`${refused.method} ${pathOf(refused.url)}: ${status} ${firstLine(refused.message)}`)
  const wait = secondsToWait(refused)
  if (wait !== undefined) return { is: "limited", status, message, afterSeconds: wait }
  if (isUnauthorized(refused)) return { is: "unauthorized", status, message }
  if (status === 403) return forbidden(refused, message)
  if (status === 404 || status === 410) return { is: "gone", status, message }
  // https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database: also "unavailable"
  if (status === 409 && /repository is empty/i.test(refused.message)) return { is: "empty", status, message }
  if (status === 422 && isTaken(refused)) return { is: "taken", status, message }
  // 408 and 425 are proxies'; 429 without a word about waiting was taken above.
  if (status >= 500 || status === 408 || status === 425) return { is: "unreachable", status, message }
  return { is: "invalid", status, message }
}

/**
 * Primary limit: 403 or 429 with `x-ratelimit-remaining: 0`; secondary: `retry-after`, or only the message.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function secondsToWait({ status, headers, message }: Refused): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const after = Number(headers["retry-after"])
  if (headers["retry-after"] !== undefined && Number.isFinite(after)) return Math.max(1, Math.ceil(after))
  if (String(headers["x-ratelimit-remaining"]) === "0") return untilReset(headers)
  return status === 429 || /rate limit|abuse detection/i.test(message) ? UNSTATED_WAIT_SECONDS : undefined
}

/** By GitHub's own clock (`date`), so that ours may be wrong. */
function untilReset(headers: Refused["headers"]): number {
  const seconds = Number(headers["x-ratelimit-reset"]) - Date.parse(String(headers.date)) / 1000
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : UNSTATED_WAIT_SECONDS
}

/**
 * A token cannot be had for a removed installation (404 on `access_tokens`) nor for a suspended one (403).
 * https://docs.github.com/en/apps/maintaining-github-apps/suspending-a-github-app-installation
 */
const isUnauthorized = ({ status, url, message }: Refused): boolean =>
  status === 401 || (status === 403 && /suspended/i.test(message)) || (status === 404 && url.includes("/access_tokens"))

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible */
function forbidden(refused: Refused, message: string): PeerError {
  const permission = missingPermission(refused)
  return permission === undefined
    ? { is: "forbidden", status: refused.status, message }
    : { is: "forbidden", status: refused.status, permission, message: `${message} (needs ${permission})` }
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
function isTaken({ message, body }: Refused): boolean {
  const errors = (body as { errors?: unknown } | undefined)?.errors
  const listed =
    Array.isArray(errors) && errors.some((e) => (e as { code?: unknown } | null)?.code === "already_exists")
  return listed || /reference already exists/i.test(message)
}

const NETWORK_CODE = /^(?:E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w*SSL\w*|DEPTH_ZERO_SELF_SIGNED_CERT)$/

/** An abort, a time-out, or Octokit's own wrapping of what `fetch` threw. */
function isNetwork(error: Error): boolean {
  const { status, code, cause } = error as { status?: unknown; code?: unknown; cause?: unknown }
  if (error.name === "AbortError" || error.name === "TimeoutError" || status === 500) return true
  if (error.message === "fetch failed" || (typeof code === "string" && NETWORK_CODE.test(code))) return true
  return cause instanceof Error && cause !== error && isNetwork(cause)
}

const reason = (error: Error): string =>
  error.name === "TimeoutError" || error.name === "AbortError"
    ? "no answer in time"
    : error.message === "fetch failed" && error.cause instanceof Error
      ? error.cause.message || error.message
      : firstLine(error.message)

const firstLine = (text: string): string => firstOf(storableText(text.split("\n", 1)[0] ?? ""), 500)

/** Path without host and query: a query may hold what a person typed. */
const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : "GitHub")

const SECRETS =
  /\b(?:gh[a-z]_[A-Za-z0-9_]+|github_pat_\w+|v1\.[0-9a-f]{40}|eyJ[\w-]+\.[\w-]+\.[\w-]*)|\b(?:bearer|token|basic)\s+[\w.~+/=-]{8,}|-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)|(?<=\/\/)[^/\s@]+@/gi

/** Tokens, JWTs, Authorization values, PEM blocks and credentials in URLs are cut out. */
const safe = (text: string): string => text.replace(SECRETS, "[secret]")
