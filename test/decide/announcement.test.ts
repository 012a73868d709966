import { expect, test } from "vitest"
import type { Announcement } from "../../src/model/message.ts"
import { publish } from "./support/environments.ts"
import { config, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const announced = (type?: string): Announcement | undefined => {
  const w = world((it) => (it.truth.plan = plan({ release: { name: "Spring", ...(type ? { type } : {}) } })))
    .merge(12, "feat: a")
    .run()
  const written = w.applied.findLast((effect) => effect.kind === "thread")
  return written?.kind === "thread" ? written.content.announcement : undefined
}

test.each([
  ["as large as the version says", undefined, "minor"],
  ["not what the plan hoped for", "major", "minor"],
  ["a hotfix, which only the plan can say", "hotfix", "hotfix"],
])("a release is announced as %s", (_, type, expected) => {
  expect(announced(type)).toMatchObject({ name: "Spring", type: expected })
})

const messages = (w: World, id: string): readonly Announcement[] =>
  w.applied.flatMap((e) => (e.kind === "thread" && e.content.release === id ? [e.content.announcement] : []))
const states = (w: World, id: string): readonly string[] =>
  messages(w, id)
    .map(({ state }) => state)
    .filter((state, at, all) => state !== all[at - 1])
const says = (w: World, id: string): string => messages(w, id).at(-1)?.says ?? ""

test("the first message follows the release through all that becomes of it", () => {
  const w = publish(world(), 11)
  const first = w.truth.head
  w.deploy("staging", first, "success").run().deploy("production", first, "success").run()
  expect(says(w, "1")).toMatch(
    /^Live in staging since 20\S+ \S+ UTC and production since 20\S+ \S+ UTC; published by cleo on /,
  )
  publish(w, 12)
  const second = w.truth.head
  w.later(1).deploy("staging", second, "success").run().deploy("production", second, "failure").run()
  expect(says(w, "2")).toMatch(/^Failed in production on \S+ \S+ UTC; live in staging since /)
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  expect(says(w, "2")).toBe("Being rolled back from production to 1.0.1 by ben")
  w.later(3).deploy("production", first, "success", { rollback: "1" }).run()
  expect(says(w, "2")).toMatch(/^Rolled back from production to 1\.0\.1 by ben on .*; live in staging since /)
  expect(states(w, "2")).toEqual(["drafted", "ready", "published", "live", "failed", "rolling back", "rolled back"])
})

test("it names whom it waits for, and leads to the plan and the rollback procedure at the very commit", () => {
  const w = world((it) => {
    it.truth.config = config({ approvals: { required: 2 } })
    it.truth.plan = plan({ release: { name: "Spring" }, rollback_plan: { procedure: "docs/way back.md" } })
  })
    .merge(12, "feat: a")
    .run()
    .click("approve", "ben")
    .run()
  expect(says(w, "1")).toMatch(/^Cut at \w{7}; waits for .*approvals.*; cleo may approve$/)
  expect(messages(w, "1").at(-1)?.links).toMatchObject({
    plan: `https://github.com/acme/shop/blob/${w.truth.head}/release-plan.yml`,
    rollbackProcedure: `https://github.com/acme/shop/blob/${w.truth.head}/docs/way%20back.md`,
  })
})
