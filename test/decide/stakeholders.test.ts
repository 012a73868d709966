import { expect, test } from "vitest"
import type { Mail } from "../../src/model/bulletin.ts"
import { publish } from "./support/environments.ts"
import { plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const STAKEHOLDERS = { owner: "@lea", tech_lead: "kim@acme.example", qa: ["@acme/qa", "qa@acme.example"] }

const mailing = (release: object = { date: "2026-11-30" }, more: object = {}, prepare: (w: World) => void = () => {}) =>
  world((it) => {
    it.announcements = { ...it.announcements, mail: "on" }
    it.truth.plan = plan({ release, stakeholders: STAKEHOLDERS, timezone: "Europe/Berlin", ...more })
    prepare(it)
  })

const mails = (w: World): readonly Mail[] => w.applied.flatMap((e) => (e.kind === "mail" ? [e.content] : []))
const told = (w: World) => mails(w).map(({ event, to }) => `${event} ${to}`)

test("stakeholders with an address hear of it when it is planned, when it is out and when it was rolled back", () => {
  const w = publish(mailing(), 11)
  const first = w.truth.head
  expect(told(w)).toEqual([
    "announced kim@acme.example",
    "announced qa@acme.example",
    "published kim@acme.example",
    "published qa@acme.example",
  ])
  expect(mails(w)[0]).toMatchObject({
    release: "1",
    subject: "acme/shop 1.0.1",
    bulletin: { news: { is: "coming", date: "2026-11-30T08:00:00.000Z" }, zone: "Europe/Berlin", version: "1.0.1" },
  })
  w.commitFiles({ plan: plan({ release: { date: "2026-12-07", name: "Winter" }, stakeholders: STAKEHOLDERS }) }).run()
  publish(w, 12)
  const second = w.truth.head
  w.later(1).deploy("production", first, "success").run().deploy("production", second, "success").run()
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  w.later(3).deploy("production", first, "success", { rollback: "1" }).run()
  expect(told(w).slice(-2)).toEqual([
    expect.stringMatching(/^rolled-back-[0-9a-f]{8} kim@acme\.example$/),
    expect.stringMatching(/^rolled-back-[0-9a-f]{8} qa@acme\.example$/),
  ])
  const back = mails(w).at(-1)
  expect(back).toMatchObject({
    release: "2",
    bulletin: { news: { is: "rolled back", environment: "production", to: "1.0.1", by: "ben" } },
  })
  expect(back?.subject).toBe("acme/shop 1.0.2 — Winter")
  w.later(60).hear({ kind: "look", because: "again" }).run()
  expect(told(w)).toHaveLength(10)
  expect(w.audit.filter(({ what }) => what === "stakeholders told").map(({ facts }) => facts.of)).toEqual([
    "coming",
    "published",
    "coming",
    "published",
    "rolled back",
  ])
})

test.each<[string, World, readonly string[]]>([
  ["a draft that nobody planned for a day or a version", mailing({}).merge(11, "fix: a").run(), []],
  [
    "a draft whose version the plan states",
    mailing({ version: "1.0.1" }).merge(11, "fix: a").run(),
    ["announced kim@acme.example", "announced qa@acme.example"],
  ],
  [
    "it once it is cut",
    mailing({}).merge(11, "fix: a").run().click("approve", "ben").run(),
    ["announced kim@acme.example", "announced qa@acme.example"],
  ],
  [
    "nothing where there is no mail server",
    mailing({}, {}, (w) => (w.announcements = { is: "on", channel: "#releases" }))
      .merge(11, "fix: a")
      .run(),
    [],
  ],
  ["what is on hold", mailing({}).merge(11, "fix: a").run().click("hold", "ben").run(), []],
  ["nothing that releases nothing", mailing().merge(11, "docs: a").run(), []],
  [
    "each address once",
    mailing(undefined, { stakeholders: { a: "kim@acme.example", b: ["KIM@acme.example", "kim@acme.example"] } })
      .merge(11, "fix: a")
      .run(),
    ["announced kim@acme.example"],
  ],
  [
    "a hundred people and no more",
    mailing(undefined, { stakeholders: { all: Array.from({ length: 300 }, (_, n) => `p${n}@acme.example`) } })
      .merge(11, "fix: a")
      .run(),
    Array.from({ length: 100 }, (_, n) => `announced p${n}@acme.example`),
  ],
])("stakeholders hear of %s", (_, w, expected) => {
  expect(told(w)).toEqual(expected)
})

test("who joins later has it announced then, and nobody hears it twice", () => {
  const w = mailing().merge(11, "fix: a").run()
  const more = { ...STAKEHOLDERS, legal: "legal@acme.example" }
  w.commitFiles({ plan: plan({ release: { date: "2026-11-30" }, stakeholders: more }) }).run()
  expect(told(w)).toEqual(["announced kim@acme.example", "announced qa@acme.example", "announced legal@acme.example"])
})

test("the subject stays when the version grows", () => {
  const w = mailing().merge(11, "fix: a").run().merge(12, "feat: b").run()
  publish(w, 13)
  expect(new Set(mails(w).map(({ subject }) => subject))).toEqual(new Set(["acme/shop 1.0.1"]))
  expect(mails(w).at(-1)?.bulletin.version).toBe("1.1.0")
})

test("a mail server that comes a week later brings no old news", () => {
  const w = publish(
    mailing(undefined, {}, (it) => (it.announcements = { is: "on", channel: null })),
    11,
  )
  w.announcements = { is: "on", channel: null, mail: "on" }
  w.later(7 * 24 * 60)
    .hear({ kind: "look", because: "again" })
    .run()
  expect(told(w)).toEqual([])
})

test("a refusal stands on the check, with what Slipway cannot see, until the server takes it", () => {
  const w = mailing()
  w.refusing.set("mail", {
    is: "refused",
    code: "forbidden",
    because: "ki…@acme.example: the server refused the sender",
  })
  w.merge(11, "fix: a").run()
  expect(w.page().warnings).toContainEqual(
    "2 e-mails could not be sent: ki…@acme.example: the server refused the sender. What bounces later does not reach Slipway.",
  )
  w.hear({ kind: "look", because: "Re-run" }).decide()
  expect(w.decision?.retries?.filter((target) => target.startsWith("mail:"))).toHaveLength(2)
})
