import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { ProbeResult } from "../../src/model/probe.ts"
import type { RollbackStep } from "../../src/model/rollback.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const ERRORS = 'errors{env="{environment}"}[{window}]'
const HEALTH = "https://shop.example/healthz"

/** 1.0.1, 1.0.2 and 1.0.3 were live in production, and somebody goes back from the last one. */
function goingBack(production: object) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { verify: "5m", ...production } } })
  })
  const says: { errors: number | string; probe: ProbeResult } = { errors: 1, probe: { is: "passed", because: "ok" } }
  w.truth.metrics = () => says.errors
  w.truth.answer = () => says.probe
  const heads = [11, 12, 13].map((number) => {
    const at = publish(w, number).truth.head
    w.later(1).deploy("production", at, "success", { deployment: `d${number}` })
    rest(w)
    rest(w.later(60))
    return at
  })
  const [first = "", second = "", third = ""] = heads
  rest(w.click("rollback:production", "ben", page(w, third)))
  return { w, says, first, second, third }
}

const rest = (w: World): World => settle(w, 5_001)
const page = (w: World, at: string) => w.check(`check:environment:production:${at}`)
const pageState = (w: World, at: string) => {
  const { page: shown, conclusion, buttons } = page(w, at)
  return {
    state: shown.is === "environment" ? shown.state : shown.is,
    conclusion,
    buttons: buttons.map((b) => b.label),
  }
}
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const steps = (w: World): readonly RollbackStep[] => production(w).rollback?.steps ?? []
const backIn = (w: World, at: string) => rest(w.later(1).deploy("production", at, "success", { rollback: "1" }))
const replies = (w: World) => w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))

test("what came back is watched for five minutes, and is back when it is shown to be well", () => {
  const { w, second, third } = goingBack({})
  backIn(w, second)
  const [step] = steps(w)
  expect(step).toMatchObject({ level: "application", is: "verifying" })
  expect(production(w)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "running" } })
  expect(pageState(w, second)).toMatchObject({ state: "verifying", conclusion: "neutral" })
  expect(w.applied.filter(({ kind }) => kind === "post-mortem")).toEqual([])
  rest(w.later(4))
  expect(production(w).rollback?.is).toBe("running")
  rest(w.later(1))
  expect(production(w).rollback?.is).toBe("done")
  expect(steps(w)).toMatchObject([{ level: "application", is: "worked", verified: true }])
  expect(pageState(w, second)).toMatchObject({ state: "live", conclusion: "success" })
  expect(pageState(w, third).state).toBe("rolled back")
  expect(w.replies("3").slice(-4)).toEqual(["rolling back", "rollback step", "rolled back", "post-mortem"])
  expect(w.applied.filter(({ kind }) => kind === "post-mortem")).toHaveLength(1)
})

describe("what came back is not well", () => {
  test.each<[string, object, (story: ReturnType<typeof goingBack>) => void, RegExp]>([
    [
      "its deployment failed after all",
      {},
      ({ w }) => void w.truth.statuses.set(production(w).live?.deployment ?? "", "failure"),
      /its deployment is “failure”/,
    ],
    [
      "an address does not answer",
      { verify: { for: "5m", smoke: HEALTH } },
      ({ says }) => {
        says.probe = { is: "failed", because: "it answered 500" }
      },
      /it answered 500/,
    ],
    [
      "a metric is worse than it may be",
      { verify: { for: "5m", metrics: { name: "errors", query: ERRORS, window: "5m", "at-most": 5 } } },
      ({ says }) => {
        says.errors = 5.1
      },
      /errors is 5\.1 in production/,
    ],
    [
      "nobody knows a metric",
      { verify: { for: "5m", metrics: { name: "errors", query: ERRORS, window: "5m", "at-most": 5 } } },
      ({ says }) => {
        says.errors = "no data"
      },
      /it was not shown to be well: errors is not known/,
    ],
  ])("%s", (_, rules, happens, because) => {
    const story = goingBack(rules)
    const { w, first, second } = story
    backIn(w, second)
    happens(story)
    for (let minutes = 0; minutes < 25; minutes++) rest(w.later(1))
    expect(production(w).rollback).toMatchObject({ is: "failed", detail: expect.stringMatching(because) })
    expect(pageState(w, second)).toMatchObject({ state: "failed", conclusion: "failure" })
    expect(pageState(w, second).buttons[0]).toBe("Roll back")
    const failed = replies(w).filter(({ is }) => is === "rollback failed")
    expect(failed).toMatchObject([{ from: "1.0.3", to: "1.0.2", lastKnownGood: { version: "1.0.1" } }])

    rest(w.click("rollback:production", "ben", page(w, second)))
    expect(production(w).rollback).toMatchObject({
      id: "2",
      is: "running",
      from: { version: "1.0.2" },
      to: { sha: first },
    })
  })
})

test("it is watched for as long as the environment sets, and as a metric is measured over", () => {
  const metrics = { name: "errors", query: ERRORS, window: "30m", "at-most": 5 }
  const { w, second } = goingBack({ verify: { for: "5m", metrics }, rollback: { health: "10m" } })
  backIn(w, second)
  const [step] = steps(w)
  if (step?.is !== "verifying") throw new Error("it is not watched")
  expect(Date.parse(step.ends) - Date.parse(step.since)).toBe(30 * 60_000)
  rest(w.later(10))
  expect(production(w).rollback?.is).toBe("running")
})
