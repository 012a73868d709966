import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type Running, start } from "../../src/main.ts"
import { createLog } from "../../src/telemetry/log.ts"
import { planted } from "../secrets/planted.ts"
import { example } from "../signals/payloads.ts"
import { send } from "../web/door.ts"
import { dataFolder, startProcess } from "./process.ts"

/** A condition is waited for as long as a busy machine may need; it usually holds at once. */
const SOON = { timeout: 30_000 }

const SECRET = planted("webhook")
const REPO = "acme/shop"
const data = dataFolder()
let github: GitHubPeer
let running: Running | undefined
let lines: { level: number; msg: string }[] = []

beforeAll(async () => {
  github = await startGitHub({ webhookSecret: SECRET })
  await github.createRepository({ owner: "acme", name: "shop" })
  github.createUser("acme-dev")
  github.addCollaborator(REPO, "acme-dev", "write")
  github.installApp("acme")
})
afterAll(async () => {
  await github.close()
  data.remove()
})
beforeEach(() => {
  lines = []
  github.resetRequests()
})
afterEach(async () => {
  github.intercept(undefined)
  await running?.stop()
  running = undefined
})

const env = () => ({
  APP_ID: github.app.id,
  PRIVATE_KEY: github.app.privateKeyPem,
  WEBHOOK_SECRET: SECRET,
  GITHUB_API_URL: github.url,
  SLIPWAY_DATA_DIR: data.path,
  PORT: "0",
  HOST: "127.0.0.1",
})

async function begin(more: { readonly [name: string]: string } = {}): Promise<Running> {
  const log = createLog({ destination: { write: (line: string) => void lines.push(JSON.parse(line)) } })
  running = await start({ ...env(), ...more }, { log })
  return running
}

const paths = () => github.requests.map(({ method, path }) => `${method} ${path}`)
const readiness = () => github.latestCheck(REPO, "Slipway / readiness")
const webhooks = (url: string) => `${url}/api/github/webhooks`

describe("a start", () => {
  test("looks at repositories that it knows nothing of, once", async () => {
    await begin()
    await expect.poll(readiness, SOON).toMatchObject({ conclusion: "neutral" })
    await running?.engine.idle()
  })

  test("and again costs no request for any repository", async () => {
    const { engine } = await begin()
    await expect.poll(paths, SOON).toContain("GET /installation/repositories?per_page=100")
    await expect.poll(paths, SOON).toContain("GET /app/hook/deliveries?per_page=100")
    await engine.idle()
    expect(paths().filter((path) => path.includes("/repos/"))).toEqual([])
    expect(paths()).toHaveLength(5)
    expect(github.requests.map(({ userAgent }) => userAgent)).toSatisfy((all: string[]) =>
      all.every((name) => /^slipway\/\d/.test(name)),
    )
  })

  test("shows pages and metrics on a listener of their own when asked, and nowhere else", async () => {
    const { url } = await begin({ SLIPWAY_PAGES_PORT: "0", SLIPWAY_PAGES_HOST: "127.0.0.2" })
    const { pages } = lines.find((line): line is (typeof lines)[number] & { pages: string } => "pages" in line) ?? {
      pages: "",
    }
    expect(pages).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/)
    const status = async (at: string, path: string, method = "GET") => (await fetch(at + path, { method })).status
    for (const path of ["/metrics", "/readyz", "/"])
      expect([await status(url, path), await status(pages, path)], path).toEqual([404, 200])
    for (const path of ["/api/github/webhooks", "/api/deployed", "/api/drill"])
      expect([await status(url, path, "POST"), await status(pages, path, "POST")], path).toEqual([
        path.endsWith("webhooks") ? 415 : 401,
        404,
      ])
    expect([await status(url, "/healthz"), await status(pages, "/healthz")]).toEqual([200, 200])
    await running?.stop()
    running = undefined
    await expect(fetch(pages)).rejects.toThrow()
  })

  test("while the webhook secret is changed takes both", async () => {
    const { url } = await begin({ WEBHOOK_SECRET: "the-new-secret", WEBHOOK_SECRET_BEFORE: SECRET })
    const payload = example("push", undefined, {
      ref: "refs/heads/main",
      repository: { id: 1, owner: { login: "acme" } },
    })
    const signed = async (secret: string) => (await send(webhooks(url), { payload, secret })).status
    expect([await signed(SECRET), await signed("the-new-secret"), await signed("another")]).toEqual([202, 202, 401])
    expect(lines.filter(({ msg }) => msg.includes("WEBHOOK_SECRET_BEFORE"))).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain(SECRET)
  })

  test("does not wait for GitHub: it warns, turns webhooks away with 503, and asks again", async () => {
    let down = true
    github.intercept(() => (down ? { status: 502, body: { message: "Bad Gateway" } } : undefined))
    const { url } = await begin()
    expect(lines.filter(({ level }) => level === 40)[0]?.msg).toMatch(/GitHub cannot be asked about the App now/)
    expect(await (await fetch(`${url}/readyz`)).text()).toBe("ready\n")
    const payload = example("push", undefined, {
      ref: "refs/heads/main",
      repository: { id: 1, owner: { login: "acme" } },
    })
    expect(await send(webhooks(url), { payload, secret: SECRET })).toMatchObject({ status: 503 })
    down = false
    await expect.poll(async () => (await send(webhooks(url), { payload, secret: SECRET })).status, SOON).toBe(202)
  })

  test("with ALLOWED_ACCOUNTS serves who is named at once, GitHub or no GitHub", async () => {
    github.intercept(() => ({ status: 502, body: { message: "Bad Gateway" } }))
    const { url } = await begin({ ALLOWED_ACCOUNTS: "Other, ACME" })
    const payload = example("issues", "edited", {
      action: "closed",
      repository: { id: 1, name: "shop", owner: { login: "acme" } },
    })
    expect(await send(webhooks(url), { event: "issues", payload, secret: SECRET })).toMatchObject({
      status: 202,
      body: { result: "stored" },
    })
  })
})

test("the public face: health, readiness, metrics of what came", async () => {
  const { url } = await begin()
  expect(await send(webhooks(url), { event: "ping", payload: { zen: "." }, secret: SECRET })).toMatchObject({
    status: 202,
  })
  expect(await send(webhooks(url), { event: "ping", payload: { zen: "." }, secret: "wrong" })).toMatchObject({
    status: 401,
  })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('slipway_webhooks_total{event="ping",result="ignored"} 1')
  expect(metrics).toContain('slipway_webhooks_total{event="unverified",result="refused"} 1')
  expect(metrics).toMatch(/^slipway_github_requests_total\{kind="app"\} [1-9]/m)
  expect(metrics).toMatch(/^slipway_dead_letters 0$/m)
})

test("a stop takes nothing more, and a webhook that was answered is worked on by the next start", async () => {
  const first = await begin()
  await first.engine.idle()
  github.setWebhookUrl(undefined)
  const [{ headSha }] = [readiness() ?? { headSha: "" }]
  await first.stop()
  await expect(fetch(first.url)).rejects.toThrow()
  const second = await begin()
  github.setWebhookUrl(webhooks(second.url))
  await github.pushCommit({
    repo: REPO,
    branch: "main",
    by: "acme-dev",
    message: "feat: a basket",
    files: { "a.ts": "1" },
  })
  await github.settled()
  await second.stop()
  running = undefined
  await begin()
  await expect.poll(() => readiness()?.headSha, SOON).not.toBe(headSha)
  expect(github.problems).toEqual([])
})

test("SIGTERM ends the process with 0, and its database with it", async () => {
  const child = startProcess(env())
  const url = await child.url
  expect(await (await fetch(`${url}/healthz`)).text()).toBe("ok\n")
  child.kill("SIGTERM")
  expect(await child.ended).toEqual({ code: 0, err: "" })
  const again = await begin()
  expect(await (await fetch(`${again.url}/readyz`)).text()).toBe("ready\n")
})
