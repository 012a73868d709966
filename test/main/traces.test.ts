import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type Running, start } from "../../src/main.ts"
import { createLog } from "../../src/telemetry/log.ts"
import { startCollector } from "../telemetry/collector.ts"
import { dataFolder } from "./process.ts"

const REPO = "acme/shop"
const SECRET = "the-webhook-secret"
const data = dataFolder()
let github: GitHubPeer
let collector: Awaited<ReturnType<typeof startCollector>>
let running: Running | undefined

beforeAll(async () => {
  collector = await startCollector()
  github = await startGitHub({ webhookSecret: SECRET })
  github.createUser("acme-dev")
  github.createOrganization("acme", { owners: ["acme-dev"], members: [] })
  await github.createRepository({ owner: "acme", name: "shop" })
  github.addCollaborator(REPO, "acme-dev", "write")
  github.installApp("acme")
})
afterEach(async () => {
  await running?.stop()
  running = undefined
})
afterAll(async () => {
  await github.close()
  await collector.close()
  data.remove()
})

const begin = async (env: Readonly<Record<string, string>>): Promise<Running> => {
  running = await start(
    {
      APP_ID: github.app.id,
      PRIVATE_KEY: github.app.privateKeyPem,
      WEBHOOK_SECRET: SECRET,
      GITHUB_API_URL: github.url,
      SLIPWAY_DATA_DIR: data.path,
      PORT: "0",
      HOST: "127.0.0.1",
      ...env,
    },
    { log: createLog({ level: "silent" }) },
  )
  github.setWebhookUrl(`${running.url}/api/github/webhooks`)
  return running
}

test("a webhook, the run that decides on it, its effects and their requests are spans", async () => {
  const { engine } = await begin({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "release-bot" })
  await vi.waitFor(() => expect(github.checkRuns(REPO).length).toBeGreaterThan(0), { timeout: 20_000 })
  await engine.idle()
  const since = github.deliveries.length
  await github.pushCommit({ repo: REPO, branch: "main", by: "acme-dev", message: "feat: a basket", files: { a: "1" } })
  await github.settled()
  await vi.waitFor(() => expect(github.world()[REPO]?.releases.length).toBe(1), { timeout: 20_000 })
  await engine.idle()
  await running?.stop()
  running = undefined

  const { spans, resources, bodies } = collector
  expect(new Set(resources.map((resource) => resource["service.name"]))).toEqual(new Set(["release-bot"]))
  const push = github.deliveries.slice(since).find(({ event }) => event === "push")
  const webhook = spans.find(({ name, values }) => name === "webhook push" && values["slipway.delivery"] === push?.id)
  expect(webhook).toMatchObject({ kind: 2, values: { "slipway.repository": REPO } })
  const run = spans.find(
    ({ name, values }) =>
      name === "run" && (values["slipway.deliveries"] as string[] | undefined)?.includes(push?.id ?? ""),
  )
  expect(run).toMatchObject({ kind: 1, parentSpanId: undefined, values: { "slipway.repository": REPO } })
  const draft = spans.find(({ name }) => name === "effect draft")
  expect(draft).toMatchObject({ values: { "slipway.release": "1", "slipway.repository": REPO } })
  const requests = spans.filter(({ parentSpanId }) => parentSpanId === draft?.spanId)
  expect(requests).toContainEqual(
    expect.objectContaining({
      name: "POST GitHub",
      kind: 3,
      traceId: draft?.traceId,
      values: { "http.request.method": "POST", "url.path": `/repos/${REPO}/releases` },
    }),
  )
  const key = github.app.privateKeyPem.split("\n")[1] ?? ""
  for (const body of bodies) for (const secret of [key, SECRET, "ghs_", "Bearer "]) expect(body).not.toContain(secret)
})

test("with no endpoint nothing is traced, and no span is made", async () => {
  const before = collector.asked.length
  const { engine } = await begin({ OTEL_SERVICE_NAME: "release-bot" })
  await engine.idle()
  await running?.stop()
  running = undefined
  expect(collector.asked.length).toBe(before)
})

test("a mistake in OpenTelemetry's variables refuses the start, and says what to do", async () => {
  await expect(begin({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" })).rejects.toThrow(
    "OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address",
  )
})
