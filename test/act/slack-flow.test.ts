import { afterAll, expect, test } from "vitest"
import { rateLimited, slackError } from "../../demo/peers/slack.ts"
import type { Announcement, Reply } from "../../src/model/message.ts"
import type { Handles } from "../../src/model/outcome.ts"
import { apply, effect, handleOf, raiseSlack } from "./stage.ts"

const { peer, act, stop } = await raiseSlack()
afterAll(stop)

let channels = 0
async function given() {
  const channel = `releases-${++channels}`
  const id = await peer.createChannel(channel)
  return { channel, id, named: `#${channel}` }
}

const repo = { id: "11", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "1" }

const announcement = (says: string): Announcement => ({
  repository: "acme/shop",
  version: "1.5.0",
  previous: "1.4.2",
  name: "Spring & <!channel>",
  date: "2026-11-30",
  type: "minor",
  state: "cut",
  says,
  features: [{ id: "PAY-1", name: "Pay by invoice", status: "ready", team: "Payments" }],
  fixes: { critical: 1, high: 2, medium: 3 },
  counts: { features: 1, fixes: 1, other: 0, breaking: 0 },
  tests: [{ name: "unit tests", state: "passed" }],
  timeline: [{ what: "code freeze", at: "2026-11-23T00:00:00Z" }],
  environments: [],
  links: {
    release: "https://github.com/acme/shop/releases",
    rollbackProcedure: "https://github.com/acme/shop/blob/main/r.md",
  },
})

const thread = (channel: string, says = "Cut; waits for approvals") =>
  effect("thread", "thread:3", { channel, release: "3", announcement: announcement(says) }, `thread:3:${says}`)

const reply = (channel: string, name: string, content: Reply) =>
  effect("reply", `reply:3:${name}`, { channel, thread: "thread:3", reply: content }, `reply:3:${name}`)

const held: Reply = { is: "held", by: "lea", at: "2026-11-21T09:14:00Z" }

test("one message a release, kept up to date, with its replies in order", async () => {
  const { channel, named } = await given()
  const first = handleOf(await apply(act, repo, thread(named)))
  const handles: Handles = { "thread:3": first }
  await apply(act, repo, reply(named, "held", held), { handles })
  await apply(
    act,
    repo,
    reply(named, "cut", { is: "cut", by: "lea", version: "1.5.0", sha: "c".repeat(40), at: held.at }),
    { handles },
  )
  expect(await apply(act, repo, thread(named, "Published"), { handle: first, handles })).toMatchObject({ is: "done" })
  const messages = await peer.messages(channel)
  expect(messages).toHaveLength(1)
  expect(messages[0]).toMatchObject({ ts: first.id, edited: true })
  expect(messages[0]?.text).toContain("Published")
  expect(messages[0]?.replies.map((r) => r.text)).toEqual([
    expect.stringContaining("Held"),
    expect.stringContaining("Cut"),
  ])
  expect(first.url).toMatch(/^https?:/)
})

test("recovers after a crash behind the announcement and behind a reply: neither is said twice", async () => {
  const { channel, named } = await given()
  const first = handleOf(await apply(act, repo, thread(named)))
  const again = handleOf(await apply(act, repo, thread(named, "Ready"), { mayHaveHappened: true }))
  expect(again.id).toBe(first.id)
  const handles: Handles = { "thread:3": first }
  const said = handleOf(await apply(act, repo, reply(named, "held", held), { handles }))
  const repeated = await apply(act, repo, reply(named, "held", held), { handles, mayHaveHappened: true })
  expect(handleOf(repeated).id).toBe(said.id)
  const messages = await peer.messages(channel)
  expect(messages).toHaveLength(1)
  expect(messages[0]?.text).toContain("Ready")
  expect(messages[0]?.replies).toHaveLength(1)
})

test("a reply whose end was in doubt, and that later ones have overtaken, is not said twice when it is put back", async () => {
  const { channel, named } = await given()
  const first = handleOf(await apply(act, repo, thread(named)))
  const handles: Handles = { "thread:3": first }
  const said = handleOf(await apply(act, repo, reply(named, "held", held), { handles }))
  const ready: Reply = { is: "ready", version: "1.5.0", sha: "c".repeat(40) }
  const later = handleOf(await apply(act, repo, reply(named, "ready", ready), { handles }))
  // Its answer was lost, and nobody could look for it then: it has no handle.
  const back = { handles: { ...handles, "reply:3:ready": later }, mayHaveHappened: true }
  expect(handleOf(await apply(act, repo, reply(named, "held", held), back)).id).toBe(said.id)
  const [message] = await peer.messages(channel)
  expect(message?.replies).toHaveLength(2)
})

test("a message stays known by the channel that it was posted to, whatever channel is named since", async () => {
  const { id, named } = await given()
  const first = handleOf(await apply(act, repo, thread(named)))
  const other = (await given()).named
  const again = await apply(act, repo, thread(other, "Live"), { handle: first, handles: { "thread:3": first } })
  expect(handleOf(again)).toMatchObject({ id: first.id, extra: { channel: id, named } })
})

test("another repository's thread of the same number is not taken for ours", async () => {
  const { channel, named } = await given()
  await apply(act, { ...repo, id: "12" }, thread(named))
  await apply(act, repo, thread(named), { mayHaveHappened: true })
  expect(await peer.messages(channel)).toHaveLength(2)
})

test.each([
  ["not_in_channel", slackError("not_in_channel"), { is: "refused", code: "forbidden" }],
  ["ratelimited", rateLimited(9), { is: "retry", afterSeconds: 9 }],
])("%s", async (_, answer, outcome) => {
  const { named } = await given()
  peer.intercept(() => answer)
  expect(await apply(act, repo, thread(named))).toMatchObject(outcome)
  peer.intercept(undefined)
})

test("a channel without the bot, an archived one and none at all are refused in words", async () => {
  await peer.createChannel("private", { botIsMember: false })
  expect(await apply(act, repo, thread("#private"))).toMatchObject({
    because: expect.stringContaining("/invite @slipway in #private"),
  })
  expect(await apply(act, repo, thread("#nowhere"))).toMatchObject({
    because: expect.stringContaining("no channel #nowhere"),
  })
  await peer.createChannel("old")
  await peer.archive("old")
  expect(await apply(act, repo, thread("#old"))).toMatchObject({ because: expect.stringContaining("#old is archived") })
})
