import { expect, test } from "vitest"
import type { Asked } from "../../src/model/reply-release.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const asked = (w: World): readonly Asked[] =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "approval asked" ? [effect.content.reply] : [],
  )

/** #12 by ann; ben and cleo may approve, and two have to. */
const drafted = (slack: object = {}, more: object = {}) =>
  world((w) => {
    w.truth.config = config({
      approvals: { required: 2 },
      slack: { mention: { Cleo: "U012ABCDEF" }, ...slack },
      ...more,
    })
  })
    .merge(12, "feat: pay")
    .run()

/** Lets time pass, and runs at each instant that was asked for. */
function later(w: World, hours: number): World {
  const until = w.now.getTime() + hours * 3_600_000
  while (w.revisitAt && Date.parse(w.revisitAt) <= until) {
    w.now = new Date(Math.max(w.now.getTime() + 1, Date.parse(w.revisitAt)))
    w.run()
  }
  w.now = new Date(until)
  return w.run()
}

test("who may approve, and has not, is asked once somebody waits for them, and once", () => {
  const w = drafted()
  expect(asked(w)).toEqual([])
  w.click("approve", "ben").run()
  expect(asked(w)).toEqual([
    {
      is: "approval asked",
      version: "1.1.0",
      because: expect.stringContaining("#12 by ann still needs"),
      asks: [{ login: "cleo", slack: "U012ABCDEF" }],
      more: 0,
      since: expect.stringMatching(/^2026-11-02T09:00:/),
      again: 0,
      check: expect.stringContaining("http"),
    },
  ])
  expect(asked(later(w, 100))).toHaveLength(1)
})

test("they are reminded by schedule, three times at most, and not once it is approved or held", () => {
  const w = drafted({ remind: "4h" }).click("approve", "ben").run()
  expect(asked(later(w, 9)).map(({ again }) => again)).toEqual([0, 1, 2])
  expect(asked(later(w, 100)).map(({ again }) => again)).toEqual([0, 1, 2, 3])
  const approved = drafted({ remind: "4h" }).click("approve", "ben").run().click("approve", "cleo").run()
  expect(asked(later(approved, 9))).toHaveLength(1)
  const held = drafted({ remind: "4h" }).click("approve", "ben").run().click("hold", "cleo").run()
  expect(asked(later(held, 9))).toHaveLength(1)
})

test("reminding moves no gate: an approval stays", () => {
  const w = drafted().click("approve", "ben").run()
  w.commitFiles({ config: config({ approvals: { required: 2 }, slack: { remind: "1h" } }) }).run()
  expect(
    w.release().approvals.filter(({ candidate }) => candidate === w.readiness().externalId.split(":")[2]),
  ).toHaveLength(1)
})

test("a release that needs nobody else asks nobody", () => {
  const w = drafted({}, { approvals: { required: 1 } })
    .click("approve", "ben")
    .run()
  expect(asked(later(w, 1))).toEqual([])
})

test("how long an approval was waited for stands beside it", () => {
  const w = drafted().click("approve", "ben").run()
  later(w, 2.5).click("approve", "cleo").run()
  expect(w.page().approvals.map(({ because }) => because)).toEqual([
    expect.not.stringContaining("asked for"),
    expect.stringContaining("; 2 h 30 min after it was asked for"),
  ])
})

test("who approved a deployment is asked no more, though the repository does not list them", () => {
  const production = { approvals: { required: 2, from: ["@Rosa", "@cleo"] } }
  const w = drafted({ remind: "4h" }, { approvals: { required: 1 }, environments: { production } })
  w.truth.admit("rosa", "read")
  w.click("approve", "ben").run().click("publish", "ben").run()
  w.ask("production", w.truth.head)
  w.run()
  w.click("approve", "rosa", w.check(`check:environment:production:${w.truth.head}`)).run()
  expect(w.known.requests && Object.values(w.known.requests)[0]?.approvals).toHaveLength(1)
  expect(asked(later(w, 5)).at(-1)).toMatchObject({ again: 1, asks: [{ login: "cleo" }] })
})

test("of a deployment that waits, the people of its environment are asked, none of whom wrote it", () => {
  const production = { approvals: { required: 1, from: ["@ann", "@cleo"] } }
  const w = drafted({ remind: "4h" }, { approvals: { required: 1 }, environments: { production } })
  w.click("approve", "ben").run().click("publish", "ben").run()
  w.ask("production", w.truth.head)
  w.run()
  expect(asked(w)).toMatchObject([
    { environment: "production", version: "1.1.0", asks: [{ login: "cleo", slack: "U012ABCDEF" }], again: 0 },
  ])
  expect(asked(later(w, 9)).map(({ again }) => again)).toEqual([0, 1, 2])
})
