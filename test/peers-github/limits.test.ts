import { beforeEach, describe, expect, test } from "vitest"
import { PeerUnavailable } from "../../src/peers/errors.ts"
import { createConditional } from "../../src/peers/github-conditional.ts"
import { createRateLimits, type RateLimits, type Urgency, type Waiting } from "../../src/peers/github-limits.ts"

const T0 = Date.parse("2026-03-02T10:00:00Z")
let now: number
let told: Waiting[]
let limits: RateLimits
beforeEach(() => {
  now = T0
  told = []
  limits = createRateLimits({ now: () => new Date(now) }, (waiting) => told.push(waiting))
})

const heard = (remaining: number, resetInSeconds = 1_800, installation = "7", resource = "core") =>
  limits.heard(
    { installation, resource, limit: 5_000, remaining, resetAt: new Date(now + resetInSeconds * 1_000) },
    new Date(now),
  )
/** Seconds to wait, or "yes". */
const admitted = (urgency: Urgency, installation = "7"): number | undefined | "yes" => {
  try {
    limits.admit(installation, urgency)
    return "yes"
  } catch (error) {
    if (error instanceof PeerUnavailable) return error.afterSeconds
    throw error
  }
}

describe("what is left of an hour's limit", () => {
  test.each<[number, number | "yes", number | "yes", boolean]>([
    [5_000, "yes", "yes", true],
    [1_251, "yes", "yes", true],
    [1_250, "yes", "yes", false],
    [251, "yes", "yes", false],
    [250, "yes", 1_800, false],
    [1, "yes", 1_800, false],
    [0, 1_800, 1_800, false],
  ])(
    "%i requests: people %s, background %s, and what nobody waits for begins: %s",
    (left, people, background, spares) => {
      heard(left)
      expect([admitted("people"), admitted("background"), limits.spares("7")]).toEqual([people, background, spares])
    },
  )

  test("nothing was heard: everything goes, and another installation's limit is not ours", () => {
    heard(0, 1_800, "8")
    expect([admitted("people"), admitted("background"), limits.spares("7")]).toEqual(["yes", "yes", true])
    expect(admitted("people", "8")).toBe(1_800)
  })

  test("it is whole again when GitHub said so", () => {
    heard(0)
    now += 1_799_000
    expect(admitted("people")).toBe(1)
    now += 1_000
    expect([admitted("people"), limits.spares("7")]).toEqual(["yes", true])
  })

  test("answers overtake each other: of one hour the least counts, and the next hour begins anew", () => {
    heard(200)
    heard(300)
    expect(admitted("background")).toBe(1_800)
    now += 1_800_000
    heard(4_999)
    expect(admitted("background")).toBe("yes")
  })

  test("GitHub's clock counts, not ours", () => {
    const theirs = now + 600_000
    limits.heard(
      { installation: "7", resource: "core", limit: 5_000, remaining: 0, resetAt: new Date(theirs + 60_000) },
      new Date(theirs),
    )
    expect(admitted("people")).toBe(60)
  })

  test("the limit of searches closes nothing else", () => {
    heard(0, 60, "7", "search")
    expect(admitted("people")).toBe("yes")
  })
})

test("after a secondary limit nobody asks until GitHub's time is over; it is told once, and until when", () => {
  limits.refused("7", 60)
  for (let i = 0; i < 5; i++) expect(admitted("people")).toBe(60)
  expect(told).toEqual([{ installation: "7", until: new Date(T0 + 60_000), for: "everybody" }])
  now += 60_000
  expect(admitted("people")).toBe("yes")
})

test("what is kept for people is told once as well, and the refusal says until when", () => {
  heard(100)
  expect(() => limits.admit("7", "background")).toThrow(/kept for people.*installation 7 until 2026-03-02T10:30:00Z/)
  expect(() => limits.admit("7", "background")).toThrow()
  expect(told).toEqual([{ installation: "7", until: new Date(T0 + 1_800_000), for: "background" }])
})

describe("conditional requests", () => {
  type Sent = { url: string; etag: string | undefined }
  const server = (bodies: Record<string, string>) => {
    const sent: Sent[] = []
    const send = async (input: string | URL | Request, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      const url = String(input)
      const body = bodies[url] ?? "{}"
      const etag = `"${headers.get("authorization")} ${body.length} ${body.slice(0, 20)}"`
      const isSame = headers.get("if-none-match") === etag
      sent.push({ url, etag: headers.get("if-none-match") ?? undefined })
      const said = {
        etag,
        "content-type": "application/json",
        link: "<x>; rel=next",
        "x-ratelimit-remaining": isSame ? "1" : "2",
      }
      return new Response(isSame ? null : body, { status: isSame ? 304 : 200, headers: said })
    }
    return { sent, send }
  }
  const as = (token: string) => ({ headers: { authorization: token } })

  test("the second answer is the first one, with its pages, and with what is left of the limit now", async () => {
    const { sent, send } = server({ a: '{"a":1}' })
    const ask = createConditional()(send, "7")
    await ask("a", as("t"))
    const again = await ask("a", as("t"))
    expect([again.status, await again.json(), again.headers.get("link")]).toEqual([200, { a: 1 }, "<x>; rel=next"])
    expect(again.headers.get("x-ratelimit-remaining")).toBe("1")
    expect(sent.map(({ etag }) => etag !== undefined)).toEqual([false, true])
  })

  test("a changed answer is the new one; another token, and another installation, ask anew", async () => {
    const bodies = { a: '{"a":1}' }
    const { sent, send } = server(bodies)
    const conditional = createConditional()
    const ask = conditional(send, "7")
    await ask("a", as("t"))
    bodies.a = '{"a":22}'
    expect(await (await ask("a", as("t"))).json()).toEqual({ a: 22 })
    expect((await ask("a", as("u"))).headers.get("x-ratelimit-remaining")).toBe("2")
    await conditional(send, "8")("a", as("t"))
    expect(sent.at(-1)?.etag).toBeUndefined()
  })

  test("an error is passed on, and forgets what was known", async () => {
    const { sent, send } = server({ a: '{"a":1}' })
    let isDown = false
    const ask = createConditional()(
      async (input, init) => (isDown ? new Response("no", { status: 404 }) : send(input, init)),
      "7",
    )
    await ask("a", as("t"))
    isDown = true
    expect((await ask("a", as("t"))).status).toBe(404)
    isDown = false
    await ask("a", as("t"))
    expect(sent.map(({ etag }) => etag)).toEqual([undefined, undefined])
  })

  test("it holds a few megabytes: what was longest not asked for goes, and a long answer is not kept", async () => {
    const noise = (n: number, length: number) => {
      let x = n + 1
      return JSON.stringify(Array.from({ length }, () => (x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0)))
    }
    const names = Array.from({ length: 60 }, (_, i) => String(i))
    const { sent, send } = server({
      ...Object.fromEntries(names.map((n, i) => [n, noise(i, 15_000)])),
      long: noise(1, 40_000),
    })
    const ask = createConditional()(send, "7")
    for (const name of [...names, "long"]) await ask(name, as("t"))
    for (const name of ["59", "0", "long"]) await ask(name, as("t"))
    expect(sent.slice(-3).map(({ etag }) => etag !== undefined)).toEqual([true, false, false])
  })
})
