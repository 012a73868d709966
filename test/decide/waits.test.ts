import { expect, test } from "vitest"
import type { Reply } from "../../src/model/message.ts"
import { out, settle } from "./support/environments.ts"
import { config, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const said = <Is extends Reply["is"]>(w: World, is: Is): readonly Extract<Reply, { is: Is }>[] =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === is
      ? [effect.content.reply as Extract<Reply, { is: Is }>]
      : [],
  )

test("what a deployment waits for is told once for each set of gates, and that it was let in", () => {
  const { w, at } = out({ soak: "30m" })
  w.ask("production", at)
  settle(w)
  w.later(5).hear({ kind: "look", because: "a test" })
  settle(w)
  expect(said(w, "waits")).toMatchObject([
    { environment: "production", version: "1.0.1", gates: [{ name: "soak" }], more: 0, check: expect.any(String) },
  ])
  w.later(40)
  settle(w)
  expect(said(w, "waits")).toHaveLength(1)
  expect(said(w, "let in")).toMatchObject([{ environment: "production", version: "1.0.1", sha: at }])
  expect(w.replies("1").slice(-2)).toEqual(["waits", "let in"])
})

test("jobs that wait together are told of as one", () => {
  const { w, at } = out({ soak: "30m" })
  const run = w.ask("production", at)
  w.ask("production", at, { run })
  w.ask("production", at)
  settle(w)
  expect(said(w, "waits")).toHaveLength(1)
})

test("that only people are waited for, the question to them says", () => {
  const { w, at } = out({ approvals: { required: 1 } })
  w.ask("production", at)
  settle(w)
  expect(said(w, "waits")).toEqual([])
})

test("gates of a candidate that failed are told once", () => {
  const w = world((it) => {
    it.truth.config = config({ approvals: { required: 2 } })
  })
    .merge(12, "feat: a")
    .run()
    .click("approve", "ben")
    .run()
  const at = w.truth.head
  expect(said(w, "waits")).toEqual([])
  const fails = (name: string, id: string) =>
    w
      .later(1)
      .hear({ kind: "evidence", sha: at, report: report(name, { id, state: "failed", word: "failure" }) })
      .run()
  fails("e2e", "100")
  fails("unit", "101")
  expect(said(w, "waits")).toMatchObject([{ version: "1.1.0", gates: [{ name: "checks" }] }])
})

test("what releases and deployments wait for is counted, and no longer than they do", () => {
  const { w, at } = out({ soak: "30m" })
  expect(w.decision?.waiting).toBeUndefined()
  const run = w.ask("production", at)
  w.ask("production", at, { run })
  w.run()
  expect(w.decision?.waiting).toEqual([{ of: "environment", gate: "soak", state: "pending", count: 1 }])
  w.merge(40, "feat: more").run().click("hold", "ben").run()
  expect(w.decision?.waiting?.filter(({ of }) => of === "release")).toEqual([])
  w.later(40)
  settle(w)
  expect(w.decision?.waiting).toBeUndefined()
})

test("a candidate waits for each of its gates that is not passed", () => {
  const w = world((it) => {
    it.truth.config = config({ approvals: { required: 2 } })
  })
    .merge(12, "feat: a")
    .run()
    .click("approve", "ben")
    .run()
  expect(w.decision?.waiting).toEqual([{ of: "release", gate: "approvals", state: "pending", count: 1 }])
})
