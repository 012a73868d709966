import type { Environment } from "../config/environment.ts"
import { readTraces } from "../config/traces.ts"
import type { ProcessLog } from "../telemetry/log.ts"
import type { Tracer } from "../telemetry/tracer.ts"
import { StartRefused } from "./start-refused.ts"
import { VERSION } from "./version.ts"

/**
 * Traces, where OpenTelemetry's environment variables ask for them; else nothing of it is loaded.
 *
 * @throws StartRefused
 */
export async function openTracer(env: Environment, log: ProcessLog): Promise<Tracer | undefined> {
  const traces = readTraces(env)
  if (traces.is === "off") return undefined
  if (traces.is === "wrong") throw new StartRefused(traces.because)
  const { createTracer } = await import("../telemetry/tracer.ts")
  const { url, ratio } = traces.settings
  log.info({ url, ratio }, "traces are sent")
  return createTracer({ ...traces.settings, version: VERSION }, log)
}
