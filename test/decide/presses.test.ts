import { expect, test } from "vitest"
import type { Clicked } from "../../src/model/signal.ts"
import { person } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const drafted = () => world().merge(12, "feat: pay").run()

/** A press of what is on the page now, as GitHub signed it. */
function press(w: World, button: string, login: string, signed: string): Clicked {
  const { name, sha, externalId } = w.readiness()
  const by = w.truth.standings[login]?.person ?? person(login)
  return { kind: "clicked", checkRun: "1", name, sha, externalId, button, by, signed, at: w.now.toISOString() }
}

test("the same press under another name is decided on once, and the audit keeps that it came again", () => {
  const w = drafted()
  w.hear(press(w, "approve", "ben", "a")).run()
  w.hear(press(w, "hold", "ben", "b")).run()
  expect(w.release().hold).toMatchObject({ by: { login: "ben" } })
  const answers = w.release().answers.length
  w.hear(press(w, "approve", "ben", "a")).run()
  expect(w.release().hold).toMatchObject({ by: { login: "ben" } })
  expect(w.release().answers).toHaveLength(answers)
  expect(w.audit.at(-1)).toMatchObject({ what: "click came again", by: "ben" })
})

test("of two that come in one run the first counts", () => {
  const w = drafted()
  w.hear(press(w, "hold", "ben", "a"), press(w, "hold", "ben", "a")).run()
  expect(w.release().answers).toHaveLength(1)
})

test("a press of one who may not is not kept for the day when they may", () => {
  const w = drafted()
  w.hear(press(w, "approve", "rosa", "a")).run()
  expect(w.answer().counted).toBe(false)
  w.truth.admit("rosa", "write")
  w.hear(press(w, "approve", "rosa", "a")).run()
  expect(w.release().approvals).toEqual([])
  expect(
    w
      .hear(press(w, "approve", "rosa", "b"))
      .run()
      .answer().counted,
  ).toBe(true)
})

test("a bounded number of presses is kept", () => {
  const w = drafted()
  for (let at = 0; at < 1_010; at += 1) w.hear(press(w, "nothing", "rosa", String(at)))
  expect(w.run().known.presses).toHaveLength(1_000)
})
