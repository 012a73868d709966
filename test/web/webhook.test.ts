import { createHmac } from "node:crypto"
import { once } from "node:events"
import { request } from "node:http"
import { connect } from "node:net"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { example, REPO, without } from "../signals/payloads.ts"
import { openDoor, SECRET, type Sent } from "./door.ts"

/** A condition is waited for as long as a busy machine may need; it usually holds at once. */
const SOON = { timeout: 10_000 }

let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())
beforeEach(() => {
  door.deliveries.length = 0
  door.counted.length = 0
  door.lines.length = 0
})

const MB = 1024 * 1024
const push = example("push", undefined, { ref: "refs/heads/master" })

test("a webhook is given to the engine whole, and answered 202", async () => {
  expect(await door.send({ id: "d-1", event: "push", payload: push })).toMatchObject({
    status: 202,
    body: { result: "stored" },
  })
  expect(door.deliveries).toMatchObject([{ id: "d-1", repo: REPO, signals: [{ kind: "moved", branch: "master" }] }])
  expect(door.counted).toEqual(["push stored"])
})

test("a redelivery is a duplicate", async () => {
  await door.send({ id: "d-1", payload: push })
  expect(await door.send({ id: "d-1", payload: push })).toMatchObject({ status: 202, body: { result: "duplicate" } })
  expect(door.deliveries).toHaveLength(1)
})

test("a payload of just under 25 MB with every script in it is taken", async () => {
  const person = { name: "Lea", email: "lea@example.com" }
  const commit = { id: push.after, timestamp: "2026-11-21T09:00:00Z", author: person, committer: person }
  const commits = [{ ...commit, message: "fix: ✓ 修正 🚢 עברית ".repeat(700_000) }]
  const payload = { ...push, commits }
  expect(Buffer.byteLength(JSON.stringify(payload))).toBeGreaterThan(20 * MB)
  expect(await door.send({ payload })).toMatchObject({ status: 202, body: { result: "stored" } })
})

describe("what is turned away, and stores nothing", () => {
  const text = JSON.stringify(push)
  const signed = (bytes: string) => `sha256=${createHmac("sha256", SECRET).update(bytes).digest("hex")}`

  test.each<[string, Sent, number, RegExp]>([
    [
      "unsigned",
      { payload: push, headers: { "x-hub-signature-256": undefined } },
      400,
      /^Missing: x-hub-signature-256\./,
    ],
    [
      "without event and id",
      { payload: push, headers: { "x-github-event": undefined, "x-github-delivery": undefined } },
      400,
      /^Missing: x-github-event, x-github-delivery\./,
    ],
    ["signed with another secret", { payload: push, secret: "development" }, 401, /webhook secret and WEBHOOK_SECRET/],
    [
      "signed for other bytes",
      { body: `${text} `, headers: { "x-hub-signature-256": signed(text) } },
      401,
      /signature/,
    ],
    [
      "signed with SHA-1",
      { payload: push, headers: { "x-hub-signature-256": "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6" } },
      401,
      /signature/,
    ],
    ["with a signature in no known form", { payload: push, headers: { "x-hub-signature-256": "x" } }, 401, /signature/],
    [
      "a form",
      { payload: push, headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      /choose application\/json/,
    ],
    ["JSON's cousin", { payload: push, headers: { "content-type": "application/jsonp" } }, 415, /application\/jsonp/],
    ["not JSON, unsigned by us", { body: "{", secret: "x" }, 401, /signature/],
    ["not JSON", { body: "payload=%7B%7D" }, 400, /not JSON: .*token/],
    ["broken JSON", { body: '{"ref": ' }, 400, /not JSON: /],
    ["an empty body", { body: "" }, 400, /not JSON/],
    ["JSON that is no object", { payload: [push] }, 400, /no object/],
    ["JSON null", { payload: null }, 400, /no object/],
    ["read, not sent", { payload: push, method: "GET" }, 405, /POST/],
    [
      "without what its event promises",
      { payload: without(push, "after") },
      422,
      /payload of push has no usable after/,
    ],
    [
      "a check run without its commit",
      { event: "check_run", payload: without(example("check_run", "completed"), "check_run.head_sha") },
      422,
      /check_run\.head_sha/,
    ],
  ])("%s", async (_, sent, status, error) => {
    const answer = await door.send(sent)
    expect(answer).toMatchObject({ status, body: { error: expect.stringMatching(error) } })
    expect(door.deliveries).toEqual([])
    expect(door.counted).toEqual([expect.stringMatching(/ refused$/)])
    expect(JSON.stringify(door.lines)).not.toContain(SECRET)
  })

  test("bytes that are no UTF-8 are judged as they came", async () => {
    const body = Buffer.concat([Buffer.from('{"zen":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
    expect(await door.send({ event: "ping", body: new Uint8Array(body) })).toMatchObject({
      status: 202,
      body: { result: "ignored" },
    })
  })

  test.each(["ping", "star", "check_suite", "constructor"])("the event %s concerns nobody", async (event) => {
    const payload =
      event === "check_suite" ? example("check_suite", "requested") : { zen: "Keep it logically awesome." }
    expect(await door.send({ event, payload })).toMatchObject({ status: 202, body: { result: "ignored" } })
    expect(door.deliveries).toEqual([])
    expect(door.counted).toEqual([`${event} ignored`])
  })

  test("a malformed payload is named in the log, and not shown", async () => {
    await door.send({ id: "d-9", payload: without({ ...push, ref: "refs/heads/very-secret-plan" }, "after") })
    expect(door.lines.filter(({ level }) => level >= 40)).toMatchObject([
      { level: 40, delivery: "d-9", event: "push", field: "after" },
    ])
    expect(JSON.stringify(door.lines)).not.toContain("very-secret-plan")
  })
})

describe("while the secret is changed", () => {
  let both: typeof door
  beforeAll(async () => {
    both = await openDoor({ secrets: ["the new one", "the old one"] })
  })
  afterAll(() => both.close())

  test.each<[string, string, number, number]>([
    ["the new secret", "the new one", 202, 0],
    ["the old secret", "the old one", 202, 1],
    ["another", "the one before that", 401, 0],
    ["both at once", "the new onethe old one", 401, 0],
    ["none", "", 401, 0],
  ])("signed with %s", async (_, secret, status, before) => {
    const known = both.signedAsBefore()
    expect(await both.send({ payload: push, secret })).toMatchObject({ status })
    expect(both.signedAsBefore() - known).toBe(before)
  })

  test("once it is done, the old one counts no more", async () => {
    const done = await openDoor({ secrets: ["the new one"] })
    expect(await done.send({ payload: push, secret: "the old one" })).toMatchObject({ status: 401 })
    expect(await done.send({ payload: push, secret: "the new one" })).toMatchObject({ status: 202 })
    await done.close()
  })
})

describe("a webhook of another App, signed with the same secret", () => {
  const of = (id: string, type = "integration") => ({
    "x-github-hook-installation-target-id": id,
    "x-github-hook-installation-target-type": type,
  })

  test("is refused, and stores nothing", async () => {
    const answer = await door.send({ payload: push, headers: of("4711") })
    expect(answer).toMatchObject({ status: 403, body: { error: expect.stringContaining("of App 4711") } })
    expect(door.deliveries).toEqual([])
    expect(door.counted).toEqual(["unverified refused"])
  })

  test("our own is taken, and who is no App has no App's id", async () => {
    expect(await door.send({ payload: push, headers: of("29310") })).toMatchObject({ status: 202 })
    expect(await door.send({ payload: push, headers: of("29310 ") })).toMatchObject({ status: 202 })
    expect(await door.send({ payload: push, headers: of("186853002", "repository") })).toMatchObject({ status: 202 })
  })

  test("an id that is long is not shown whole", async () => {
    const answer = await door.send({ payload: push, headers: of("9".repeat(5_000)) })
    expect(answer.status).toBe(403)
    expect(answer.body.error?.length).toBeLessThan(200)
  })
})

describe("size and slowness", () => {
  const post = (headers: Record<string, string>) => {
    const sent = request(`${door.url}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "d",
        "x-hub-signature-256": "sha256=00",
        ...headers,
      },
    })
    sent.on("error", () => undefined)
    return sent
  }

  test("a body that says that it is too large is refused before it is read", async () => {
    const sent = post({ "content-length": String(60 * MB) })
    sent.flushHeaders()
    const [answer] = await once(sent, "response")
    expect(answer.statusCode).toBe(413)
    sent.destroy()
  })

  test("a body that does not say how large it is, is refused at 25 MB", async () => {
    const sent = post({ "transfer-encoding": "chunked" })
    const chunk = Buffer.alloc(MB, 32)
    for (let i = 0; i < 26; i++) if (!sent.write(chunk)) await once(sent, "drain")
    const [answer] = await once(sent, "response")
    expect(answer.statusCode).toBe(413)
    sent.destroy()
  })

  test("large bodies that do not end leave no room for more, and free it when they go", async () => {
    const chunk = Buffer.alloc(MB, 32)
    const senders = Array.from({ length: 5 }, () => post({ "transfer-encoding": "chunked" }))
    const answers = senders.map(async (sent) => (await once(sent, "response"))[0].statusCode)
    await Promise.race([
      ...answers,
      Promise.all(
        senders.map(async (sent) => {
          for (let i = 0; i < 24; i++) if (!sent.write(chunk)) await once(sent, "drain")
        }),
      ).then(() => new Promise(() => undefined)),
    ])
    expect(await Promise.race(answers)).toBe(503)
    for (const sent of senders) sent.destroy()
    await expect.poll(() => door.counted.length, SOON).toBe(senders.length)
    await expect.poll(async () => (await door.send({ payload: push })).status, SOON).toBe(202)
  })

  test("a sender that goes away in the middle is nobody's error", async () => {
    const { hostname, port } = new URL(door.url)
    const socket = connect(Number(port), hostname)
    const head = [
      "content-type: application/json",
      "x-github-event: push",
      "x-github-delivery: d",
      "x-hub-signature-256: s",
    ]
    const start = ["POST /api/github/webhooks HTTP/1.1", "host: x", ...head, "content-length: 100", "", '{"a":'].join(
      "\r\n",
    )
    socket.write(start, () => socket.destroy())
    await expect.poll(() => door.counted, SOON).toEqual(["unverified refused"])
    expect(door.lines.filter(({ level }) => level >= 40)).toEqual([])
    expect((await door.send({ payload: push })).status).toBe(202)
  })
})

describe("what GitHub is told when it cannot be kept", () => {
  test("503 while the database is away, and 202 when it is back", async () => {
    let up = false
    const broken = await openDoor({
      engine: {
        ingest: async () => {
          if (!up) throw new Error("connect ECONNREFUSED /var/run/postgres")
          return "stored"
        },
      },
    })
    try {
      const down = await broken.send({ id: "d-1", payload: push })
      expect(down).toMatchObject({ status: 503, body: { error: expect.stringContaining("Deliver it again later") } })
      expect(down.headers.get("retry-after")).toBe("60")
      expect(down.body.error).not.toContain("postgres")
      expect(broken.lines.filter(({ level }) => level === 50)).toMatchObject([{ delivery: "d-1", event: "push" }])
      expect(broken.counted).toEqual(["push failed"])
      up = true
      expect(await broken.send({ id: "d-1", payload: push })).toMatchObject({ status: 202, body: { result: "stored" } })
    } finally {
      await broken.close()
    }
  })

  test("503 before GitHub gives up, while the database takes its time", async () => {
    const slow = await openDoor({ engine: { ingest: () => new Promise(() => undefined) }, withinMs: 50 })
    try {
      const late = await slow.send({ id: "d-1", payload: push })
      expect(late).toMatchObject({ status: 503, body: { error: expect.stringContaining("within 0.05 s") } })
      expect(slow.counted).toEqual(["push failed"])
    } finally {
      await slow.close()
    }
  })

  test("503 while nobody knows whether the account is served", async () => {
    const unsure = await openDoor({ serves: () => undefined })
    try {
      expect(await unsure.send({ payload: push })).toMatchObject({
        status: 503,
        body: { error: expect.stringContaining("who owns the App") },
      })
      expect(unsure.deliveries).toEqual([])
    } finally {
      await unsure.close()
    }
  })
})
