import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readConfig } from "../src/config/read-config.ts"
import { readPlan } from "../src/config/read-plan.ts"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

test("Slipway's own configuration and plan are valid, and fit together", () => {
  const config = readConfig(read(".github/slipway.yml"), ".github/slipway.yml")
  if (!config.ok) throw new Error(JSON.stringify(config.problems))
  const plan = readPlan(read(config.config.plan.path), config.config.plan.path)
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  expect(existsSync(join(root, plan.plan.rollback_plan?.procedure ?? "none"))).toBe(true)
})

test(".env.example explains exactly the variables that are read", () => {
  const explained = [...read(".env.example").matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)
  const taken = [...read("src/config/environment.ts").matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name)
  // Of OpenTelemetry's, which are many, the one that switches traces on.
  expect(explained.sort()).toEqual([...taken, "OTEL_EXPORTER_OTLP_ENDPOINT"].sort())
})
