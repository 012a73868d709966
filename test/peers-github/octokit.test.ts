import { generateKeyPairSync } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import pino from "pino"
import { Probot } from "probot"
import { afterEach, beforeEach, expect, test } from "vitest"
import { checkedBy } from "../../src/model/in-time.ts"
import { toPeerError } from "../../src/peers/errors.ts"
import { createGitHub } from "../../src/peers/github.ts"
import type { Budget } from "../../src/peers/github-budget.ts"
import { type RequestKind, slipwayOctokit } from "../../src/peers/github-octokit.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
})
const repo = (installation: string) => ({
  id: "1",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation,
})
const at = { owner: "acme", repo: "shop" }

let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let seen: { method: string; url: string; agent: string }[]
let kinds: RequestKind[]
let budgets: Budget[]

beforeEach(async () => {
  seen = []
  kinds = []
  budgets = []
  answer = (_, response) => json(response, 200, {})
  server = createServer((request, response) => {
    const { method = "", url = "", headers } = request
    seen.push({ method, url, agent: headers["user-agent"] ?? "" })
    if (url.endsWith("/access_tokens"))
      json(response, 201, { token: "ghs_x", expires_at: "2099-01-01T00:00:00Z", permissions: {} })
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
}

const github = (requestTimeoutMs = 5_000) =>
  createGitHub(
    new Probot({
      appId: 1,
      privateKey,
      secret: "secret",
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      Octokit: slipwayOctokit({
        version: "1.2.3",
        requestTimeoutMs,
        onRequest: (kind) => kinds.push(kind),
        onBudget: (budget) => budgets.push(budget),
      }),
      log: pino({ level: "silent" }),
    }),
  )

test("every request says who asks, and is counted once by its kind", async () => {
  const { for: client, app } = github()
  answer = (_, response) =>
    json(response, 200, { id: 1, slug: "slipway", owner: { login: "acme" }, permissions: {}, events: [] })
  expect(await app()).toMatchObject({ id: "1", slug: "slipway", owner: "acme" })
  await app()
  const octokit = await client(repo("7"))
  await octokit.rest.repos.get(at)
  await octokit.rest.issues.create({ ...at, title: "x" })
  expect(kinds).toEqual(["app", "token", "read", "write"])
  expect(seen.map((r) => r.method)).toEqual(["GET", "POST", "GET", "POST"])
  expect(seen.every((r) => r.agent.startsWith("slipway/1.2.3"))).toBe(true)
})

test("what an answer says of a rate limit is told, for who asked", async () => {
  const limit = { "x-ratelimit-limit": "5000", "x-ratelimit-reset": "1795000100" }
  answer = (_, response) => json(response, 200, {}, { ...limit, "x-ratelimit-remaining": "41" })
  const octokit = await github().for(repo("7"))
  await octokit.rest.repos.get(at)
  const odd = { "x-ratelimit-remaining": "many", "x-ratelimit-resource": "core" }
  answer = (_, response) => json(response, 200, {}, { ...limit, ...odd })
  await octokit.rest.repos.get(at)
  answer = (_, response) =>
    json(response, 403, {}, { ...limit, "x-ratelimit-remaining": "0", "x-ratelimit-resource": 'x"} 1' })
  await octokit.rest.repos.get(at).catch(() => undefined)
  const told = { installation: "7", resource: "core", limit: 5000, resetAt: new Date(1795000100_000) }
  expect(budgets).toEqual([
    { ...told, remaining: 41 },
    { ...told, remaining: 0 },
  ])
})

test.each([
  ["a broken GitHub", 500, {}, { is: "unreachable" }],
  ["the hour's limit", 403, { "x-ratelimit-remaining": "0" }, { is: "limited" }],
  ["the secondary limit", 429, { "retry-after": "1" }, { is: "limited", afterSeconds: 1 }],
])("%s ends the request at once: nothing is tried again inside", async (_, status, headers, expected) => {
  answer = (_request, response) => json(response, status, { message: "no" }, headers)
  const octokit = await github().for(repo("7"))
  for (const request of [octokit.rest.repos.get(at), octokit.rest.issues.create({ ...at, title: "x" })])
    await request.then(
      () => expect.unreachable(),
      (error: unknown) => expect(toPeerError(error)).toMatchObject(expected),
    )
  expect(kinds.filter((kind) => kind !== "token")).toEqual(["read", "write"])
})

test.each(["read", "token"])("a %s that is never answered ends as unreachable", async (kind) => {
  const { for: client } = github(150)
  answer = () => {}
  if (kind === "token") server.removeAllListeners("request")
  const octokit = await client(repo("7"))
  const error = await octokit.rest.repos.get(at).then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  )
  expect(toPeerError(error)).toMatchObject({ is: "unreachable" })
})

test("writes of one installation go one after another; reads and other installations do not wait", async () => {
  const held: (() => void)[] = []
  answer = ({ method }, response) => {
    if (method === "GET") json(response, 200, {})
    else held.push(() => json(response, 201, {}))
  }
  const { for: client } = github()
  const write = async (installation: string) =>
    (await client(repo(installation))).rest.issues.create({ ...at, title: "x" })
  const first = write("7")
  await expect.poll(() => held.length).toBe(1)
  const second = write("7")
  const other = write("8")
  await expect.poll(() => held.length).toBe(2)
  await (await client(repo("7"))).rest.repos.get(at)
  expect(held).toHaveLength(2)
  for (const release of held.splice(0)) release()
  await Promise.all([first, other])
  await expect.poll(() => held.length).toBe(1)
  held[0]?.()
  await second
})

test("a write whose turn does not come in time never leaves", async () => {
  answer = () => {}
  const octokit = await github(200).for(repo("7"))
  const writes = ["a", "b"].map((title) =>
    octokit.rest.issues.create({ ...at, title }).then(() => expect.unreachable(), toPeerError),
  )
  expect(await Promise.all(writes)).toMatchObject([{ is: "unreachable" }, { is: "unreachable" }])
  expect(kinds.filter((kind) => kind === "write")).toHaveLength(1)
})

test("a write that is late by the clock is not sent, though no timer has said so yet", async () => {
  const octokit = await github().for(repo("7"))
  let isLate = false
  const running = new AbortController()
  const signal = checkedBy(running.signal, () => isLate && running.abort(new Error("too late")))
  const post = async () =>
    await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: "x", request: { signal } })
  await post()
  const before = writes(seen)
  isLate = true
  await expect(post()).rejects.toThrow("too late")
  expect([before, writes(seen)]).toEqual([1, 1])
})

const writes = (requests: typeof seen): number => requests.filter(({ url }) => url.endsWith("/comments")).length
