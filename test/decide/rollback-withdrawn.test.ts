import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { Effect } from "../../src/model/effect.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const FLAG = { flag: { name: "new checkout", url: "https://flags.example/off" } }
const DEPLOY = { application: { workflow: "deploy.yml" } }
const CLUSTER = {
  kubernetes: { server: "https://k8s.acme.dev", namespace: "prod", deployment: "shop", token: "KUBERNETES" },
}
const MERGE = { configuration: { merge: true } }

const revision = (number: number, image: string) => ({
  name: `shop-${number}`,
  number,
  template: `t${number}`,
  made: `2026-11-0${number}T08:00:00Z`,
  images: { shop: image },
})
const BAD = revision(2, "shop:1.0.2")
const SEEN = {
  template: "t2",
  images: BAD.images,
  paused: false,
  rollout: { is: "done", replicas: 3 },
  revisions: [BAD, revision(1, "shop:1.0.1")],
}

/** 1.0.1 was live in production, 1.0.2 is, and 1.0.3 is out. */
function released(rollback: readonly unknown[], more: object = {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { rollback, ...more } } })
  })
  const [first = "", second = "", third = ""] = [11, 12, 13].map((number) => {
    const at = publish(w, number).truth.head
    if (number < 13) rest(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }))
    rest(w.later(60))
    return at
  })
  w.refusing.set("kubernetes-look", { is: "done", result: { seen: SEEN } })
  const started = { id: "77", state: "running", word: "queued" }
  w.refusing.set("back-run", { is: "done", handle: { id: "77" }, result: started })
  return { w, first, second, third }
}

/** The same, and ben goes back: what this target is to have done is asked for, and could not be done yet. */
function waiting(target: string, ...given: Parameters<typeof released>) {
  const story = released(...given)
  const { w, second } = story
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).decide()
  for (let turn = 0; !w.outbox.some((effect) => effect.target === target); turn++) {
    if (turn === 10) throw new Error(`${target} is never asked for`)
    w.act().decide()
  }
  return story
}
const rest = (w: World): World => settle(w, 5_001)
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const mends = (w: World, at: string): World =>
  w.later(1).deploy("production", at, "success", { deployment: "mends" }).decide()
const targets = (effects: readonly Effect[]) => effects.map(({ target }) => target)
const steps = (w: World) =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "rollback step" ? [effect.content.reply.says] : [],
  )
function hours(w: World): World {
  rest(w)
  for (let minutes = 0; minutes < 60; minutes += 5) rest(w.later(5))
  return w
}

test.each<[string, string, readonly unknown[], object]>([
  ["a deployment", "deployment:1", ["application", "configuration"], {}],
  ["a workflow", "back-run:1:1", [DEPLOY, "configuration"], {}],
  ["a cluster", "kubernetes-undo:1:1", [CLUSTER, "configuration"], {}],
  ["a flag", "flag:1:1", [FLAG, "application"], {}],
  ["a pull request", "revert:1", ["configuration"], {}],
  ["a merge", "merge:1:1", [MERGE], {}],
  ["the way after a flag", "deployment:1", [FLAG, "application"], {}],
])("%s that is not done yet when another release goes live is never done", (_, target, levels, more) => {
  const { w, third } = waiting(target, levels, more)
  mends(w, third)
  expect(production(w).rollback).toMatchObject({ is: "failed", overtaken: { version: "1.0.3" } })
  expect(w.decision?.withdraws).toContain(target)
  hours(w)
  expect(targets(w.applied)).not.toContain(target)
  expect(production(w)).toMatchObject({ live: { version: "1.0.3" }, rollback: { is: "failed" } })
  expect(w.known.refused).not.toHaveProperty([target])
})

test("what goes live as somebody presses Roll back leaves nothing to be asked for", () => {
  const { w, second, third } = released(["application"])
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`))
  mends(w, third)
  expect(production(w).rollback).toMatchObject({ is: "failed", overtaken: { version: "1.0.3" } })
  hours(w)
  expect(targets(w.applied)).not.toContain("deployment:1")
})

test("a way back that is late is taken back before the next one is tried", () => {
  const { w } = waiting("deployment:1", ["application", "configuration"])
  const held = w.outbox.filter(({ target }) => target === "deployment:1")
  w.outbox = []
  w.later(5).decide()
  expect(production(w).rollback?.steps).toMatchObject([{ is: "failed" }, { level: "configuration", is: "running" }])
  expect(w.decision?.withdraws).toEqual(targets(held))
})

test("where an earlier way works after all, the one that is being tried by then is taken back", () => {
  const { w, first } = waiting("deployment:1", ["application", DEPLOY])
  w.act().decide()
  w.later(5).decide()
  expect(targets(w.outbox)).toContain("back-run:1:2")
  w.later(1).deploy("production", first, "success", { rollback: "1" })
  w.decide()
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  hours(w)
  expect(targets(w.applied)).not.toContain("back-run:1:2")
})

test.each<[string, Outcome, readonly string[]]>([
  [
    "may have been done",
    { is: "refused", code: "unavailable", because: "it may have been done all the same (503)" },
    ["Deploying the earlier release: it may have been done all the same (503)"],
  ],
  ["was not begun", { is: "refused", code: "withdrawn", because: "it was withdrawn" }, []],
])("the thread says, once, what was withdrawn and %s", (_, outcome, says) => {
  const { w, third } = waiting("deployment:1", ["application"])
  w.outbox = w.outbox.filter(({ target }) => target !== "deployment:1")
  mends(w, third)
  rest(w)
  const end = { kind: "ended", effect: "rollback:1", of: "deployment", target: "deployment:1" } as const
  for (let turn = 0; turn < 2; turn++) rest(w.hear({ ...end, outcome, at: w.now.toISOString() }))
  expect(steps(w)).toEqual(says)
})

test("a workflow that GitHub started as another release went live is heard when it has brought the earlier one back", () => {
  const { w, third } = waiting("back-run:1:1", [DEPLOY])
  const sent = w.outbox.filter(({ target }) => target === "back-run:1:1")
  w.outbox = w.outbox.filter(({ target }) => target !== "back-run:1:1")
  mends(w, third)
  w.outbox.push(...sent)
  rest(w)
  const at = w.later(1).now.toISOString()
  const of = {
    path: ".github/workflows/deploy.yml",
    event: "workflow_dispatch",
    title: "",
    ref: "v1.0.1",
    sha: "a",
  } as const
  rest(w.hear({ kind: "ran", run: "77", ...of, state: "succeeded", word: "success", attempt: 1, began: at, at }))
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  expect(w.replies("2").filter((is) => is === "rolled back")).toHaveLength(1)
})

/** 1.0.1 was live in staging, 1.0.2 is; a drill is asked for, and its deployment could not be made yet. */
function practising() {
  const w = world((it) => {
    it.truth.config = config({ environments: { staging: { drill: "on-demand" }, production: { after: "staging" } } })
  })
  const [, second = "", third = ""] = [11, 12, 13].map((number) => {
    const at = publish(w, number).truth.head
    if (number < 13) rest(w.later(5).deploy("staging", at, "success", { deployment: `d${number}` }))
    rest(w.later(60))
    return at
  })
  w.hear({ kind: "drill asked", environment: "staging", by: "token nightly", at: w.now.toISOString() }).decide()
  expect(targets(w.outbox)).toContain("deployment:1")
  return { w, second, third }
}

test.each<[string, (story: ReturnType<typeof practising>) => void, readonly string[]]>([
  ["another release is deployed", ({ w, third }) => void w.deploy("staging", third, "success"), []],
  [
    "somebody asks for a rollback",
    ({ w, second }) => void w.click("rollback:staging", "ben", w.check(`check:environment:staging:${second}`)),
    ["deployment:2"],
  ],
])("the deployment of a drill that is broken off, since %s, is never made", (_, happens, made) => {
  const story = practising()
  const { w } = story
  happens(story)
  w.later(1).decide()
  expect(w.known.environments.staging?.drill).toBeUndefined()
  hours(w)
  expect(targets(w.applied.filter(({ kind }) => kind === "deployment"))).toEqual(made)
})
