import { afterAll, expect, test } from "vitest"
import { bulletin, NEWS } from "../render/bulletins.ts"
import { apply, effect, handleOf, raiseSlack } from "./stage.ts"

const { peer, act, stop } = await raiseSlack()
afterAll(stop)

const repo = { id: "11", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "1" }
const said = (channel: string, name: string, more: Parameters<typeof bulletin>[0] = {}) =>
  effect("post", `post:3:${name}`, { channel, bulletin: bulletin(more) })

test("recovers after a crash behind a message: it is not said twice", async () => {
  await peer.createChannel("everybody")
  const live = said("#everybody", "live", { news: NEWS.live })
  const handle = handleOf(await apply(act, repo, live))
  expect(handleOf(await apply(act, repo, live, { mayHaveHappened: true }))).toEqual(handle)
  expect(handleOf(await apply(act, repo, live, { handle }))).toEqual(handle)
  expect(await peer.messages("everybody")).toMatchObject([
    { text: expect.stringContaining("shop 2.5.0 is live in production.") },
  ])
  // Another entry of the same plan is another message.
  expect(await apply(act, repo, said("#everybody", "back"), { mayHaveHappened: true })).toMatchObject({ is: "done" })
  expect(await peer.messages("everybody")).toHaveLength(2)
})

test("what comes of it later is a reply that the channel sees; not twice after a crash", async () => {
  await peer.createChannel("customers")
  const live = said("#customers", "live", { news: NEWS.live })
  const handles = { [live.target]: handleOf(await apply(act, repo, live)) }
  const { content } = said("#customers", "back", { news: NEWS["rolled back"] })
  const back = effect("post", "post:3:back", { ...content, under: live.target })
  expect(await apply(act, repo, back, { handles })).toMatchObject({ is: "done" })
  expect(await apply(act, repo, back, { handles, mayHaveHappened: true })).toMatchObject({ is: "done" })
  const [first, ...others] = await peer.messages("customers")
  expect(others).toEqual([])
  expect(first?.replies).toMatchObject([{ text: expect.stringContaining("was taken out of production again") }])
})

test("where the first message is not known any more, it stands alone", async () => {
  await peer.createChannel("partners")
  const { content } = said("#partners", "back", { news: NEWS["rolled back"] })
  const back = effect("post", "post:3:back", { ...content, under: "post:3:live" })
  expect(await apply(act, repo, back)).toMatchObject({ is: "done" })
  expect(await peer.messages("partners")).toHaveLength(1)
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
    expect(await apply(act, repo, said(`#${channel}`, `${is}-${name}`, { news, ...more }))).toMatchObject({
      is: "done",
    })
  for (const { text } of await peer.messages(channel)) expect(text).not.toContain("<!channel>")
})
