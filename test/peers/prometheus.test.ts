import { createServer, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { examineMetrics } from "../../src/cli/examine-metrics.ts"
import { createPrometheus, type Prometheus } from "../../src/peers/prometheus.ts"
import { type PrometheusServer, startPrometheus } from "../support/prometheus.ts"

const T = Date.parse("2027-01-11T07:00:00.000Z")
const at = (minutes: number): Date => new Date(T + minutes * 60_000)
const clientOf = (url: string, more: { token?: string; requestTimeoutMs?: number } = {}): Prometheus =>
  createPrometheus({ url, requestTimeoutMs: 5_000, ...more })

describe("a real Prometheus", () => {
  let server: PrometheusServer
  beforeAll(async () => {
    const every = (from: number, to: number, value: number) =>
      Array.from({ length: to - from }, (_, minute) => [at(from + minute), value] as const)
    server = await startPrometheus([
      { name: "latency", labels: { env: "staging" }, samples: [...every(0, 60, 0.2), ...every(60, 120, 0.4)] },
      { name: "latency", labels: { env: "production" }, samples: every(0, 60, 1) },
      { name: "requests", labels: { code: `5"0\\0` }, samples: every(0, 30, 0) },
    ])
  })
  afterAll(async () => {
    await server.stop()
  })

  test.each<[string, string, number, object]>([
    ["one series", `latency{env="staging"}`, 30, { is: "value", value: 0.2 }],
    ["the same at another time", `latency{env="staging"}`, 90, { is: "value", value: 0.4 }],
    ["over a window", `avg_over_time(latency{env="staging"}[30m])`, 74.5, { is: "value", value: 0.3 }],
    ["a number", "scalar(vector(7))", 30, { is: "value", value: 7 }],
    ["nothing", `latency{env="nowhere"}`, 30, { is: "none", because: "no data: the query gives nothing" }],
    ["what has ended", `latency{env="production"}`, 90, { is: "none", because: "no data: the query gives nothing" }],
    ["0/0", "requests / requests", 10, { is: "none", because: "no data: the query gives NaN" }],
    ["1/0", "1 / requests", 10, { is: "none", because: "the query gives +Inf, which is no measure" }],
    ["two series", "latency", 30, { is: "none", because: "the query gives 2 series where one number is asked for" }],
    ["a range", "latency[5m]", 30, { is: "none", because: "the query gives matrix, not one number" }],
    ["a text", `"good"`, 30, { is: "none", because: "the query gives string, not one number" }],
    [
      "a mistake",
      "rate(latency)",
      30,
      { is: "none", because: expect.stringMatching(/refused the query: .*range vector/) },
    ],
    ["a name in quotes", `requests{code="5\\x220\\x5c0"}`, 10, { is: "value", value: 0 }],
  ])("%s", async (_, query, minute, expected) => {
    expect(await clientOf(server.url).value(query, at(minute))).toEqual(expected)
  })

  test("doctor asks it, and says nothing where there is none", async () => {
    const account = "acme"
    expect(await examineMetrics({ account, prometheusUrl: server.url }, 5_000)).toEqual([
      { about: "metrics", is: "ok", says: "for acme: it answers queries" },
    ])
    expect(await examineMetrics({ account }, 5_000)).toEqual([])
    const gone = await examineMetrics(
      { account, prometheusUrl: "http://me:s3cr3t@127.0.0.1:1/", prometheusToken: "t0k3n" },
      5_000,
    )
    expect(gone).toMatchObject([
      { is: "problem", says: expect.stringMatching(/^for acme: the metrics server could not be asked: /) },
    ])
    expect(JSON.stringify(gone)).not.toMatch(/s3cr3t|t0k3n/)
  })
})

describe("something that is no Prometheus, or a broken one", () => {
  let server: Server
  let answer: (response: ServerResponse) => void = (response) => void response.end()
  const asked: { url: string; authorization: string | undefined; body: string }[] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk) => {
        body += chunk
      })
      request.on("end", () => {
        asked.push({ url: request.url ?? "", authorization: request.headers.authorization, body })
        answer(response)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  })
  afterEach(() => {
    asked.length = 0
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const json =
    (body: unknown, status = 200) =>
    (response: ServerResponse) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
  const vector = (...result: unknown[]) => ({ status: "success", data: { resultType: "vector", result } })

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["a part of it", json({ ...vector({ value: [1, "2"] }), warnings: ["store 3 timed out"] }), /not whole: store 3/],
    ["an error", json({ status: "error", error: "too many samples" }, 422), /refused the query: too many samples/],
    ["an error without a word", json({ status: "error" }, 503), /refused the query: no word/],
    ["a closed door", json({}, 401), /does not let us in \(401\)/],
    ["another door", (response) => void response.writeHead(302, { location: "/login" }).end(), /another address/],
    ["a page", (response) => void response.end("<html>"), /answered 200, and no result/],
    ["null", json(null), /answered 200, and no result/],
    ["a broken proxy", (response) => void response.writeHead(502).end("bad gateway"), /answered 502/],
    ["a histogram", json(vector({ histogram: [1, {}] })), /no single number/],
    ["a number as a number", json(vector({ value: [1, 2] })), /no single number/],
    ["an empty number", json(vector({ value: [1, ""] })), /no single number/],
    ["no sample", json(vector(null)), /no single number/],
    ["no list", json({ status: "success", data: { resultType: "vector", result: {} } }), /not one number/],
    ["success without data", json({ status: "success" }), /gives no word, not one number/],
    ["a megabyte", (response) => void response.end("x".repeat(1_000_000)), /longer than 256 KB/],
    ["an end in the middle", (response) => void response.destroy(), /could not be asked/],
  ])("%s is no number", async (_, says, because) => {
    answer = says
    const { is, ...rest } = await clientOf(url()).value("up", at(0))
    expect([is, rest]).toEqual(["none", { because: expect.stringMatching(because) }])
  })

  test("one that says nothing is waited for no longer than is set, nor than the run lasts", async () => {
    answer = () => undefined
    const none = { is: "none", because: "the metrics server could not be asked: no answer in time" }
    expect(await clientOf(url(), { requestTimeoutMs: 50 }).value("up", at(0))).toEqual(none)
    expect(await clientOf(url()).value("up", at(0), AbortSignal.timeout(50))).toEqual(none)
  })

  test("one that said nothing is not waited for again before half a minute is over", async () => {
    answer = () => undefined
    let now = 0
    const client = createPrometheus({ url: url(), requestTimeoutMs: 500, now: () => now })
    await client.value("up", at(0))
    answer = json(vector({ value: [1, "1"] }))
    now = 29_999
    expect(await client.value("up", at(0))).toMatchObject({
      is: "none",
      because: expect.stringContaining("a moment ago"),
    })
    expect(asked).toHaveLength(1)
    now = 30_000
    expect(await client.value("up", at(0))).toEqual({ is: "value", value: 1 })
  })

  test("it is asked below its path, with what lets us in, and a query of any length", async () => {
    answer = json(vector({ value: [1, "1"] }))
    const query = `sum(${"x".repeat(20_000)})`
    await clientOf(`${url().replace("//", "//me:p%40ss@")}/prometheus/`).value(query, at(0))
    await clientOf(url(), { token: "t0k3n" }).value("up", at(0))
    expect(asked.map(({ url, authorization }) => [url, authorization])).toEqual([
      ["/prometheus/api/v1/query", `Basic ${Buffer.from("me:p@ss").toString("base64")}`],
      ["/api/v1/query", "Bearer t0k3n"],
    ])
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      query,
      time: `${T / 1000}.000`,
      timeout: "5000ms",
    })
  })
})
