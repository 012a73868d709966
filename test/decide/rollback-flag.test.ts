import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { gateOf, publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const FLAG = { flag: { name: "new checkout", url: "https://flags.example/off?env={environment}" } }
const PAGE = { url: "https://events.example/enqueue", body: '{"key":"{key}","says":"{because}"}' }

/** 1.0.1 and 1.0.2 were live in production, and ben goes back from the last one. */
function goingBack(production: object, more: object = {}, prepare: (w: World) => void = () => {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production }, ...more })
  })
  const [first = "", second = ""] = [11, 12].map((number) => {
    w.merge(number, `fix: number ${number}`).run().click("approve", "ben").run().click("publish", "cleo").run()
    const at = w.truth.head
    settle(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }), 5_001)
    settle(w.later(60), 5_001)
    return at
  })
  prepare(w)
  settle(w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)), 5_001)
  return { w, first, second }
}
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const calls = (w: World) => w.applied.flatMap((effect) => (effect.kind === "call" ? [effect] : []))
const deployments = (w: World) => w.applied.filter(({ kind }) => kind === "deployment")
const refuse = (w: World) =>
  void w.refusing.set("call", { is: "refused", code: "invalid", because: "https://flags.example/off answered 404" })

describe("a flag before a deployment", () => {
  test("is switched off, and the deployment follows where nothing would show whether that helped", () => {
    const { w, first } = goingBack({ rollback: [FLAG, "application"] })
    expect(calls(w)).toMatchObject([
      {
        key: "flag:1:1",
        content: {
          what: "switch new checkout off",
          call: { method: "POST", url: "https://flags.example/off?env={environment}" },
          fills: { environment: "production", from: "1.0.2", to: "1.0.1", by: "ben" },
        },
      },
    ])
    expect(production(w).rollback?.steps).toMatchObject([
      { level: "flag", is: "worked", verified: false },
      { level: "application", is: "running" },
    ])
    expect(deployments(w)).toHaveLength(1)
    settle(w.later(1).deploy("production", first, "success", { rollback: "1" }))
    expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  })

  test("is enough where what it did is shown to be well, and the release stays live", () => {
    const { w, second } = goingBack({ verify: "5m", rollback: [FLAG, "application"] })
    expect(production(w).rollback?.steps).toMatchObject([{ level: "flag", is: "verifying" }])
    settle(w.later(5))
    expect(production(w)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "done" } })
    expect(deployments(w)).toEqual([])
    expect(w.release("2").rolledBack).toEqual([])
    expect(w.audit.map(({ what }) => what)).toContain("rolled back otherwise")
    const { page } = w.check(`check:environment:production:${second}`)
    expect(page).toMatchObject({
      state: "live",
      detail: expect.arrayContaining([expect.stringContaining("a flag was switched off for it by ben")]),
    })
    expect(w.known.locks).toBeDefined()
  })

  test("that did not help is followed by the deployment", () => {
    const { w } = goingBack(
      {
        verify: { for: "5m", smoke: "https://shop.example/healthz" },
        rollback: [FLAG, "application"],
      },
      {},
      (it) => {
        it.truth.answer = () => ({ is: "failed", because: "it answered 500" })
      },
    )
    settle(w.later(5))
    expect(production(w).rollback?.steps).toMatchObject([
      { level: "flag", is: "failed", because: "it answered 500" },
      { level: "application", is: "running" },
    ])
    expect(deployments(w)).toHaveLength(1)
  })

  test("that could not be switched off is followed by the deployment, and said", () => {
    const { w } = goingBack({ rollback: [FLAG, "application"] }, {}, refuse)
    expect(production(w).rollback?.steps).toMatchObject([
      { level: "flag", is: "failed", because: "https://flags.example/off answered 404" },
      { level: "application", is: "running" },
    ])
    const said = w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
    expect(said.find(({ is }) => is === "rollback step")).toMatchObject({
      state: "failed",
      says: "Switching the flag off did not help: https://flags.example/off answered 404",
    })
  })
})

test("what was judged bad goes no further, though a flag was the end of it", () => {
  const w = world((it) => {
    it.truth.config = config({ environments: { staging: { rollback: [FLAG] }, production: { after: "staging" } } })
  })
  for (const number of [11, 12])
    settle(
      publish(w, number)
        .later(5)
        .deploy("staging", w.truth.head, "success", { deployment: `s${number}` }),
    )
  const at = w.truth.head
  expect(gateOf(w, at, "after")?.state).toBe("passed")
  settle(w.click("rollback:staging", "ben", w.check(`check:environment:staging:${at}`)))
  expect(w.known.environments.staging?.rollback?.is).toBe("done")
  expect(gateOf(w, at, "after")).toMatchObject({
    state: "failed",
    because: expect.stringContaining("was to be rolled back"),
  })
})

test("a flag alone that is off is the end of it", () => {
  const { w } = goingBack({ rollback: [FLAG] })
  expect(production(w).rollback).toMatchObject({
    is: "done",
    steps: [{ level: "flag", is: "worked", verified: false }],
  })
  expect(deployments(w)).toEqual([])
})

describe("paging", () => {
  const pages = (w: World) => calls(w).filter(({ key }) => key.startsWith("page:"))

  test("a rollback that failed calls who is on call, once", () => {
    const { w } = goingBack({}, { page: PAGE })
    expect(pages(w)).toEqual([])
    settle(w.later(5))
    expect(production(w).rollback?.is).toBe("failed")
    settle(w.later(30))
    expect(pages(w)).toMatchObject([
      {
        key: "page:1",
        content: {
          call: PAGE,
          fills: { key: "slipway-7-1", because: expect.stringContaining("the rollback of production failed: ") },
        },
      },
    ])
  })

  test("a page that nobody took is said where the button is", () => {
    const { w, second } = goingBack({}, { page: PAGE }, refuse)
    settle(w.later(5))
    const { page } = w.check(`check:environment:production:${second}`)
    expect(page).toMatchObject({
      detail: expect.arrayContaining(["nobody was paged: https://flags.example/off answered 404"]),
    })
  })

  test("nobody is called where nobody is named, and for a rollback that worked", () => {
    const { w, first } = goingBack({}, { page: PAGE })
    settle(w.later(1).deploy("production", first, "success", { rollback: "1" }))
    expect(pages(w)).toEqual([])
    const other = goingBack({})
    settle(other.w.later(5))
    expect(calls(other.w)).toEqual([])
  })
})

describe("a deployment that was given up for a flag, and comes after all", () => {
  const late = (minutes: number) => {
    const { w, first } = goingBack({ verify: "5m", rollback: ["application", FLAG] })
    settle(w.later(6))
    expect(production(w).rollback?.steps).toMatchObject([{ is: "failed" }, { level: "flag", is: "verifying" }])
    settle(w.later(minutes))
    settle(w.later(1).deploy("production", first, "success", { rollback: "1" }))
    return w
  }

  test.each([
    ["while what the flag did is watched", 0],
    ["after the flag was enough", 6],
  ])("is live: %s", (_, minutes) => {
    const w = late(minutes)
    expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "running" } })
    settle(w.later(6))
    expect(production(w).rollback).toMatchObject({
      is: "done",
      steps: [{}, {}, { level: "application", is: "worked" }],
    })
  })
})
