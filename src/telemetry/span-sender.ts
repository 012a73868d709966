import type { Log } from "../model/log.ts"

export type Values = { readonly [key: string]: string | number | boolean | readonly string[] | undefined }
/** https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export type Kind = "internal" | "server" | "client"

/** https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/trace/v1/trace.proto */
const KINDS: { readonly [kind in Kind]: number } = { internal: 1, server: 2, client: 3 }
const FAILED = 2

export interface FinishedSpan {
  readonly name: string
  readonly kind: Kind
  readonly values: Values
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly start: bigint
  readonly end: bigint
  /** Why; absent: it did not fail. */
  readonly failed?: string
}

export interface SenderSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly resource: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Of Slipway. */
  readonly version: string
  /** How long spans gather before they are sent. */
  readonly everyMs?: number
}

interface Sender {
  add(span: FinishedSpan): void
  close(withinMs: number): Promise<void>
}

/** The specification's own: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
const KEPT_MOST = 2_048
const BATCH = 512
const EVERY_MS = 5_000
/** What a collector asks to be sent again: https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const AGAIN = [429, 502, 503, 504]

/**
 * Sends spans as OTLP over HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp), a batch at a time. While the
 * collector is away the newest are kept, a bounded number, and the log says once that it is away, and once that it is back.
 */
export function createSender(settings: SenderSettings, log: Log): Sender {
  let waiting: FinishedSpan[] = []
  let sending: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isAway = false

  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, settings.everyMs ?? EVERY_MS).unref()
  }
  const flush = (): Promise<void> => {
    sending ??= sendAll().finally(() => {
      sending = undefined
    })
    return sending
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
      const answer = await post(settings, batch)
      if (answer.is === "again") waiting = [...batch, ...waiting].slice(-KEPT_MOST)
      if (answer.is === "sent") {
        if (isAway) log.info({ url: settings.url }, "traces are taken again")
        isAway = false
        continue
      }
      if (!isAway) log.warn({ url: settings.url, because: answer.because }, "traces are not taken; they are no loss")
      isAway = true
      if (answer.is === "again") return later()
    }
  }

  return {
    add(span) {
      waiting.push(span)
      if (waiting.length > KEPT_MOST) waiting.shift()
      if (waiting.length >= BATCH && !isAway) void flush()
      else later()
    },
    async close(withinMs) {
      clearTimeout(timer)
      const late = new Promise<void>((resolve) => void setTimeout(resolve, withinMs).unref())
      await Promise.race([flush(), late])
      clearTimeout(timer)
    },
  }
}

type Answer = { readonly is: "sent" } | { readonly is: "again" | "refused"; readonly because: string }

async function post(settings: SenderSettings, batch: readonly FinishedSpan[]): Promise<Answer> {
  try {
    const response = await fetch(settings.url, {
      method: "POST",
      headers: { ...settings.headers, "content-type": "application/json" },
      body: JSON.stringify(documentOf(settings, batch)),
      redirect: "error",
      signal: AbortSignal.timeout(settings.timeoutMs),
    })
    await response.body?.cancel()
    if (response.ok) return { is: "sent" }
    return { is: AGAIN.includes(response.status) ? "again" : "refused", because: `it answered ${response.status}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { is: "again", because: cause instanceof Error ? cause.message : String(cause) }
  }
}

const documentOf = ({ resource, version }: SenderSettings, batch: readonly FinishedSpan[]): object => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ ...resource, "service.version": version }) },
      scopeSpans: [{ scope: { name: "slipway", version }, spans: batch.map(spanOf) }],
    },
  ],
})

const spanOf = ({ name, kind, values, traceId, spanId, parentSpanId, start, end, failed }: FinishedSpan): object => ({
  traceId,
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  name,
  kind: KINDS[kind],
  startTimeUnixNano: String(start),
  endTimeUnixNano: String(end),
  attributes: attributesOf(values),
  status: failed === undefined ? {} : { code: FAILED, message: failed },
})

const attributesOf = (values: Values): readonly object[] =>
  Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]))

/** In JSON, whole numbers of 64 bits are text: https://protobuf.dev/programming-guides/json/ */
function anyValue(value: NonNullable<Values[string]>): object {
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } }
}
