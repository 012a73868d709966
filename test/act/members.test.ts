import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { startSlack } from "../../demo/peers/slack.ts"
import type { Reply } from "../../src/model/message.ts"
import type { Asked } from "../../src/model/reply-release.ts"
import type { Repository } from "../../src/model/repository.ts"
import { createSlack } from "../../src/peers/slack.ts"
import { apply, effect, raiseStage } from "./stage.ts"

const DAY_MS = 24 * 60 * 60_000
const SCOPES = ["chat:write", "channels:history", "users:read", "users:read.email"]
const PEOPLE = [{ name: "lea", email: "lea@acme.example" }]
let now = Date.parse("2026-11-30T10:00:00Z")

/** A workspace with lea in it, and a GitHub on which ann, ben and lea are people; what each shows is said below. */
async function given(scopes: string[]) {
  const slack = await startSlack({ scopes, people: PEOPLE })
  const client = createSlack({ apiUrl: slack.url, log: { warn() {} }, requestTimeoutMs: 5000 }).client(slack.token)
  const stage = await raiseStage(client, () => new Date(now))
  stage.peer.createUser("dora", { email: "lea@acme.example" })
  stage.peer.createUser("ben", { email: "ben@elsewhere.example" })
  const repo = await stage.repository()
  await slack.createChannel("releases")
  return { slack, stage, repo }
}

let known: Awaited<ReturnType<typeof given>>
let blind: Awaited<ReturnType<typeof given>>
beforeAll(async () => {
  known = await given(SCOPES)
  blind = await given(["chat:write"])
})
beforeEach(() => {
  now += 2 * DAY_MS
})
afterAll(async () => {
  for (const { slack, stage } of [known, blind]) {
    await slack.close()
    await stage.stop()
    expect(slack.problems).toEqual([])
  }
})

const asked = (...asks: Asked["asks"]): Reply => ({
  is: "approval asked",
  version: "1.5.0",
  because: "waits for 1 approval",
  asks,
  more: 0,
  since: "2026-11-30T10:00:00Z",
  again: 0,
})

let said = 0
async function say({ slack, stage, repo }: typeof known, reply: Reply): Promise<string> {
  const { ts, channel } = await thread(slack)
  const handles = { "thread:1": { id: ts, extra: { channel } } }
  const key = `reply:1:${++said}`
  const to = { channel: "#releases", thread: "thread:1", reply }
  const outcome = await apply(stage.act, repo as Repository, effect("reply", key, to, key), { handles })
  expect(outcome).toMatchObject({ is: "done" })
  const [message] = await slack.messages("releases")
  return message?.replies.at(-1)?.text ?? ""
}

async function thread(slack: typeof known.slack): Promise<{ ts: string; channel: string }> {
  const channel = slack.channelId("releases")
  const [message] = await slack.messages("releases")
  if (message) return { ts: message.ts, channel }
  const client = createSlack({ apiUrl: slack.url, log: { warn() {} }, requestTimeoutMs: 5000 }).client(slack.token)
  const post = { channel, text: "shop 1.5.0", blocks: [], metadata: { event_type: "test", event_payload: {} } }
  const answer = await client.post(post)
  if (answer.is !== "ok") throw new Error(answer.because)
  return answer.value
}

const lookedUp = (it: typeof known) => it.slack.requests.filter(({ method }) => method === "users.lookupByEmail").length

test.each<[string, Asked["asks"], RegExp]>([
  ["by the address that they show", [{ login: "dora" }], /<@U\w+> may approve/],
  ["by the configuration first", [{ login: "dora", slack: "U0CONFIG01" }], /<@U0CONFIG01> may approve/],
  ["who shows none is named", [{ login: "lea" }], /@lea may approve/],
  ["who is not in the workspace is named", [{ login: "ben" }], /@ben may approve/],
  ["who is not on GitHub is named", [{ login: "nobody-at-all" }], /@nobody-at-all may approve/],
  ["a team is named", [{ login: "acme/sre" }], /@acme\/sre may approve/],
  ["what is no login is asked of nobody", [{ login: "../../orgs" }], /@\.\.\/\.\.\/orgs may approve/],
])("%s", async (_, asks, expected) => {
  expect(await say(known, asked(...asks))).toMatch(expected)
})

test("who is asked by a release of another repository is found as well", async () => {
  const told = asked({ login: "dora" })
  expect(await say(known, { is: "elsewhere", place: "acme/api", url: "https://example.test", told })).toMatch(/<@U\w+>/)
})

test("a find, and a miss, is kept for a day", async () => {
  await say(known, asked({ login: "dora" }, { login: "ben" }))
  const before = lookedUp(known)
  now += DAY_MS - 1
  await say(known, asked({ login: "dora" }, { login: "ben" }))
  expect(lookedUp(known)).toBe(before)
  now += 1
  await say(known, asked({ login: "dora" }, { login: "ben" }))
  expect(lookedUp(known)).toBe(before + 2)
})

test("without the scope nobody is looked up, neither there nor on GitHub", async () => {
  const { peer } = blind.stage
  const before = peer.requests.length
  expect(await say(blind, asked({ login: "dora" }))).toMatch(/@dora may approve/)
  expect(lookedUp(blind)).toBe(0)
  expect(peer.requests.slice(before).map(({ path }) => path)).not.toContainEqual(expect.stringContaining("/users/"))
})

test("a GitHub or a Slack that does not answer costs the mention, not the message", async () => {
  known.slack.intercept(({ method }) => (method === "users.lookupByEmail" ? { status: 503, body: {} } : undefined))
  expect(await say(known, asked({ login: "dora" }))).toMatch(/@dora may approve/)
  known.slack.intercept(undefined)
  expect(await say(known, asked({ login: "dora" }))).toMatch(/<@U\w+> may approve/)
})

test.each<[string, () => void]>([
  [
    "GitHub",
    () =>
      known.stage.peer.intercept(({ path }) =>
        path.includes("/users/dora") ? Promise.withResolvers<undefined>().promise : undefined,
      ),
  ],
  [
    "Slack",
    () =>
      known.slack.intercept(({ method }) =>
        method === "users.lookupByEmail" ? Promise.withResolvers<undefined>().promise : undefined,
      ),
  ],
])("a %s that hangs costs the mention, and the message goes out in its time", async (_, hangs) => {
  hangs()
  const whole = AbortSignal.timeout(5_000)
  expect(await say(known, asked({ login: "dora" }))).toMatch(/@dora may approve/)
  expect(whole.aborted).toBe(false)
  known.stage.peer.intercept(undefined)
  known.slack.intercept(undefined)
  expect(await say(known, asked({ login: "dora" }))).toMatch(/<@U\w+> may approve/)
})

test("nobody is mentioned by a reply that asks nobody", async () => {
  expect(await say(known, { is: "held", by: "dora", at: "2026-11-30T10:00:00Z" })).not.toMatch(/<@/)
})
