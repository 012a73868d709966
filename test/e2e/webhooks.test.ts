import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"
import { type Order, wholeFlow } from "./support/whole-flow.ts"

/** Webhooks as they come: forged, broken, twice, late, in any order. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterEach(() => {
  stage.github.resumeDeliveries()
  stage.github.filterDeliveries(undefined)
})
afterAll(() => stage.close())

const orderly: Order = (held) => held
const reversed: Order = (held) => held.toReversed()
/** Each twice, the second ones in the opposite order. */
const doubled: Order = (held) => [...held, ...held.toReversed()]
/** The same shuffle every time, some of them twice. */
const shuffled: Order = (held) => {
  const rank = (i: number): number => (Math.imul(i + 1, 2_654_435_761) >>> 0) % 1_000
  const twice = [...held, ...held.filter((_, i) => rank(i) % 3 === 0)]
  return twice
    .map((one, i) => ({ one, at: rank(i) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

describe("in any order, and more than once", () => {
  let expected: object
  beforeAll(async () => {
    expected = await wholeFlow(stage, "orderly", orderly)
  })

  test("the orderly flow is a whole one", () => {
    expect(expected).toMatchObject({
      tags: { "v0.1.0": "docs: three", "v0.2.0": "fix: five" },
      issues: [expect.stringContaining("0.2.0")],
      threads: [{ text: expect.stringContaining("0.1.0") }, { text: expect.stringContaining("Rolled back") }],
    })
  })

  test.each<[string, Order]>([
    ["reversed", reversed],
    ["doubled", doubled],
    ["shuffled", shuffled],
  ])("recovers after they came %s: the world is the same", async (name, order) => {
    expect(await wholeFlow(stage, name, order)).toEqual(expected)
  })
})

describe("what GitHub never sent", () => {
  let place: Place
  const push = (): Record<string, unknown> => {
    const delivery = stage.github.deliveries.findLast((d) => d.event === "push")
    if (!delivery) throw new Error("there was no push yet")
    return { ...delivery.payload }
  }
  const click = (): Record<string, unknown> => {
    const run = place.readiness()
    const repository = push().repository as { owner: object }
    return {
      action: "requested_action",
      check_run: {
        id: run.id,
        name: run.name,
        head_sha: run.headSha,
        external_id: run.externalId,
        status: "completed",
        conclusion: "neutral",
        html_url: "https://github.com/x",
        app: { id: Number(stage.github.app.id), slug: "slipway" },
      },
      requested_action: { identifier: "approve" },
      repository,
      installation: push().installation,
      sender: { login: "cleo", id: 3, type: "User" },
    }
  }

  test.each<[string, number, () => Promise<unknown>]>([
    ["unsigned", 400, () => stage.github.send("check_run", click(), { headers: { "x-hub-signature-256": "" } })],
    ["wrongly signed", 401, () => stage.github.send("check_run", click(), { secret: "another" })],
    ["an event that nobody knows", 202, () => stage.github.send("quantum_leap", push())],
    ["a click without its check run", 422, () => stage.github.send("check_run", { ...click(), check_run: undefined })],
    ["a click without its sender", 422, () => stage.github.send("check_run", { ...click(), sender: undefined })],
    ["a push without its branch", 422, () => stage.github.send("push", { ...push(), ref: undefined })],
    ["a push of no repository", 422, () => stage.github.send("push", { ...push(), repository: null })],
    ["neither JSON nor signed", 401, () => post("{", "sha256=00")],
    ["25 MB and more", 413, () => post("x".repeat(25 * 1024 * 1024 + 1), "sha256=00")],
  ])("%s is answered %i, and nothing comes of it", async (what, status, send) => {
    place ??= await stage.build("forged")
    if (place.releases().length === 0) await place.merge("ben", "feat: pay by invoice")
    const before = place.world()
    stage.github.resetRequests()
    expect(await send(), what).toBe(status)
    await stage.quiet()
    expect(place.world()).toEqual(before)
    expect(stage.github.requests).toEqual([])
  })

  test("recovers after all of it: the next true one is taken", async () => {
    const page = await place.press("approve", "cleo")
    expect(page.conclusion).toBe("success")
    expect(await stage.metrics()).toMatch(/slipway_webhooks_total\{event="unverified",result="refused"\} [1-9]/)
  })

  const post = async (body: string, signature: string): Promise<number> => {
    const response = await fetch(`${stage.app.url}/api/github/webhooks`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "forged",
        "x-hub-signature-256": signature,
      },
    })
    return response.status
  }
})
