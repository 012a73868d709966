import { describe, expect, test } from "vitest"
import type { Labelled, Signal } from "../../src/model/signal.ts"
import { pass, publish, settle } from "./support/environments.ts"
import { comment, incident, label, unlabel, who } from "./support/incidents.ts"
import { config } from "./support/truth.ts"
import type { World } from "./support/world.ts"

const RELEASE = { release: "1.0.3" }
const production = (w: World) => w.known.environments.production
const comments = (w: World) => w.applied.filter(({ kind }) => kind === "incident")
const begun = (w: World) => w.audit.filter(({ what }) => what === "rollback begun")

test("an issue that is labelled and names what is live brings the last known good release back", () => {
  const { w, heads } = incident()
  label(w, "ben", RELEASE).run()
  expect(production(w)?.rollback).toMatchObject({
    is: "running",
    by: "ben",
    issue: 7,
    because: "incident #7: Checkout is broken",
    from: { version: "1.0.3" },
    to: { version: "1.0.2", sha: heads[1] },
  })
  expect(production(w)?.answers.at(-1)).toMatchObject({ by: "ben", did: "roll back (#7)", counted: true })
  expect(begun(w)).toMatchObject([{ by: "ben", facts: { issue: 7 } }])
  expect(comment(w)).toMatchObject({ is: "running", from: "1.0.3", to: "1.0.2", by: "ben" })
  const [told] = w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "rolling back" ? [e] : []))
  expect(told?.content.reply).toMatchObject({ issue: "https://github.com/acme/shop/issues/7" })

  w.later(4)
    .deploy("production", heads[1] ?? "", "success", { rollback: "1" })
    .run()
  const [issue] = w.known.postMortems ?? []
  expect(comment(w)).toMatchObject({ is: "done", ended: expect.any(String), postMortem: issue?.number })
  const written = w.applied.find(({ kind }) => kind === "post-mortem")
  expect(written).toMatchObject({ content: { report: { issue: 7, notice: { by: "ben" } } } })
  expect(new Set(comments(w).map(({ target }) => target)).size).toBe(1)
})

test.each<[string, string, Partial<Labelled>, string | RegExp]>([
  ["somebody who reads", "rosa", {}, /they have “read”/],
  ["a bot", "robo[bot]", {}, "robo[bot] is no person, and only people ask for a rollback"],
  ["an outside collaborator who may write", "olaf", {}, /olaf cannot ask for it: they are no member/],
  ["who is on call, alone", "dora", {}, /they have “read”/],
  ["whose standing nobody could read", "ben", {}, "ben cannot ask for it: GitHub is away"],
  ["a label that is older than an hour", "ann", { since: "2026-11-02T08:00:00.000Z" }, /more than an hour old/],
])("nothing is rolled back for %s", (who, login, more, because) => {
  const { w } = incident({ "on-call": ["@acme/sre"] })
  if (who.startsWith("whose")) w.unreadable.set("standing:ben", "GitHub is away")
  label(w, login, RELEASE, more).run()
  expect(production(w)?.rollback).toBeUndefined()
  expect(comment(w)).toEqual({
    is: "refused",
    because: because instanceof RegExp ? expect.stringMatching(because) : because,
  })
  expect(w.audit.at(-1)).toMatchObject({ what: "incident did not count", by: login, facts: { issue: 7 } })
})

test("a label that is decided on hours after it came asks for nothing", () => {
  const { w } = incident()
  label(w, "ann", RELEASE).later(61).run()
  expect(production(w)?.rollback).toBeUndefined()
  expect(comment(w)).toMatchObject({ is: "refused", because: expect.stringContaining("more than an hour old") })
})

test("of another label, and where no label is configured, nothing is said", () => {
  const other = incident().w
  label(other, "ben", RELEASE, { label: "bug" }).run()
  const none = incident({}, {}, (it) => (it.truth.config = config({ environments: { production: {} } }))).w
  label(none, "ben", RELEASE).run()
  for (const w of [other, none]) {
    expect(comments(w)).toEqual([])
    expect(w.known.incidents).toBeUndefined()
  }
})

test("a label that no release was approved with asks for nothing", () => {
  const { w } = incident()
  const { truth } = w
  truth.config = config({ incident: { label: "bug" }, environments: { production: {} } })
  w.commitFiles({ config: truth.config }).run()
  label(w, "ben", RELEASE, { label: "bug" }).run()
  expect(comment(w)).toMatchObject({ is: "refused", because: expect.stringContaining("no release was approved yet") })
  expect(production(w)?.rollback).toBeUndefined()
})

test("the same event under another name does nothing, and neither does the label once more", () => {
  const { w, heads } = incident()
  label(w, "ben", RELEASE)
  const [signal] = w.take()
  if (signal?.kind !== "labelled") throw new Error("nothing was labelled")
  w.hear(signal).run()
  w.later(4)
    .deploy("production", heads[1] ?? "", "success", { rollback: "1" })
    .run()
  const said = comments(w).length
  w.hear(signal).run()
  expect(w.audit.at(-1)).toMatchObject({ what: "click came again", facts: { issue: 7 } })
  unlabel(w, "ben").run()
  label(w.later(1), "ben", { release: "1.0.2" }).run()
  expect(w.audit.at(-1)).toMatchObject({ facts: { because: "a rollback was begun for this issue already" } })
  expect(begun(w)).toHaveLength(1)
  expect(comments(w)).toHaveLength(said)
})

test("what was refused may be asked for again, by the issue as it is by then", () => {
  const { w } = incident()
  label(w, "ben", { release: "9.9.9" }).run()
  expect(comment(w)).toEqual({
    is: "refused",
    because: "9.9.9 is no release that is live or failing in an environment",
  })
  unlabel(w, "ben")
  label(w.later(1), "ben", RELEASE).run()
  expect(comment(w)).toMatchObject({ is: "running" })
  expect(new Set(comments(w).map(({ target }) => target)).size).toBe(1)
})

test("a label that was taken off before it was read asks for nothing", () => {
  const { w } = incident()
  label(w, "ben", RELEASE)
  unlabel(w, "cleo").run()
  expect(comment(w)).toEqual({ is: "taken back", by: "cleo" })
  expect(production(w)?.rollback).toBeUndefined()
})

const TWO = { rollback: { levels: ["application"], required: 2 }, "on-call": ["@acme/sre"] }

test("where two are asked for, the second labels an issue of their own, and both are told", () => {
  const { w } = incident(TWO)
  label(w, "ben", RELEASE).run()
  expect(comment(w)).toMatchObject({ is: "waits", version: "1.0.3" })
  label(w.later(1), "ben", RELEASE, { number: 8 }).run()
  expect(comment(w, 8)).toMatchObject({ is: "waits" })
  expect(production(w)?.rollback).toBeUndefined()
  label(w.later(1), "dora", RELEASE, { number: 9 }).run()
  expect(production(w)?.rollback).toMatchObject({ by: "ben and dora", issue: 9 })
  for (const number of [7, 8, 9]) expect(comment(w, number)).toMatchObject({ is: "running", by: "ben and dora" })
})

test("who takes the label off and puts it on again is the first of two, not the second", () => {
  const { w } = incident(TWO)
  label(w, "ben", RELEASE).run()
  unlabel(w.later(1), "cleo").run()
  label(w.later(1), "cleo", RELEASE, { author: who(w, "ben") }).run()
  expect(production(w)?.rollback).toBeUndefined()
  expect(comment(w)).toMatchObject({ is: "waits" })
  expect(w.known.incidents?.["7"]).toMatchObject({ by: "cleo" })
})

describe("events of a label come in any order", () => {
  /** ben labels the issue, takes the label off again, and cleo puts it on, each a second after the other. */
  const story = (w: World) => {
    const did: readonly [string, (w: World) => World][] = [
      ["ben", (w) => label(w, "ben", RELEASE)],
      ["off", (w) => unlabel(w, "ben")],
      ["cleo", (w) => label(w, "cleo", RELEASE)],
    ]
    const heard = did.map(([name, does]) => [name, does(w.later(1)).take()] as const)
    return (name: string) => heard.flatMap(([of, signals]) => (of === name ? signals : []))
  }
  const arrive = (order: string, at: "apart" | "at once") => {
    const { w } = incident(TWO)
    const signals = story(w)
    for (const name of order.split(" ")) {
      for (const signal of signals(name)) w.hear({ ...signal, at: w.now.toISOString() } as Signal)
      if (at === "apart") w.later(0.1).run()
    }
    return w.run()
  }

  test.each(["ben off", "off ben"].flatMap((order) => [[order, "apart"] as const, [order, "at once"] as const]))(
    "%s, %s: nobody asks",
    (order, at) => {
      const w = arrive(order, at)
      expect(comment(w)).toEqual({ is: "taken back", by: "ben" })
      expect(production(w)?.asked).toBeUndefined()
      expect(begun(w)).toEqual([])
    },
  )

  test.each(
    ["ben off cleo", "ben cleo off", "off ben cleo", "off cleo ben", "cleo ben off", "cleo off ben"].flatMap(
      (order) => [[order, "apart"] as const, [order, "at once"] as const],
    ),
  )("%s, %s: cleo is the first of two", (order, at) => {
    const w = arrive(order, at)
    expect(comment(w)).toMatchObject({ is: "waits" })
    expect(w.known.incidents?.["7"]).toMatchObject({ by: "cleo" })
    expect(production(w)?.asked).toMatchObject({ by: { login: "cleo" } })
    expect(begun(w)).toEqual([])
  })

  test("put on and taken off in one second, in whichever order: nobody asks", () => {
    const { w } = incident()
    label(w, "ben", RELEASE)
    const [on] = w.take()
    unlabel(w, "ben").run()
    if (on) w.hear(on).run()
    expect(comment(w)).toEqual({ is: "taken back", by: "ben" })
    expect(begun(w)).toEqual([])
  })

  test("what was taken off is remembered while a label of before may come", () => {
    const { w } = incident()
    unlabel(w, "ben").run()
    expect(w.known.labelsOff).toMatchObject({ 7: { by: "ben" } })
    w.later(121).run()
    expect(w.known.labelsOff).toBeUndefined()
  })
})

test("or press the button, and the issue is told", () => {
  const { w, heads } = incident(TWO)
  label(w, "ben", RELEASE).run()
  w.later(1).click("rollback:production", "dora", w.check(`check:environment:production:${heads[2]}`))
  settle(w)
  expect(comment(w)).toMatchObject({ is: "running", by: "ben and dora" })
})

test("who asks for another release to come back is the first of two for that one", () => {
  const { w } = incident(TWO)
  label(w, "ben", { ...RELEASE, to: "1.0.1" }).run()
  label(w.later(1), "cleo", RELEASE, { number: 8 }).run()
  expect(production(w)?.rollback).toBeUndefined()
  expect(comment(w, 7)).toMatchObject({ is: "lapsed", because: "another rollback was asked for since" })
  expect(comment(w, 8)).toMatchObject({ is: "waits" })
  label(w.later(1), "ben", { ...RELEASE, to: "1.0.2" }, { number: 9 }).run()
  expect(production(w)?.rollback).toMatchObject({ by: "cleo and ben", to: { version: "1.0.2" } })
})

test("the first word lapses after an hour, and is taken back with the label", () => {
  const lapsed = incident(TWO).w
  label(lapsed, "ben", RELEASE).run()
  pass(lapsed, 60)
  expect(comment(lapsed)).toMatchObject({ is: "lapsed", because: "no second person asked for it in time" })

  const back = incident(TWO).w
  label(back, "ben", RELEASE).run()
  unlabel(back.later(1), "ben").run()
  expect(comment(back)).toEqual({ is: "taken back", by: "ben" })
  label(back.later(1), "cleo", RELEASE, { number: 8 }).run()
  expect(production(back)?.rollback).toBeUndefined()
})

test("a drill leaves the first word alone that was given while it was under way", () => {
  const { w, heads } = incident({ ...TWO, drill: "on-demand" })
  const [, before = "", live = ""] = heads
  w.hear({ kind: "drill asked", environment: "production", by: "token nightly", at: w.now.toISOString() }).run()
  expect(production(w)?.drill).toMatchObject({ from: { version: "1.0.3" }, to: { version: "1.0.2" } })
  label(w.later(1), "ben", RELEASE).run()
  for (const [at, rollback] of [
    [before, "1"],
    [live, "2"],
  ] as const) {
    expect(comment(w)).toMatchObject({ is: "waits", version: "1.0.3" })
    settle(w.later(1).deploy("production", at, "success", { rollback }))
  }
  expect(production(w)).toMatchObject({ live: { version: "1.0.3" }, drills: [{ is: "passed" }] })
  expect(comment(w)).toMatchObject({ is: "waits" })
  label(w.later(1), "dora", RELEASE, { number: 8 }).run()
  expect(production(w)).toMatchObject({ rollback: { by: "ben and dora", to: { version: "1.0.2" } } })
})

test("a first word that has lapsed is not completed when its release is there again", () => {
  const { w, heads } = incident(TWO)
  label(w, "ben", RELEASE).run()
  settle(w.later(1).deploy("production", publish(w, 14).truth.head, "success", { deployment: "d14" }))
  expect(comment(w)).toMatchObject({ is: "lapsed", because: "1.0.3 is not what is live or failing there any more" })
  expect(production(w)?.asked).toBeUndefined()
  settle(w.later(1).deploy("production", heads[2] ?? "", "success", { deployment: "d15" }))
  label(w.later(1), "dora", RELEASE, { number: 8 }).run()
  expect(begun(w)).toEqual([])
})

test("a release that closes the issue mends what was rolled back", () => {
  const { w, heads } = incident()
  label(w, "ben", RELEASE).run()
  w.later(4)
    .deploy("production", heads[1] ?? "", "success", { rollback: "1" })
    .run()
  w.push("fix: round half up\n\nFixes #7")
  w.run().click("approve", "cleo").run().click("publish", "cleo").run()
  expect(w.release("3").mended).toMatchObject({ by: "1.0.4", because: "it closes #7" })
})

test("of a rollback that fails the issue says so", () => {
  const { w, heads } = incident()
  label(w, "ben", RELEASE).run()
  w.later(1)
    .deploy("production", heads[1] ?? "", "failure", { rollback: "1" })
    .run()
  expect(comment(w)).toMatchObject({ is: "failed", detail: expect.stringContaining("ended as “failure”") })
})

test.each<[string, string, object, object, string | undefined]>([
  ["a colleague's issue", "ann", RELEASE, {}, undefined],
  ["a colleague's issue that says where to", "ann", { ...RELEASE, to: "1.0.1" }, {}, "“Back to” counts only"],
  ["a stranger's issue", "olaf", RELEASE, {}, "what it says is by olaf, and is not followed (they are no member"],
  ["a bot's issue", "robo[bot]", RELEASE, {}, "what it says is by robo[bot], who is no person"],
  ["nobody's issue", "", RELEASE, {}, "what it says is by somebody unknown"],
])("%s that somebody labels who may", (_, author, says, more, because) => {
  const { w } = incident()
  const by = who(w, author)
  label(w, "ben", says, author === "" ? { author: undefined as never, ...more } : { author: by, ...more }).run()
  if (because === undefined) expect(comment(w)).toMatchObject({ is: "running", by: "ben" })
  else expect(comment(w)).toMatchObject({ is: "refused", because: expect.stringContaining(because) })
})

test.each<[string, string, boolean]>([
  ["gus", "read", false],
  ["gus", "write", true],
])("in a person's own repository %s, who has “%s”", (login, permission, may) => {
  const { w } = incident({ approvals: { required: 1, from: ["@gus"] } }, {}, (it) =>
    it.truth.admit(login, permission as never),
  )
  const gus = w.truth.standings[login]
  if (gus) w.truth.standings[login] = { ...gus, belongs: "guest" }
  label(w, login, RELEASE).run()
  if (may) expect(comment(w)).toMatchObject({ is: "running" })
  else expect(comment(w)).toMatchObject({ because: "gus cannot ask for it: acme has not let them in" })
})

test("what is settled is kept in a bounded number, what waits is not forgotten", () => {
  const { w } = incident(TWO)
  label(w, "ben", RELEASE, { number: 1_000 })
  for (let number = 1; number <= 60; number++) label(w, "robo[bot]", RELEASE, { number, signed: String(number) })
  w.run()
  expect(Object.keys(w.known.incidents ?? {})).toHaveLength(51)
  expect(w.known.incidents?.["1000"]?.stands.is).toBe("waits")
})
