import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { z } from "zod"

const anyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(z.strictObject({ stringValue: z.string() })) }) }),
])
const attributes = z.array(z.strictObject({ key: z.string().min(1), value: anyValue }))
const time = z.string().regex(/^\d{19}$/)

/**
 * What a collector takes: OTLP's traces in JSON, ids as hex, times of 64 bits as text, and nothing unknown.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
const traces = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(
            z.strictObject({
              traceId: z.string().regex(/^[0-9a-f]{32}$/),
              spanId: z.string().regex(/^[0-9a-f]{16}$/),
              parentSpanId: z
                .string()
                .regex(/^[0-9a-f]{16}$/)
                .optional(),
              name: z.string().min(1),
              kind: z.union([z.literal(1), z.literal(2), z.literal(3)]),
              startTimeUnixNano: time,
              endTimeUnixNano: time,
              attributes,
              status: z.strictObject({ code: z.literal(2).optional(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
})

export interface CollectedSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly values: Readonly<Record<string, unknown>>
  readonly failed: string | undefined
  readonly nanoseconds: bigint
}

/** A receiver of OTLP over HTTP, which refuses what is not OTLP. */
export async function startCollector() {
  const spans: CollectedSpan[] = []
  const resources: Readonly<Record<string, unknown>>[] = []
  const asked: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[] = []
  const bodies: string[] = []
  const answer = { status: 200 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString("utf8")
    asked.push({ path: request.url ?? "", headers: request.headers })
    const read = answer.status === 200 ? traces.safeParse(JSON.parse(text)) : undefined
    const status = read?.success === false ? 400 : answer.status
    if (read?.success) {
      bodies.push(text)
      for (const { resource, scopeSpans } of read.data.resourceSpans) {
        resources.push(valuesIn(resource.attributes))
        spans.push(...scopeSpans.flatMap((scope) => scope.spans.map(collected)))
      }
    }
    response.writeHead(status, { "content-type": "application/json" }).end("{}")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resources,
    asked,
    bodies,
    answer,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Span = z.infer<typeof traces>["resourceSpans"][number]["scopeSpans"][number]["spans"][number]

const collected = ({ startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }: Span): CollectedSpan => ({
  ...span,
  parentSpanId: span.parentSpanId,
  values: valuesIn(attributes),
  failed: status.code === 2 ? (status.message ?? "") : undefined,
  nanoseconds: BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano),
})

const valuesIn = (list: z.infer<typeof attributes>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    list.map(({ key, value }) => {
      const [plain] = Object.values(value) as [unknown]
      const isList = typeof plain === "object" && plain !== null && "values" in plain
      return [key, isList ? (plain.values as { stringValue: string }[]).map((one) => one.stringValue) : plain]
    }),
  )
