import { expect, test } from "vitest"
import type { Outcome } from "../../src/model/outcome.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const refused = (code: "forbidden" | "invalid" | "gone" | "unavailable", because: string) =>
  ({ is: "refused", code, because }) as const satisfies Outcome

const written = (w: World, target: string) => w.applied.filter((e) => e.target === target).length

test("a target that is refused is left alone until something else wakes, and is written once it may be", () => {
  const w = world()
  w.refusing.set("draft", refused("forbidden", "the App lacks `contents: write`"))
  w.merge(12, "feat: a").run()
  expect(written(w, "draft:1")).toBe(1)
  expect(w.page().warnings).toEqual(["The draft release could not be written: the App lacks “contents: write”"])
  w.merge(13, "fix: b").run()
  expect(written(w, "draft:1")).toBe(2)
  w.refusing.clear()
  w.merge(14, "fix: c").run()
  expect(w.page().warnings).toEqual([])
  expect(w.draft("1").notes.changes).toBe(3)
})

test("many refusals at once do not wake each other", () => {
  const w = world()
  for (const kind of ["draft", "check", "thread"]) w.refusing.set(kind, refused("forbidden", "no"))
  w.merge(12, "feat: a").run()
  expect(w.applied.filter((e) => e.target !== `check:readiness:${"0001".repeat(10)}`)).toHaveLength(3)
})

test("a draft that a person deleted is made anew, once", () => {
  const w = world().merge(12, "feat: a").run()
  const first = w.handles["draft:1"]?.id
  w.refusing.set("draft:1", refused("gone", "404"))
  w.merge(13, "fix: b").run()
  expect(written(w, "draft:1")).toBe(3)
  expect(w.handles).not.toHaveProperty("draft:1")
  w.refusing.clear()
  w.merge(14, "fix: c").run()
  expect(w.handles["draft:1"]?.id).not.toBe(first)
  expect(written(w, "draft:1")).toBe(4)
})

test("a broken Slack takes nothing down, and the page says so", () => {
  const w = world()
  for (const kind of ["thread", "reply"]) w.refusing.set(kind, refused("unavailable", "channel_not_found"))
  w.merge(12, "feat: a").run().click("approve", "ben").run()
  expect(w.page().announcements).toBe("not possible: channel_not_found")
  expect(w.page().warnings).toEqual(["3 messages could not be posted: channel_not_found"])
  w.click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("published")
})

test.each<[string, (w: World) => void, string | undefined, string]>([
  [
    "nothing is configured",
    (w) => (w.announcements = { is: "off", because: "no SLACK_BOT_TOKEN is set" }),
    undefined,
    "off: no SLACK_BOT_TOKEN is set",
  ],
  ["the account's channel", () => {}, "#releases", "one thread: https://peer.example/thread/"],
  [
    "the repository's own channel",
    (w) => (w.truth.config = config({ slack: { channel: "#shop" } })),
    "#shop",
    "one thread: https://peer.example/thread/",
  ],
])("announcements: %s", (_, prepare, channel, said) => {
  const w = world(prepare).merge(12, "feat: a").run()
  const thread = w.applied.find((e) => e.kind === "thread")
  expect(thread?.kind === "thread" ? thread.content.channel : undefined).toBe(channel)
  expect(w.page().announcements).toContain(said)
})

test("the first message follows the release to its end", () => {
  const w = world()
  const states = () => w.applied.flatMap((e) => (e.kind === "thread" ? [e.content.announcement.state] : []))
  w.merge(12, "feat: a").run().click("hold", "cleo").run().click("approve", "ben").run().click("publish", "ann").run()
  expect([...new Set(states())]).toEqual(["drafted", "held", "ready", "published"])
  w.deploy("production", w.truth.head, "success").run()
  expect(w.applied.findLast((e) => e.kind === "thread")).toMatchObject({
    target: "thread:1",
    content: {
      announcement: {
        environments: [{ name: "production" }],
        links: { release: "https://github.com/acme/shop/releases/tag/v1.1.0" },
      },
    },
  })
})
