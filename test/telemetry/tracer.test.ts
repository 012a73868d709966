import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createTracer, type Tracer } from "../../src/telemetry/tracer.ts"
import { startCollector } from "./collector.ts"

let collector: Awaited<ReturnType<typeof startCollector>>
let tracer: Tracer | undefined
let lines: string[]
beforeEach(async () => {
  collector = await startCollector()
  lines = []
})
afterEach(async () => {
  await tracer?.close(1_000)
  await collector.close()
})

const at = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`)
const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }

function tracing(more: { ratio?: number; url?: string } = {}): Tracer {
  tracer = createTracer(
    {
      url: `${collector.url}/v1/traces`,
      headers: { "x-team": "release" },
      resource: { "service.name": "slipway" },
      ratio: 1,
      timeoutMs: 5_000,
      version: "1.2.3",
      everyMs: 5,
      ...more,
    },
    log,
  )
  return tracer
}
const inner = {
  name: "inner",
  kind: "client",
  values: { n: 1, part: 0.5, yes: true, list: ["a", "b"], none: undefined },
} as const
const outer = { name: "outer", kind: "internal", values: {} } as const
const soon = (probe: () => void) => vi.waitFor(probe, { timeout: 10_000 })

test("work in work is a span below it, of the same trace; what stands beside it is another trace", async () => {
  const { span } = tracing()
  expect(await span(outer, () => span(inner, async () => 7))).toBe(7)
  await span(outer, async () => undefined)
  await soon(() => expect(collector.spans).toHaveLength(3))
  const [child, parent, other] = collector.spans
  expect(child).toMatchObject({ name: "inner", kind: 3, parentSpanId: parent?.spanId, traceId: parent?.traceId })
  expect(child?.values).toEqual({ n: "1", part: 0.5, yes: true, list: ["a", "b"] })
  expect(parent).toMatchObject({ name: "outer", kind: 1, parentSpanId: undefined, failed: undefined })
  expect((parent?.nanoseconds ?? 0n) >= (child?.nanoseconds ?? 0n)).toBe(true)
  expect(other?.traceId).not.toBe(parent?.traceId)
  expect(collector.asked[0]).toMatchObject({ path: "/v1/traces", headers: { "x-team": "release" } })
  expect(collector.resources[0]).toEqual({ "service.name": "slipway", "service.version": "1.2.3" })
})

test("a throw is told, without what looks like a secret, and thrown on", async () => {
  const { span } = tracing()
  const secret = `ghs_${"a1B2".repeat(9)}`
  const failing = span(outer, async () => Promise.reject(new Error(`401 with ${secret}`)))
  await expect(failing).rejects.toThrow(secret)
  await soon(() => expect(collector.spans).toHaveLength(1))
  expect(collector.spans[0]?.failed).toBe("401 with [token]")
})

test("of no trace is a part kept", async () => {
  const { span } = tracing({ ratio: 0.5 })
  for (let i = 0; i < 64; i++) await span(outer, () => span(inner, async () => i))
  await tracer?.close(1_000)
  const traces = Map.groupBy(collector.spans, ({ traceId }) => traceId)
  expect(traces.size).toBeGreaterThan(0)
  expect(traces.size).toBeLessThan(64)
  expect([...traces.values()].every((spans) => spans.length === 2)).toBe(true)
})

test("none are kept at a ratio of 0, and nothing is sent", async () => {
  const { span } = tracing({ ratio: 0 })
  await span(outer, async () => undefined)
  await tracer?.close(1_000)
  expect(collector.asked).toEqual([])
})

test("recovers after the collector was away: what waited is sent once, and the log says it once each way", async () => {
  const { span } = tracing()
  collector.answer.status = 503
  await span(outer, async () => undefined)
  await soon(() => expect(collector.asked.length).toBeGreaterThan(2))
  collector.answer.status = 200
  await soon(() => expect(collector.spans).toHaveLength(1))
  await soon(() =>
    expect(lines).toEqual(["warn traces are not taken; they are no loss", "info traces are taken again"]),
  )
})

test("what a collector refuses is not sent again", async () => {
  const { span } = tracing()
  collector.answer.status = 401
  await span(outer, async () => undefined)
  await soon(() => expect(collector.asked).toHaveLength(1))
  await tracer?.close(1_000)
  expect(collector.asked).toHaveLength(1)
})

test("a collector that nobody answers at costs a bounded number of spans, and work nothing", async () => {
  const { span } = tracing({ url: "http://127.0.0.1:9/v1/traces" })
  for (let i = 0; i < 3_000; i++) await span({ ...outer, name: `outer ${i}` }, async () => i)
  await soon(() => expect(lines).toHaveLength(1))
  await tracer?.close(200)
})
