import nock from "nock"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createAct } from "../../src/act/act.ts"
import type { Announcement } from "../../src/model/message.ts"
import { createSlack, type SlackClient } from "../../src/peers/slack.ts"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import { apply, effect, noCall, noCheckpoint, noRecords } from "./stage.ts"

const TOKEN = "xoxb-secret-token"
const logged: string[] = []
const log = { warn: (fields: object, message: string) => void logged.push(JSON.stringify(fields) + message) }
let slack: SlackClient

beforeEach(() => {
  logged.length = 0
  nock.disableNetConnect()
  slack = createSlack({ apiUrl: "https://slack.test/api/", log, requestTimeoutMs: 500 }).client(TOKEN)
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(pending).toEqual([])
  expect(logged.join()).not.toContain(TOKEN)
})

const repo = { id: "11", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "1" }
const announcement: Announcement = {
  repository: "acme/shop",
  version: "1.5.0",
  previous: "1.4.2",
  type: "minor",
  state: "cut",
  says: "Cut at ccccccc; waits for approvals",
  features: [],
  fixes: { count: 1 },
  counts: { features: 1, fixes: 1, other: 0, breaking: 0 },
  tests: [],
  timeline: [],
  environments: [],
  links: { release: "https://github.com/acme/shop/releases" },
}
const thread = effect("thread", "thread:3", { channel: "#releases", release: "3", announcement })
const reply = effect("reply", "reply:3:held", {
  channel: "#releases",
  thread: "thread:3",
  reply: { is: "held", by: "lea", at: "2026-11-21T09:14:00Z" },
})
const handles = { "thread:3": { id: "100.1", extra: { channel: "C0RELEASES", named: "#releases" } } }
const act = (client: SlackClient | undefined = slack) =>
  createAct({
    github: {} as never,
    slack: { for: (owner) => (owner === "acme" ? client : undefined) },
    checkpoint: noCheckpoint,
    records: noRecords,
    call: noCall,
  })

/** Expects one call of a method, with these fields, by our token. */
const expects = (method: string, fields: Record<string, unknown>, answer: object, status = 200, headers = {}) =>
  nock("https://slack.test", { reqheaders: { authorization: `Bearer ${TOKEN}` } })
    .post(`/api/${method}`, (body: Record<string, string>) =>
      Object.entries(fields).every(([key, value]) =>
        typeof value === "string"
          ? body[key] === value
          : JSON.stringify(JSON.parse(body[key] ?? "null")) === JSON.stringify(value),
      ),
    )
    .reply(status, answer, headers)

const metadata = (key: string, target: string) => ({
  event_type: "slipway_message",
  event_payload: { key, target, repository: "11" },
})

test("an announcement carries its key, blocks and plain text, and Slack adds nothing of its own", async () => {
  const { text, blocks } = renderAnnouncement(announcement)
  const plainly = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false }
  const posted = { channel: "#releases", text, blocks, metadata: metadata("thread:3:1", "thread:3"), ...plainly }
  expects("chat.postMessage", posted, { ok: true, channel: "C0RELEASES", ts: "100.1" })
  expects(
    "chat.getPermalink",
    { channel: "C0RELEASES", message_ts: "100.1" },
    { ok: true, permalink: "https://acme.slack.com/p1" },
  )
  expect(await apply(act(), repo, thread)).toEqual({
    is: "done",
    handle: { id: "100.1", url: "https://acme.slack.com/p1", extra: { channel: "C0RELEASES", named: "#releases" } },
  })
})

test("no address of the message is no failure: it stands", async () => {
  expects("chat.postMessage", {}, { ok: true, channel: "C0RELEASES", ts: "100.1" })
  expects("chat.getPermalink", {}, { ok: false, error: "missing_scope", needed: "x" })
  expect(await apply(act(), repo, thread)).toMatchObject({ is: "done", handle: { id: "100.1" } })
})

test("a known announcement is updated where it stands, even when the channel's name has changed", async () => {
  expects(
    "chat.update",
    { channel: "C0RELEASES", ts: "100.1", parse: "none" },
    { ok: true, channel: "C0RELEASES", ts: "100.1" },
  )
  const handle = { id: "100.1", url: "https://x", extra: { channel: "C0RELEASES", named: "#old" } }
  expect(await apply(act(), repo, thread, { handle })).toMatchObject({
    is: "done",
    handle: { id: "100.1", url: "https://x" },
  })
})

const lookup = { channel: "C0RELEASES", include_all_metadata: "true" }
const earlier = [
  {
    ts: "99.1",
    metadata: { event_type: "slipway_message", event_payload: { key: "x", target: "thread:3", repository: "12" } },
  },
  { ts: "98.1", metadata: { event_type: "deploy_bot", event_payload: { target: "thread:3", repository: "11" } } },
  { ts: "97.1", text: "hello" },
]

test("before a second attempt the channel is looked at with metadata; what was found is brought up to date", async () => {
  expects(
    "conversations.list",
    {},
    { ok: true, channels: [{ id: "C1", name: "general" }], response_metadata: { next_cursor: "two" } },
  )
  expects("conversations.list", { cursor: "two" }, { ok: true, channels: [{ id: "C0RELEASES", name: "releases" }] })
  const ours = { ts: "100.1", metadata: metadata("thread:3:0", "thread:3") }
  expects("conversations.history", lookup, { ok: true, messages: [...earlier, ours], has_more: true })
  expects("chat.update", { ts: "100.1" }, { ok: true, ts: "100.1", channel: "C0RELEASES" })
  expects("chat.getPermalink", {}, { ok: true, permalink: "https://acme.slack.com/p1" })
  expect(await apply(act(), repo, thread, { mayHaveHappened: true })).toMatchObject({
    is: "done",
    handle: { id: "100.1" },
  })
})

test("not found: it is posted; a channel used before needs no list", async () => {
  expects("conversations.history", lookup, { ok: true, messages: earlier })
  expects("chat.postMessage", {}, { ok: true, channel: "C0RELEASES", ts: "101.1" })
  expects("chat.getPermalink", {}, { ok: true, permalink: "https://acme.slack.com/p1" })
  const others = { "thread:2": { id: "90.1", extra: { channel: "C0RELEASES", named: "#releases" } } }
  expect(await apply(act(), repo, thread, { handles: others, mayHaveHappened: true })).toMatchObject({
    handle: { id: "101.1" },
  })
})

test("in a channel that is not listed it may stand already: it is not said again", async () => {
  expects("conversations.list", { types: "public_channel" }, { ok: true, channels: [{ id: "C1", name: "general" }] })
  expect(await apply(act(), repo, thread, { mayHaveHappened: true })).toMatchObject({
    is: "refused",
    because: expect.stringMatching(/cannot be seen, so it is not posted again: .*name it by its ID/),
  })
})

test("when it cannot be looked for it is not said again", async () => {
  expects("conversations.history", {}, { ok: false, error: "missing_scope", needed: "channels:history" })
  expect(
    await apply(act(), repo, thread, { handles: { t: handles["thread:3"] }, mayHaveHappened: true }),
  ).toMatchObject({
    is: "refused",
    code: "forbidden",
    because: expect.stringMatching(/cannot be seen, so it is not posted again: .*channels:history/),
  })
})

test("a reply stands in the thread of its release", async () => {
  const fields = { channel: "C0RELEASES", thread_ts: "100.1", metadata: metadata("reply:3:held:1", "reply:3:held") }
  expects("chat.postMessage", fields, { ok: true, channel: "C0RELEASES", ts: "100.2" })
  expect(await apply(act(), repo, reply, { handles })).toEqual({
    is: "done",
    handle: { id: "100.2", extra: { channel: "C0RELEASES", thread: "100.1" } },
  })
})

test("bad news is for the whole channel", async () => {
  expects("chat.postMessage", { reply_broadcast: "true" }, { ok: true, channel: "C0RELEASES", ts: "100.2" })
  const failed = effect("reply", "reply:3:failed", {
    channel: "#releases",
    thread: "thread:3",
    reply: {
      is: "failed",
      environment: "production",
      version: "1.5.0",
      sha: "c".repeat(40),
      at: "2026-11-21T09:14:00Z",
      lastKnownGood: null,
    },
  })
  expect(await apply(act(), repo, failed, { handles })).toMatchObject({ is: "done" })
})

test("a reply that was posted before a crash is found behind the newest known one, and not said again", async () => {
  const known = { ...handles, "reply:3:cut": { id: "100.15", extra: { channel: "C0RELEASES", thread: "100.1" } } }
  const messages = [{ ts: "100.1" }, { ts: "100.2", metadata: metadata("reply:3:held:1", "reply:3:held") }]
  expects("conversations.replies", { ...lookup, ts: "100.1", oldest: "100.15" }, { ok: true, messages })
  expect(await apply(act(), repo, reply, { handles: known, mayHaveHappened: true })).toMatchObject({
    handle: { id: "100.2" },
  })
})

test("without an announcement there is no thread to reply in", async () => {
  expect(await apply(act(), repo, reply)).toMatchObject({ is: "refused", code: "unavailable" })
})

test("an account without a token is told what to set", async () => {
  const outcome = await apply(act(undefined), { ...repo, owner: "other" }, thread)
  expect(outcome).toMatchObject({
    is: "refused",
    code: "unavailable",
    because: expect.stringContaining("SLACK_BOT_TOKEN"),
  })
})

test.each([
  ["channel_not_found", "forbidden", /no channel #releases .*\/invite/],
  ["not_in_channel", "forbidden", /\/invite @slipway in #releases/],
  ["is_archived", "forbidden", /#releases is archived/],
  ["invalid_auth", "forbidden", /SLACK_BOT_TOKEN/],
  ["account_inactive", "forbidden", /reinstall/],
  ["missing_scope", "forbidden", /needed: chat:write/],
  ["message_not_found", "gone", /no longer there/],
  ["msg_too_long", "invalid", /msg_too_long/],
])("%s is refused as %s, with what to do", async (error, code, because) => {
  expects("chat.postMessage", {}, { ok: false, error, needed: "chat:write" })
  expect(await apply(act(), repo, thread)).toMatchObject({
    is: "refused",
    code,
    because: expect.stringMatching(because),
  })
})

test.each([
  ["a rate limit says for how long", 429, "", { "retry-after": "23" }, { is: "retry", afterSeconds: 23 }],
  ["5xx", 503, "", {}, { is: "retry", because: "Slack answered 503" }],
  ["a proxy's page", 200, "<html>down</html>", {}, { is: "retry" }],
  ["an answer without a ts", 200, '{"ok":true,"channel":"C1"}', {}, { is: "retry" }],
  ["Slack's own trouble", 200, '{"ok":false,"error":"internal_error"}', {}, { is: "retry" }],
  ["another server", 404, "no", {}, { is: "refused", because: expect.stringContaining("SLACK_API_URL") }],
])("%s", async (_, status, answer, headers, outcome) => {
  nock("https://slack.test").post("/api/chat.postMessage").reply(status, answer, headers)
  expect(await apply(act(), repo, thread)).toMatchObject(outcome)
})

test("Slack out of reach: later", async () => {
  nock("https://slack.test").post("/api/chat.postMessage").replyWithError("connect ECONNREFUSED")
  expect(await apply(act(), repo, thread)).toMatchObject({
    is: "retry",
    because: expect.stringContaining("not reached"),
  })
})

test("one client a token is kept", () => {
  const all = createSlack({ log, requestTimeoutMs: 500 })
  expect(all.client("a")).toBe(all.client("a"))
  expect(all.client("a")).not.toBe(all.client("b"))
})
