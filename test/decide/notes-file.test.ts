import { expect, test } from "vitest"
import type { Config } from "../../src/model/config.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** Where the whole of notes goes that are too long for a release: which drafts ask for the file. */
const cut = (publish: Partial<Config["publish"]>) =>
  world((w) => (w.truth.config = config({ publish })))
    .merge(12, "feat: pay by invoice")
    .run()
    .click("approve", "ben")
    .run()

test("a draft that follows its branch asks for no file: each merge would upload it again", () => {
  const w = world().merge(12, "feat: pay by invoice").run()
  expect(w.draft("1")).not.toHaveProperty("attach")
  w.click("approve", "ben").run()
  expect(w.draft("1")).toMatchObject({ attach: true, commitish: w.truth.head })
})

test("where a changelog has them, that is where they lead", () => {
  expect(cut({ changelog: "CHANGES.md" }).draft("1")).toMatchObject({ notes: { changelog: "CHANGES.md" } })
  expect(cut({ changelog: "CHANGES.md" }).draft("1")).not.toHaveProperty("attach")
  expect(cut({}).draft("1").notes).not.toHaveProperty("changelog")
})

/** Nothing but the last gate is missing, and it passes: the release is cut and published in one go. */
function byItself(changes: number): World {
  const w = world((it) => {
    it.truth.config = config({ publish: { mode: "auto" }, approvals: { required: 0 } })
  })
  const text = "say what happens in many more words than anybody would"
  for (let at = 0; at < changes; at++) w.merge(20 + at, `feat: ${at} ${text}`)
  return w.run()
}

const written = (w: World) =>
  w.applied.flatMap((e) => (e.target === "draft:1" ? [e.kind === "draft" ? `draft ${e.content.attach}` : e.kind] : []))

test("a release that goes by itself has its long notes attached before it is published", () => {
  const effects = written(byItself(200))
  expect(effects).toContain("publish")
  expect(effects[effects.indexOf("publish") - 1]).toBe("draft true")
})

test("and is spared the request where they fit", () => {
  const effects = written(byItself(1))
  expect(effects).toContain("publish")
  expect(effects.slice(0, effects.indexOf("publish"))).not.toContain("draft true")
})
