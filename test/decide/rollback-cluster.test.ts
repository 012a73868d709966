import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { Json } from "../../src/model/json.ts"
import type { DeploymentSeen, Rollout } from "../../src/model/kubernetes.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const CLUSTER = {
  server: "https://k8s.acme.dev:6443",
  namespace: "prod",
  deployment: "shop",
  token: "KUBERNETES",
}
const DONE: Rollout = { is: "done", replicas: 3 }
const WAITING: Rollout = { is: "waiting", because: "1 of 3 replicas are available" }

const revision = (number: number, image: string) => ({
  name: `shop-${number}`,
  number,
  template: `t${number}`,
  made: `2026-11-0${number}T08:00:00Z`,
  images: { shop: image },
})
const [OLD, BAD] = [revision(1, "shop:1.0.1"), revision(2, "shop:1.0.2")]
const bad = (more: Partial<DeploymentSeen> = {}): DeploymentSeen => ({
  template: "t2",
  images: BAD.images,
  paused: false,
  rollout: DONE,
  revisions: [BAD, OLD],
  ...more,
})
const back = (rollout: Rollout = DONE): DeploymentSeen => ({
  ...bad(),
  template: "t1",
  images: OLD.images,
  rollout,
  revisions: [{ ...OLD, number: 3 }, BAD],
})
const shows = (w: World, seen: DeploymentSeen) =>
  void w.refusing.set("kubernetes-look", { is: "done", result: { seen: seen as unknown as Json } })
const refuses = (w: World, kind: string, because: string) =>
  void w.refusing.set(kind, { is: "refused", code: "invalid", because })

/** 1.0.1 was live in production, 1.0.2 is. */
function released(rollback: unknown = [{ kubernetes: CLUSTER }], more: object = {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { rollback, ...more } } })
  })
  const [first = "", second = ""] = [11, 12].map((number) => {
    const at = publish(w, number).truth.head
    settle(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }), 3_000)
    settle(w.later(60), 3_000)
    return at
  })
  return { w, first, second }
}

/** The same, and ben goes back. */
function goingBack(prepare: (w: World) => void, ...given: Parameters<typeof released>) {
  const { w, second } = released(...given)
  prepare(w)
  settle(w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)), 3_000)
  return { w }
}
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const applied = (w: World, kind: string) => w.applied.filter((effect) => effect.kind === kind)
const soon = (w: World) => settle(w.later(0.1), 3_000)
const said = (w: World) =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "rollback step" ? [effect.content.reply] : [],
  )

test("it is looked at, changed from what was seen there, and watched until its pods are there", () => {
  const { w } = goingBack((it) => shows(it, bad()))
  expect(applied(w, "kubernetes-look")).toMatchObject([{ key: "kubernetes-look:1:1:1", content: { place: CLUSTER } }])
  const limit = new Date(Date.parse(production(w).rollback?.begun ?? "") + 5 * 60_000).toISOString()
  expect(applied(w, "kubernetes-undo")).toMatchObject([
    {
      key: "kubernetes-undo:1:1",
      guard: { notAfter: limit },
      content: { place: CLUSTER, undo: { revision: 1, template: "t1", left: "t2" } },
    },
  ])
  expect(said(w)).toMatchObject([
    { state: "running", says: "the Deployment shop goes back to revision 1: its container shop has the tag 1.0.1" },
  ])
  shows(w, back(WAITING))
  soon(w)
  soon(w)
  expect(applied(w, "kubernetes-look").map(({ key }) => key)).toEqual([
    "kubernetes-look:1:1:1",
    "kubernetes-look:1:1:2",
    "kubernetes-look:1:1:3",
  ])
  expect(production(w)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "running" } })
  shows(w, back())
  soon(w)
  expect(production(w)).toMatchObject({ live: { version: "1.0.1", reported: true }, rollback: { is: "done" } })
  expect(w.release("2").rolledBack).toMatchObject([{ environment: "production", to: "1.0.1" }])
  expect(w.replies("2").filter((is) => is === "rolled back")).toHaveLength(1)
  expect(applied(w, "kubernetes-undo")).toHaveLength(1)
  expect(applied(w, "deployment")).toEqual([])
})

test("what came back is held against what the environment asks", () => {
  const { w } = goingBack((it) => shows(it, bad()), undefined, { verify: "5m" })
  shows(w, back())
  soon(w)
  expect(production(w).rollback?.steps).toMatchObject([{ level: "kubernetes", is: "verifying" }])
  settle(w.later(5), 3_000)
  expect(production(w).rollback).toMatchObject({ is: "done", steps: [{ is: "worked", verified: true }] })
})

test("where the earlier release runs already, nothing is changed, and its pods are waited for", () => {
  const { w } = goingBack((it) => shows(it, back(WAITING)))
  expect(said(w)).toMatchObject([{ says: expect.stringMatching(/^the Deployment shop is at revision 3: /) }])
  shows(w, back())
  soon(w)
  expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  expect(applied(w, "kubernetes-undo")).toEqual([])
})

test("the image of a release that the configuration names is looked for, filled in", () => {
  const named = { kubernetes: { ...CLUSTER, image: "ghcr.io/acme/shop:v{to}" } }
  const images = { shop: "ghcr.io/acme/shop:v1.0.1" }
  const { w } = goingBack((it) => shows(it, bad({ revisions: [BAD, OLD, { ...OLD, number: 0, images }] })), [named])
  expect(said(w)).toMatchObject([{ says: expect.stringContaining("its image is ghcr.io/acme/shop:v1.0.1") }])
})

test("an image that the configuration names for both releases goes back to neither", () => {
  const named = { kubernetes: { ...CLUSTER, image: "shop:{environment}" } }
  const images = { shop: "shop:production" }
  const { w } = goingBack((it) => shows(it, bad({ images, revisions: [{ ...BAD, images }, OLD] })), [named])
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: expect.stringContaining("the configuration says the image shop:production of 1.0.2 as well"),
  })
  expect(applied(w, "kubernetes-undo")).toEqual([])
})

describe("where it comes to nothing, the next way back is tried", () => {
  const none = () => undefined
  test.each<[string, (w: World) => void, (w: World) => void, RegExp]>([
    [
      "Argo CD keeps it",
      (w) => shows(w, bad({ owner: "Argo CD (its annotation x)" })),
      none,
      /^the Deployment shop: Argo CD \(its annotation x\) keeps it .* rolled back in Git$/,
    ],
    ["it is paused", (w) => shows(w, bad({ paused: true })), none, /^the Deployment shop: it is paused/],
    ["it has no earlier revision", (w) => shows(w, bad({ revisions: [BAD] })), none, /no earlier revision$/],
    ["it cannot be looked at", (w) => refuses(w, "kubernetes-look", "the token is old"), none, /^the token is old$/],
    [
      "somebody else changed it meanwhile",
      (w) => {
        shows(w, bad())
        refuses(w, "kubernetes-undo", "it was changed by somebody else")
      },
      none,
      /^it was changed by somebody else$/,
    ],
    [
      "a reconciler puts it back",
      (w) => shows(w, bad()),
      (w) => soon(w),
      /^the Deployment shop was changed again, to another pod template/,
    ],
    [
      "its pods do not come up in time",
      (w) => shows(w, bad()),
      (w) => {
        shows(w, back(WAITING))
        soon(w)
        settle(w.later(5), 3_000)
      },
      /^not within 5 minutes: 1 of 3 replicas are available$/,
    ],
  ])("%s", (_, prepare, happens, because) => {
    const { w } = goingBack(prepare, [{ kubernetes: CLUSTER }, "configuration"])
    happens(w)
    expect(production(w).rollback?.steps).toMatchObject([
      { level: "kubernetes", is: "failed", because: expect.stringMatching(because) },
      { level: "configuration", is: "running" },
    ])
    expect(applied(w, "revert")).toHaveLength(1)
    expect(production(w).live?.version).toBe("1.0.2")
  })
})

test("an answer that comes after the way back was given up changes nothing", () => {
  const { w } = goingBack((it) => shows(it, bad()))
  shows(w, back(WAITING))
  soon(w)
  settle(w.later(5), 3_000)
  expect(production(w).rollback?.is).toBe("failed")
  const at = w.now.toISOString()
  const target = "kubernetes-look:1:1:2"
  const outcome = { is: "done" as const, result: { seen: back() as unknown as Json } }
  settle(w.hear({ kind: "ended", effect: target, of: "kubernetes-look", target, outcome, at }), 3_000)
  expect(production(w)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "failed" } })
})

test("it goes back to no release that was not there right before, unless its revision says so", () => {
  const opaque = bad({ revisions: [revision(2, "shop:b"), revision(1, "shop:a")], images: { shop: "shop:b" } })
  const known = goingBack((it) => shows(it, opaque))
  expect(said(known.w)).toMatchObject([{ says: expect.stringContaining("nothing in it says which release it is") }])

  const { w } = goingBack((it) => {
    publish(it, 13)
    settle(it.deploy("production", it.truth.head, "failure", { deployment: "d13" }), 3_000)
    shows(it, opaque)
  })
  expect(applied(w, "kubernetes-undo")).toEqual([])
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: expect.stringContaining("something else was there between"),
  })
})

describe("a drill", () => {
  const opaque = { shop: "shop:b" }
  const [older, newer] = [revision(1, "shop:a"), revision(2, "shop:b")]
  function drilled(seen: DeploymentSeen) {
    const { w } = released([{ kubernetes: CLUSTER }], { drill: "on-demand" })
    shows(w, seen)
    const at = w.now.toISOString()
    settle(w.hear({ kind: "drill asked", environment: "production", by: "token nightly", at }), 3_000)
    return w
  }

  test("goes to the earlier revision and comes back to the one that it left", () => {
    const w = drilled(bad({ images: opaque, revisions: [newer, older] }))
    const gone = { ...bad(), template: "t1", images: older.images, revisions: [{ ...older, number: 3 }, newer] }
    shows(w, gone)
    soon(w)
    expect(production(w)).toMatchObject({ live: { version: "1.0.1" }, drill: {} })
    shows(w, {
      ...bad({ images: opaque }),
      revisions: [
        { ...newer, number: 4 },
        { ...older, number: 3 },
      ],
    })
    soon(w)
    expect(production(w)).toMatchObject({ live: { version: "1.0.2" } })
    expect(production(w).drill).toBeUndefined()
    expect(applied(w, "kubernetes-undo")).toMatchObject([
      { content: { undo: { template: "t1", left: "t2" } } },
      { content: { undo: { template: "t2", left: "t1" } } },
    ])
  })

  test("that changes nothing has nothing to come back from", () => {
    const w = drilled(bad({ paused: true }))
    expect(production(w).drill).toBeUndefined()
    expect(applied(w, "kubernetes-look")).toHaveLength(1)
    expect(applied(w, "kubernetes-undo")).toEqual([])
  })
})
