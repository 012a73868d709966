import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { load } from "js-yaml"
import { beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { createMetrics } from "../../src/telemetry/metrics.ts"
import { findPromtool } from "../support/prometheus.ts"

const RULES = join(import.meta.dirname, "../../ops/alerts.yml")
const CASES = join(import.meta.dirname, "alerts.rules-test.yml")
const read = (file: string): string => readFileSync(file, "utf8")
const run = promisify(execFile)

const { groups } = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            labels: z.object({ severity: z.enum(["critical", "warning"]) }),
            annotations: z.object({ summary: z.string(), description: z.string(), runbook: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(load(read(RULES)))
const alerts = groups.flatMap(({ rules }) => rules)
const { tests } = z
  .object({
    tests: z.array(
      z.object({
        alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
      }),
    ),
  })
  .parse(load(read(CASES)))

let promtool = ""
beforeAll(async () => {
  promtool = await findPromtool()
})

const judged = (rules: string) => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-alerts-"))
  writeFileSync(join(folder, "alerts.yml"), rules)
  writeFileSync(join(folder, "cases.yml"), read(CASES).replace(/^rule_files: .*$/m, "rule_files: [alerts.yml]"))
  return run(promtool, ["test", "rules", join(folder, "cases.yml")])
    .then(
      ({ stdout, stderr }) => ({ ok: true, said: stdout + stderr }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, said: stdout + stderr }),
    )
    .finally(() => rmSync(folder, { recursive: true, force: true }))
}

test("each alert fires when it should, and not just short of it, as promtool judges them", async () => {
  await run(promtool, ["check", "rules", "--lint-fatal", RULES])
  expect(await judged(read(RULES))).toMatchObject({ ok: true })
})

test("each alert has a case in which it fires and one in which it does not", () => {
  const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test)
  const named = (fires: boolean) =>
    new Set(cases.filter(({ exp_alerts }) => exp_alerts.length > 0 === fires).map(({ alertname }) => alertname))
  const all = alerts.map(({ alert }) => alert).sort()
  expect(all.length).toBeGreaterThan(10)
  expect([...named(true)].sort()).toEqual(all)
  expect([...named(false)].sort()).toEqual(all)
})

test.each([
  ["never", "vector(1) > 2"],
  ["always", "vector(1)"],
])("rules that %s fire are red for each alert", async (_, expr) => {
  const rules = alerts.map(({ alert }) => ({ alert, expr }))
  const { ok, said } = await judged(JSON.stringify({ groups: [{ name: "slipway", rules }] }))
  expect(ok).toBe(false)
  const red = new Set([...said.matchAll(/alertname: (\w+),/g)].map(([, name]) => name))
  expect([...red].sort()).toEqual(alerts.map(({ alert }) => alert).sort())
})

test("alerts speak of metrics that there are", async () => {
  const metrics = createMetrics()
  metrics.watch(() => Promise.reject(new Error("no database")))
  const text = await metrics.registry.metrics()
  const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  const spoken = alerts.flatMap(({ expr }) => expr.match(/\b(?:slipway|process|nodejs)_[a-z_]+/g) ?? [])
  expect(spoken.length).toBeGreaterThan(10)
  expect(spoken.filter((name) => !there.has(name))).toEqual([])
})

test("each alert has its section in the runbook, and each section its alert", () => {
  const page = read(join(import.meta.dirname, "../../docs/runbook.md"))
  const sections = page.split(/^(?=## )/m).slice(1)
  expect(sections.map((section) => /^## (\w+)$/m.exec(section)?.[1])).toEqual(alerts.map(({ alert }) => alert))
  for (const section of sections)
    for (const part of ["**Means:**", "**Look:**", "**Do:**"]) expect(section).toContain(part)
  expect(alerts.map(({ annotations }) => annotations.runbook)).toEqual(
    alerts.map(({ alert }) => `docs/runbook.md#${alert.toLowerCase()}`),
  )
})
