/**
 * A small metrics server for the demo: it speaks the part of Prometheus' HTTP API that Slipway asks, and says of each
 * environment the share of failed requests that somebody set. What a real one says is held against in test/e2e.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface MetricsPeer {
  readonly url: string
  /** From now on the environment answers with so many failed requests, as a share of one. */
  fail(environment: string, share: number): void
  close(): Promise<void>
}

const USUAL = 0.002

export async function startMetrics(): Promise<MetricsPeer> {
  const shares = new Map<string, number>()
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8")
    request.on("data", (chunk: string) => {
      body += chunk
    })
    request.on("end", () => {
      const asked = new URLSearchParams(body)
      const environment = /env="([^"]*)"/.exec(asked.get("query") ?? "")?.[1] ?? ""
      const value = [Number(asked.get("time")), String(shares.get(environment) ?? USUAL)]
      response.setHeader("content-type", "application/json")
      response.end(
        JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ metric: {}, value }] } }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    fail: (environment, share) => void shares.set(environment, share),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
