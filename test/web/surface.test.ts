import { readFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { feedPath } from "../../src/web/calendar-feed.ts"
import { createPages } from "../../src/web/pages.ts"
import { REPORT_PATHS } from "../../src/web/report-route.ts"
import { WEBHOOK_PATH } from "../../src/web/webhook.ts"
import { example } from "../signals/payloads.ts"
import { tableOf } from "../tables.ts"
import { openDoor, SECRET } from "./door.ts"

/** All that can be asked of Slipway over HTTP, by whom, how much, and for how long. */
let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  door = await openDoor({ calendar: async () => "BEGIN:VCALENDAR" })
})
afterAll(() => door.close())

const pages = createPages({
  version: "1",
  ready: async () => undefined,
  calendar: { read: async () => undefined },
  metrics: { contentType: "text/plain", metrics: async () => "" },
})
const DOORS = [WEBHOOK_PATH, ...REPORT_PATHS]
const READ = pages.routes.filter(({ method }) => method === "GET").map(({ path }) => path)

describe("every route", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/operating.md"), "utf8")
  const listed = tableOf(page, "route", "who may call it").map(([route = "", , , beside = ""]) => ({
    route: route.replaceAll("`", ""),
    beside,
  }))

  test("stands in docs/operating.md with who may call it, and nothing else does", () => {
    const real = [...DOORS.map((path) => `POST ${path}`), ...READ.map((path) => `GET ${path}`)]
    expect(listed.map(({ route }) => route).toSorted()).toEqual(real.toSorted())
    expect(real.length).toBeGreaterThanOrEqual(9)
  })

  test.each(["all", "open"] as const)("where pages show %s, answers where the table says", async (show) => {
    const other = await openDoor({ show, calendar: async () => "BEGIN:VCALENDAR" })
    const feed = feedPath(SECRET, "acme")
    for (const { route, beside } of listed.filter(({ route }) => route.startsWith("GET "))) {
      const path = route.replace("GET ", "").replace("/calendar/:owner/:file", feed)
      const { status } = await fetch(other.url + path)
      expect({ route, status }).toEqual({ route, status: show === "all" || beside === "webhooks" ? 200 : 404 })
    }
    await other.close()
  })
})

const PUSH = example("push", undefined, { ref: "refs/heads/master" })
const ANSWERED_BY_ALL = ["x-content-type-options", "cache-control", "content-security-policy", "referrer-policy"]

describe("no POST does anything without authentication", () => {
  test.each([
    ["nothing that shows who it is", {}],
    ["a token of nobody", { authorization: "Bearer guessed" }],
    ["a password", { authorization: "Basic YWRtaW46YWRtaW4=" }],
    ["a signature of nothing", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }],
    ["a cookie", { cookie: "session=1" }],
  ])("with %s", async (_, headers) => {
    for (const path of DOORS) {
      const answer = await fetch(door.url + path, {
        method: "POST",
        body: JSON.stringify(PUSH),
        headers: { "content-type": "application/json", "x-github-event": "push", "x-github-delivery": "d", ...headers },
      })
      expect([400, 401]).toContain(answer.status)
      for (const name of ANSWERED_BY_ALL) expect(answer.headers.get(name), `${path} ${name}`).not.toBeNull()
    }
    expect(door.deliveries).toEqual([])
  })

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "%s is for no page, and for no door but by POST",
    async (method) => {
      for (const path of [...READ, ...(method === "POST" ? [] : DOORS)]) {
        const answer = await fetch(door.url + path.replaceAll(/:\w+/g, "x"), { method })
        expect({ path, status: answer.status }).toEqual({ path, status: 405 })
        expect(answer.headers.get("allow")).toMatch(/^(?:GET, HEAD|POST)$/)
      }
    },
  )
})

/*
 * Probot by itself opens a page that makes an App, and takes its credentials from whoever comes first. Slipway never mounts
 * it: an App is created on GitHub, by who is signed in there, and its credentials come by the environment alone.
 */
describe("nobody creates, imports or takes over the App", () => {
  test.each([
    "/probot",
    "/probot/setup",
    "/probot/import",
    "/probot/success",
    "/probot/stats",
    "/setup",
    "/api/github/setup",
    "/api/github/callback",
    "/api/github/webhooks/",
    "/api/github/webhooks/..%2f..%2fprobot%2fsetup",
    "/.env",
  ])("at %s there is nothing, whatever the method", async (path) => {
    for (const method of ["GET", "POST", "PUT"]) {
      const answer = await fetch(`${door.url}${path}?code=1&state=1`, { method, redirect: "manual" })
      expect(answer.status, method).toBe(404)
    }
    expect(door.deliveries).toEqual([])
  })
})

/** Speaks HTTP by hand; resolves with all that came by the time that the other side closed. */
async function speak(url: string, begin: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let said = ""
  socket.setEncoding("utf8").on("data", (text: string) => {
    said += text
  })
  socket.on("error", () => undefined)
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(said)))
  begin(socket)
  return await closed
}

describe("who takes more than a request needs", () => {
  const HEAD = `POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\nx-github-delivery: d\r\nx-hub-signature-256: s\r\n`
  let strict: typeof door
  beforeAll(async () => {
    const limits = { headersMs: 100, requestMs: 200, checkMs: 20, keepAliveMs: 100, headerBytes: 4_096, connections: 4 }
    strict = await openDoor({ limits })
  })
  afterAll(() => strict.close())

  test.each<[string, (socket: Socket) => void, RegExp]>([
    [
      "headers without an end are cut off",
      (socket) => socket.write("GET /healthz HTTP/1.1\r\nx: "),
      /^HTTP\/1\.1 408 /,
    ],
    ["nothing at all is cut off", () => undefined, /^HTTP\/1\.1 408 /],
    [
      "a body without an end is cut off",
      (socket) => socket.write(`${HEAD}content-length: 9\r\n\r\n{`),
      /^(?:HTTP\/1\.1 408 |$)/,
    ],
    [
      "headers of many bytes",
      (socket) => socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(5_000)}\r\n\r\n`),
      /^HTTP\/1\.1 431 /,
    ],
    [
      "an address of many bytes",
      (socket) => socket.write(`GET /${"a".repeat(5_000)} HTTP/1.1\r\nhost: x\r\n\r\n`),
      /^HTTP\/1\.1 431 /,
    ],
    [
      "two lengths, which a proxy may read in another way",
      (socket) => socket.write(`${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`),
      /^HTTP\/1\.1 400 /,
    ],
    [
      "a length beside chunks",
      (socket) => socket.write(`${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
    ],
    ["no HTTP", (socket) => socket.write("\x16\x03\x01\x02\x00\x01\x00"), /^HTTP\/1\.1 400 /],
    [
      "a request behind which nothing comes",
      (socket) => socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"),
      /^HTTP\/1\.1 200 /,
    ],
  ])("%s", async (_, begin, answer) => {
    expect(await speak(strict.url, begin)).toMatch(answer)
    expect((await fetch(`${strict.url}/healthz`, { headers: { connection: "close" } })).status).toBe(200)
    expect(strict.deliveries).toEqual([])
  })

  test("connections beyond those that are held are closed, and others go on when they are gone", async () => {
    const { hostname, port } = new URL(strict.url)
    const kept = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect(Number(port), hostname)
        socket.on("error", () => undefined)
        await new Promise((resolve) => socket.once("connect", resolve))
        return socket
      }),
    )
    expect(await speak(strict.url, (socket) => socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"))).toBe("")
    for (const socket of kept) socket.destroy()
    const again = () => speak(strict.url, (socket) => socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"))
    await expect.poll(again, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 200 /)
  })

  test("a connection on which nothing moves is closed", async () => {
    const idle = await openDoor({ limits: { idleMs: 100 } })
    await speak(idle.url, (socket) => socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n"))
    await idle.close()
  })
})

describe("large bodies", () => {
  test("who holds them open shuts out no webhook of usual size", async () => {
    const { hostname, port } = new URL(door.url)
    const half = Buffer.alloc(24 * 1024 * 1024, 32)
    const senders = Array.from({ length: 4 }, () => connect(Number(port), hostname))
    for (const sender of senders) {
      sender.on("error", () => undefined)
      sender.write(
        `POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\nx-github-delivery: d\r\nx-hub-signature-256: s\r\ncontent-length: ${25 * 1024 * 1024}\r\n\r\n`,
      )
      await new Promise((resolve) => sender.write(half, resolve))
    }
    const large = { ...PUSH, zen: "x".repeat(8 * 1024 * 1024) }
    expect(await door.send({ id: "usual", payload: large })).toMatchObject({ status: 202 })
    for (const sender of senders) sender.destroy()
  })
})
