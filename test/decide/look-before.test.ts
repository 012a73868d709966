import { expect, test } from "vitest"
import type { Deployed } from "../../src/model/signal.ts"
import { config, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** An environment waits for another one, and GitHub's word of that was lost. */

const out = () => {
  const w = world((it) => {
    it.truth.config = config({ environments: { staging: null, production: { after: "staging" } } })
  })
  publish(w, 11)
  return { w, at: w.truth.head }
}
const publish = (w: World, number: number) =>
  w.merge(number, `fix: number ${number}`).run().click("approve", "ben").run().click("publish", "cleo").run()

/** The clock goes on, and every timer on its way goes off. */
function pass(w: World, minutes: number): World {
  const end = w.now.getTime() + minutes * 60_000
  while (w.revisitAt !== undefined && Date.parse(w.revisitAt) <= end) {
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt)))
    w.run()
  }
  w.now = new Date(end)
  return w.run()
}

const told = (w: World, at: string, state: Deployed["state"], deployment: string): Deployed => ({
  kind: "deployed",
  deployment,
  environment: "staging",
  sha: at,
  ref: at,
  task: "deploy",
  made: w.now.toISOString(),
  status: `${deployment}9`,
  state,
  by: "cleo",
  at: w.now.toISOString(),
})

const before = (w: World, at: string) => {
  const { page } = w.check(`check:environment:production:${at}`)
  return page.is === "entry" ? page.gates.find(({ name }) => name === "after") : undefined
}

test("GitHub is asked for what it may have said, and the release goes on from when it was live", () => {
  const { w, at } = out()
  w.truth.newest.set("staging", [told(w, at, "success", "71")])
  pass(w, 14)
  expect([w.lookedAt, before(w, at)?.state]).toEqual([[], "pending"])
  pass(w, 2)
  expect([w.lookedAt, before(w, at)?.state]).toEqual([["staging"], "passed"])
  expect(w.known.environments.staging?.live).toMatchObject({ sha: at, deployment: "71" })
  expect(w.known.looks).toBeUndefined()
  expect(w.applied.filter((e) => e.kind === "reply" && e.content.reply.is === "deployed")).toHaveLength(1)
  pass(w, 24 * 60)
  expect(w.lookedAt).toEqual(["staging"])
})

test("ever more seldom, whatever else happens, and anew for another release", () => {
  const { w, at } = out()
  pass(w, 15)
  for (let merged = 0; merged < 5; merged++) w.merge(20 + merged, "fix: more").run()
  expect(w.lookedAt).toHaveLength(1)
  pass(w, 24 * 60)
  expect(w.lookedAt).toHaveLength(9)
  publish(w, 30)
  pass(w, 16)
  expect(w.lookedAt).toHaveLength(10)
  expect(before(w, at)).toMatchObject({ state: "pending", because: "nothing is known to be live in staging" })
})

test.each<[string, (w: World, at: string) => readonly Deployed[]]>([
  ["a deployment that is under way", (w, at) => [told(w, at, "in_progress", "71")]],
  ["one that was replaced", (w, at) => [told(w, at, "inactive", "71"), told(w, sha(9), "success", "72")]],
  ["one of a commit that is no release", (w) => [told(w, sha(9), "success", "71")]],
])("%s lets nothing go on, and is no finding", (_, newest) => {
  const { w, at } = out()
  w.truth.newest.set("staging", newest(w, at))
  pass(w, 20)
  expect([w.lookedAt, before(w, at)?.state]).toEqual([["staging"], "pending"])
  expect(w.known.findings ?? []).toEqual([])
})

test("what was heard meanwhile is not said again", () => {
  const { w, at } = out()
  w.deploy("staging", at, "failure", { deployment: "71", status: "719" }).run()
  w.truth.newest.set("staging", [told(w, at, "failure", "71")])
  pass(w, 20)
  expect(w.lookedAt).toEqual(["staging"])
  expect(w.applied.filter((e) => e.kind === "reply" && e.content.reply.is === "failed")).toHaveLength(1)
})

test("what cannot be read is said, is not passed, and is asked for again", () => {
  const { w, at } = out()
  w.truth.newest.set("staging", [told(w, at, "success", "71")])
  w.unreadable.set("newest:", "GitHub is not well")
  pass(w, 20)
  expect(before(w, at)).toMatchObject({ state: "pending", because: expect.stringMatching(/; GitHub is not well$/) })
  w.unreadable.clear()
  pass(w, 30)
  expect(before(w, at)).toMatchObject({ state: "passed" })
  expect(w.known.unknown).toEqual([])
})
