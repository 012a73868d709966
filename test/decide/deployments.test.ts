import fc from "fast-check"
import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { type World, world } from "./support/world.ts"

/** Releases 1.0.1, 1.0.2 …, each a fix, published in turn; the commit of the last is the head. */
function releases(count: number, prepare?: (w: World) => void): { w: World; shas: readonly string[] } {
  const w = world(prepare)
  const shas = Array.from({ length: count }, (_, n) => {
    w.merge(10 + n, `fix: number ${n + 1}`).run()
    w.click("approve", "ben").run().click("publish", "cleo").run()
    return w.truth.head
  })
  return { w, shas }
}

const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}

const page = (w: World, at: string) => w.check(`check:environment:production:${at}`)

test("a release that is deployed is live, and its page offers the way back", () => {
  const {
    w,
    shas: [first = ""],
  } = releases(1)
  w.deploy("production", first, "in_progress", { deployment: "1" }).run()
  expect(production(w).live).toBeUndefined()
  w.deploy("production", first, "success", { deployment: "1", url: "https://ci.example/1" }).run()
  expect(production(w)).toMatchObject({
    live: { release: "1", version: "1.0.1", sha: first },
    good: [{ release: "1" }],
  })
  expect(page(w, first)).toMatchObject({ name: "Slipway / production", conclusion: "success" })
  expect(page(w, first).buttons.map((b) => b.identifier)).toEqual(["rollback:production"])
  expect(w.replies("1").at(-1)).toBe("deployed")
  expect(w.times.filter((t) => t.what === "deployment").map((t) => t.subject)).toEqual([
    "production/1/in_progress",
    "production/1/success",
  ])
})

test("a failed deployment is noticed, with the last known good release", () => {
  const {
    w,
    shas: [first = "", second = ""],
  } = releases(2)
  w.deploy("production", first, "success").run().later(5)
  w.deploy("production", second, "failure", { url: "https://ci.example/2" }).run()
  expect(production(w)).toMatchObject({ live: { release: "1" }, failed: { release: "2" } })
  const notice = w.applied.flatMap((e) =>
    e.kind === "reply" && e.content.reply.is === "failed" ? [e.content.reply] : [],
  )
  expect(notice).toMatchObject([{ version: "1.0.2", lastKnownGood: { version: "1.0.1" }, url: "https://ci.example/2" }])
  expect(page(w, second)).toMatchObject({ conclusion: "failure", page: { lastKnownGood: { version: "1.0.1" } } })
  expect(w.times.some((t) => t.what === "failure-noticed" && t.release === "2")).toBe(true)
})

test("with nothing known to be good the notice says so", () => {
  const {
    w,
    shas: [first = ""],
  } = releases(1)
  w.deploy("production", first, "error").run()
  const reply = w.applied.findLast((e) => e.kind === "reply")
  expect(reply?.content).toMatchObject({ reply: { is: "failed", lastKnownGood: null } })
})

test.each<[string, string, boolean]>([
  ["of no release of ours", "f".repeat(40), false],
  ["of the release's tag, moved to another commit", "e".repeat(40), true],
])("a deployment %s is not live anywhere", (_, at, told) => {
  const { w } = releases(1)
  w.deploy("production", at, "success", { ref: told ? "v1.0.1" : "main" }).run()
  expect(w.known.environments).toEqual({})
  expect(w.audit.some((a) => a.what === "deployed from a tag that was moved")).toBe(told)
})

test("a deployment that overtakes the end of the publication is taken in with it", () => {
  const w = world().merge(12, "fix: a").run().click("approve", "ben").run().click("publish", "ann").decide()
  w.act()
  const ends = w.take()
  w.deploy("production", w.truth.head, "success").decide()
  expect(w.known.environments).toEqual({})
  w.hear(...ends).run()
  expect(production(w).live).toMatchObject({ release: "1", sha: w.truth.head })
  expect(w.replies("1").slice(-2)).toEqual(["published", "deployed"])
})

/** Two deployments of two releases, status by status as they happened. */
function history() {
  const {
    w,
    shas: [first = "", second = ""],
  } = releases(2)
  for (const [deployment, at, state] of [
    ["1", first, "queued"],
    ["1", first, "in_progress"],
    ["1", first, "success"],
    ["2", second, "in_progress"],
    ["2", second, "success"],
    ["1", first, "inactive"],
  ] as const) {
    w.later(1).deploy("production", at, state, { deployment })
  }
  return { w, signals: w.take() }
}

test("statuses may come in any order, and more than once: the newest deployment is live", () => {
  const { w, signals } = history()
  const start = w.state
  const twice = [...signals, ...signals]
  fc.assert(
    fc.property(
      fc.shuffledSubarray(twice, { minLength: twice.length }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
      (order, sizes) => {
        w.state = start
        const rest = [...order]
        for (const size of sizes) w.decide(rest.splice(0, size))
        w.decide(rest)
        const { live, good, failed } = production(w)
        expect([live?.release, good.map((g) => g.release), failed]).toEqual(["2", ["1", "2"], undefined])
      },
    ),
    { numRuns: 40 },
  )
})

test("each live release is told once", () => {
  const { w, signals } = history()
  w.hear(...signals).run()
  w.hear(...signals).run()
  expect(w.replies("1").filter((is) => is === "deployed")).toHaveLength(1)
  expect(page(w, w.truth.head).conclusion).toBe("success")
})

test("a deployment that failed and was tried again is live", () => {
  const {
    w,
    shas: [first = ""],
  } = releases(1)
  w.deploy("production", first, "failure", { deployment: "1" }).run().later(1)
  w.deploy("production", first, "success", { deployment: "2" }).run()
  expect(production(w).failed).toBeUndefined()
  expect(page(w, first).conclusion).toBe("success")
})

test("a failure is history once another release is live, and offers no way back", () => {
  const {
    w,
    shas: [first = "", second = ""],
  } = releases(2)
  w.deploy("production", second, "failure").run().later(1).deploy("production", first, "success").run()
  expect(page(w, second)).toMatchObject({ conclusion: "failure", buttons: [] })
  w.click("rollback:production", "ben", page(w, second)).run()
  expect(production(w).answers.at(-1)).toMatchObject({
    counted: false,
    because: expect.stringContaining("not the one that is live"),
  })
})

test("environments are told apart", () => {
  const {
    w,
    shas: [first = ""],
  } = releases(1)
  w.deploy("staging", first, "success").deploy("production", first, "failure").run()
  expect(w.known.environments.staging?.live?.release).toBe("1")
  expect(w.known.environments.production?.live).toBeUndefined()
  const published = w.check(`check:readiness:${first}`)
  expect(published.page.is === "readiness" && published.page.environments.map((e) => e.name)).toEqual([
    "staging",
    "production",
  ])
})

test("of many releases those that an environment speaks of are kept, the rest is forgotten", () => {
  const { w, shas } = releases(8)
  expect(w.known.releases.map((r) => r.id)).toEqual(["4", "5", "6", "7", "8"])
  const { w: other, shas: first } = releases(1)
  other.deploy("production", first[0] ?? "", "success").run()
  for (let n = 0; n < 6; n++) {
    other
      .merge(50 + n, "fix: more")
      .run()
      .click("approve", "ben")
      .run()
      .click("publish", "cleo")
      .run()
  }
  expect(other.known.releases.map((r) => r.id)).toEqual(["1", "3", "4", "5", "6", "7"])
  expect(shas).toHaveLength(8)
})

test.each(["readiness", "Plan", "freeze", "impact"])("an environment called %s cannot speak for that check", (name) => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "cleo").run()
  const sha = w.truth.head
  w.deploy(name, sha, "success").run()
  expect(w.check(`check:environment:${name}:${sha}`).name).toBe(`Slipway / environment ${name}`)
})

test.each(["constructor", "toString", "__proto__"])("an environment called %s stops nothing", (name) => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "cleo").run()
  w.deploy(name, w.truth.head, "success").run()
  expect(w.check(`check:environment:${name}:${w.truth.head}`).conclusion).toBe("success")
})
