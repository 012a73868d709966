import { expect, test } from "vitest"
import { placesTold } from "../../src/decide/thread-places.ts"
import { configSchema } from "../../src/model/config.ts"
import type { Reply } from "../../src/model/message.ts"
import { publish } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const routed = (...channels: readonly object[]) =>
  world((w) => {
    w.truth.config = config({ slack: { channel: "#releases", channels } })
  })

/** What each channel got, in its order: `*` for the first message, whenever it was written. */
function told(w: World): { readonly [channel: string]: readonly string[] } {
  const all: Record<string, string[]> = {}
  for (const effect of w.applied) {
    if (effect.kind !== "thread" && effect.kind !== "reply") continue
    const { channel } = effect.content
    const said = effect.kind === "thread" ? "*" : effect.content.reply.is
    const heard = all[channel] ?? []
    all[channel] = heard.at(-1) === said ? heard : [...heard, said]
  }
  return all
}
const replies = (w: World, channel: string) => (told(w)[channel] ?? []).filter((is) => is !== "*")

/** Live in staging, failed in production, rolled back. */
function story(w: World): World {
  publish(w, 11)
  const first = w.truth.head
  w.deploy("production", first, "success").run()
  publish(w, 12)
  const second = w.truth.head
  w.later(1).deploy("staging", second, "success").run().deploy("production", second, "failure").run()
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  return w.later(3).deploy("production", first, "success", { rollback: "1" }).run()
}

const usual = told(story(routed()))

test("a rule without conditions is told everything, from the draft on, and its message is as true", () => {
  const w = story(routed({ to: "#all" }))
  expect(told(w)["#all"]?.[0]).toBe("*")
  expect(replies(w, "#all")).toEqual(replies(w, "#releases"))
  const last = (channel: string) =>
    w.applied.findLast((e) => e.kind === "thread" && e.content.channel === channel && e.content.release === "2")
      ?.content
  expect(last("#all")).toEqual({ ...last("#releases"), channel: "#all" })
})

test.each<[string, object, readonly string[]]>([
  ["one environment", { environment: "staging" }, ["deployed"]],
  ["an environment in other letters", { environment: "Staging" }, ["deployed"]],
  ["kinds of events", { event: ["failure", "rollback"] }, ["failed", "rolling back", "rolled back", "post-mortem"]],
  ["what is bad", { severity: "critical" }, ["failed", "rolled back"]],
  [
    "all of them together",
    { event: "rollback", severity: "warning", environment: "production" },
    ["rolling back", "rolled back"],
  ],
  ["what never happens there", { event: "rollback", environment: "staging" }, []],
  ["a component that there is not", { component: "web" }, []],
])("a rule can ask for %s; the message comes with the first of it", (_, rule, expected) => {
  const w = story(routed({ to: "#some", ...rule }))
  expect(replies(w, "#some")).toEqual(expected)
  expect(told(w)["#some"]?.[0]).toBe(expected.length > 0 ? "*" : undefined)
  expect(told(w)["#releases"]).toEqual(usual["#releases"])
})

test("who was told that it is out is told that it was rolled back, whatever else they are not told", () => {
  const w = story(routed({ to: "#news", event: "release" }, { to: "#silent", event: "bypass" }))
  expect(replies(w, "#news").slice(-2)).toEqual(["published", "rolled back"])
  expect(replies(w, "#news")).not.toContain("rolling back")
  expect(told(w)["#silent"]).toBeUndefined()
})

test("two rules for one channel are one message, and a rule for the releases' own channel is none", () => {
  const w = story(routed({ to: "#some", event: "failure" }, { to: "#some", event: "rollback" }, { to: "#releases" }))
  expect(replies(w, "#some")).toEqual(["failed", "rolling back", "rolled back", "post-mortem"])
  expect(told(w)["#releases"]).toEqual(usual["#releases"])
})

test("what was told before a rule came is not told again, and what was published before brings no message", () => {
  const w = publish(routed(), 11)
  w.truth.config = config({ slack: { channel: "#releases", channels: [{ to: "#late" }] } })
  w.hear({ kind: "look", because: "a test" }).run()
  expect(told(w)["#late"]).toBeUndefined()
  w.deploy("staging", w.truth.head, "success").run()
  expect(told(w)["#late"]).toEqual(["*", "deployed"])
})

test("without a channel of its own, a release is told of where the rules say", () => {
  const w = story(
    world((it) => {
      it.announcements = { is: "on", channel: null }
      it.truth.config = config({ slack: { channels: [{ to: "#some", severity: "critical" }] } })
    }),
  )
  expect(Object.keys(told(w))).toEqual(["#some"])
  expect(replies(w, "#some")).toEqual(["failed", "rolled back"])
})

test("a channel that takes no message holds up no other one, and the page says which it is", () => {
  const w = routed({ to: "#all" })
  const lanes = () =>
    new Set(story(w).applied.flatMap((e) => (e.kind === "reply" ? [`${e.content.channel} ${e.lane}`] : [])))
  expect([...lanes()]).toEqual(expect.arrayContaining(["#releases slack:1", "#all slack:1:#all"]))
  w.hear({
    kind: "ended",
    of: "thread",
    target: "thread:2:#all",
    outcome: { is: "refused", code: "forbidden", because: "the bot is not in #all" },
    at: w.now.toISOString(),
  } as never).run()
  expect(w.page("2").warnings).toContainEqual("#all could not be told: the bot is not in #all")
})

test.each<[string, unknown, RegExp]>([
  ["no channel", { event: "failure" }, /to: must be a channel/],
  ["an event that is none", { to: "#x", event: "explosion" }, /event: must be a kind of event/],
  ["a severity that is none", { to: "#x", severity: "high" }, /severity: /],
  ["a mention in place of a channel", { to: "<!channel>" }, /to: must be a channel/],
])("a rule with %s is a mistake", (_, rule, says) => {
  const { error } = configSchema.safeParse({ slack: { channels: [rule] } })
  expect(error?.issues.map(({ path, message }) => `${path.slice(3).join(".")}: ${message}`).join("\n")).toMatch(says)
})

test("more than 20 rules are too many", () => {
  const rules = (count: number) => ({
    slack: { channels: Array.from({ length: count }, (_, at) => ({ to: `#c${at}` })) },
  })
  expect(configSchema.safeParse(rules(20)).success).toBe(true)
  expect(configSchema.safeParse(rules(21)).success).toBe(false)
})

test("what another repository tells is routed by what that is about", () => {
  const w = routed({ to: "#bad", severity: "critical" })
  publish(w, 11)
  const failed: Reply = {
    is: "failed",
    environment: "production",
    version: "2.0.0",
    sha: "a".repeat(40),
    at: w.now.toISOString(),
    lastKnownGood: null,
  }
  expect(
    placesTold({ state: w.known, handles: w.handles }, "1", {
      is: "elsewhere",
      place: "acme/api",
      url: "https://x.test",
      told: failed,
    }).map(({ channel }) => channel),
  ).toEqual(["#releases", "#bad"])
})

test("a release whose home was renamed to a channel that a rule names goes on in both", () => {
  const w = routed({ to: "#all" })
  publish(w, 11)
  w.truth.config = config({ slack: { channel: "#all", channels: [{ to: "#all" }] } })
  w.run()
  const before = w.applied.length
  w.deploy("production", w.truth.head, "success").run()
  const after = w.applied
    .slice(before)
    .flatMap((e) => (e.kind === "reply" ? [[e.content.thread, e.content.reply.is]] : []))
  expect(after).toEqual([
    ["thread:1", "deployed"],
    ["thread:1:#all", "deployed"],
  ])
})
