import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { CannotListen, startWebServer } from "../../src/web/server.ts"
import { openDoor } from "./door.ts"

let door: Awaited<ReturnType<typeof openDoor>>
let problem: (() => Promise<void>) | undefined
beforeAll(async () => {
  door = await openDoor({ ready: async () => await problem?.() })
})
afterAll(() => door.close())

const get = async (path: string, method = "GET") => {
  const answer = await fetch(`${door.url}${path}`, { method })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

test.each<[string, string, number, RegExp]>([
  ["GET", "/healthz", 200, /^ok\n$/],
  ["GET", "/readyz", 200, /^ready\n$/],
  ["GET", "/metrics", 200, /^slipway_runs_total 1\n$/],
  ["GET", "/", 200, /<h1>Slipway 9\.9\.9<\/h1>/],
  ["HEAD", "/healthz", 200, /^$/],
  ["GET", "/healthz?probe=1", 200, /^ok\n$/],
  ["GET", "/probot", 404, /^There is nothing here/],
  ["POST", "/probot/import", 404, /^There is nothing here/],
  ["GET", "//evil.example/healthz", 404, /^There is nothing here/],
  ["POST", "/healthz", 405, /^Only GET/],
  ["DELETE", "/", 405, /^Only GET/],
])("%s %s", async (method, path, status, text) => {
  const answer = await get(path, method)
  expect(answer.status).toBe(status)
  expect(answer.text).toMatch(text)
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
  expect(answer.headers.get("x-frame-options")).toBe("DENY")
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'")
  expect(answer.headers.get("cache-control")).toBe("no-store")
  if (status === 405) expect(answer.headers.get("allow")).toBe("GET, HEAD")
})

describe("not ready", () => {
  test("the reason is for the log, since it names hosts and users", async () => {
    problem = async () => {
      throw new Error("password authentication failed for user slipway")
    }
    const answer = await get("/readyz")
    problem = undefined
    expect(answer.status).toBe(503)
    expect(answer.text).toMatch(/^not ready: the database/)
    expect(answer.text).not.toContain("password")
  })

  test("a database that hangs is not ready either", async () => {
    problem = () => new Promise(() => undefined)
    const answer = await get("/readyz")
    problem = undefined
    expect(answer).toMatchObject({ status: 503, text: "not ready: the database gave no answer within 50 ms\n" })
  })
})

test("a port that is taken says what to do", async () => {
  const webhook = async () => undefined
  const pages = { fetch: () => new Response() }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const port = Number(new URL(door.url).port)
  const second = startWebServer({ host: "127.0.0.1", port, webhook, pages, log })
  await expect(second).rejects.toThrow(CannotListen)
  await expect(second).rejects.toThrow(/the port is taken\. Set PORT to another one/)
})
