import { expect, test } from "vitest"
import { createMetrics } from "../../src/telemetry/metrics.ts"

const slipway = (text: string): string[] =>
  text.split("\n").filter((line) => line.startsWith("slipway_") && !line.includes("github"))

test("what happened is counted by its labels", async () => {
  const metrics = createMetrics()
  metrics.webhook("push", "stored")
  metrics.webhook("push", "stored")
  metrics.webhook("push", "duplicate")
  metrics.run("decided")
  metrics.effect("draft", "done")
  metrics.deadDelivery()
  expect(slipway(await metrics.registry.metrics())).toEqual([
    'slipway_webhooks_total{event="push",result="stored"} 2',
    'slipway_webhooks_total{event="push",result="duplicate"} 1',
    'slipway_runs_total{result="decided"} 1',
    'slipway_effects_total{kind="draft",outcome="done"} 1',
    "slipway_dead_deliveries_total 1",
  ])
})

test("depths are read once a scrape, and as they are then", async () => {
  const metrics = createMetrics()
  let reads = 0
  metrics.watch(async () => ({ inbox: ++reads, inboxAgeSeconds: 1.5, outbox: 3, dead: 4 }))
  await metrics.registry.metrics()
  expect(slipway(await metrics.registry.metrics())).toEqual([
    "slipway_dead_deliveries_total 0",
    "slipway_inbox_pending 2",
    "slipway_inbox_oldest_seconds 1.5",
    "slipway_outbox_pending 3",
    "slipway_dead_letters 4",
  ])
})

test("a store that does not answer is no data, and the rest is shown", async () => {
  const metrics = createMetrics()
  metrics.run("decided")
  metrics.watch(() => Promise.reject(new Error("down")))
  const lines = slipway(await metrics.registry.metrics())
  expect(lines).toContain('slipway_runs_total{result="decided"} 1')
  expect(lines).toContain("slipway_dead_letters Nan") // as prom-client writes it; Prometheus reads any case
})
