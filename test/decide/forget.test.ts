import { expect, test } from "vitest"
import { forgotten } from "../../src/decide/forget.ts"
import { world } from "./support/world.ts"

const handle = { id: "1" }

test("what nothing can speak of any more is forgotten, and nothing else", () => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run()
  const { state } = w
  if (!state) throw new Error("nothing was decided")
  const old = "0".repeat(40)
  const handles = {
    ...w.handles,
    [`check:readiness:${old}`]: handle,
    [`check:environment:production:${old}`]: handle,
    [`check:plan:${old}`]: handle,
    "draft:1": handle,
    "reply:1:cut:x": handle,
  }
  expect(forgotten(handles, state).toSorted()).toEqual([
    `check:environment:production:${old}`,
    `check:plan:${old}`,
    `check:readiness:${old}`,
  ])
  expect(forgotten({ "draft:1": handle, "thread:1": handle }, { ...state, releases: [], lastRelease: 5 })).toEqual([])
  expect(forgotten({ "draft:1": handle, "thread:1": handle }, { ...state, releases: [], lastRelease: 30 })).toEqual([
    "draft:1",
    "thread:1",
  ])
})

test("the handles of a long life stay few", () => {
  const w = world()
  for (let number = 1; number <= 90; number++) w.merge(number, `feat: number ${number}`).run()
  expect(Object.keys(w.handles).filter((t) => t.startsWith("check:readiness:")).length).toBeLessThan(60)
})

test("a look asks for what a peer refused once more", () => {
  const w = world().merge(12, "feat: a").run()
  w.refusing.set("reply", { is: "refused", code: "forbidden", because: "missing scope" })
  w.click("approve", "ben").run()
  expect(Object.keys(w.known.refused).some((t) => t.startsWith("reply:"))).toBe(true)
  w.hear({ kind: "look", because: "permissions were granted" }).decide()
  expect(w.decision?.retries?.every((t) => t.startsWith("reply:1:"))).toBe(true)
  expect(w.decision?.retries?.length).toBeGreaterThan(0)
})
