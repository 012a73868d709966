import { describe, expect, test } from "vitest"
import { calendarOf } from "../../src/decide/calendar.ts"
import type { CalendarKind } from "../../src/model/calendar.ts"
import type { Plan } from "../../src/model/plan.ts"
import { config, plan, REPO } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** The clock of a world begins on Monday, 2026-11-02 at 09:00 UTC. */
const WEEK = { from: "2026-11-02T09:00:00.000Z", until: "2026-11-09T09:00:00.000Z" }

const seen = (w: World, kinds: readonly CalendarKind[] = ["freeze", "cut", "train", "plan"], span = WEEK) =>
  calendarOf(REPO, w.known, span)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, what, from, until, collides }) =>
      [
        kind,
        from.slice(5, 16),
        ...(until ? [`– ${until.slice(5, 16)}`] : []),
        what,
        ...(collides ? [`⚠ ${collides}`] : []),
      ].join(" "),
    )

const arranged = (written: object, plans: { readonly [name: string]: Plan } = {}, one?: Plan) =>
  world((w) => {
    w.truth.config = config(written)
    w.truth.files.add("docs/rollback.md")
    Object.assign(w.truth.plans, plans)
    if (one) w.truth.plan = one
  })

test("a train with its cutoff, as often as it departs", () => {
  const w = arranged({ train: { every: "tue,thu 10:00", zone: "Europe/Berlin", cutoff: "2h" } })
  expect(seen(w)).toEqual([
    "cut 11-03T07:00 cut for the train of 2026-11-03 09:00 UTC",
    "train 11-03T09:00 train departs (tue, thu 10:00 (Europe/Berlin))",
    "cut 11-05T07:00 cut for the train of 2026-11-05 09:00 UTC",
    "train 11-05T09:00 train departs (tue, thu 10:00 (Europe/Berlin))",
  ])
})

test("the dates of plans, also of versions that nothing is drafted for yet", () => {
  const w = arranged(
    {},
    {
      "1.1.0.yml": plan({
        release: { version: "1.1.0", date: "2026-11-06T12:00:00Z" },
        timeline: { code_freeze: "2026-11-03T12:00:00Z", production_deploy: "2026-11-06T13:00:00Z" },
      }),
      "2.0.0.yml": plan({ release: { version: "2.0.0" }, timeline: { qa_start: "2026-11-04T12:00:00Z" } }),
    },
  )
  expect(seen(w)).toEqual([
    "freeze 11-03T12:00 – 11-06T13:00 code freeze of 1.1.0 on main",
    "plan 11-04T12:00 testing begins: 2.0.0",
    "plan 11-06T12:00 release of 1.1.0",
    "plan 11-06T13:00 deployment to production: 1.1.0",
  ])
})

test("a freeze that began before and still holds is in it, what is over is not", () => {
  const timeline = {
    code_freeze: "2026-10-30T12:00:00Z",
    qa_start: "2026-10-31T12:00:00Z",
    production_deploy: "2026-11-04T12:00:00Z",
  }
  const w = arranged({}, {}, plan({ release: { version: "1.1.0" }, timeline }))
  expect(seen(w)).toEqual([
    "freeze 10-30T12:00 – 11-04T12:00 code freeze of 1.1.0 on main",
    "plan 11-04T12:00 deployment to production: 1.1.0",
  ])
})

test("windows, without the holidays", () => {
  const window = { days: "mon-thu", hours: "10:00-16:00", zone: "UTC", holidays: ["2026-11-04"] }
  const w = arranged({ environments: { staging: null, production: { window } } })
  expect(seen(w, ["window"])).toEqual([
    "window 11-02T10:00 – 11-02T16:00 production is open (UTC)",
    "window 11-03T10:00 – 11-03T16:00 production is open (UTC)",
    "window 11-05T10:00 – 11-05T16:00 production is open (UTC)",
  ])
})

test("the same at every look, with ids that tell entries apart", () => {
  const w = arranged({ train: { every: "mon-fri 10:00", cutoff: "2h" } })
  const ids = calendarOf(REPO, w.known, WEEK).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(
    calendarOf(REPO, w.known, { ...WEEK, from: "2026-11-03T00:00:00.000Z" }).every(({ id }) => ids.includes(id)),
  ).toBe(true)
})

describe("two releases that are planned for one environment at the same time", () => {
  const components = { api: { path: "api/**" }, web: { path: "web/**" } }
  const planned = (component: string, at: string, step = "production_deploy") =>
    plan({ release: { component }, timeline: { [step]: at } })
  const both = (api: Plan, web: Plan) =>
    arranged({ components }, { "api.yml": api, "web.yml": web })
      .merge(11, "feat: both", { files: ["api/a", "web/b"] })
      .run()
  const warnings = (w: World) =>
    w.known.releases.map(({ id, component }) => [
      component,
      w.page(id).warnings.filter((one) => one.includes("at the same time")),
    ])
  const told = (w: World) =>
    w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "collides" ? [e.content.thread] : []))

  test("both pages, both threads (once) and the calendar say so", () => {
    const w = both(planned("api", "2026-11-05T10:00:00Z"), planned("web", "2026-11-05T10:59:00Z"))
    const says = (tag: string, mine: string, theirs: string) =>
      `${tag} is planned for the same deployment to production at the same time (2026-11-05 ${mine} UTC and 2026-11-05 ${theirs} UTC): move one of them in its plan.`
    expect(warnings(w)).toEqual([
      ["api", [says("web-v0.1.0", "10:00", "10:59")]],
      ["web", [says("api-v0.1.0", "10:59", "10:00")]],
    ])
    w.later(10).run()
    expect(told(w).toSorted()).toEqual(["thread:1", "thread:2"])
    expect(seen(w)).toEqual([
      "plan 11-05T10:00 deployment to production: api ⚠ web-v0.1.0",
      "plan 11-05T10:59 deployment to production: web ⚠ api-v0.1.0",
    ])
  })

  test.each<[string, Plan, Plan]>([
    ["an hour apart", planned("api", "2026-11-05T10:00:00Z"), planned("web", "2026-11-05T11:00:00Z")],
    [
      "of different environments",
      planned("api", "2026-11-05T10:00:00Z"),
      planned("web", "2026-11-05T10:00:00Z", "staging_deploy"),
    ],
    ["that are over", planned("api", "2026-11-01T10:00:00Z"), planned("web", "2026-11-01T10:00:00Z")],
  ])("not those %s", (_, api, web) => {
    const w = both(api, web)
    expect(warnings(w).flatMap(([, said]) => said)).toEqual([])
    expect(told(w)).toEqual([])
  })

  test("one plan for all components is one deployment", () => {
    const one = plan({ timeline: { production_deploy: "2026-11-05T10:00:00Z" } })
    const w = arranged({ components }, {}, one)
      .merge(11, "feat: both", { files: ["api/a", "web/b"] })
      .run()
    expect(w.known.releases).toHaveLength(2)
    expect(warnings(w).flatMap(([, said]) => said)).toEqual([])
  })
})

test("what meets is looked for once, however much is planned", () => {
  const readsOf = (many: number): number => {
    const mails = Array.from({ length: many }, (_, index) => ({
      channel: "email" as const,
      audience: `customers ${index}`,
      date: "2026-11-05T10:00:00Z",
    }))
    const w = arranged({}, {}, plan({ communication: { pre_release: mails } }))
      .merge(11, "feat: a")
      .run()
    let reads = 0
    const state = new Proxy(w.known, {
      get: (all, key) => {
        if (key === "releases") reads += 1
        return Reflect.get(all, key)
      },
    })
    expect(calendarOf(REPO, state, WEEK).filter(({ kind }) => kind === "plan")).toHaveLength(many)
    return reads
  }
  expect(readsOf(40)).toBe(readsOf(1))
})
