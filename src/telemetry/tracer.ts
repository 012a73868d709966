import { AsyncLocalStorage } from "node:async_hooks"
import { randomBytes } from "node:crypto"
import type { Log } from "../model/log.ts"
import { withoutTokens } from "./log.ts"
import { createSender, type FinishedSpan, type Kind, type SenderSettings, type Values } from "./span-sender.ts"

/** What is measured as a span, beside its time. */
export interface SpanOf {
  readonly name: string
  readonly kind: Kind
  readonly values: Values
}

export interface Tracer {
  /** Does the work in a span: below the one that is open, or as the first of a new trace. A throw marks it as failed. */
  readonly span: <T>(of: SpanOf, work: () => Promise<T>) => Promise<T>
  /** Sends what is left, for at most so long. */
  close(withinMs: number): Promise<void>
}

export interface TracerSettings extends SenderSettings {
  /** Of all traces, which part is kept: 0 to 1. */
  readonly ratio: number
}

interface Open {
  readonly traceId: string
  readonly spanId: string
  readonly kept: boolean
}

/** Messages of errors are anybody's text. */
const MESSAGE_MOST = 1_000

/** Makes spans of work and sends them. Nothing waits for a collector, and none that is away is ever waited for. */
export function createTracer(settings: TracerSettings, log: Log): Tracer {
  const sender = createSender(settings, log)
  const open = new AsyncLocalStorage<Open>()
  return {
    async span(of, work) {
      const parent = open.getStore()
      const traceId = parent?.traceId ?? randomBytes(16).toString("hex")
      const kept = parent?.kept ?? isKept(traceId, settings.ratio)
      const spanId = randomBytes(8).toString("hex")
      const start = nanoseconds()
      let failed: string | undefined
      try {
        return await open.run({ traceId, spanId, kept }, work)
      } catch (error) {
        failed = withoutTokens(error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_MOST)
        throw error
      } finally {
        const span: FinishedSpan = {
          ...of,
          traceId,
          spanId,
          ...(parent ? { parentSpanId: parent.spanId } : {}),
          start,
          end: nanoseconds(),
          ...(failed === undefined ? {} : { failed }),
        }
        if (kept) sender.add(span)
      }
    },
    close: (withinMs) => sender.close(withinMs),
  }
}

/** By the trace's id, so that all who see it keep it or do not: TraceIdRatioBased of OpenTelemetry's specification. */
const isKept = (traceId: string, ratio: number): boolean => Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < ratio

/** Since 1970; spans of one process follow each other whatever is done to the machine's clock. */
const nanoseconds = (): bigint =>
  BigInt(Math.round(performance.timeOrigin * 1_000)) * 1_000n + BigInt(Math.round(performance.now() * 1_000)) * 1_000n
