import { expect, test } from "vitest"
import type { Depths } from "../../src/telemetry/depth-gauges.ts"
import { createMetrics } from "../../src/telemetry/metrics.ts"

const DEPTHS: Depths = {
  inbox: 0,
  inboxAgeSeconds: 1.5,
  outbox: 3,
  outboxAgeSeconds: 2.5,
  dead: 4,
  failing: 5,
  missed: 6,
  waiting: [{ of: "release", gate: "approvals", state: "pending", count: 6 }],
}

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
  metrics.watch(async () => ({ ...DEPTHS, inbox: ++reads }))
  await metrics.registry.metrics()
  expect(slipway(await metrics.registry.metrics())).toEqual([
    "slipway_dead_deliveries_total 0",
    "slipway_inbox_pending 2",
    "slipway_inbox_oldest_seconds 1.5",
    "slipway_outbox_pending 3",
    "slipway_outbox_oldest_seconds 2.5",
    "slipway_dead_letters 4",
    "slipway_failing_repositories 5",
    "slipway_missed_deliveries 6",
    'slipway_gates_waiting{of="release",gate="approvals",state="pending"} 6',
  ])
})

test("a gate that nobody waits for any more is no series any more", async () => {
  const metrics = createMetrics()
  let waiting: Depths["waiting"] = DEPTHS.waiting
  metrics.watch(async () => ({ ...DEPTHS, waiting }))
  const gates = async () =>
    slipway(await metrics.registry.metrics()).filter((line) => line.startsWith("slipway_gates_waiting"))
  expect(await gates()).toHaveLength(1)
  waiting = []
  expect(await gates()).toEqual([])
})

test("a rate limit is what GitHub said last, until it is whole again", async () => {
  let now = new Date("2026-11-22T09:00:00Z")
  const metrics = createMetrics(() => now)
  const told = (remaining: number, installation = "7") =>
    metrics.githubBudget({
      installation,
      resource: "core",
      limit: 5000,
      remaining,
      resetAt: new Date("2026-11-22T09:30:00Z"),
    })
  const left = async () =>
    (await metrics.registry.metrics())
      .split("\n")
      .filter((line) => /^slipway_github_budget_(?:remaining|limit)\{/.test(line))
  told(4000)
  told(12)
  told(300, "app")
  expect(await left()).toEqual([
    'slipway_github_budget_limit{installation="7",resource="core"} 5000',
    'slipway_github_budget_limit{installation="app",resource="core"} 5000',
    'slipway_github_budget_remaining{installation="7",resource="core"} 12',
    'slipway_github_budget_remaining{installation="app",resource="core"} 300',
  ])
  now = new Date("2026-11-22T09:30:00Z")
  expect(await left()).toContain('slipway_github_budget_remaining{installation="7",resource="core"} 5000')
  now = new Date("2026-11-23T10:00:00Z")
  metrics.githubBudget({ installation: "8", resource: "core", limit: 5000, remaining: 1, resetAt: now })
  expect(await left()).toHaveLength(2)
})

test("a store that does not answer is no data, and the rest is shown", async () => {
  const metrics = createMetrics()
  metrics.run("decided")
  metrics.watch(() => Promise.reject(new Error("down")))
  const lines = slipway(await metrics.registry.metrics())
  expect(lines).toContain('slipway_runs_total{result="decided"} 1')
  expect(lines).toContain("slipway_dead_letters Nan") // as prom-client writes it; Prometheus reads any case
})
