import { expect, test } from "vitest"
import { isLaterId } from "../../src/model/later-id.ts"
import { fluxReport, type Report, report } from "../../src/signals/report.ts"

const NOW = new Date("2026-11-21T12:00:00Z")
const ARGO = { id: "a1", name: "argo" }
const SHA = "731f7eaddfb6af01cb2173e18f0f75b0ba780ef1"
const MINIMAL = { id: "7", environment: "production", version: "1.4.0", at: "2026-11-21T11:59:00Z" }

const read = (body: unknown, by = ARGO, now = NOW): Report => report(JSON.stringify(body), by, now)
const signalOf = (it: Report) => {
  if (it.is !== "report") throw new Error(`it is ${it.is}`)
  return it.signal
}

test("the least that a report says: which release, where, when", () => {
  expect(signalOf(read(MINIMAL))).toEqual({
    kind: "reported",
    environment: "production",
    version: "1.4.0",
    state: "success",
    at: "2026-11-21T11:59:00.000Z",
    status: `${Date.parse(MINIMAL.at)}1`,
    deployment: expect.stringMatching(/^report-[0-9a-f]{24}$/),
    by: "token argo",
  })
})

test("all of it", () => {
  const digest = `sha256:${"a".repeat(64)}`
  const whole = read({
    ...MINIMAL,
    repository: "acme/shop",
    component: "api",
    sha: SHA,
    status: "failure",
    artifact: [`ghcr.io/acme/shop@${digest}`],
    url: "https://argo.example/shop",
    at: "2026-11-21T12:59:00+01:00",
  })
  expect(whole).toMatchObject({ is: "report", repository: "acme/shop" })
  expect(signalOf(whole)).toMatchObject({
    component: "api",
    sha: SHA,
    state: "failure",
    artifact: { is: "digests", digests: [digest] },
    url: "https://argo.example/shop",
    at: "2026-11-21T11:59:00.000Z",
  })
})

test("the same report is the same delivery; of another token, or by another id, it is not", () => {
  const delivery = (it: Report) => (it.is === "report" ? it.delivery : it.is)
  expect(delivery(read(MINIMAL))).toBe(delivery(read({ ...MINIMAL, environment: "staging" })))
  expect(delivery(read({ ...MINIMAL, id: "8" }))).not.toBe(delivery(read(MINIMAL)))
  expect(delivery(read(MINIMAL, { ...ARGO, id: "b2" }))).not.toBe(delivery(read(MINIMAL)))
})

test("several reports of one deployment are known by its name, which no id of another report is", () => {
  const rollout = (more: object) => signalOf(read({ ...MINIMAL, ...more })).deployment
  expect(rollout({ id: "1", deployment: "d" })).toBe(rollout({ id: "2", deployment: "d" }))
  expect(rollout({ id: "1" })).not.toBe(rollout({ id: "2" }))
})

test.each<[string, unknown, string]>([
  ["no JSON", undefined, "the body is not JSON"],
  ["a list", [], "expected object"],
  ["no environment", { ...MINIMAL, environment: undefined }, "`environment`"],
  ["an empty environment", { ...MINIMAL, environment: "" }, "`environment`"],
  ["a long environment", { ...MINIMAL, environment: "x".repeat(256) }, "`environment`"],
  ["neither version nor commit", { ...MINIMAL, version: undefined }, "say which release it is"],
  ["a short commit", { ...MINIMAL, sha: "731f7ea" }, "`sha`: is no commit SHA"],
  ["a strange status", { ...MINIMAL, status: "fine" }, "`status`"],
  ["no instant", { ...MINIMAL, at: undefined }, "`at`"],
  ["a day for an instant", { ...MINIMAL, at: "2026-11-21" }, "`at`"],
  ["an unknown field", { ...MINIMAL, force: true }, "force"],
  ["more than a day ago", { ...MINIMAL, at: "2026-11-20T11:59:59Z" }, "more than a day ago"],
  ["in the future", { ...MINIMAL, at: "2026-11-21T12:05:01Z" }, "in the future"],
  ["no id", { ...MINIMAL, id: undefined }, "`id`"],
])("malformed: %s", (_, body, says) => {
  const it = body === undefined ? report("{", ARGO, NOW) : read(body)
  expect(it).toMatchObject({ is: "malformed", because: expect.stringContaining(says) })
})

test("text is cleaned of what cannot be stored, and a link that is none is dropped", () => {
  const it = signalOf(read({ ...MINIMAL, environment: "prod\0uction", url: "javascript:alert(1)" }))
  expect(it.environment).toBe("production")
  expect(it.url).toBeUndefined()
})

const EVENT = {
  involvedObject: { apiVersion: "v1", kind: "Kustomization", name: "shop", namespace: "apps", uid: "u-1" },
  severity: "info",
  reason: "ReconciliationSucceeded",
  message: "Reconciliation finished",
  timestamp: "2026-11-21T11:58:00Z",
  reportingController: "kustomize-controller",
  metadata: { revision: `v1.4.0@sha1:${SHA}`, environment: "production" },
}
const flux = (more: object = {}, metadata: object = {}): Report =>
  fluxReport(JSON.stringify({ ...EVENT, ...more, metadata: { ...EVENT.metadata, ...metadata } }), ARGO, NOW)

test.each<[string, Report, object]>([
  ["a reconciliation", flux(), { state: "success", sha: SHA, environment: "production" }],
  ["an error", flux({ severity: "error", reason: "HealthCheckFailed" }), { state: "failure", sha: SHA }],
  ["a chart", flux({ reason: "UpgradeSucceeded" }, { revision: "1.4.0+2" }), { version: "1.4.0+2" }],
  [
    "its group",
    flux({}, { revision: undefined, "kustomize.toolkit.fluxcd.io/revision": `main@sha1:${SHA}` }),
    { sha: SHA },
  ],
  ["its origin", flux({}, { originRevision: `main@sha1:${"b".repeat(40)}` }), { sha: "b".repeat(40) }],
  [
    "what the alert adds",
    flux({}, { version: "1.4.0", component: "api" }),
    { version: "1.4.0", component: "api", sha: SHA },
  ],
])("Flux: %s", (_, it, expected) => {
  expect(signalOf(it)).toMatchObject(expected)
})

test.each<[string, Report, object]>([
  ["progress", flux({ reason: "Progressing" }), { is: "ignored" }],
  ["an uninstallation", flux({ reason: "UninstallSucceeded" }), { is: "ignored" }],
  [
    "no environment",
    flux({}, { environment: undefined }),
    { is: "malformed", because: expect.stringContaining("eventMetadata") },
  ],
  [
    "no revision",
    flux({}, { revision: "latest" }),
    { is: "malformed", because: expect.stringContaining("no revision") },
  ],
  ["an old event", flux({ timestamp: "2026-11-19T11:58:00Z" }), { is: "malformed" }],
  ["no event", fluxReport("{}", ARGO, NOW), { is: "malformed" }],
  ["no JSON", fluxReport("<xml>", ARGO, NOW), { is: "malformed" }],
])("Flux: %s is nothing that was deployed", (_, it, expected) => {
  expect(it).toMatchObject(expected)
})

test("one event of Flux is one delivery", () => {
  const [first, again, other] = [flux(), flux(), flux({ timestamp: "2026-11-21T11:59:00Z" })].map((it) =>
    it.is === "report" ? it.delivery : it.is,
  )
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})

test("of one deployment the end comes after the beginning, though both were in one second", () => {
  const [began, ended] = ["in_progress", "success"].map((status) =>
    signalOf(read({ ...MINIMAL, id: status, deployment: "7", status })),
  )
  expect(isLaterId(ended?.status ?? "", began?.status ?? "")).toBe(true)
})
