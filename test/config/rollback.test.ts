import { expect, test } from "vitest"
import { CERTIFICATE, KEY } from "../../demo/peers/smtp/certificate.ts"
import { secretOf } from "../../src/config/accounts.ts"
import { readEnvironment } from "../../src/config/environment.ts"
import { configSchema } from "../../src/model/config.ts"
import { rollbackRules } from "../../src/model/config-rollback.ts"

const rulesOf = (rollback: unknown) => {
  const read = configSchema.safeParse({ environments: { production: { rollback } } })
  return read.success ? rollbackRules(read.data.environments.production?.rollback ?? []) : read.error.issues
}
const URL = "https://flags.example/off"
const CLUSTER = { server: "https://k8s.acme.dev:6443", namespace: "prod", deployment: "shop", token: "KUBERNETES" }
const CALL = { url: URL, method: "POST", headers: {} }

test.each<[string, unknown, object]>([
  ["nothing", [], { levels: [{ is: "application" }], within: 5, health: 5 }],
  ["a list", ["application"], { levels: [{ is: "application" }], within: 5, health: 5 }],
  ["times alone", { within: "20m", health: "1h" }, { levels: [{ is: "application" }], within: 20, health: 60 }],
  [
    "a flag before it",
    [{ flag: { name: "checkout", url: URL } }, "application"],
    { levels: [{ is: "flag", name: "checkout", call: CALL }, { is: "application" }] },
  ],
  [
    "a workflow",
    [{ application: { workflow: "deploy.yml" } }],
    { levels: [{ is: "workflow", workflow: "deploy.yml", ref: "{tag}", inputs: {} }] },
  ],
  [
    "a workflow with inputs, on a branch",
    { levels: [{ application: { workflow: "deploy.yml", ref: "main", inputs: { version: "{to}" } } }], within: "10m" },
    { levels: [{ is: "workflow", workflow: "deploy.yml", ref: "main", inputs: { version: "{to}" } }], within: 10 },
  ],
  [
    "a Deployment",
    [{ kubernetes: CLUSTER }, "configuration"],
    { levels: [{ is: "kubernetes", ...CLUSTER }, { is: "configuration" }] },
  ],
  [
    "a Deployment behind a gateway, with an authority and an image",
    [{ kubernetes: { ...CLUSTER, server: "https://rancher.acme.dev/k8s/c-1", ca: CERTIFICATE, image: "shop:v{to}" } }],
    { levels: [{ is: "kubernetes", ca: CERTIFICATE, image: "shop:v{to}" }] },
  ],
])("a rollback of %s", (_, written, rules) => {
  expect(rulesOf(written)).toMatchObject(rules)
})

test.each<[string, unknown]>([
  ["a flag that says nothing", ["flag"]],
  ["a flag without an address", [{ flag: { name: "checkout" } }]],
  ["an address with credentials", [{ flag: { name: "a", url: "https://me:secret@flags.example" } }]],
  ["a host that is filled in", [{ flag: { name: "a", url: "https://{by}.flags.example/" } }]],
  ["a host that is a secret", [{ flag: { name: "a", url: `https://${["$", "{KEY}"].join("")}/` } }]],
  ["a file", [{ flag: { name: "a", url: "file:///etc/passwd" } }]],
  ["a header of HTTP's own", [{ flag: { name: "a", url: URL, headers: { Host: "elsewhere" } } }]],
  ["a header of two lines", [{ flag: { name: "a", url: URL, headers: { a: "b\r\nc: d" } } }]],
  ["reading", [{ flag: { name: "a", url: URL, method: "GET" } }]],
  ["two ways in one", [{ flag: { name: "a", url: URL }, application: { workflow: "deploy.yml" } }]],
  ["a way of no kind", [{}]],
  ["a workflow without a file", [{ application: { ref: "main" } }]],
  ["a workflow's path", [{ application: { workflow: "../deploy.yml" } }]],
  ["an input of another name", [{ application: { workflow: "a.yml", inputs: { "a b": "c" } } }]],
  ["what people wrote as an input", [{ application: { workflow: "a.yml", inputs: { a: "{because}" } } }]],
  ["a Deployment without a server", [{ kubernetes: { namespace: "a", deployment: "b", token: "C" } }]],
  ["a server with credentials", [{ kubernetes: { ...CLUSTER, server: "https://me:secret@k8s.acme.dev" } }]],
  ["a server with a query", [{ kubernetes: { ...CLUSTER, server: "https://k8s.acme.dev/?a=b" } }]],
  ["a namespace that leads elsewhere", [{ kubernetes: { ...CLUSTER, namespace: "../kube-system" } }]],
  ["a Deployment that leads elsewhere", [{ kubernetes: { ...CLUSTER, deployment: "shop/scale" } }]],
  ["a token in the file", [{ kubernetes: { ...CLUSTER, token: "eyJhbGciOiJSUzI1NiJ9" } }]],
  ["a key in the place of a certificate", [{ kubernetes: { ...CLUSTER, ca: KEY } }]],
  ["what people wrote as an image", [{ kubernetes: { ...CLUSTER, image: "shop:{because}" } }]],
  ["another key", { levels: [], soon: true }],
])("a rollback of %s is a mistake", (_, written) => {
  expect(rulesOf(written)).toEqual([expect.objectContaining({ path: expect.arrayContaining(["rollback"]) })])
})

test.each<[string, object | undefined]>([
  ["api.pagerduty.com u7Kd", { host: "api.pagerduty.com", value: "u7Kd" }],
  ["10.0.0.7:8443 Bearer a b", { host: "10.0.0.7:8443", value: "Bearer a b" }],
  ["u7Kd", undefined],
  ["https://api.pagerduty.com u7Kd", undefined],
  ["api.pagerduty.com ", undefined],
])("the secret %s", (written, secret) => {
  expect(secretOf(written)).toEqual(secret)
})

const readAs = (more: object) => {
  const read = readEnvironment({ WEBHOOK_SECRET: "it's a secret", ...more })
  return { text: JSON.stringify(read), rest: read.ok ? read.settings : read.rest, read }
}

test("secrets of calls are the account's own, and stand in no message", () => {
  const { rest } = readAs({ SLIPWAY_SECRET_PAGERDUTY: "api.pagerduty.com s3cret" })
  expect(rest?.accounts("acme").secrets).toEqual({ PAGERDUTY: { host: "api.pagerduty.com", value: "s3cret" } })

  for (const [more, problem] of [
    [{ SLIPWAY_SECRET_PAGERDUTY: "s3cret" }, "SLIPWAY_SECRET_PAGERDUTY must be a host and the secret"],
    [{ SLIPWAY_SECRET_pager: "api.pagerduty.com s3cret" }, "SLIPWAY_SECRET_pager: its name must be capitals"],
    [
      { SLIPWAY_SECRET_PAGERDUTY: "api.pagerduty.com s3cret", ALLOWED_ACCOUNTS: "acme, other" },
      "SLIPWAY_SECRET_PAGERDUTY would be used for every account",
    ],
  ] as const) {
    const { read, text } = readAs(more)
    expect(read.ok ? [] : read.problems).toEqual(expect.arrayContaining([expect.stringContaining(problem)]))
    expect(text).not.toContain("s3cret")
  }
})
