import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { Refusal } from "../../src/model/outcome.ts"
import type { ProbeResult } from "../../src/model/probe.ts"
import { gateOf, publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const SMOKE = { for: "5m", smoke: "https://shop.example/healthz" }

/** 1.0.1 and 1.0.2 were live in staging, and are well; the second one is there. */
function practising({ drill = "on-demand", ...staging }: { readonly drill?: unknown }, ...landed: readonly object[]) {
  const declared = drill === false ? {} : { drill }
  const asked = drill === false ? {} : { drilled: { in: "staging", within: "2d" } }
  const w = world((it) => {
    it.truth.config = config({
      environments: { staging: { verify: SMOKE, ...declared, ...staging }, production: { after: "staging", ...asked } },
    })
  })
  const answer: { now: ProbeResult } = { now: { is: "passed", because: "ok" } }
  w.truth.answer = () => answer.now
  const [first = "", second = ""] = [11, 12].map((number, nth) => {
    w.merge(number, `fix: number ${number}`, landed[nth] ?? {}).run()
    const at = w.click("approve", "ben").run().click("publish", "cleo").run().truth.head
    w.later(1).deploy("staging", at, "success", { deployment: `${number}` })
    rest(w)
    rest(w.later(60))
    return at
  })
  return { w, answer, first, second }
}

const rest = (w: World): World => settle(w, 5_001)
const ask = (w: World, more: { component?: string } = {}): World =>
  rest(w.hear({ kind: "drill asked", environment: "Staging", by: "token nightly", at: w.now.toISOString(), ...more }))
const staging = (w: World): Environment => {
  const found = w.known.environments.staging
  if (!found) throw new Error("nothing was deployed to staging")
  return found
}
const page = (w: World, at: string) => w.check(`check:environment:staging:${at}`)
const pageState = (w: World, at: string) => {
  const { page: shown, conclusion, buttons } = page(w, at)
  return {
    state: shown.is === "environment" ? shown.state : shown.is,
    conclusion,
    buttons: buttons.map(({ label }) => label),
  }
}
const deploys = (w: World) => w.applied.flatMap((effect) => (effect.kind === "deployment" ? [effect.content] : []))
const drills = (w: World) =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "drill" ? [effect.content.reply] : [],
  )
const kinds = (w: World) => new Set(w.applied.map(({ kind }) => kind))
const answered = (w: World) => staging(w).answers.at(-1)
/** The deployment of a half of the drill ends, a minute after it began. */
const ends = (w: World, at: string, rollback: string, state: "success" | "failure" = "success") =>
  rest(w.later(1).deploy("staging", at, state, { rollback }))

test("a drill goes back and comes again, and leaves nothing behind", () => {
  const { w, first, second } = practising({})
  ask(w)
  expect(deploys(w)).toMatchObject([
    { rollback: "1", sha: first, drill: "back", because: "a drill", by: "token nightly" },
  ])
  expect(pageState(w, second)).toMatchObject({ state: "drill", conclusion: "neutral" })
  expect(w.known.locks ?? {}).toEqual({})

  ends(w, first, "1")
  expect(staging(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "running" } })
  rest(w.later(5))
  expect(deploys(w)[1]).toMatchObject({ rollback: "2", sha: second, drill: "return", from: { version: "1.0.1" } })
  ends(w, second, "2")
  rest(w.later(5))

  const here = staging(w)
  expect(here).toMatchObject({ live: { version: "1.0.2" } })
  expect(here.rollback).toBeUndefined()
  expect(here.drill).toBeUndefined()
  expect(here.good.map(({ version }) => version)).toEqual(["1.0.1", "1.0.2"])
  expect(here.drills).toMatchObject([{ is: "passed", from: { version: "1.0.2" }, to: { version: "1.0.1" } }])
  expect(pageState(w, second)).toEqual({ state: "live", conclusion: "success", buttons: ["Roll back", "Lock"] })
  expect(w.known.releases.flatMap(({ rolledBack }) => rolledBack)).toEqual([])
  expect([...kinds(w)].filter((kind) => kind === "post-mortem" || kind === "call")).toEqual([])
  expect(drills(w)).toMatchObject([
    { state: "begun", from: "1.0.2", to: "1.0.1" },
    { state: "back" },
    { state: "passed", back: { live: 61, ended: 362 }, return: { live: 61, ended: 362 } },
  ])
  const told = w.replies("2")
  expect(told).not.toContain("rolling back")
  expect(told).not.toContain("rolled back")
  expect(told).not.toContain("locked")
})

test("every word of it in the thread says that it is a drill", () => {
  const { w, first, second } = practising({})
  ask(w)
  ends(w, first, "1")
  rest(w.later(5))
  ends(w, second, "2")
  rest(w.later(5))
  const steps = w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "rollback step" ? [effect.content] : [],
  )
  expect(steps.map(({ reply }) => reply)).toMatchObject([
    { drill: true, says: expect.stringMatching(/^1\.0\.1 is there/) },
    { drill: true, says: expect.stringMatching(/^1\.0\.2 is there/) },
  ])
  expect(new Set(steps.map(({ thread }) => thread)).size).toBe(1)
})

describe("a half that does not work fails the drill, and what was live is brought back all the same", () => {
  test("the deployment of the earlier release fails", () => {
    const { w, first, second } = practising({})
    ask(w)
    ends(w, first, "1", "failure")
    expect(drills(w).at(-1)).toMatchObject({ state: "back", because: "its deployment ended as “failure”" })
    ends(w, second, "2")
    rest(w.later(5))
    expect(staging(w).drills).toMatchObject([{ is: "failed", because: "its deployment ended as “failure”" }])
    expect(staging(w).live?.version).toBe("1.0.2")
    expect(drills(w).at(-1)).toMatchObject({ state: "failed" })
  })

  // Without `LEAVES_DOUBT` (rollback/heard.ts): the drill ends without its return leg.
  test.each<[string, Refusal, string]>([
    ["GitHub gives no answer until Slipway gives up", "unavailable", "given up after 12 attempts"],
    ["somebody takes it out of the outbox", "dropped", "dropped by lea: it hangs"],
  ])("%s: it may have been made, so that what was live comes back", (_, code, because) => {
    const { w, second } = practising({})
    w.refusing.set("deployment:1", { is: "refused", code, because })
    ask(w)
    expect(deploys(w).map(({ sha, drill }) => ({ sha, drill }))).toContainEqual({ sha: second, drill: "return" })
    ends(w, second, "2")
    rest(w.later(5))
    expect(staging(w).drills).toMatchObject([{ is: "failed", because }])
  })

  test("GitHub refuses the deployment: nothing was done that would have to be taken back", () => {
    const { w } = practising({})
    w.refusing.set("deployment:1", { is: "refused", code: "forbidden", because: "the App may not deploy" })
    ask(w)
    expect(deploys(w)).toHaveLength(1)
    expect(staging(w)).toMatchObject({ drills: [{ is: "failed", because: "the App may not deploy" }] })
  })

  test("the earlier release is not well there any more: it is no worse known for it", () => {
    const { w, answer, first, second } = practising({})
    ask(w)
    ends(w, first, "1")
    answer.now = { is: "failed", because: "it answered 500" }
    rest(w.later(5))
    answer.now = { is: "passed", because: "ok" }
    ends(w, second, "2")
    rest(w.later(5))
    expect(staging(w).drills).toMatchObject([{ is: "failed", because: expect.stringContaining("it answered 500") }])
    expect(staging(w).failed).toBeUndefined()
    expect(staging(w).good.map(({ version }) => version)).toEqual(["1.0.1", "1.0.2"])
  })

  test("nobody deploys: it is given up after the time that the way back has", () => {
    const { w, second } = practising({})
    ask(w)
    rest(w.later(5))
    expect(deploys(w)).toHaveLength(2)
    ends(w, second, "2")
    rest(w.later(5))
    expect(staging(w).drills).toMatchObject([{ is: "failed", because: expect.stringContaining("got no status") }])
  })

  test("what was live does not come back: it is said what is there", () => {
    const { w, first, second } = practising({})
    ask(w)
    ends(w, first, "1")
    rest(w.later(5))
    ends(w, second, "2", "failure")
    expect(drills(w).at(-1)).toMatchObject({
      state: "failed",
      because: "1.0.2 did not come back: its deployment ended as “failure”",
    })
    expect(staging(w)).toMatchObject({ live: { version: "1.0.1" }, drills: [{ is: "failed" }] })
    expect(pageState(w, first).state).toBe("live")
  })

  test("what was live comes back and is not well: that is known of it from then on", () => {
    const { w, answer, first, second } = practising({})
    ask(w)
    ends(w, first, "1")
    rest(w.later(5))
    ends(w, second, "2")
    answer.now = { is: "failed", because: "it answered 500" }
    rest(w.later(5))
    expect(staging(w)).toMatchObject({ drills: [{ is: "failed" }], failed: { version: "1.0.2" } })
    expect(pageState(w, second)).toMatchObject({ state: "failed", conclusion: "failure" })
    expect(pageState(w, second).buttons[0]).toBe("Roll back")
  })
})

describe("something comes between", () => {
  test("a rollback that is none for practice takes over at once", () => {
    const { w, first, second } = practising({})
    ask(w)
    ends(w, first, "1")
    expect(pageState(w, second).buttons).toEqual(["Roll back"])
    rest(w.click("rollback:staging", "ben", page(w, second)))
    expect(staging(w)).toMatchObject({
      rollback: { id: "2", is: "running", from: { version: "1.0.2" }, to: { version: "1.0.1" } },
    })
    expect(staging(w).drill).toBeUndefined()
    expect(staging(w).rollback?.drill).toBeUndefined()
    expect(drills(w).at(-1)).toMatchObject({ state: "broken off", because: "ben asked for a rollback" })
    rest(w.later(1).deploy("staging", first, "success", { rollback: "2" }))
    rest(w.later(5))
    expect(staging(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
    expect(staging(w).drills ?? []).toEqual([])
    expect(deploys(w)).toHaveLength(2)
  })

  test("another release is deployed: it stays", () => {
    const { w, first } = practising({})
    const third = publish(w, 13).truth.head
    ask(w)
    ends(w, first, "1")
    rest(w.later(1).deploy("staging", third, "success", { deployment: "77" }))
    expect(staging(w)).toMatchObject({ live: { version: "1.0.3" } })
    expect(staging(w).rollback).toBeUndefined()
    expect(drills(w).at(-1)).toMatchObject({ state: "broken off", because: "1.0.3 was deployed meanwhile" })
    rest(w.later(30))
    expect(deploys(w)).toHaveLength(1)
  })

  test("who gives a deployment the number of a drill that is over goes round the gates all the same", () => {
    const { w, first, second } = practising({})
    ask(w)
    ends(w, first, "1")
    rest(w.later(5))
    ends(w, second, "2")
    rest(w.later(5))
    expect(w.known.findings ?? []).toEqual([])
    rest(w.later(1).deploy("staging", first, "success", { rollback: "1", deployment: "9999" }))
    expect(w.known.findings).toMatchObject([{ kind: "deployed around", id: "deployed:staging:9999" }])
  })

  test("a late word on the deployment of a half is no way round the gates", () => {
    const { w, first, second } = practising({})
    ask(w)
    rest(w.later(5))
    ends(w, first, "1")
    ends(w, second, "2")
    expect(w.known.findings ?? []).toEqual([])
  })
})

const TWO = { rollback: { levels: ["application"], required: 2 } }

describe("it does not begin", () => {
  test.each<[string, object, (story: ReturnType<typeof practising>) => void, RegExp]>([
    ["where none is declared", { drill: false }, () => {}, /no “drill” is declared/],
    [
      "where one is declared, and nobody approved that yet",
      { drill: false },
      ({ w }) => {
        w.truth.config = config({ environments: { staging: { verify: SMOKE, drill: "on-demand" } } })
        w.merge(14, "chore: declare drills").run()
      },
      /no “drill” is declared/,
    ],
    [
      "while a rollback runs",
      {},
      ({ w, second }) => void rest(w.click("rollback:staging", "ben", page(w, second))),
      /a rollback is under way/,
    ],
    [
      "while the first of two who ask for a rollback waits",
      TWO,
      ({ w, second }) => void rest(w.click("rollback:staging", "ben", page(w, second))),
      /ben asked for a rollback, which waits for a second person/,
    ],
    ["while one runs", {}, ({ w }) => void ask(w), /a drill is under way already/],
    [
      "while it is locked",
      {},
      ({ w, second }) => void rest(w.click("lock", "ben", page(w, second))),
      /locked by ben since/,
    ],
    [
      "before what is live is verified",
      {},
      ({ w }) => void rest(w.later(1).deploy("staging", publish(w, 13).truth.head, "success", { deployment: "78" })),
      /not shown to be well/,
    ],
    [
      "while a deployment is under way",
      {},
      ({ w }) =>
        void rest(w.later(1).deploy("staging", publish(w, 13).truth.head, "in_progress", { deployment: "78" })),
      /deployment 78 has not ended/,
    ],
    [
      "while a job waits to enter",
      { approvals: { required: 1, from: ["@ben"] } },
      ({ w }) => {
        w.ask("staging", publish(w, 13).truth.head)
        rest(w)
      },
      /waits to enter staging/,
    ],
    [
      "where something is that is no release",
      {},
      ({ w }) => void rest(w.later(1).deploy("staging", "f".repeat(40), "success", { deployment: "79" })),
      /is no release/,
    ],
    ["outside of the window", { window: { days: "sat", zone: "UTC" } }, () => {}, /its window opens on/],
  ])("%s", (_, rules, happens, because) => {
    const story = practising(rules)
    happens(story)
    const before = deploys(story.w).length
    ask(story.w)
    expect(answered(story.w)).toMatchObject({
      did: "drill",
      counted: false,
      because: expect.stringMatching(because),
      by: "token nightly",
    })
    expect(deploys(story.w)).toHaveLength(before)
  })
})

test("where going back would not undo everything, nobody practises", () => {
  const drop = { is: "drop", text: "DROP TABLE users", file: "db/migrate/7.sql" }
  const { w } = practising({}, {}, { files: [drop.file, "src/a.ts"], statements: [drop] })
  ask(w)
  expect(answered(w)).toMatchObject({ counted: false, because: expect.stringContaining("DROP TABLE users") })
  expect(deploys(w)).toEqual([])
})

test("while a drill is under way neither release enters the environment behind it, and both may afterwards", () => {
  const { w, first, second } = practising({})
  const after = (at: string) => gateOf(w, at, "after")
  expect(after(second)).toMatchObject({ state: "passed" })
  ask(w)
  expect(after(second)).toMatchObject({ state: "pending", because: expect.stringContaining("a drill is under way") })
  ends(w, first, "1")
  expect(after(first)).toMatchObject({ state: "pending", because: expect.stringContaining("a drill is under way") })
  rest(w.later(5))
  ends(w, second, "2")
  rest(w.later(5))
  expect(after(second)).toMatchObject({ state: "passed" })
})

test("a drill that is older than asked for lets nothing in any more", () => {
  const { w, first, second } = practising({})
  const drilled = () => gateOf(w, second, "drill")
  expect(drilled()).toMatchObject({ state: "pending", because: expect.stringContaining("no drill was ever finished") })
  ask(w)
  ends(w, first, "1")
  rest(w.later(5))
  ends(w, second, "2")
  rest(w.later(5))
  expect(drilled()).toMatchObject({ state: "passed", because: expect.stringContaining("back in 1 min 1 s") })
  rest(w.later(2 * 24 * 60))
  expect(drilled()).toMatchObject({
    state: "pending",
    because: expect.stringContaining("the last drill in staging was"),
  })
})

describe("by the timetable", () => {
  /** The world begins on Monday, 2 November 2026. */
  const weekly = { drill: { every: "weekly", on: "wed", at: "10:00", zone: "UTC" } }
  const until = (w: World, at: string) => {
    for (let turn = 0; turn < 500 && w.now.toISOString() < at; turn++)
      rest(w.later(Math.min(30, (Date.parse(at) - w.now.getTime()) / 60_000)))
    return w
  }

  test("one begins when it is due, once", () => {
    const { w } = practising(weekly)
    until(w, "2026-11-04T09:59:00.000Z")
    expect(deploys(w)).toEqual([])
    until(w, "2026-11-04T10:01:00.000Z")
    expect(deploys(w)).toMatchObject([{ by: "the timetable" }])
  })

  test("where it cannot begin it waits for a day, and is missed then", () => {
    const { w, second } = practising(weekly)
    rest(w.click("lock", "ben", page(w, second)))
    until(w, "2026-11-05T09:59:00.000Z")
    expect(drills(w)).toEqual([])
    until(w, "2026-11-05T10:30:00.000Z")
    expect(drills(w)).toMatchObject([
      { state: "missed", at: "2026-11-04T10:00:00.000Z", because: expect.stringMatching(/^it is locked by ben/) },
    ])
    until(w, "2026-11-06T10:30:00.000Z")
    expect(drills(w)).toHaveLength(1)
  })

  test("what kept it away is over: it begins the same day", () => {
    const { w, second } = practising(weekly)
    rest(w.click("lock", "ben", page(w, second)))
    until(w, "2026-11-04T15:10:00.000Z")
    rest(w.click("unlock", "ben", page(w, second)))
    expect(deploys(w)).toHaveLength(1)
  })
})
