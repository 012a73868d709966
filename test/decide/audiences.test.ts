import { describe, expect, test } from "vitest"
import type { Bulletin } from "../../src/model/bulletin.ts"
import { pass, publish } from "./support/environments.ts"
import { config, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const AUDIENCES = {
  customers: ["news@acme.example", "vip@acme.example"],
  engineering: ["#engineering", "eng@acme.example"],
}
const ENVIRONMENTS = { staging: null, production: { after: "staging" } }

const email = (audience: string, date: string) => ({ channel: "email" as const, audience, date })
const slack = (audience: string, date: string) => ({ channel: "slack" as const, audience, date })

const planned = (communication: object, more: object = {}) =>
  plan({ release: { version: "1.0.1", name: "Spring" }, timezone: "Europe/Berlin", communication, ...more })

/** It is Monday 2 November 2026, 09:00 UTC; ann's fix is merged. */
function telling(communication: object, prepare: (w: World) => void = () => {}): World {
  return world((it) => {
    it.announcements = { is: "on", channel: "#releases", mail: "on" }
    it.truth.config = config({ audiences: AUDIENCES, environments: ENVIRONMENTS })
    it.truth.plan = planned(communication)
    prepare(it)
  })
}

interface Said {
  readonly where: string
  readonly bulletin: Bulletin
}
const all = (w: World): readonly Said[] =>
  w.applied.flatMap((e) =>
    e.kind === "mail"
      ? [{ where: e.content.to, bulletin: e.content.bulletin }]
      : e.kind === "post"
        ? [{ where: e.content.channel, bulletin: e.content.bulletin }]
        : [],
  )
const said = (w: World) => all(w).map(({ where, bulletin }) => `${where}: ${bulletin.news.is}`)
const untold = (w: World, id = "1") =>
  w
    .page(id)
    .warnings.filter((one) => one.includes("was not told"))
    .map((one) => one.replace(/ Give the entry.*/, ""))

const live = (w: World, environment = "production", at = w.truth.head) =>
  w.later(1).deploy("staging", at, "success").run().deploy(environment, at, "success").run()

test("each entry goes out at its time, once, to the channels or addresses of its audience", () => {
  const w = telling({
    pre_release: [email("customers", "2026-11-02T12:00:00+01:00"), slack("engineering", "2026-11-02T11:30:00Z")],
  })
    .merge(11, "fix: a")
    .run()
  expect(said(w)).toEqual([])
  pass(w, 119)
  expect(said(w)).toEqual([])
  pass(w, 1)
  expect(said(w)).toEqual(["news@acme.example: coming", "vip@acme.example: coming"])
  pass(w, 60)
  expect(said(w)).toEqual(["news@acme.example: coming", "vip@acme.example: coming", "#engineering: coming"])
  pass(w, 24 * 60)
  expect(said(w)).toHaveLength(3)
  expect(all(w)[0]?.bulletin).toMatchObject({ version: "1.0.1", name: "Spring", zone: "Europe/Berlin" })
})

test.each([
  ["summer", "2026-10-24T09:00:00Z", "2026-10-25", 23 * 60],
  ["winter", "2026-11-02T09:00:00Z", "2026-11-03", 23 * 60],
])("a date alone means nine o'clock there, also when %s ends", (_, now, date, wait) => {
  const w = telling({ pre_release: [email("customers", date)] }, (it) => (it.now = new Date(now)))
  w.merge(11, "fix: a").run()
  // 09:00 in Berlin is 08:00 UTC from 25 October on.
  pass(w, wait - 1)
  expect(said(w)).toEqual([])
  pass(w, 1)
  expect(said(w)).toHaveLength(2)
})

describe("after the release", () => {
  const after = {
    post_release: [slack("#general", "2026-11-02T10:00:00Z"), email("customers", "2026-11-02T10:00:00Z")],
  }
  const told = ["#general: live", "news@acme.example: live", "vip@acme.example: live"]

  test("only once it is live where it was to go", () => {
    const w = publish(telling(after), 11)
    pass(w, 120)
    expect(said(w)).toEqual([])
    w.deploy("staging", w.truth.head, "success").run()
    expect(said(w)).toEqual([])
    live(w)
    expect(said(w)).toEqual(told)
    expect(all(w)[0]?.bulletin.news).toMatchObject({ environments: [{ name: "production" }] })
  })

  test("not before its time", () => {
    const w = live(publish(telling(after), 11))
    expect(said(w)).toEqual([])
    pass(w, 60)
    expect(said(w)).toEqual(told)
  })

  test("only once it is verified", () => {
    const environments = { staging: null, production: { after: "staging", verify: "15m" } }
    const w = publish(
      telling(after, (it) => (it.truth.config = config({ audiences: AUDIENCES, environments }))),
      11,
    )
    pass(w, 120)
    live(w)
    pass(w, 14)
    expect(said(w)).toEqual([])
    pass(w, 2)
    expect(said(w)).toEqual(told)
  })

  test("never where it failed", () => {
    const w = publish(telling(after), 11)
    pass(w, 120)
    w.deploy("staging", w.truth.head, "success").run().deploy("production", w.truth.head, "failure").run()
    pass(w, 24 * 60)
    expect(said(w)).toEqual([])
  })

  test("also where a later release took its place already", () => {
    const w = publish(telling(after), 11)
    live(w)
    publish(w, 12)
    live(w)
    pass(w, 120)
    expect(said(w)).toEqual(told)
  })

  test("without an environment, once it is published", () => {
    const w = publish(
      telling(after, (it) => (it.truth.config = config({ audiences: AUDIENCES }))),
      11,
    )
    pass(w, 120)
    expect(said(w)).toEqual(told)
  })
})

test("a moved date moves it, before it was sent and after", () => {
  const at = (date: string) => planned({ pre_release: [email("customers", date)] })
  const w = telling({ pre_release: [email("customers", "2026-11-03T10:00:00Z")] })
    .merge(11, "fix: a")
    .run()
  w.commitFiles({ plan: at("2026-11-05T10:00:00Z") }).run()
  pass(w, 48 * 60)
  expect(said(w)).toEqual([])
  pass(w, 25 * 60)
  expect(said(w)).toHaveLength(2)
  // The same instant, written in another zone.
  w.commitFiles({ plan: at("2026-11-05T11:00:00+01:00") }).run()
  expect(said(w)).toHaveLength(2)
  w.commitFiles({ plan: at("2026-11-09T10:00:00Z") }).run()
  pass(w, 4 * 24 * 60)
  expect(said(w)).toHaveLength(4)
})

test("a date that is moved when the release is out moves what comes after it", () => {
  const at = (date: string) => planned({ post_release: [slack("#general", date)] })
  const w = live(publish(telling({ post_release: [slack("#general", "2026-11-02T12:00:00Z")] }), 11))
  w.commitFiles({ plan: at("2026-11-03T12:00:00Z") }).run()
  pass(w, 24 * 60)
  expect(said(w)).toEqual([])
  pass(w, 4 * 60)
  expect(said(w)).toEqual(["#general: live"])
})

test("a release on hold sends nothing, and its page says how to", () => {
  const w = telling({ pre_release: [email("customers", "2026-11-02T10:00:00Z")] })
    .merge(11, "fix: a")
    .run()
  w.click("hold", "ben").run()
  pass(w, 120)
  expect(said(w)).toEqual([])
  expect(untold(w)).toEqual([
    "“customers” was not told what was due on 2026-11-02 10:00 UTC: the release is on hold by ben.",
  ])
  w.commitFiles({ plan: planned({ pre_release: [email("customers", "2026-11-02T14:00:00Z")] }) }).run()
  w.click("approve", "ben").run()
  pass(w, 4 * 60)
  expect(said(w)).toEqual(["news@acme.example: coming", "vip@acme.example: coming"])
})

test("everybody who was told is told that it was rolled back, once, and nothing more is sent", () => {
  const communication = {
    pre_release: [email("engineering", "2026-11-02T09:30:00Z"), slack("engineering", "2026-11-02T09:30:00Z")],
    post_release: [email("customers", "2026-11-02T10:00:00Z"), slack("#general", "2026-11-05T10:00:00Z")],
  }
  const w = publish(telling({}), 11)
  live(w)
  const first = w.truth.head
  w.commitFiles({
    plan: plan({ release: { version: "1.0.2" }, communication, stakeholders: { a: "news@acme.example" } }),
  })
  w.run().later(30)
  publish(w, 12)
  live(w)
  pass(w, 60)
  const second = w.truth.head
  const before = said(w)
  expect(before).toEqual(
    expect.arrayContaining(["eng@acme.example: coming", "#engineering: coming", "vip@acme.example: live"]),
  )
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  w.later(3).deploy("production", first, "success", { rollback: "1" }).run()
  expect(said(w).slice(before.length).toSorted()).toEqual([
    "#engineering: rolled back",
    "eng@acme.example: rolled back",
    "news@acme.example: rolled back",
    "vip@acme.example: rolled back",
  ])
  const posted = w.applied.flatMap((effect) => (effect.kind === "post" ? [effect] : []))
  expect(posted.at(-1)?.content.under).toBe(posted.at(-2)?.target)
  expect(posted.at(-1)?.key).toMatch(/^post:2:rolled-back-/)
  expect(w.audit.filter(({ what, facts }) => what === "audience told" && facts.of === "rolled back")).toMatchObject([
    { facts: { by: "slack", audience: "engineering", places: 1 } },
    { facts: { by: "email", audience: "engineering, customers" } },
  ])
  const after = said(w).length
  pass(w, 4 * 24 * 60)
  expect(said(w)).toHaveLength(after)
  expect(untold(w, "2")).toEqual([
    "“#general” was not told what was due on 2026-11-05 10:00 UTC: it was rolled back from production.",
  ])
})

test("rolled back, live again and rolled back once more, they are told twice", () => {
  const w = publish(telling({}), 11)
  live(w)
  const first = w.truth.head
  w.commitFiles({
    plan: plan({
      release: { version: "1.0.2" },
      communication: { pre_release: [slack("engineering", "2026-11-02T09:30:00Z")] },
    }),
  })
  w.run().later(30)
  publish(w, 12)
  const second = w.truth.head
  for (const id of ["1", "2"]) {
    w.later(5).deploy("production", second, "success").run()
    w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
    w.later(3).deploy("production", first, "success", { rollback: id }).run()
  }
  expect(said(w).filter((one) => one === "#engineering: rolled back")).toHaveLength(2)
})

test("what is switched off by a flag is told to them as well", () => {
  const flag = { flag: { name: "checkout", url: "https://flags.acme.dev/off" } }
  const environments = { staging: null, production: { after: "staging", rollback: [flag] } }
  const w = publish(
    telling({}, (it) => {
      it.truth.config = config({ audiences: AUDIENCES, environments })
    }),
    11,
  )
  live(w)
  w.commitFiles({
    plan: plan({
      release: { version: "1.0.2" },
      communication: { pre_release: [slack("engineering", "2026-11-02T09:30:00Z")] },
    }),
  })
  w.run().later(30)
  publish(w, 12)
  live(w)
  const second = w.truth.head
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  const last = w.applied.findLast(({ kind }) => kind === "post")
  expect(last?.kind === "post" && last.content.bulletin.news).toMatchObject({
    is: "rolled back",
    environment: "production",
    how: "a flag was switched off, and 1.0.2 stays live",
  })
  expect(w.release("2")).toMatchObject({ rolledBack: [], eased: [{ environment: "production" }] })
})

test("a rollback of staging is nothing to tell those who look at production", () => {
  const w = publish(telling({}), 11)
  live(w)
  const first = w.truth.head
  const communication = { pre_release: [email("customers", "2026-11-02T09:30:00Z")] }
  w.commitFiles({ plan: plan({ release: { version: "1.0.2" }, communication }) })
    .run()
    .later(30)
  publish(w, 12)
  const second = w.truth.head
  w.later(1).deploy("staging", second, "success").run()
  const before = said(w)
  expect(before).toHaveLength(2)
  w.click("rollback:staging", "ben", w.check(`check:environment:staging:${second}`)).run()
  w.later(3).deploy("staging", first, "success", { rollback: "1" }).run()
  expect(said(w)).toEqual(before)
})

test.each<[string, object, (w: World) => void, string]>([
  ["an audience that is nobody", slack("nobody", "2026-11-02T09:30:00Z"), () => {}, "not among the audiences"],
  ["an audience without an address", email("chat", "2026-11-02T09:30:00Z"), () => {}, "name no address for “chat”"],
  [
    "no mail server",
    email("customers", "2026-11-02T09:30:00Z"),
    (w) => (w.announcements = { is: "on", channel: "#releases" }),
    "no mail server is set (SMTP_URL)",
  ],
  [
    "no Slack",
    slack("#general", "2026-11-02T09:30:00Z"),
    (w) => (w.announcements = { is: "off", because: "no Slack token is set for acme", mail: "on" }),
    "no Slack token is set for acme",
  ],
])("%s is said on the page", (_, entry, prepare, because) => {
  const w = telling({ pre_release: [entry] }, (it) => {
    it.truth.config = config({ audiences: { ...AUDIENCES, chat: "#chat" } })
    prepare(it)
  })
    .merge(11, "fix: a")
    .run()
  pass(w, 60)
  expect(said(w)).toEqual([])
  expect(untold(w)[0]).toContain(because)
})

test("a blog entry is a reminder in the thread", () => {
  const blog = { channel: "blog" as const, audience: "public", date: "2026-11-02T10:00:00Z" }
  const w = live(publish(telling({ post_release: [blog] }), 11))
  pass(w, 120)
  expect(said(w)).toEqual([])
  const due = w.applied.flatMap((e) =>
    e.kind === "reply" && e.content.reply.is === "due" ? [e.content.reply.what] : [],
  )
  expect(due).toEqual(["a blog post to public"])
})

test("what was due long before Slipway knew of it is not said", () => {
  const w = telling({ pre_release: [email("customers", "2026-10-31T10:00:00Z")] })
    .merge(11, "fix: a")
    .run()
  expect(said(w)).toEqual([])
  expect(untold(w)).toEqual([])
  expect(w.replies("1")).not.toContain("due")
})

test("ninety days of releases: each entry once, at nine in Berlin, before and after the clocks change", () => {
  const w = telling({}, (it) => (it.now = new Date("2026-09-01T06:00:00Z")))
  const seen = new Map<string, string>()
  for (let nth = 0; nth < 13; nth += 1) {
    const day = new Date(Date.parse("2026-09-02T00:00:00Z") + nth * 7 * 24 * 3_600_000).toISOString().slice(0, 10)
    const communication = { pre_release: [slack("#engineering", day)], post_release: [slack("#general", day)] }
    w.commitFiles({ plan: plan({ release: { version: `1.0.${nth + 1}` }, timezone: "Europe/Berlin", communication }) })
    publish(w.run(), 100 + nth)
    live(w)
    for (const minutes of [...Array.from({ length: 30 }, () => 60), 138 * 60]) {
      const before = said(w).length
      pass(w, minutes)
      for (const { where, bulletin } of all(w).slice(before))
        seen.set(`${where} ${bulletin.version}`, w.now.toISOString())
    }
  }
  expect(said(w).filter((one) => one.startsWith("#general"))).toHaveLength(13)
  expect(said(w)).toHaveLength(13)
  const hours = new Set(
    [...seen.values()].map((at) => `${at < "2026-10-25" ? "summer" : "winter"} ${at.slice(11, 13)}`),
  )
  expect(hours).toEqual(new Set(["summer 07", "winter 08"]))
})
