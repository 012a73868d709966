import { describe, expect, test } from "vitest"
import { afterReading, isDue, type Reading } from "../../src/decide/criteria/held.ts"
import type { Environment } from "../../src/model/deployment.ts"
import type { Gate } from "../../src/model/gate.ts"
import type { Reply } from "../../src/model/message.ts"
import type { Held } from "../../src/model/watch.ts"
import { pass, publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const MINUTE = 60_000
const BEGIN = Date.parse("2026-11-02T09:00:00.000Z")

/** Measured each minute: `x` broken, `.` kept to, `?` no number, ` ` not at all. The minutes at which something is done. */
function dueIn(readings: string, minutes = 5): readonly number[] {
  const pace = { lasts: minutes * MINUTE, every: MINUTE }
  const due: number[] = []
  let held: Held | undefined
  for (const [minute, sign] of [...readings].entries()) {
    const is: Reading["is"] | undefined = ({ x: "broken", ".": "kept", "?": "unknown" } as const)[sign]
    if (is === undefined) continue
    const now = afterReading(held, { is, at: new Date(BEGIN + minute * MINUTE).toISOString() }, pace)
    held = now
    if (!isDue(now, pace)) continue
    due.push(minute)
    held = { ...now, acted: now.at }
  }
  return due
}

test.each<[string, string, readonly number[]]>([
  ["broken for its time", "xxxxxx", [5]],
  ["a minute less", "xxxxx", []],
  ["kept to", "......", []],
  ["kept to once in between", "xxxx.xxxxx", []],
  ["kept to once in between, and then for its time", "xx.xxxxxx", [8]],
  ["no data from the first minute on", "?????????", []],
  ["no data after it broke", "xxx??????", []],
  ["a number missing: its time counts for nothing, and is not health", "xxx?xxxx", [7]],
  ["every second number missing", "x?x?x?x?x?x?x?x", []],
  ["one measurement that comes late counts", "xxx xxx", [5]],
  ["two numbers missing", "xxx??xxxx", [8]],
  ["a gap: all begins anew", "xxx    xxxx", []],
  ["a gap, and then for its time", "xxxx    xxxxxx", [13]],
  ["a gap that is longer than the criterion itself", "xxxxx         xxxxx", []],
  ["the same without a number", "xxxxx?????????xxxxx", []],
  ["done once, however long it stays so", "xxxxxxxxxxxxxxxxxxxxxxxx", [5]],
  ["done once, though it was kept to for a moment", "xxxxxxx..xxxxxxxxx", [5]],
  ["done once, though nobody knew for a while", "xxxxxxx???????xxxxxxxxx", [5]],
  ["done again after it was kept to for as long", "xxxxxx......xxxxxx", [5, 17]],
  ["no data is not kept to", "xxxxxx?????????????xxxxxx", [5]],
])("%s", (_, readings, due) => {
  expect(dueIn(readings)).toEqual(due)
})

const P95 = 'p95{version="{version}"}'
const investigate = { name: "p95", query: P95, "at-most": 2, for: "5m", do: "investigate" }
const rollback = { name: "memory", query: "memory", "at-most": 0.9, for: "10m", do: "rollback" }
const worse = { name: "p95", query: P95, within: "20%", for: "5m", do: "rollback" }
const pause = { name: "errors", query: "errors", "at-most": 0.01, for: "5m", do: "pause" }

interface Story {
  readonly w: World
  readonly at: string
  readonly first: string
  /** By what a query begins with; absent: no data. */
  says: { [query: string]: number | string | undefined }
}

/** 1.0.1 was live and good in production for an hour; then 1.0.2 went live there, just now. */
function story(production: object, more: { readonly staging?: object; readonly where?: string } = {}): Story {
  const { where = "production" } = more
  const w = world((it) => {
    it.truth.config = config({
      environments: { staging: more.staging ?? {}, production },
      slack: { mention: { "acme/sre": "S012ABCDEF" } },
    })
  })
  const it: Story = { w, at: "", first: "", says: { p95: 1, memory: 0.5, errors: 0 } }
  w.truth.metrics = (query) =>
    Object.entries(it.says).find(([begin]) => query.startsWith(begin))?.[1] ?? "no data: the query gives nothing"
  const heads = [11, 12].map((number) => {
    const head = publish(w, number).truth.head
    w.later(60).deploy(where, head, "success", { deployment: `d${number}` })
    settle(w)
    return head
  })
  return Object.assign(it, { first: heads[0], at: heads[1] })
}

const place = ({ w }: Story, name = "production"): Environment => {
  const found = w.known.environments[name]
  if (!found) throw new Error(`nothing is known of ${name}`)
  return found
}
const replies = ({ w }: Story, is: Reply["is"]) =>
  w.applied.flatMap(({ kind, content }) =>
    kind === "reply" && (content as { reply: Reply }).reply.is === is ? [(content as { reply: Reply }).reply] : [],
  )
const says = ({ w, at }: Story): string => {
  const { page } = w.check(`check:environment:production:${at}`)
  return page.is === "environment" ? page.detail.join("; ") : page.is
}
const told = (it: Story) => replies(it, "criterion")
const recorded = ({ w }: Story, what: string) => w.audit.filter((entry) => entry.what === what)

describe("a metric of what is live", () => {
  test("that is over its limit for its time is told to who is on call, once, with its figures", () => {
    const it = story({ criteria: [investigate], "on-call": ["@acme/sre", "@lea"] })
    it.says.p95 = 2.4
    pass(it.w, 9)
    expect(told(it)).toEqual([])
    expect(says(it)).toMatch(/watched by 1 metric until .* has to be at most 2$/)
    pass(it.w, 2)
    expect(says(it)).toContain("the criterion “p95” was broken on")
    expect(told(it)).toMatchObject([
      {
        environment: "production",
        version: "1.0.2",
        state: "broken",
        does: "investigate",
        because: expect.stringMatching(
          /^p95 is 2.4 in production over 5 minutes .* at most 2, and was not for 5 minutes$/,
        ),
        asks: [{ login: "acme/sre", slack: "S012ABCDEF" }, { login: "lea" }],
      },
    ])
    pass(it.w, 60)
    expect(told(it)).toHaveLength(1)
    expect(recorded(it, "criterion broken")).toMatchObject([{ release: "2", facts: { criterion: "p95", value: 2.4 } }])
    expect(place(it).rollback).toBeUndefined()
  })

  test.each<[string, number | string | undefined]>([
    ["at its limit", 2],
    ["without data", undefined],
    ["that is not a number", "no data: the query gives NaN"],
    ["of a server that is silent", "the metrics server could not be asked: no answer in time"],
    ["of several series", "the query gives 2 series where one number is asked for"],
  ])("%s breaks nothing", (_, value) => {
    const it = story({ criteria: [investigate, worse, rollback] })
    it.says = { p95: value, memory: undefined }
    pass(it.w, 30)
    expect(told(it)).toEqual([])
    expect(place(it).rollback).toBeUndefined()
    if (typeof value !== "number") expect(says(it)).toMatch(/p95 is not known: /)
  })

  test("rolls back by itself where that is declared, and says what it found", () => {
    const it = story({ criteria: [rollback] })
    it.says.memory = 0.95
    pass(it.w, 16)
    expect(place(it).rollback).toMatchObject({
      by: "the criterion “memory”",
      automatic: true,
      from: { version: "1.0.2" },
      to: { version: "1.0.1", sha: it.first },
      because: expect.stringContaining("memory is 0.95 in production over 5 minutes"),
    })
    expect(told(it)).toMatchObject([{ does: "rollback" }])
    expect(replies(it, "rolling back")).toHaveLength(1)
    expect(it.w.applied.filter(({ kind }) => kind === "deployment")).toHaveLength(1)
  })

  test("may be so much worse than with the release before, and no more", () => {
    const it = story({ criteria: [worse] })
    it.says = { 'p95{version="1.0.1"}': 1, p95: 1.2 }
    pass(it.w, 60)
    expect(place(it).rollback).toBeUndefined()
    it.says = { 'p95{version="1.0.1"}': 1, p95: 1.21 }
    pass(it.w, 7)
    expect(place(it).rollback?.because).toContain("no more than 20% above the 1 of 1.0.1")
  })

  test("what came back is not left for an older one: it is the second that shows it", () => {
    const it = story({ criteria: [rollback] })
    it.says.memory = 0.95
    pass(it.w, 16)
    it.w.deploy("production", it.first, "success", { rollback: "1" })
    settle(it.w)
    pass(it.w, 30)
    expect(place(it).live).toMatchObject({ version: "1.0.1" })
    expect(place(it).rollback).toMatchObject({ id: "1", is: "done" })
    expect(told(it).at(-1)).toMatchObject({
      version: "1.0.1",
      does: "investigate",
      because: expect.stringContaining("It is not rolled back by itself: 1.0.1 came back by a rollback itself"),
    })
  })

  test("a way back that came to nothing is not begun again by itself", () => {
    const it = story({ criteria: [rollback] })
    it.says.memory = 0.95
    pass(it.w, 120)
    expect(place(it).rollback).toMatchObject({ id: "1", is: "failed" })
    expect(it.w.applied.filter(({ kind }) => kind === "deployment")).toHaveLength(1)
    expect(recorded(it, "criterion broken")).toHaveLength(1)
  })

  test("is watched for its time after the release went live or was verified, and no longer", () => {
    const it = story({ criteria: [investigate], watch: "2h", verify: "30m" })
    pass(it.w, 149)
    const asked = it.w.revisitAt
    expect(asked).toBeDefined()
    pass(it.w, 5)
    it.says.p95 = 9
    pass(it.w, 120)
    expect(told(it)).toEqual([])
  })

  test("what somebody judged bad while it was verified is not watched for ever", () => {
    const it = story({ criteria: [investigate], watch: "1h", verify: "30m" })
    pass(it.w, 31)
    const next = publish(it.w, 13).truth.head
    settle(it.w.deploy("production", next, "success", { deployment: "d13" }))
    settle(it.w.later(5).click("rollback:production", "ben", it.w.check(`check:environment:production:${next}`)))
    pass(it.w, 6)
    expect(place(it)).toMatchObject({ rollback: { is: "failed" }, live: { verification: { is: "running" } } })
    const minutes = () => (Date.parse(it.w.revisitAt ?? "9999") - it.w.now.getTime()) / MINUTE
    expect(minutes()).toBeLessThanOrEqual(4)
    settle(it.w.later(27 * 60))
    expect(minutes()).toBeGreaterThan(4)
  })

  test("is measured of what is live alone: the next release begins anew", () => {
    const it = story({ criteria: [investigate] })
    it.says.p95 = 9
    pass(it.w, 8)
    const next = publish(it.w, 13).truth.head
    it.w.deploy("production", next, "success", { deployment: "d13" })
    pass(it.w, 9)
    expect(told(it)).toEqual([])
    pass(it.w, 2)
    expect(told(it)).toMatchObject([{ version: "1.0.3" }])
  })

  test("asks GitHub for nothing", () => {
    const it = story({ criteria: [investigate] })
    pass(it.w, 20)
    expect(it.w.input?.facts.learned.standings ?? {}).toEqual({})
    expect(Object.keys(it.w.input?.facts.learned ?? {}).filter((kind) => kind !== "metrics")).toEqual([])
  })

  test("of a file that no release was approved with yet tells, and rolls nothing back", () => {
    const it = story({})
    it.w.truth.config = config({ environments: { staging: {}, production: { criteria: [rollback] } } })
    it.w.merge(14, "fix: with a criterion", { files: [".github/slipway.yml"] }).run()
    it.says.memory = 0.95
    pass(it.w, 30)
    expect(place(it).rollback).toBeUndefined()
    expect(told(it)).toMatchObject([
      { does: "investigate", because: expect.stringContaining("no release was approved with this criterion yet") },
    ])
  })

  test("nothing to go back to is said, and tried once", () => {
    const w = world((it) => {
      it.truth.config = config({ environments: { production: { criteria: [rollback] } } })
    })
    w.truth.metrics = () => 0.95
    const at = publish(w, 11).truth.head
    w.deploy("production", at, "success", { deployment: "d1" })
    pass(w, 60)
    const it = { w, at, first: at, says: {} }
    expect(told(it)).toMatchObject([{ because: expect.stringContaining("no release was ever live and well here") }])
  })
})

describe("what failed", () => {
  const failed = {
    criteria: [
      { when: "failed deployment", do: "rollback" },
      { when: "failed verification", do: "rollback" },
    ],
  }

  test("a deployment rolls back at once where that is declared", () => {
    const it = story(failed)
    const next = publish(it.w, 13).truth.head
    it.w.deploy("production", next, "failure", { deployment: "d13" })
    settle(it.w)
    expect(place(it).rollback).toMatchObject({
      from: { version: "1.0.3" },
      to: { version: "1.0.2" },
      by: "the criterion “failed deployment”",
      because: "deployment of 1.0.3 failed",
    })
    expect(told(it)).toHaveLength(1)
    settle(it.w.later(1))
    expect(told(it)).toHaveLength(1)
  })

  test("nothing rolls back where nothing is declared", () => {
    const it = story({ criteria: [investigate] })
    const next = publish(it.w, 13).truth.head
    it.w.deploy("production", next, "failure", { deployment: "d13" })
    pass(it.w, 5)
    expect(place(it).rollback).toBeUndefined()
    expect(told(it)).toEqual([])
  })

  test("a verification rolls back as well", () => {
    const it = story({ ...failed, verify: { for: "15m", checks: ["synthetic"] } })
    it.w.truth.checks.set(it.at, [])
    expect(place(it).live?.verification?.is).toBe("running")
    pass(it.w, 40 * 60)
    expect(place(it).rollback).toBeUndefined()
    expect(told(it)).toMatchObject([{ because: expect.stringContaining("nothing known to be good to go back to") }])
  })

  test("one that is told too late is left to people", () => {
    const it = story(failed)
    const next = publish(it.w, 13).truth.head
    const when = it.w.now.toISOString()
    it.w.later(90).deploy("production", next, "failure", { deployment: "d13", at: when })
    settle(it.w)
    expect(place(it).rollback).toBeUndefined()
    expect(told(it)).toMatchObject([{ because: expect.stringContaining("told more than an hour later") }])
  })
})

describe("a pause", () => {
  const production = { after: "staging" }
  const before = { staging: { criteria: [pause] }, where: "staging" }
  const gate = ({ w, at }: Story, name: Gate["name"] = "criteria"): Gate | undefined => {
    const { page } = w.check(`check:environment:production:${at}`)
    return page.is === "entry" ? page.gates.find((one) => one.name === name) : undefined
  }

  test("keeps the release out of the next environment until it is kept to for as long", () => {
    const it = story(production, before)
    it.says.errors = 0.02
    pass(it.w, 11)
    expect(told(it)).toMatchObject([{ does: "pause", environment: "staging" }])
    expect(gate(it)).toMatchObject({ state: "failed", because: expect.stringContaining("paused since") })
    it.w.ask("production", it.at)
    pass(it.w, 3)
    it.says.errors = 0.001
    pass(it.w, 4)
    expect(gate(it)).toMatchObject({ state: "failed" })
    pass(it.w, 4)
    expect(told(it).at(-1)).toMatchObject({ state: "kept", does: "pause" })
    expect(Object.values(it.w.known.requests ?? {})).toMatchObject([{ end: { verdict: "approved" } }])
  })

  test("without data nothing is paused, and nothing enters", () => {
    const it = story(production, before)
    it.says.errors = undefined
    pass(it.w, 30)
    expect(told(it)).toEqual([])
    expect(gate(it)).toMatchObject({ state: "unknown" })
  })

  test("stays after the time of watching is over, until it is kept to", () => {
    const it = story(production, { ...before, staging: { criteria: [pause], watch: "15m" } })
    it.says.errors = 0.02
    pass(it.w, 60)
    expect(gate(it)).toMatchObject({ state: "failed" })
    it.says.errors = 0
    pass(it.w, 12)
    expect(gate(it)).toMatchObject({ state: "passed" })
  })
})
