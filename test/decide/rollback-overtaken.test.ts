import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const FLAG = { flag: { name: "new checkout", url: "https://flags.example/off" } }
const DEPLOY = { application: { workflow: "deploy.yml" } }
const CLUSTER = {
  kubernetes: { server: "https://k8s.acme.dev", namespace: "prod", deployment: "shop", token: "KUBERNETES" },
}
const PAGE = { url: "https://events.example/enqueue", body: '{"says":"{because}"}' }

/** 1.0.1 was live in production, 1.0.2 is, 1.0.3 is out, and ben goes back from 1.0.2. */
function goingBack(rollback: readonly unknown[] = ["application", "configuration"], more: object = {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { rollback, ...more } }, page: PAGE })
  })
  const [first = "", second = "", third = ""] = [11, 12, 13].map((number) => {
    const at = publish(w, number).truth.head
    if (number < 13) rest(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }))
    rest(w.later(60))
    return at
  })
  w.refusing.set("back-run", {
    is: "done",
    handle: { id: "77" },
    result: { id: "77", state: "running", word: "queued" },
  })
  w.refusing.set("kubernetes-look", { is: "done" })
  rest(w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)))
  return { w, first, second, third }
}
const rest = (w: World): World => settle(w, 5_001)
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const mends = (w: World, at: string): World =>
  rest(w.later(1).deploy("production", at, "success", { deployment: "mends" }))
const BACK = ["call", "deployment", "back-run", "kubernetes-look", "kubernetes-undo", "revert"]
const asked = (w: World) =>
  w.applied.filter(({ kind, target }) => BACK.includes(kind) && !target.startsWith("page:")).map(({ key }) => key)
const replies = (w: World) => w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
const MEANWHILE = "1.0.3 went live meanwhile; no further way back is tried"

describe("a release that goes live while a way back is gone ends it, and none is tried after it", () => {
  test.each<[string, readonly unknown[], object, (story: ReturnType<typeof goingBack>) => void, string]>([
    ["a deployment", ["application", "configuration"], {}, () => {}, MEANWHILE],
    ["a workflow", [DEPLOY, "configuration"], {}, () => {}, MEANWHILE],
    ["a cluster", [CLUSTER, "configuration"], {}, () => {}, MEANWHILE],
    [
      "a flag that is watched",
      [FLAG, "application"],
      { verify: "5m" },
      ({ w }) => expect(production(w).rollback?.steps).toMatchObject([{ level: "flag", is: "verifying" }]),
      MEANWHILE,
    ],
    [
      "what came back and is watched",
      ["application", "configuration"],
      { verify: "5m" },
      ({ w, first }) => rest(w.later(1).deploy("production", first, "success", { rollback: "1" })),
      "1.0.3 went live meanwhile, before 1.0.1 was shown to be well; no further way back is tried",
    ],
    [
      "a pull request",
      ["configuration", "application"],
      {},
      () => {},
      "1.0.3 went live meanwhile, #PULL stays open; no further way back is tried",
    ],
  ])("%s", (_, levels, more, goesOn, because) => {
    const story = goingBack(levels, more)
    const { w, third } = story
    goesOn(story)
    const before = asked(w)
    const step = production(w).rollback?.steps?.[0]
    const pull = step?.is === "running" ? step.pull : undefined
    mends(w, third)
    const detail = because.replace("PULL", String(pull))
    expect(production(w)).toMatchObject({
      live: { version: "1.0.3" },
      rollback: { is: "failed", detail, steps: [{ is: "failed" }], overtaken: { version: "1.0.3" } },
    })
    for (let minutes = 0; minutes < 25; minutes++) rest(w.later(1))
    expect(asked(w)).toEqual(before)
    expect(production(w)).toMatchObject({ live: { version: "1.0.3" }, rollback: { is: "failed" } })
  })
})

test("everybody is told once, as of one that failed, and the environment stays locked", () => {
  const { w, first, third } = goingBack()
  mends(w, third)
  rest(w.later(1).deploy("production", first, "failure", { rollback: "1" }))
  rest(w.later(10))
  expect(replies(w).filter(({ is }) => is === "rollback step")).toEqual([])
  expect(replies(w).filter(({ is }) => is === "rollback failed")).toMatchObject([
    {
      from: "1.0.2",
      to: "1.0.1",
      because: MEANWHILE,
      lastKnownGood: { version: "1.0.1" },
      check: w.handles[`check:environment:production:${third}`]?.url,
    },
  ])
  const opened = w.applied.flatMap((effect) => (effect.kind === "post-mortem" ? [effect.content.report] : []))
  expect(opened).toMatchObject([
    {
      failed: MEANWHILE,
      notice: { next: "Somebody has to look now whether 1.0.3, which is live, mends what was bad with 1.0.2." },
    },
  ])
  expect(w.applied.filter(({ target }) => target === "page:1")).toHaveLength(1)
  expect(Object.keys(w.known.locks ?? {})).toHaveLength(1)
  expect(w.check(`check:environment:production:${third}`)).toMatchObject({ page: { state: "live" } })
  expect(w.check(`check:environment:production:${third}`).buttons.map(({ label }) => label)).toContain("Roll back")
})

test("the release that somebody wanted gone is nothing to go back to from the one after it", () => {
  const { w, second, third } = goingBack()
  mends(w, third)
  expect(production(w).good.map(({ version }) => version)).toEqual(["1.0.1", "1.0.3"])
  expect(w.check(`check:environment:production:${second}`)).toMatchObject({ page: { state: "replaced" } })
  rest(w.click("rollback:production", "ben", w.check(`check:environment:production:${third}`)))
  expect(production(w).rollback).toMatchObject({ id: "2", is: "running", from: { version: "1.0.3" } })
  expect(production(w).rollback?.to.version).toBe("1.0.1")
})

test("a way back that was under way and came after it is what is live, and is told so", () => {
  const { w, first, third } = goingBack()
  mends(w, third)
  rest(w.later(1).deploy("production", first, "success", { rollback: "1" }))
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  expect(production(w).rollback).not.toHaveProperty("overtaken")
  expect(w.replies("2").filter((is) => is === "rolled back")).toHaveLength(1)
})

test.each([
  ["was live before", (w: World, at: string) => w.deploy("production", at, "success", { at: "2020-01-01T00:00:00Z" })],
  ["failed", (w: World, at: string) => w.deploy("production", at, "failure", { deployment: "mends" })],
])("a release that %s ends nothing", (_, happens) => {
  const { w, third } = goingBack()
  rest(happens(w.later(1), third))
  expect(production(w).rollback?.is).toBe("running")
})

test("the bad release that is deployed once more ends nothing", () => {
  const { w, second } = goingBack()
  mends(w, second)
  expect(production(w).rollback?.is).toBe("running")
})

test("what a merged pull request took back may go live; nothing older goes over it", () => {
  const { w, third } = goingBack(["configuration", "application"], {
    verify: { for: "5m", smoke: "https://shop.example/healthz" },
  })
  const step = production(w).rollback?.steps?.[0]
  rest(w.merge(step?.is === "running" ? (step.pull ?? 0) : 0, "revert: go back from 1.0.2 to 1.0.1"))
  w.truth.answer = () => ({ is: "failed", because: "it answered 500" })
  mends(w, third)
  expect(production(w).rollback?.steps).toMatchObject([{ level: "configuration", is: "verifying" }])
  for (let minutes = 0; minutes < 25; minutes++) rest(w.later(1))
  expect(production(w).rollback).toMatchObject({ is: "failed", detail: expect.stringContaining("it answered 500") })
  expect(w.applied.filter(({ kind }) => kind === "deployment")).toEqual([])
})
