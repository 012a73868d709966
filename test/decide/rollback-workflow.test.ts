import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { Ran } from "../../src/model/signal.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const DEPLOY = { application: { workflow: "deploy.yml", inputs: { version: "{to}", why: "{key}", at: "{commit}" } } }

/** 1.0.1 was live in production, 1.0.2 is, and ben goes back. */
function goingBack(rollback: unknown = [DEPLOY], more: object = {}, prepare: (w: World) => void = () => {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { rollback, ...more } } })
  })
  const [first = "", second = ""] = [11, 12].map((number) => {
    const at = publish(w, number).truth.head
    settle(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }), 5_001)
    settle(w.later(60), 5_001)
    return at
  })
  prepare(w)
  settle(w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)))
  return { w, first, second }
}
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const applied = (w: World, kind: string) => w.applied.filter((effect) => effect.kind === kind)
/** How the dispatch and the looks after it end: with this run, in this state. */
const shown = (state: Ran["state"], word: string = state) => ({
  is: "done" as const,
  handle: { id: "77" },
  result: { id: "77", state, word },
})
const begins = (w: World) => void w.refusing.set("back-run", shown("running"))
function ran(w: World, state: Ran["state"], word: string, run = "77"): World {
  const at = w.now.toISOString()
  const event = "workflow_dispatch" as const
  const path = ".github/workflows/deploy.yml"
  return settle(
    w.hear({
      kind: "ran",
      run,
      path,
      event,
      title: "",
      ref: "v1.0.1",
      sha: "a",
      state,
      word,
      attempt: 1,
      began: at,
      at,
    }),
  )
}

test("it is started on the earlier release's tag, with what it is to deploy", () => {
  const { w, first } = goingBack()
  expect(applied(w, "back-run")).toMatchObject([
    {
      key: "back-run:1:1",
      guard: { notAfter: new Date(Date.parse(production(w).rollback?.begun ?? "") + 5 * 60_000).toISOString() },
      content: {
        workflow: "deploy.yml",
        ref: "v1.0.1",
        inputs: { version: "1.0.1", why: "slipway-7-1", at: first },
        mark: "slipway-7-1",
      },
    },
  ])
  expect(applied(w, "deployment")).toEqual([])
})

test("its end brings the earlier release back, is told, and counts once", () => {
  const { w } = goingBack([DEPLOY], {}, begins)
  expect(production(w).rollback?.steps).toMatchObject([{ level: "workflow", is: "running", run: "77" }])
  const said = w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
  expect(said.find(({ is }) => is === "rollback step")).toMatchObject({
    state: "running",
    says: "deploy.yml deploys 1.0.1",
    url: expect.stringMatching(/\/actions\/runs\/77$/),
  })
  ran(w.later(2), "succeeded", "success")
  ran(w, "succeeded", "success")
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  expect(production(w).rollback?.steps).toMatchObject([{ level: "workflow", is: "worked", verified: false }])
  expect(w.replies("2").filter((is) => is === "rolled back")).toHaveLength(1)
  expect(w.release("2").rolledBack).toMatchObject([{ environment: "production", to: "1.0.1" }])
})

test("a deployment that its job made is the one that is live", () => {
  const { w, first } = goingBack([DEPLOY], {}, begins)
  settle(w.later(1).deploy("production", first, "success", { deployment: "d99" }))
  ran(w.later(1), "succeeded", "success")
  expect(production(w)).toMatchObject({ live: { version: "1.0.1", deployment: "d99" }, rollback: { is: "done" } })
})

test("what it brought back is held against what the environment asks", () => {
  const { w } = goingBack([DEPLOY], { verify: "5m" }, begins)
  ran(w.later(1), "succeeded", "success")
  expect(production(w).rollback?.steps).toMatchObject([{ level: "workflow", is: "verifying" }])
  settle(w.later(5))
  expect(production(w).rollback).toMatchObject({ is: "done", steps: [{ is: "worked", verified: true }] })
})

describe("where it comes to nothing, the next way back is tried", () => {
  test.each<[string, (w: World) => void, (w: World) => void, RegExp]>([
    ["a run that fails", begins, (w) => ran(w, "failed", "timed_out"), /^its run ended as “timed out”$/],
    [
      "a workflow that GitHub does not take",
      (w) => void w.refusing.set("back-run", { is: "refused", code: "invalid", because: "it has no such trigger" }),
      () => undefined,
      /^it has no such trigger$/,
    ],
    ["a run that does not end", begins, (w) => settle(w.later(5)), /^its run has not ended within 5 minutes/],
    ["a run that never began", () => undefined, (w) => settle(w.later(5)), /^no run of it began within 5 minutes/],
  ])("%s", (_, prepare, happens, because) => {
    const { w } = goingBack([DEPLOY, "application"], {}, prepare)
    happens(w)
    expect(production(w).rollback?.steps).toMatchObject([
      { level: "workflow", is: "failed", because: expect.stringMatching(because) },
      { level: "application", is: "running" },
    ])
    expect(applied(w, "deployment")).toHaveLength(1)
  })
})

test("a run that was given up and ends well after all still counts", () => {
  const { w } = goingBack([DEPLOY], {}, begins)
  settle(w.later(5))
  expect(production(w).rollback?.is).toBe("failed")
  ran(w.later(3), "succeeded", "success")
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
})

test("another run of the same workflow says nothing of it", () => {
  const { w } = goingBack([DEPLOY], {}, begins)
  ran(w, "succeeded", "success", "78")
  expect(production(w).rollback?.is).toBe("running")
})

test("where no webhook comes, GitHub is asked once a minute how it goes on", () => {
  const { w } = goingBack([DEPLOY], {}, begins)
  w.refusing.set("back-run-look", shown("running"))
  settle(w.later(1))
  settle(w.later(1))
  expect(applied(w, "back-run-look")).toMatchObject([
    { key: "back-run-look:1:1:1", content: { workflow: "deploy.yml", run: "77", mark: "slipway-7-1" } },
    { key: "back-run-look:1:1:2" },
  ])
  w.refusing.set("back-run-look", shown("succeeded", "success"))
  settle(w.later(1))
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
})

test("a run that nobody was told of is looked for, and told then", () => {
  const { w } = goingBack()
  expect(production(w).rollback?.steps).toMatchObject([{ is: "running" }])
  w.refusing.set("back-run-look", shown("running"))
  settle(w.later(1))
  expect(production(w).rollback?.steps).toMatchObject([{ is: "running", run: "77" }])
  expect(w.replies("2").filter((is) => is === "rollback step")).toHaveLength(1)
})
