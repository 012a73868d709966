import { jsonIn } from "../model/json-text.ts"
import { firstOf, storableText } from "../model/storable.ts"
import { exchange, textOf } from "./http-exchange.ts"
import { createNameLookup, type FindAddresses, lookupBy } from "./name-lookup.ts"

/** What a query came to: the one number that it gave, or why there is none. */
export type MetricAnswer =
  | { readonly is: "value"; readonly value: number }
  | { readonly is: "none"; readonly because: string }

/** One server that speaks Prometheus' HTTP API: Prometheus itself, Thanos, Mimir, VictoriaMetrics … */
export interface Prometheus {
  /**
   * The number that a PromQL expression has at an instant. An expected refusal is a value; nothing here throws.
   * https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
   */
  value(query: string, at: Date, abort?: AbortSignal): Promise<MetricAnswer>
}

export interface PrometheusOptions {
  /** Its root, with a path where it is served below one; a name and a password in it are sent as such. */
  readonly url: string
  /** Sent as a bearer token. */
  readonly token?: string
  readonly requestTimeoutMs: number
  /** What its name stands for: one look-up for all servers of a process. */
  readonly find?: FindAddresses
  /** In milliseconds. */
  readonly now?: () => number
}

/** One number is asked for: what is longer is no answer to that. */
const BODY_MOST = 256 * 1024
const SAID_MOST = 300
/** A server that says nothing holds up a run of its account; it does not hold up each of them. */
const REST_MS = 30_000

/** @throws TypeError if `url` is none: settings are checked where they are read */
export function createPrometheus({
  url,
  token,
  requestTimeoutMs,
  find = createNameLookup().asMachine,
  now = Date.now,
}: PrometheusOptions): Prometheus {
  const { endpoint, headers } = addressOf(url, token)
  let silentUntil = 0
  return {
    async value(query, at, abort) {
      if (now() < silentUntil)
        return none("the metrics server did not answer in time a moment ago: it is asked again soon")
      const time = (at.getTime() / 1000).toFixed(3)
      const patience = AbortSignal.timeout(requestTimeoutMs)
      try {
        const signal = abort ? AbortSignal.any([abort, patience]) : patience
        const response = await exchange({
          method: "POST",
          url: endpoint,
          lookup: lookupBy(find, signal),
          signal,
          headers,
          body: new URLSearchParams({ query, time, timeout: `${requestTimeoutMs}ms` }).toString(),
        })
        return answerIn(response.statusCode ?? 0, await textOf(response, BODY_MOST))
      } catch (error) {
        const reason = reasonOf(error)
        if (patience.aborted || reason === "ETIMEOUT") silentUntil = now() + REST_MS
        return none(`the metrics server could not be asked: ${reason}`)
      }
    },
  }
}

function addressOf(url: string, token: string | undefined) {
  const root = new URL(url)
  const name = decodeURIComponent(root.username)
  const password = decodeURIComponent(root.password)
  const basic = name === "" && password === "" ? undefined : `Basic ${btoaUtf8(`${name}:${password}`)}`
  const authorization = token === undefined ? basic : `Bearer ${token}`
  const endpoint = new URL(`${root.origin}${root.pathname.replace(/\/+$/, "")}/api/v1/query`)
  const headers = {
    accept: "application/json",
    "accept-encoding": "identity",
    "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    ...(authorization === undefined ? {} : { authorization }),
  }
  return { endpoint, headers }
}

const btoaUtf8 = (text: string): string => Buffer.from(text, "utf8").toString("base64")

interface Body {
  readonly status?: unknown
  readonly error?: unknown
  readonly warnings?: unknown
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown } | null
}

function answerIn(status: number, text: string | undefined): MetricAnswer {
  if (status >= 300 && status < 400) return none("the metrics server sends us on to another address: set that one")
  if (text === undefined) return none(`the metrics server's answer is longer than ${BODY_MOST / 1024} KB`)
  const body = parsed(text)
  if (status === 401 || status === 403) return none(`the metrics server does not let us in (${status})`)
  if (body?.status === "error") return none(`the metrics server refused the query: ${said(body.error)}`)
  if (status !== 200 || body?.status !== "success")
    return none(`the metrics server answered ${status}, and no result of a query`)
  // "There may still be data": what is missing could be what matters.
  if (Array.isArray(body.warnings) && body.warnings.length > 0)
    return none(`the metrics server's answer is not whole: ${said(body.warnings[0])}`)
  return resultIn(body.data)
}

function parsed(text: string): Body | undefined {
  const value = jsonIn(text)
  return typeof value === "object" && value !== null ? value : undefined
}

/** A scalar, or a vector of one element. https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
function resultIn(data: Body["data"]): MetricAnswer {
  const { resultType, result } = data ?? {}
  if (resultType === "scalar") return numberIn(result)
  if (resultType !== "vector" || !Array.isArray(result))
    return none(`the query gives ${said(resultType)}, not one number`)
  if (result.length === 0) return none("no data: the query gives nothing")
  if (result.length > 1) return none(`the query gives ${result.length} series where one number is asked for`)
  const [one] = result as readonly ({ readonly value?: unknown } | null)[]
  return numberIn(one?.value)
}

/** `[unix time, "number"]`. Division by nothing gives NaN: that is no data, and never good. */
function numberIn(sample: unknown): MetricAnswer {
  const written: unknown = Array.isArray(sample) ? sample[1] : undefined
  if (typeof written !== "string" || written === "") return none("the query gives no single number")
  if (written === "NaN") return none("no data: the query gives NaN")
  const value = Number(written)
  return Number.isFinite(value) ? { is: "value", value } : none(`the query gives ${said(written)}, which is no measure`)
}

const none = (because: string): MetricAnswer => ({ is: "none", because })

const said = (what: unknown): string =>
  typeof what === "string" && what !== "" ? firstOf(storableText(what), SAID_MOST) : "no word"

/** Neither address nor token: a reason may be shown where everybody reads it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no reason was given"
  if (error.name === "TimeoutError" || error.name === "AbortError") return "no answer in time"
  const { code } = (error.cause ?? error) as { readonly code?: unknown }
  return typeof code === "string" ? code : "the connection failed"
}
