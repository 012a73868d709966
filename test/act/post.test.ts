import { afterAll, beforeAll, expect, test } from "vitest"
import { startSlack } from "../../demo/peers/slack.ts"
import { createAct } from "../../src/act/act.ts"
import { createSlack } from "../../src/peers/slack.ts"
import { bulletin, NEWS } from "../render/bulletins.ts"
import { apply, effect, noCall, noCheckpoint } from "./stage.ts"

let peer: Awaited<ReturnType<typeof startSlack>>
let act: ReturnType<typeof createAct>
beforeAll(async () => {
  peer = await startSlack()
  const slack = createSlack({ apiUrl: peer.url, log: { warn() {} }, requestTimeoutMs: 5000 }).client(peer.token)
  act = createAct({ github: {} as never, slack: { for: () => slack }, call: noCall, checkpoint: noCheckpoint })
})
afterAll(async () => {
  await peer.close()
  expect(peer.problems).toEqual([])
})

const repo = { id: "11", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "1" }
const said = (channel: string, name: string, more: Parameters<typeof bulletin>[0] = {}) =>
  effect("post", `post:3:${name}`, { channel, bulletin: bulletin(more) })

test("recovers after a crash behind a message: it is not said twice", async () => {
  await peer.createChannel("everybody")
  const live = said("#everybody", "live", { news: NEWS.live })
  expect(await apply(act, repo, live)).toEqual({ is: "done" })
  expect(await apply(act, repo, live, { mayHaveHappened: true })).toEqual({ is: "done" })
  expect(await peer.messages("everybody")).toMatchObject([
    { text: expect.stringContaining("shop 2.5.0 is live in production.") },
  ])
  // Another entry of the same plan is another message.
  expect(await apply(act, repo, said("#everybody", "back"), { mayHaveHappened: true })).toEqual({ is: "done" })
  expect(await peer.messages("everybody")).toHaveLength(2)
})

const HUGE = "<!channel> & <https://evil.example|x> ".repeat(1_200)

test.each(Object.entries(NEWS))("Slack takes what is %s, at its extremes too", async (is, news) => {
  const channel = `extremes-${is.replace(" ", "-")}`
  await peer.createChannel(channel)
  const none = { features: 0, fixes: 0, other: 0, breaking: 0 }
  const all = { features: Array(500).fill(HUGE), breaking: Array(500).fill(HUGE), name: HUGE, version: HUGE }
  for (const [name, more] of Object.entries({
    nothing: { features: [], breaking: [], counts: none, previous: null, url: "" },
    everything: { ...all, component: HUGE, previous: HUGE },
    scripts: { features: ["支払い", "الدفع", "тест", "👩‍👩‍👧"], version: "2.5.0" },
  }))
    expect(await apply(act, repo, said(`#${channel}`, `${is}-${name}`, { news, ...more }))).toEqual({ is: "done" })
  for (const { text } of await peer.messages(channel)) expect(text).not.toContain("<!channel>")
})
