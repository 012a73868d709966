import { describe, expect, test } from "vitest"
import { emptyState } from "../../src/decide/learn.ts"
import { keptMetrics } from "../../src/decide/metrics.ts"
import type { Gate } from "../../src/model/gate.ts"
import type { MetricReading } from "../../src/model/metric.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const P95 = 'p95{env="{environment}",version="{version}"}'
const GOOD = 'good{env="{environment}"}[{window}]'

/** A value that is asked for later within some seconds is waited for, too. */
const rest = (w: World): World => settle(w, 5_001)

interface Story {
  readonly w: World
  /** The commit that is live in staging. */
  readonly at: string
  /** What was asked, oldest first. */
  readonly asked: { readonly query: string; readonly at: Date }[]
  says: (query: string, at: Date) => number | string
}

/** 1.0.1 was live in staging for an hour; then 1.0.2 went live there, just now. */
function story(environments: object, releases = 2): Story {
  const it: Story = {
    w: world((w) => {
      w.truth.config = config({ environments })
    }),
    at: "",
    asked: [],
    says: () => 0.2,
  }
  it.w.truth.metrics = (query, at) => {
    it.asked.push({ query, at })
    return it.says(query, at)
  }
  let at = ""
  for (let number = 1; number <= releases; number++) {
    at = publish(it.w, 10 + number).truth.head
    it.w.later(60).deploy("staging", at, "success", { deployment: `d${number}` })
    rest(it.w)
  }
  return Object.assign(it, { at })
}

const enter = ({ w, at }: Story, environment = "production") => {
  w.ask(environment, at)
  return rest(w)
}
const gate = ({ w, at }: Story, name: Gate["name"], environment = "production"): Gate | undefined => {
  const { page } = w.check(`check:environment:${environment}:${at}`)
  return page.is === "entry" ? page.gates.find((one) => one.name === name) : undefined
}
const verdict = ({ w }: Story) =>
  Object.values(w.known.requests ?? {}).map(({ end }) => (end?.is === "answered" ? end.verdict : "waits"))[0]

describe("performance", () => {
  const performance = { name: "p95", query: P95, within: "5%", window: "30m" }
  const environments = { staging: {}, production: { after: "staging", performance } }

  test("is measured once it is live before for the window, beside the release before over as long", () => {
    const it = story(environments)
    const since = it.w.known.environments.staging?.live?.since ?? ""
    it.asked.length = 0
    enter(it)
    expect(it.asked).toEqual([])
    expect(gate(it, "performance")).toMatchObject({ state: "pending" })
    expect(it.w.revisitAt).toBe(new Date(Date.parse(since) + 1_800_000).toISOString())
    rest(it.w.later(30))
    expect(verdict(it)).toBe("approved")
    expect(it.asked.map(({ query }) => query).slice(0, 2)).toEqual([
      'p95{env="staging",version="1.0.2"}',
      'p95{env="staging",version="1.0.1"}',
    ])
    expect(it.asked[1]?.at.toISOString()).toBe(since)
    expect(gate(it, "performance")?.because).toMatch(/^p95 is 0.2 in staging over 30 minutes .*no more than 5% above/)
  })

  test("what failed holds it, is asked again every few minutes, of nobody but the metrics server, and may pass", () => {
    const it = story(environments)
    it.says = (query) => (query.includes("1.0.2") ? 0.3 : 0.2)
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({ state: "failed" })
    const times = it.asked.length
    for (let turn = 0; turn < 3; turn++) rest(it.w.later(6))
    expect(it.asked.length - times).toBe(6)
    expect(Object.values(it.w.known.requests ?? {})).toMatchObject([{ told: { times: 2 } }])
    expect(Object.values(it.w.known.requests ?? {})[0]).not.toHaveProperty("asked")
    expect(verdict(it)).toBe("waits")
    it.says = () => 0.2
    rest(it.w.later(6))
    expect(verdict(it)).toBe("approved")
  })

  test("while people are waited for it is shown, and not asked for again and again", () => {
    const it = story({ ...environments, production: { after: "staging", performance, approvals: { required: 1 } } })
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({ state: "passed" })
    const times = it.asked.length
    rest(it.w.later(600))
    expect(it.asked.length - times).toBeLessThanOrEqual(2)
    const patience = Date.parse(it.w.revisitAt ?? "") - it.w.now.getTime()
    expect(patience).toBeGreaterThan(24 * 3_600_000)
  })

  test("what was good an hour ago lets nothing in: it is asked once more with the last approval", () => {
    const it = story({ ...environments, production: { after: "staging", performance, approvals: { required: 1 } } })
    enter(it)
    rest(it.w.later(31))
    it.says = (query) => (query.includes("1.0.2") ? 0.3 : 0.2)
    it.w.later(60).click("approve", "ben", it.w.check(`check:environment:production:${it.at}`))
    rest(it.w)
    expect(verdict(it)).toBe("waits")
    expect(gate(it, "performance")).toMatchObject({ state: "failed" })
  })

  test.each<[string, object, number | string, number | string, Gate["state"]]>([
    ["as good as before", {}, 0.2, 0.2, "passed"],
    ["at the limit", {}, 0.21, 0.2, "passed"],
    ["above the limit", {}, 0.2101, 0.2, "failed"],
    ["much better", {}, 0.001, 0.2, "passed"],
    ["as bad as a bad one may be", { "at-most": 0.15 }, 0.2, 0.2, "failed"],
    ["within both limits", { "at-most": 0.2 }, 0.2, 0.2, "passed"],
    ["below the least", { "at-least": 0.1 }, 0.05, 0.2, "failed"],
    ["where more is better, less than before", { better: "higher" }, 0.18, 0.2, "failed"],
    ["where more is better, more than before", { better: "higher" }, 0.5, 0.2, "passed"],
    ["where more is better, at the limit", { better: "higher" }, 0.19, 0.2, "passed"],
    ["below zero, worse", {}, -90, -100, "failed"],
    ["below zero, at the limit", {}, -95, -100, "passed"],
    ["from nothing to something", {}, 0.001, 0, "failed"],
    ["nothing after nothing", {}, 0, 0, "passed"],
    ["without data", {}, "no data: the query gives nothing", 0.2, "unknown"],
    ["without data of the release before", {}, 0.2, "no data: the query gives NaN", "unknown"],
    ["without an answer", {}, "the metrics server could not be asked: no answer in time", 0.2, "unknown"],
  ])("%s", (_, more, now, before, state) => {
    const it = story({ staging: {}, production: { after: "staging", performance: { ...performance, ...more } } })
    it.says = (query) => (query.includes("1.0.2") ? now : before)
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({ state })
    expect(verdict(it)).toBe(state === "passed" ? "approved" : "waits")
    if (typeof now === "string") expect(gate(it, "performance")?.because).toContain(now)
  })

  test.each<[string, object, Gate["state"], RegExp]>([
    [
      "has nothing to be compared with",
      {},
      "unknown",
      /no earlier release was good in staging for 30 minutes; set “at-most”/,
    ],
    ["is held against an absolute limit", { "at-most": 0.2 }, "passed", /at most 0.2/],
    ["is held against an absolute limit that it breaks", { "at-most": 0.1 }, "failed", /has to be at most 0.1/],
  ])("the first release %s", (_, more, state, because) => {
    const it = story({ staging: {}, production: { after: "staging", performance: { ...performance, ...more } } }, 1)
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({ state, because: expect.stringMatching(because) })
  })

  test("a release that was not good, or not for long enough, is none to be compared with", () => {
    const it = story({ staging: { verify: "50m" }, production: { after: "staging", performance } }, 1)
    rest(it.w.later(60))
    for (const [number, minutes] of [
      [21, 5],
      [22, 60],
    ] as const) {
      const at = publish(it.w, number).truth.head
      it.w.deploy("staging", at, "success", { deployment: `d${number}` })
      rest(it.w.later(minutes))
      Object.assign(it, { at })
    }
    it.asked.length = 0
    enter(it)
    const versions = it.asked.map(({ query }) => /version="([^"]*)"/.exec(query)?.[1])
    expect(new Set(versions)).toEqual(new Set(["1.0.3", "1.0.1"]))
    expect(it.asked.find(({ query }) => query.includes("1.0.1"))?.at.toISOString()).toBe(
      it.w.known.environments.staging?.good.find(({ version }) => version === "1.0.1")?.until,
    )
  })

  test("of several metrics each has to hold", () => {
    const two = [performance, { query: "errors", "at-most": 0.01 }]
    const it = story({ staging: {}, production: { after: "staging", performance: two } })
    it.says = (query) => (query === "errors" ? 0.02 : 0.2)
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({
      state: "failed",
      because: expect.stringMatching(/^the metric is 0.02/),
    })
  })

  test("without an environment before it is not passed, however the file came to say so", () => {
    const it = story({ staging: {}, production: { after: "staging", performance } })
    const { main } = it.w.known.lines
    const value = config({ environments: { staging: {}, production: {} } })
    const bad = { ...value, environments: { ...value.environments, production: { checks: [], rollback: [] } } }
    const [metric] = main?.config.is === "valid" ? (main.config.value.environments.production?.performance ?? []) : []
    const broken = {
      ...bad,
      environments: {
        ...bad.environments,
        production: { checks: [], rollback: [], performance: metric ? [metric] : [] },
      },
    }
    it.w.truth.config = broken as never
    enter(it)
    rest(it.w.later(31))
    expect(gate(it, "performance")).toMatchObject({ state: "unknown", because: expect.stringMatching(/set “after”/) })
  })
})

test("however much is asked of many environments, what is known stays known", () => {
  const regions = Array.from({ length: 12 }, (_, region) => {
    const performance = Array.from({ length: 10 }, (_, metric) => ({ query: `q${region}_${metric}`, "at-most": 1 }))
    return [`region${region}`, { after: "staging", performance }]
  })
  const it = story({ staging: {}, ...Object.fromEntries(regions) }, 1)
  it.w.ask("region0", it.at)
  settle(it.w.later(31))
  expect(Object.keys(it.w.known.metrics ?? {})).toHaveLength(120)
  for (const [region] of regions) expect(gate(it, "performance", String(region))).toMatchObject({ state: "passed" })
})

test("of more than anybody asks the newest answers are kept, wherever the database has put their keys", () => {
  const answers = Array.from({ length: 1_500 }, (_, index): [string, MetricReading] => [
    `k${(index * 7) % 1_500}`,
    { is: "value", value: index, at: new Date(Date.UTC(2026, 10, 2) + index * 1_000).toISOString() },
  ])
  const state = { ...emptyState, metrics: Object.fromEntries(answers.toSorted()) }
  const kept = keptMetrics(state, new Set(answers.map(([key]) => key))).metrics ?? {}
  expect(new Set(Object.keys(kept))).toEqual(new Set(answers.slice(-1_000).map(([key]) => key)))
})

describe("error budget", () => {
  const budget = { query: GOOD, slo: "99%", window: "7d", remaining: "20%" }
  test.each<[string, number | string, Gate["state"], RegExp]>([
    ["nothing went wrong", 1, "passed", /^100% of the error budget of Prod "1" is left over 7 days \(99%\)/],
    ["as much as may go wrong did", 0.992, "passed", /^20% of/],
    ["more than may go wrong did", 0.9915, "failed", /^15% of .*at least 20% has to be/],
    ["all of it is spent, and more", 0.5, "failed", /^-4900% of/],
    ["it is more than all", 1.5, "unknown", /no share of good events/],
    ["it is less than nothing", -0.1, "unknown", /no share of good events/],
    ["it is given in percent", 99.5, "unknown", /no share of good events/],
    ["nothing is known", "no data: the query gives NaN", "unknown", /no data/],
  ])("%s", (_, share, state, because) => {
    const it = story({ 'Prod "1"': { "error-budget": budget } })
    it.says = () => share
    enter(it, 'prod "1"')
    rest(it.w.later(1))
    expect(gate(it, "error budget", 'prod "1"')).toMatchObject({ state })
    expect(verdict(it)).toBe(state === "passed" ? "approved" : "waits")
    expect(gate(it, "error budget", 'prod "1"')?.because.replace(/prod/g, "Prod")).toMatch(because)
    expect(it.asked.map(({ query }) => query)).toContain('good{env="prod \\x221\\x22"}[10080m]')
  })
})

describe("metrics of a verification", () => {
  // Without an absolute limit the first one could not be verified: there is none before it.
  const metrics = [{ name: "p95", query: P95, within: "5%", "at-most": 50, window: "10m" }]
  const verified = (says: Story["says"], minutes: number) => {
    const it = story({ staging: {}, production: { verify: { for: "30m", metrics } } })
    it.w.deploy("production", it.at, "success", { deployment: "p0", at: it.w.now.toISOString() })
    rest(it.w.later(60))
    const at = publish(it.w, 33).truth.head
    it.says = says
    it.w.deploy("production", at, "success", { deployment: "p1" })
    rest(it.w)
    for (let minute = 0; minute < minutes; minute += 5) rest(it.w.later(5))
    return { ...it, at, live: it.w.known.environments.production?.live }
  }

  test.each<[string, Story["says"], number, string]>([
    ["before they can be measured", () => 99, 5, "running"],
    ["good all the time", () => 0.2, 31, "passed"],
    ["bad in the middle", (query) => (query.includes("1.0.3") ? 0.3 : 0.2), 16, "failed"],
    ["without data", () => "no data: the query gives nothing", 40, "running"],
  ])("%s", (_, says, minutes, is) => {
    expect(verified(says, minutes).live?.verification).toMatchObject({ is })
  })

  test("without data the page says what was asked, and later data verify it", () => {
    const it = verified(() => "no data: the query gives nothing", 31)
    const { page } = it.w.check(`check:environment:production:${it.at}`)
    expect(page.is === "environment" && page.detail.join()).toMatch(/p95 is not known: no data.*p95\{env="production"/)
    it.w.truth.metrics = () => 0.2
    for (let minute = 0; minute < 30; minute += 5) rest(it.w.later(5))
    expect(it.w.known.environments.production?.live?.verification).toMatchObject({ is: "passed" })
  })

  test("they are asked a bounded number of times", () => {
    const it = story({ production: { verify: { for: "5d", metrics } } })
    it.w.deploy("production", it.at, "success", { deployment: "p1" })
    rest(it.w)
    const before = it.asked.length
    for (let looks = 0; it.w.known.environments.production?.live?.verification?.is === "running"; looks++) {
      expect(looks).toBeLessThan(40)
      it.w.truth.metrics = () => 0.2
      it.w.now = new Date(Math.max(it.w.now.getTime() + 1, Date.parse(it.w.revisitAt ?? "")))
      it.w.run()
      if (looks > 30) break
    }
    expect(it.asked.length - before).toBeLessThanOrEqual(60)
  })
})
