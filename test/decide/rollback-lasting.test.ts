import { describe, expect, test } from "vitest"
import { asksBack } from "./support/asking-back.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const DROP = { is: "drop", text: "DROP TABLE users", file: "db/migrate/7.sql" } as const

/** 1.0.1, 1.0.2 and 1.0.3 went live in production one after the other; the given ones changed the database for good. */
function live(dropsIn: readonly number[] = [], production: object | null = null, more: object = {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production }, ...more })
  })
  for (const number of [1, 2, 3]) {
    const landed = dropsIn.includes(number) ? { files: [DROP.file, "src/a.ts"], statements: [DROP] } : {}
    w.merge(10 + number, `fix: number ${number}`, landed).run()
    w.click("approve", "ben").run().click("publish", "cleo").run().later(5)
    w.deploy("production", w.truth.head, "success", { deployment: `d${number}` }).run()
  }
  return { w, at: w.truth.head }
}
const detail = (w: World, at: string): string => {
  const { page } = w.check(`check:environment:production:${at}`)
  return page.is === "environment" ? page.detail.join("; ") : page.is
}

const KEEPS = "the database keeps “DROP TABLE users” in db/migrate/7.sql"

test("who is left to decide is called", () => {
  const { w } = live([3], null, { page: { url: "https://pager.acme.dev/hook" } })
  const asked = asksBack(w, { from: "3", because: "p95 was 3 s for 5 minutes" })
  const calls = asked.run.effects.flatMap((effect) => (effect.kind === "call" ? [effect.content.fills] : []))
  expect(calls).toMatchObject([
    {
      from: "1.0.3",
      to: "1.0.2",
      because: expect.stringMatching(/^production is not rolled back by itself.*p95 was 3 s for 5 minutes$/),
    },
  ])
})

describe("a rollback that nobody pressed for", () => {
  test("is begun where nothing stays", () => {
    const { w } = live()
    const asked = asksBack(w, { from: "3", because: "p95 was 3 s for 5 minutes" })
    expect(asked.answer).toMatchObject({ is: "begun", to: { version: "1.0.2" } })
    expect(asked.deploys).toBe(1)
    expect(asked.replies.find(({ is }) => is === "rolling back")).toMatchObject({
      by: "the criterion “p95”",
      because: "p95 was 3 s for 5 minutes",
      does: [expect.stringContaining("a GitHub deployment of 1.0.2")],
      stays: [],
    })
  })

  test.each<[string, readonly number[], string | undefined, string | RegExp]>([
    ["of a release that dropped something", [3], undefined, KEEPS],
    ["past a release that dropped something", [2], "1", KEEPS],
    ["to the release that dropped something", [2], undefined, ""],
    ["of one that was made after something was dropped", [1], undefined, ""],
  ])("%s", (_, dropsIn, to, stays) => {
    const { w } = live(dropsIn, { approvals: { required: 0, from: ["@acme/sre"] } })
    const asked = asksBack(w, { from: "3", ...(to === undefined ? {} : { to }) })
    if (stays === "") {
      expect(asked.answer.is).toBe("begun")
      return
    }
    expect(asked.answer).toMatchObject({ is: "refused", because: expect.stringContaining(`${stays}`) })
    expect(asked.deploys).toBe(0)
    expect(asked.run.state.environments.production?.rollback).toBeUndefined()
    expect(asked.replies).toMatchObject([
      { is: "rollback left", stays: [stays], who: "@acme/sre may press Roll back", from: "1.0.3" },
    ])
    expect(asked.run.audit).toMatchObject([{ what: "rollback left to people", release: "3" }])
  })

  test("is left to people where nobody knows any more what a release did", () => {
    const { w } = live()
    const state = w.known
    const releases = state.releases.map((release) =>
      release.id === "3" && release.phase.is === "published"
        ? { ...release, phase: { ...release.phase, lasting: { done: [], unread: ["“db/8.sql”"] } } }
        : release,
    )
    w.state = { ...state, releases }
    expect(asksBack(w, { from: "3" }).answer).toMatchObject({
      is: "refused",
      because: expect.stringContaining("nobody has looked at “db/8.sql”"),
    })
    w.state = { ...state, releases: state.releases.filter(({ id }) => id !== "2") }
    expect(asksBack(w, { from: "3", to: "1" }).answer).toMatchObject({
      is: "refused",
      because: expect.stringContaining("nobody has looked at the releases since 1.0.1"),
    })
  })
})

test("who presses the button has read what it does not undo, and is told once more", () => {
  const { w, at } = live([3])
  expect(detail(w, at)).toContain(`going back to 1.0.2 does not undo everything: ${KEEPS}`)
  w.click("rollback:production", "ben", w.check(`check:environment:production:${at}`)).run()
  const said = w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
  expect(said.find(({ is }) => is === "rolling back")).toMatchObject({ by: "ben", stays: [KEEPS] })
  expect(w.known.environments.production?.rollback).toMatchObject({ is: "running" })
})

test("what goes back to a release that was never live and well there is refused", () => {
  const { w } = live()
  for (const to of ["3", "99"])
    expect(asksBack(w, { from: "3", to }).answer).toMatchObject({
      is: "refused",
      because: "that release was never live and well here before this one",
    })
})
