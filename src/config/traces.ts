import type { Environment } from "./environment.ts"

/** Where spans go, and what is said of who made them. */
export interface TraceSettings {
  /** Of OTLP over HTTP, with its path. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly resource: Readonly<Record<string, string>>
  /** Of all traces, which part is kept: 0 to 1. */
  readonly ratio: number
  readonly timeoutMs: number
}

export type Traces =
  | { readonly is: "off" }
  | { readonly is: "on"; readonly settings: TraceSettings }
  | { readonly is: "wrong"; readonly because: string }

const SAMPLERS: { readonly [name: string]: "on" | "off" | "ratio" } = {
  always_on: "on",
  parentbased_always_on: "on",
  always_off: "off",
  parentbased_always_off: "off",
  traceidratio: "ratio",
  parentbased_traceidratio: "ratio",
}

/**
 * OpenTelemetry's own variables, of which there has to be an endpoint; with none, nothing is traced.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readTraces(env: Environment): Traces {
  const of = (name: string): string | undefined => env[name]?.trim() || undefined
  const endpoint = endpointOf(of)
  const isOff = of("OTEL_SDK_DISABLED")?.toLowerCase() === "true" || of("OTEL_TRACES_EXPORTER") === "none"
  if (endpoint === undefined || isOff) return { is: "off" }
  const wrong = (because: string): Traces => ({ is: "wrong", because })
  if (!URL.canParse(endpoint.url) || !/^https?:$/.test(new URL(endpoint.url).protocol))
    return wrong(`${endpoint.name} must be an http or https address, such as http://localhost:4318`)
  const protocol = of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? of("OTEL_EXPORTER_OTLP_PROTOCOL")
  if (protocol !== undefined && protocol !== "http/json")
    return wrong(
      `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, and Slipway speaks http/json: set that, with the collector's port for HTTP (4318)`,
    )
  const headers = pairsOf(of("OTEL_EXPORTER_OTLP_TRACES_HEADERS") ?? of("OTEL_EXPORTER_OTLP_HEADERS"))
  if (!headers) return wrong("OTEL_EXPORTER_OTLP_HEADERS must be pairs such as api-key=…,tenant=acme")
  const resource = pairsOf(of("OTEL_RESOURCE_ATTRIBUTES"))
  if (!resource) return wrong("OTEL_RESOURCE_ATTRIBUTES must be pairs such as deployment.environment.name=production")
  const ratio = ratioOf(of("OTEL_TRACES_SAMPLER"), of("OTEL_TRACES_SAMPLER_ARG"))
  if (ratio === undefined)
    return wrong(
      `OTEL_TRACES_SAMPLER must be one of ${Object.keys(SAMPLERS).join(", ")}, and OTEL_TRACES_SAMPLER_ARG a number from 0 to 1`,
    )
  const name = of("OTEL_SERVICE_NAME") ?? resource["service.name"] ?? "slipway"
  const timeoutMs = Number(of("OTEL_EXPORTER_OTLP_TIMEOUT") ?? 10_000)
  if (!(timeoutMs >= 1 && timeoutMs <= 60_000))
    return wrong("OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds from 1 to 60000")
  const settings = { url: endpoint.url, headers, resource: { ...resource, "service.name": name }, ratio, timeoutMs }
  return { is: "on", settings }
}

/** That of traces is used as it is; to the common one the signal's path is added. */
function endpointOf(of: (name: string) => string | undefined): { name: string; url: string } | undefined {
  const own = of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
  if (own !== undefined) return { name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url: own }
  const common = of("OTEL_EXPORTER_OTLP_ENDPOINT")
  return common === undefined
    ? undefined
    : { name: "OTEL_EXPORTER_OTLP_ENDPOINT", url: `${common.replace(/\/{1,9}$/, "")}/v1/traces` }
}

/** `key=value,key=value`, with values encoded as in a URL. @returns undefined for anything else */
function pairsOf(text = ""): Readonly<Record<string, string>> | undefined {
  const pairs: { [key: string]: string } = {}
  for (const pair of text.split(",").filter((one) => one.trim() !== "")) {
    const at = pair.indexOf("=")
    const key = pair.slice(0, at).trim()
    if (at < 1 || !/^[\w.-]{1,200}$/.test(key)) return undefined
    try {
      pairs[key] = decodeURIComponent(pair.slice(at + 1).trim())
    } catch {
      return undefined
    }
  }
  return pairs
}

function ratioOf(sampler = "parentbased_always_on", arg = "1"): number | undefined {
  const kind = Object.hasOwn(SAMPLERS, sampler) ? SAMPLERS[sampler] : undefined
  if (kind === "on") return 1
  if (kind === "off") return 0
  const ratio = Number(arg)
  return kind === "ratio" && ratio >= 0 && ratio <= 1 ? ratio : undefined
}
