import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { feedPath } from "../../src/web/calendar-feed.ts"
import { CannotListen, startWebServer } from "../../src/web/server.ts"
import { openDoor, SECRET } from "./door.ts"

let door: Awaited<ReturnType<typeof openDoor>>
let problem: (() => Promise<void>) | undefined
let calendar: (owner: string) => Promise<string | undefined> = async () => undefined
beforeAll(async () => {
  door = await openDoor({ ready: async () => await problem?.(), calendar: (owner) => calendar(owner) })
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

describe("the calendar of an account", () => {
  const path = feedPath(SECRET, "acme")

  test("is for who has its address, and made once a minute at most", async () => {
    let made = 0
    calendar = async (owner) => `BEGIN:VCALENDAR ${owner} ${++made}`
    const answer = await get(path)
    expect(answer).toMatchObject({ status: 200, text: "BEGIN:VCALENDAR acme 1" })
    expect(answer.headers.get("content-type")).toBe("text/calendar; charset=utf-8")
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
    expect(await get(path.replace("acme", "ACME"))).toMatchObject({ status: 200, text: "BEGIN:VCALENDAR acme 1" })
  })

  test.each([
    ["another account's", path.replace("acme", "other")],
    ["a letter less", path.replace(/.\.ics$/, ".ics")],
    ["another letter", path.replace(/(.)\.ics$/, (_, last) => `${last === "A" ? "B" : "A"}.ics`)],
    ["none", "/calendar/acme/.ics"],
    ["of another secret", feedPath("another secret", "acme")],
    ["no calendar", path.replace(".ics", ".txt")],
  ])("a token that is %s finds nothing, as if nothing were there", async (_, wrong) => {
    calendar = async () => {
      throw new Error("it must not be made")
    }
    expect(await get(wrong)).toMatchObject({ status: 404, text: expect.stringMatching(/^There is nothing here/) })
  })

  test("of an account that nothing is known of there is none; one that cannot be read is tried again", async () => {
    calendar = async () => undefined
    expect(await get(feedPath(SECRET, "nobody"))).toMatchObject({ status: 404 })
    calendar = async () => {
      throw new Error("the database is gone")
    }
    expect(await get(feedPath(SECRET, "broken"))).toMatchObject({ status: 503 })
    calendar = async () => "BEGIN:VCALENDAR"
    expect(await get(feedPath(SECRET, "broken"))).toMatchObject({ status: 200 })
    const token = path.split("/").at(-1) ?? ""
    expect(JSON.stringify(door.lines)).not.toContain(token)
  })
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
  const pages = { fetch: () => new Response() }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const port = Number(new URL(door.url).port)
  const second = startWebServer({ host: "127.0.0.1", port, doors: new Map(), pages, log })
  await expect(second).rejects.toThrow(CannotListen)
  await expect(second).rejects.toThrow(/the port is taken\. Set PORT to another one/)
})
