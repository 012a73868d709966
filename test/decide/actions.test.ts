import { expect, test } from "vitest"
import type { PostMortemSeen } from "../../src/model/post-mortem.ts"
import { pass, publish } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const WEEK = 7 * 24 * 60

/** 1.0.2 was rolled back from production, and its post-mortem is open. */
function opened(more: object = {}) {
  const w = publish(
    world((it) => {
      it.truth.config = config(more)
    }),
    11,
  )
  const first = w.truth.head
  w.deploy("production", first, "success").run().later(10)
  publish(w, 12)
  const second = w.truth.head
  w.deploy("production", second, "success").run().later(1)
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  return w
}

const actions = (...all: readonly (readonly [string, boolean])[]) => all.map(([text, isDone]) => ({ text, isDone }))
const says = (w: World, seen: Partial<PostMortemSeen>) =>
  void w.postMortems.set("1", { is: "open", actions: [], refs: [], ...seen })
const number = (w: World) => w.known.postMortems?.[0]?.number ?? 0
/** Somebody edits the issue, or closes it. */
const touch = (w: World, seen: Partial<PostMortemSeen>) => {
  says(w, seen)
  w.hear({ kind: "issue", number: number(w), state: seen.is === "open" ? "open" : "closed" }).run()
}
const told = (w: World) =>
  w.applied.flatMap((effect) => {
    if (effect.kind !== "reply" || effect.content.reply.is !== "actions") return []
    const { state, left, all } = effect.content.reply
    return [`${state} ${left}/${all}`]
  })

test("each week the thread reminds of what is open, and says once when all is done", () => {
  const w = opened()
  expect(w.revisitAt).toBe(w.known.postMortems?.[0]?.next)
  pass(w, WEEK)
  expect(told(w)).toEqual(["none 0/0"])
  says(w, { actions: actions(["write a test", false], ["alert on it", true]) })
  pass(w, WEEK)
  expect(told(w)).toEqual(["none 0/0", "open 1/2"])
  touch(w, { actions: actions(["write a test", true], ["alert on it", true]) })
  expect(told(w).slice(2)).toEqual(["done 0/2"])
  const read = w.readPostMortems.length
  pass(w, 5 * WEEK)
  expect(told(w)).toHaveLength(3)
  expect(w.readPostMortems).toHaveLength(read)
})

test("nobody is asked in between, and a merge never pays for it", () => {
  const w = opened()
  pass(w, 3 * 24 * 60)
  w.merge(13, "fix: number 13").run()
  expect(w.readPostMortems).toEqual([])
  w.later(WEEK).merge(14, "fix: number 14").decide()
  expect(w.readPostMortems).toEqual([])
  pass(w, 2)
  expect(w.readPostMortems).toEqual(["1"])
})

test("twelve times at most", () => {
  const w = opened()
  says(w, { actions: actions(["write a test", false]) })
  pass(w, 20 * WEEK)
  expect(told(w)).toEqual(Array(12).fill("open 1/1"))
  // It is followed all the same.
  touch(w, { actions: actions(["write a test", true]) })
  expect(told(w).at(-1)).toBe("done 0/1")
})

test.each<[string, object, number, number]>([
  ["every two days", { "post-mortem": { remind: "2d" } }, 4 * 24 * 60, 2],
  ["never", { "post-mortem": { remind: false } }, 5 * WEEK, 0],
  ["each week where nothing is said of it", { "post-mortem": {} }, 2 * WEEK, 2],
])("reminded %s", (_, more, minutes, times) => {
  const w = opened(more)
  says(w, { actions: actions(["write a test", false]) })
  pass(w, minutes)
  expect(told(w)).toEqual(Array(times).fill("open 1/1"))
})

test("an issue that an action names is looked at when it is closed", () => {
  const w = opened()
  touch(w, { actions: actions(["write a test (#45)", false]), refs: ["#45", "acme/infra#7"] })
  says(w, { actions: actions(["write a test (#45)", true]) })
  w.hear({ kind: "issue", number: 44, state: "closed" }).run()
  expect(told(w)).toEqual([])
  w.hear({ kind: "issue", number: 45, state: "closed" }).run()
  expect(told(w)).toEqual(["done 0/1"])
})

test("the fix may close the issue: what is open is followed all the same", () => {
  const w = opened()
  touch(w, { is: "closed", actions: actions(["write a test", false]) })
  expect(told(w)).toEqual([])
  pass(w, WEEK)
  expect(told(w)).toEqual(["open 1/1"])
  says(w, { is: "closed", actions: actions(["write a test", true]) })
  pass(w, WEEK)
  expect(told(w).slice(1)).toEqual(["done 0/1"])
  expect(w.known.postMortems?.[0]?.is).toBe("over")
})

test.each<[string, Partial<PostMortemSeen>, string]>([
  ["closed as not planned", { is: "dropped", actions: actions(["a", false], ["b", true]) }, "ended 1/2"],
  ["closed, and nobody wrote an action down", { is: "closed" }, "ended 0/0"],
  ["deleted", { is: "gone" }, "gone 0/0"],
])("it is over where the issue is %s", (_, seen, said) => {
  const w = opened()
  touch(w, seen)
  pass(w, 3 * WEEK)
  expect(told(w)).toEqual([said])
  expect(w.known.postMortems?.[0]?.is).toBe("over")
  expect(w.audit.filter(({ what }) => what === "post-mortem over")).toHaveLength(1)
})

test("what is added later is followed as well", () => {
  const w = opened()
  touch(w, { actions: actions(["a", true]) })
  touch(w, { actions: actions(["a", true], ["b", false]) })
  pass(w, WEEK)
  touch(w, { actions: actions(["a", true], ["b", true]) })
  touch(w, { actions: actions(["a", true], ["b", true]) })
  expect(told(w)).toEqual(["done 0/1", "open 1/2", "done 0/2"])
})

test("what cannot be read is tried again, and nobody is told meanwhile", () => {
  const w = opened()
  w.unreadable.set("post-mortem:", "GitHub said 403")
  pass(w, WEEK + 30)
  expect(told(w)).toEqual([])
  w.unreadable.clear()
  says(w, { actions: actions(["write a test", false]) })
  pass(w, 60)
  expect(told(w)).toEqual(["open 1/1"])
})
