import { expect, test } from "vitest"
import { readTraces } from "../../src/config/traces.ts"

const HTTP = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" }

test.each<[string, Record<string, string>]>([
  ["nothing is set", {}],
  ["an empty endpoint", { OTEL_EXPORTER_OTLP_ENDPOINT: " " }],
  ["the SDK is disabled", { ...HTTP, OTEL_SDK_DISABLED: "TRUE" }],
  ["no exporter is wanted", { ...HTTP, OTEL_TRACES_EXPORTER: "none" }],
])("traces are off: %s", (_, env) => {
  expect(readTraces(env)).toEqual({ is: "off" })
})

test.each<[string, Record<string, string>, object]>([
  ["the common endpoint", HTTP, { url: "http://collector:4318/v1/traces", ratio: 1, headers: {}, timeoutMs: 10_000 }],
  [
    "that of traces, as it is",
    { ...HTTP, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://x/in" },
    { url: "https://x/in" },
  ],
  [
    "headers",
    { ...HTTP, OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%3Db, tenant = acme" },
    { headers: { "api-key": "a=b", tenant: "acme" } },
  ],
  [
    "a name",
    { ...HTTP, OTEL_SERVICE_NAME: "release-bot", OTEL_RESOURCE_ATTRIBUTES: "service.name=other,team=a" },
    { resource: { "service.name": "release-bot", team: "a" } },
  ],
  [
    "a name among the attributes",
    { ...HTTP, OTEL_RESOURCE_ATTRIBUTES: "service.name=other" },
    { resource: { "service.name": "other" } },
  ],
  ["no name", HTTP, { resource: { "service.name": "slipway" } }],
  [
    "a part of them",
    { ...HTTP, OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
    { ratio: 0.25 },
  ],
  ["none of them", { ...HTTP, OTEL_TRACES_SAMPLER: "always_off" }, { ratio: 0 }],
])("traces are on: %s", (_, env, settings) => {
  expect(readTraces(env)).toMatchObject({ is: "on", settings })
})

test.each<[string, Record<string, string>, string]>([
  ["no address", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "OTEL_EXPORTER_OTLP_ENDPOINT must be"],
  ["another protocol", { ...HTTP, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "Slipway speaks http/json"],
  ["no pairs", { ...HTTP, OTEL_EXPORTER_OTLP_HEADERS: "secret" }, "OTEL_EXPORTER_OTLP_HEADERS must be pairs"],
  [
    "a broken escape",
    { ...HTTP, OTEL_EXPORTER_OTLP_HEADERS: "a=%E0%A4%A" },
    "OTEL_EXPORTER_OTLP_HEADERS must be pairs",
  ],
  ["no attributes", { ...HTTP, OTEL_RESOURCE_ATTRIBUTES: "=x" }, "OTEL_RESOURCE_ATTRIBUTES must be pairs"],
  ["no sampler", { ...HTTP, OTEL_TRACES_SAMPLER: "jaeger_remote" }, "OTEL_TRACES_SAMPLER must be one of"],
  ["no ratio", { ...HTTP, OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "2" }, "a number from 0 to 1"],
  ["no time", { ...HTTP, OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }, "OTEL_EXPORTER_OTLP_TIMEOUT must be"],
])("a mistake is said, and no secret: %s", (_, env, says) => {
  expect(readTraces(env)).toMatchObject({ is: "wrong", because: expect.stringContaining(says) })
})
