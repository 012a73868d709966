import { expect, test } from "vitest"
import type { Signal } from "../../src/model/signal.ts"
import { sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.1.0 is out. */
const released = (): World =>
  world().merge(12, "feat: pay by invoice").run().click("approve", "ben").run().click("publish", "ann").run()

const pushed = (at: string | null, name = "v1.1.0"): Signal => ({
  kind: "look",
  because: "a tag was pushed",
  tag: { name, at, by: "mo" },
})

const strays = (w: World) => w.audit.filter(({ what }) => what.startsWith("tag ")).map(({ what, by }) => [what, by])
const warnings = (w: World) => {
  const { page } = w.check(`check:readiness:${w.truth.head}`)
  return page.is === "readiness" ? page.warnings : []
}
const findings = (w: World) => {
  const { page } = w.check(`check:readiness:${w.truth.head}`)
  return page.is === "readiness" ? (page.findings ?? []) : []
}

test.each([
  ["moved", sha(9), "tag moved", /was moved from .* to 0009000/],
  ["deleted", null, "tag deleted", /was deleted, which stood on/],
])("a tag of ours that was %s: page, thread and audit say who did it, once", (_, to, what, says) => {
  const w = released().hear(pushed(to)).run()
  expect(strays(w)).toEqual([[what, "mo"]])
  expect(w.replies("1").at(-1)).toBe("tag strayed")
  expect(findings(w)).toMatchObject([{ says: expect.stringMatching(says), by: "mo", ended: false }])
  expect(w.check(`check:readiness:${w.truth.head}`).conclusion).toBe("failure")
  const replies = w.replies("1").length
  w.hear(pushed(to), pushed(to)).run()
  expect(w.replies("1")).toHaveLength(replies)
  expect(strays(w)).toHaveLength(1)
})

test("put back where it was, nothing is said any more", () => {
  const w = released().hear(pushed(null)).run().hear(pushed(released().truth.head)).run()
  expect(strays(w).map(([what]) => what)).toEqual(["tag deleted", "tag is back"])
  expect(findings(w)).toMatchObject([{ ended: true, todo: expect.stringContaining("put back") }])
  expect(w.check(`check:readiness:${w.truth.head}`).conclusion).toBe("success")
})

test.each([
  ["news of our own making", () => released().truth.head, "v1.1.0"],
  ["a tag of nobody's release", () => sha(9), "v7.0.0"],
])("%s is no matter", (_, at, name) => {
  const w = released().hear(pushed(at(), name)).run()
  expect(strays(w)).toEqual([])
  expect(warnings(w)).toEqual([])
})

test("the version of a deleted tag is not given again", () => {
  const w = released().hear(pushed(null)).run().merge(13, "fix: a slip").run()
  expect(w.release()).toMatchObject({ tag: "v1.1.1", previous: { tag: "v1.1.0" } })
})
