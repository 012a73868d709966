import { expect, test } from "vitest"
import type { EffectOf } from "../../src/model/effect.ts"
import type { PostMortem } from "../../src/model/post-mortem.ts"
import { publish } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 is live in production since 9:00; 1.0.2 went live ten minutes later, and failed there after another ten. */
function bad(prepare?: (w: World) => void) {
  const w = publish(world(prepare), 11)
  const first = w.truth.head
  w.deploy("production", first, "success").run().later(10)
  publish(w, 12)
  const second = w.truth.head
  w.deploy("production", second, "success").run()
  return { w, first, second }
}

const press = (w: World, at: string, login = "ben") =>
  w.click("rollback:production", login, w.check(`check:environment:production:${at}`)).run()
const of = <Kind extends "post-mortem" | "post-mortem-note">(w: World, kind: Kind) =>
  w.applied.filter((effect): effect is EffectOf<Kind> => effect.kind === kind)
const report = (w: World): PostMortem => {
  const [issue] = of(w, "post-mortem")
  if (!issue) throw new Error("no post-mortem was opened")
  return issue.content.report
}

test("it tells the gates, the approvals, the channels, and how long it took", () => {
  const { w, first, second } = bad()
  w.later(10).deploy("production", second, "failure", { deployment: "again" }).run()
  press(w.later(5), second).later(3).deploy("production", first, "success", { rollback: "1" }).run()
  const { gates, approvals, channels, times, failed } = report(w)
  expect(gates.map(({ name, state }) => [name, state])).toContainEqual(["approvals", "passed"])
  expect(approvals).toMatchObject([{ by: "ben", says: expect.stringContaining("covers") }])
  expect(channels).toEqual(["#releases"])
  const { rollback } = w.known.environments.production ?? {}
  expect(times).toEqual({
    live: rollback?.was?.live,
    sign: { at: rollback?.was?.failed?.at, what: "its deployment to production failed" },
    asked: rollback?.begun,
    over: { at: rollback?.ended, verified: false },
  })
  expect(failed).toBeUndefined()
})

test("what nobody saw before somebody asked begins with that", () => {
  const { w, first, second } = bad()
  press(w, second).later(3).deploy("production", first, "success", { rollback: "1" }).run()
  expect(report(w).times.sign).toEqual({ at: report(w).notice.begun, what: "ben asked for the rollback" })
})

test("a rollback that failed has a post-mortem, too; what comes of the next try is said on it", () => {
  const { w, first, second } = bad()
  press(w, second).later(1).deploy("production", first, "failure", { rollback: "1" }).run()
  expect(report(w)).toMatchObject({
    failed: "its deployment ended as “failure”",
    notice: { from: { version: "1.0.2" } },
  })
  expect(report(w).notice.how).toBeUndefined()
  expect(report(w).times.over).toBeUndefined()

  press(w.later(1), second).later(1).deploy("production", first, "failure", { rollback: "2" }).run()
  press(w.later(1), second).later(1).deploy("production", first, "success", { rollback: "3" }).run()
  expect(of(w, "post-mortem")).toHaveLength(1)
  expect(of(w, "post-mortem-note")).toMatchObject([
    {
      target: "post-mortem-note:2:failed",
      lane: "post-mortem:1",
      content: { failed: expect.stringContaining("failure") },
    },
    {
      target: "post-mortem-note:3:done",
      content: { issue: "post-mortem:1", notice: { how: "1.0.1 was deployed again" } },
    },
  ])
  expect(w.replies("2").filter((is) => is === "post-mortem")).toHaveLength(1)
})

test("one that failed and comes to a good end after all says so on its own issue", () => {
  const { w, first, second } = bad()
  press(w, second).later(1).deploy("production", first, "failure", { rollback: "1" }).run()
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(of(w, "post-mortem")).toHaveLength(1)
  expect(of(w, "post-mortem-note").map(({ target }) => target)).toEqual(["post-mortem-note:1:done"])
})

test("where GitHub took no issue, the next rollback asks for one again", () => {
  const { w, first, second } = bad()
  w.refusing.set("post-mortem", { is: "refused", code: "gone", because: "issues are disabled" })
  press(w, second).later(1).deploy("production", first, "failure", { rollback: "1" }).run()
  w.refusing.delete("post-mortem")
  press(w.later(1), second).later(1).deploy("production", first, "success", { rollback: "2" }).run()
  expect(of(w, "post-mortem").map(({ target }) => target)).toEqual(["post-mortem:1", "post-mortem:2"])
  expect(of(w, "post-mortem-note")).toEqual([])
})

test("another environment has its own", () => {
  const { w, first, second } = bad((it) => {
    it.truth.config = config({ environments: { staging: null, production: null } })
  })
  w.deploy("staging", first, "success").run().later(1).deploy("staging", second, "success").run()
  press(w, second).later(1).deploy("production", first, "success", { rollback: "1" }).run()
  w.click("rollback:staging", "ben", w.check(`check:environment:staging:${second}`)).run()
  w.later(1).deploy("staging", first, "success", { rollback: "2" }).run()
  expect(of(w, "post-mortem")).toHaveLength(2)
})

test("its release is remembered while it is open, however many come after", () => {
  const { w, first, second } = bad()
  press(w, second).later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(w.known.postMortems).toMatchObject([{ id: "1", release: "2", is: "open", number: expect.any(Number) }])
  for (const number of [13, 14, 15, 16, 17, 18, 19]) publish(w.later(1), number)
  w.deploy("production", w.truth.head, "success").run()
  expect(w.known.releases.map(({ id }) => id)).toContain("2")
  expect(Object.keys(w.handles)).toContain("post-mortem:1")
})
