import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { rateLimited, slackError } from "../../demo/peers/slack.ts"
import { plainly } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A Slack that is not there, not willing, or not fast enough: GitHub's side of the flow does not feel it. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage()
})
afterEach(() => stage.slack.intercept(undefined))
afterAll(() => stage.close())

/** From the merge to the published release. */
async function release(title: string): Promise<string> {
  const { sha } = await place.merge("ben", title)
  await place.press("approve", "cleo", sha)
  await place.press("publish", "cleo", sha)
  return sha
}

describe("a refusal is told on the page with what to do, holds nothing up, and ends when it is mended", () => {
  test.each<[string, RegExp]>([
    ["channel_not_found", /no channel #releases that the bot may see.*invite the bot/],
    ["not_in_channel", /the bot is not in #releases: invite it there/],
    ["invalid_auth", /does not accept the token \(invalid_auth\): put the bot's current token in SLACK_BOT_TOKEN/],
  ])("%s; recovers after it is mended: one thread", async (error, advice) => {
    place = await stage.build(error.replaceAll("_", "-"))
    stage.slack.intercept(() => slackError(error))
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    expect(plainly(place.readiness(sha).summary)).toMatch(advice)
    expect(place.releases()).toMatchObject([{ tagName: "v0.1.0", draft: true }])
    stage.slack.intercept(undefined)
    await place.press("approve", "cleo", sha)
    const [thread, ...more] = await place.threads()
    expect(more).toEqual([])
    expect(thread?.text).toContain("0.1.0")
    expect(thread?.replies.map((r) => r.text.replace(/^\W+/, "").split("*")[0])).toEqual(["Cut", "Approved", "Ready"])
    expect(plainly(place.readiness(sha).summary)).not.toMatch(advice)
  })

  test("what could not be said meanwhile is said below the thread, once it can be posted at last", async () => {
    place = await stage.build("mended-late")
    stage.slack.intercept(() => slackError("not_in_channel"))
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    await place.press("approve", "cleo", sha)
    stage.slack.intercept(undefined)
    await place.press("hold", "cleo", sha)
    const [thread] = await place.threads()
    expect(thread?.replies.map((r) => r.text.replace(/^\W+/, "").split(/[*:]/)[0]).toSorted()).toEqual([
      "Approved",
      "Cut",
      "Held",
      "Ready",
    ])
  })

  test("ratelimited: waits as long as Slack asks for; recovers after that with one message", async () => {
    place = await stage.build("ratelimited")
    let refused = 0
    stage.slack.intercept(({ method }) => {
      if (method !== "chat.postMessage" || refused >= 2) return undefined
      refused++
      return rateLimited(30)
    })
    await place.merge("ben", "feat: pay by invoice")
    await stage.later(20_000)
    expect(refused).toBe(1)
    expect(await place.threads()).toEqual([])
    await stage.later(15_000)
    await stage.later(40_000)
    expect(refused).toBe(2)
    expect(await place.threads()).toHaveLength(1)
  })
})

describe("down for the whole flow", () => {
  test("the release is published all the same", async () => {
    place = await stage.build("slack-down")
    stage.slack.intercept(() => ({ status: 503, body: {} }))
    const sha = await release("feat: pay by invoice")
    expect(place.world().tags).toEqual({ "v0.1.0": sha })
    expect(place.readiness(sha)).toMatchObject({ conclusion: "success", title: "0.1.0 is published" })
    expect(await place.threads()).toEqual([])
  })

  test("recovers after it is back: one thread, true to the present state, and what happened in its order", async () => {
    for (let i = 0; i < 4; i++) await stage.later(10 * 60_000)
    const [thread, ...more] = await place.threads()
    expect(more).toEqual([])
    expect(JSON.stringify(thread?.blocks)).toMatch(/Published by cleo/)
    expect(thread?.replies.map((r) => r.text.replace(/^\W+/, "").split("*")[0])).toEqual([
      "Cut",
      "Approved",
      "Ready",
      "Published",
    ])
  })
})

describe("other channels", () => {
  test("have a message each, with the same truth; one that takes none holds up nobody", async () => {
    await stage.slack.createChannel("everything")
    await stage.slack.createChannel("only-bad")
    place = await stage.build("routed", {
      ".github/slipway.yml": `slack:
  channels:
    - { to: "#everything" }
    - { to: "#only-bad", severity: critical }
    - { to: "#nowhere" }
`,
    })
    const sha = await release("feat: pay by invoice")
    const [own] = await place.threads()
    const [other, ...more] = await stage.slack.messages("everything")
    expect(more).toEqual([])
    expect(other?.blocks).toEqual(own?.blocks)
    expect(other?.replies.map(({ text }) => text)).toEqual(own?.replies.map(({ text }) => text))
    expect(own?.replies).toHaveLength(4)
    expect(await stage.slack.messages("only-bad")).toEqual([])
    expect(plainly(place.readiness(sha).summary)).toMatch(/#nowhere could not be told: Slack knows no channel #nowhere/)
  })
})

describe("names from outside", () => {
  test("page nobody: neither a channel, nor a group, nor a person, nor by a link", async () => {
    const title = "feat: <!channel> <!here> <@U012ABCDEF> <!subteam^S0123> @channel <https://evil.example|click> & co"
    place = await stage.build("hostile", {
      "release-plan.yml": `release: { name: "<!channel> spring" }
features: [{ id: "<!here>", name: "<!channel>", team: "<@U012ABCDEF>", status: ready }]
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
`,
    })
    await release(title)
    const said = JSON.stringify(await place.threads())
    expect(said).toContain("spring")
    expect(said).not.toMatch(/<!|<@|<https:\/\/evil/)
    const notes = place.releases()[0]?.body ?? ""
    expect(notes).not.toMatch(/(?<![\w\u200b])@channel(?!\u200b)/)
    expect(notes).not.toContain("<https://evil")
  })
})

describe("without a token", () => {
  let quietly: Stage
  beforeAll(async () => {
    quietly = await setStage({ slack: false })
  })
  afterAll(() => quietly.close())

  test("everything else works, and the page says that announcements are off", async () => {
    const { sha } = await quietly.merge("ben", "feat: pay by invoice")
    expect(plainly(quietly.readiness(sha).summary)).toMatch(/Announcements:\*\* off: no Slack token is set for acme/)
    await quietly.press("approve", "cleo", sha)
    expect((await quietly.press("publish", "cleo", sha)).title).toBe("0.1.0 is published")
    expect(quietly.slack.requests).toEqual([])
  })
})
