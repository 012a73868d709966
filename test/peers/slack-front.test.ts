import { LogLevel, WebClient } from "@slack/web-api"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { rateLimited, slackError } from "../../demo/peers/slack/server.ts"
import { type SlackPeer, startSlack } from "../../demo/peers/slack.ts"

let slack: SlackPeer
let client: WebClient
let channel: string
beforeAll(async () => {
  slack = await startSlack()
  channel = await slack.createChannel("releases")
  await slack.createChannel("elsewhere", { botIsMember: false })
  client = connect(slack.token)
})
afterAll(() => slack.close())
beforeEach(() => {
  slack.problems.splice(0)
  slack.intercept(undefined)
})

function connect(token: string): WebClient {
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  }
  return new WebClient(token, {
    slackApiUrl: slack.url,
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  })
}

const HEADER = { type: "header", text: { type: "plain_text", text: "shop 1.0.0" } }
const METADATA = { event_type: "slipway_release", event_payload: { key: "a" } }
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: { data?: { error: string }; code?: string }) => error.data?.error ?? error.code,
  )

test("a message, its update and its replies are one thread", async () => {
  const { ts } = await client.chat.postMessage({ channel, text: "shop 1.0.0", blocks: [HEADER], metadata: METADATA })
  await client.chat.postMessage({ channel, text: "approved", thread_ts: ts as string })
  await client.chat.postMessage({ channel, text: "published", thread_ts: ts as string })
  await client.chat.update({ channel, ts: ts as string, text: "shop 1.0.0: live", blocks: [HEADER] })
  const [message] = await slack.messages("releases")
  expect(message).toMatchObject({ ts, text: "shop 1.0.0: live", blocks: [HEADER], metadata: METADATA, edited: true })
  expect(message?.replies.map((reply) => reply.text)).toEqual(["approved", "published"])
  expect(slack.problems).toEqual([])
})

test("metadata is given to those who ask for it", async () => {
  const read = async (more: { include_all_metadata?: boolean }) =>
    (await client.conversations.history({ channel, ...more })).messages?.at(-1)?.metadata
  expect(await read({})).toBeUndefined()
  expect(await read({ include_all_metadata: true })).toEqual(METADATA)
})

test("history is limited by time and comes in pages", async () => {
  const own = await slack.createChannel("paged")
  const sent: string[] = []
  for (const text of ["a", "b", "c"]) sent.push((await client.chat.postMessage({ channel: own, text })).ts as string)
  const texts = async (more: object) => {
    const { messages, response_metadata } = await client.conversations.history({ channel: own, ...more })
    return [messages?.map((message) => message.text).join(""), response_metadata?.next_cursor || undefined]
  }
  expect(await texts({})).toEqual(["cba", undefined])
  expect(await texts({ oldest: sent[1] })).toEqual(["c", undefined])
  expect(await texts({ oldest: sent[1], inclusive: true })).toEqual(["cb", undefined])
  expect(await texts({ latest: sent[2] })).toEqual(["ba", undefined])
  const [first, cursor] = await texts({ limit: 2 })
  expect(first).toBe("cb")
  expect(await texts({ limit: 2, cursor })).toEqual(["a", undefined])
})

const button = (more: object) => ({ type: "actions", elements: [{ type: "button", ...more }] })
const plain = (text: string) => ({ type: "plain_text", text })
const section = (length: number) => ({ type: "section", text: { type: "mrkdwn", text: "x".repeat(length) } })
test.each<[string, object[], boolean]>([
  ["50 blocks", Array.from({ length: 50 }, () => ({ type: "divider" })), true],
  ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" })), false],
  ["a section of 3,000", [section(3000)], true],
  ["a section of 3,001", [section(3001)], false],
  ["an empty section", [section(0)], false],
  ["a section of nothing", [{ type: "section" }], false],
  ["11 fields", [{ type: "section", fields: Array.from({ length: 11 }, () => plain("x")) }], false],
  ["a header of 150", [{ type: "header", text: plain("x".repeat(150)) }], true],
  ["a header of 151", [{ type: "header", text: plain("x".repeat(151)) }], false],
  ["a header of mrkdwn", [{ type: "header", text: { type: "mrkdwn", text: "x" } }], false],
  ["a button that leads to no address", [button({ text: plain("x"), url: "x.test/<!here>" })], false],
  ["a button of 75", [button({ text: plain("x".repeat(75)), url: "https://x.test" })], true],
  ["a button of 76", [button({ text: plain("x".repeat(76)) })], false],
  [
    "26 buttons",
    [{ type: "actions", elements: Array.from({ length: 26 }, () => ({ type: "button", text: plain("x") })) }],
    false,
  ],
  ["no button", [{ type: "actions", elements: [] }], false],
  ["a block_id of 256", [{ type: "divider", block_id: "x".repeat(256) }], false],
  ["one block_id twice", [1, 2].map(() => ({ type: "divider", block_id: "a" })), false],
  ["an unknown block", [{ type: "carousel-of-fire" }], false],
])("%s", async (_, blocks, taken) => {
  const error = await errorOf(client.chat.postMessage({ channel, text: "x", blocks: blocks as never }))
  expect(error).toBe(taken ? "none" : "invalid_blocks")
  expect(slack.problems.length > 0).toBe(!taken)
})

test.each([
  ["a token that is none", "xoxb-none", "invalid_auth"],
  ["a channel that is none", undefined, "channel_not_found"],
])("%s is refused", async (_, token, error) => {
  const caller = token ? connect(token) : client
  expect(await errorOf(caller.chat.postMessage({ channel: "C404", text: "x" }))).toBe(error)
})

test("who is not in a channel joins it before posting", async () => {
  const elsewhere = slack.channelId("#elsewhere")
  expect(await errorOf(client.chat.postMessage({ channel: elsewhere, text: "x" }))).toBe("not_in_channel")
  await client.conversations.join({ channel: elsewhere })
  expect(await errorOf(client.chat.postMessage({ channel: elsewhere, text: "x" }))).toBe("none")
  await slack.archive("elsewhere")
  expect(await errorOf(client.chat.postMessage({ channel: elsewhere, text: "x" }))).toBe("is_archived")
})

test("faults are answered in Slack's place", async () => {
  slack.intercept(({ method }) => (method === "chat.postMessage" ? rateLimited(30) : slackError("fatal_error")))
  expect(await errorOf(client.chat.postMessage({ channel, text: "x" }))).toBe("slack_webapi_rate_limited_error")
  expect(await errorOf(client.auth.test())).toBe("fatal_error")
})

test("the token's scopes come with the answer, and calls are recorded", async () => {
  slack.resetRequests()
  const { response_metadata } = await client.auth.test()
  expect(response_metadata?.scopes).toContain("chat:write")
  expect(await errorOf(client.conversations.replies({ channel, ts: "1.1" }))).toBe("thread_not_found")
  expect(slack.requests.map(({ method, ok, error }) => [method, ok, error])).toEqual([
    ["auth.test", true, undefined],
    ["conversations.replies", false, "thread_not_found"],
  ])
})

test.each<[string, (github: WebClient) => Promise<unknown>, string]>([
  ["a method that nobody needs", (web) => web.apiCall("dnd.info"), "dnd.info is no method"],
  [
    "an argument that Slack does not know",
    (web) => web.apiCall("auth.test", { colour: "red" }),
    "unknown argument colour",
  ],
  [
    "blocks without text",
    (web) => web.apiCall("chat.postMessage", { channel, blocks: [HEADER] }),
    "blocks without text",
  ],
  [
    "metadata of another shape",
    (web) => web.apiCall("chat.postMessage", { channel, text: "x", metadata: { a: 1 } }),
    "metadata.event_type",
  ],
])("%s is a problem", async (_, call, problem) => {
  await errorOf(call(client))
  expect(slack.problems.join("\n")).toContain(problem)
})
