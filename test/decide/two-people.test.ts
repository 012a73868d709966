import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 was good in production; 1.0.2 is live there, and two people have to take it back. */
function bad(production: object = {}) {
  const w = world((it) => {
    const rollback = { levels: ["application"], required: 2 }
    it.truth.config = config({ environments: { production: { rollback, "on-call": ["@acme/sre"], ...production } } })
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    it.truth.admit("eve", "read")
  })
  const heads = [11, 12].map((number) => {
    const { head } = publish(w, number).truth
    w.later(10).deploy("production", head, "success", { deployment: `d${number}` })
    settle(w)
    return head
  })
  const at = heads[1] ?? ""
  const press = (login: string) => {
    w.click("rollback:production", login, w.check(`check:environment:production:${at}`))
    settle(w)
  }
  return { w, press }
}

const production = (w: World): Environment | undefined => w.known.environments.production
const said = (w: World) => production(w)?.answers.map(({ by, counted }) => `${by}: ${counted}`)

test("one person's press waits for another's", () => {
  const { w, press } = bad()
  press("ben")
  expect(production(w)?.rollback).toBeUndefined()
  expect(production(w)?.answers.at(-1)?.because).toMatch(/^a second person has to ask for it as well, until /)
  press("cleo")
  expect(production(w)).toMatchObject({ rollback: { by: "ben and cleo", to: { version: "1.0.1" } } })
  expect(production(w)?.asked).toBeUndefined()
})

test("one person who presses twice is one person", () => {
  const { w, press } = bad()
  for (let turn = 0; turn < 3; turn++) press("ben")
  expect(production(w)?.rollback).toBeUndefined()
})

test("who is on call may be the second, and not the first", () => {
  const { w, press } = bad()
  press("dora")
  expect(production(w)?.asked).toBeUndefined()
  press("ben")
  press("eve")
  expect(production(w)?.rollback).toBeUndefined()
  press("dora")
  expect(production(w)).toMatchObject({ rollback: { by: "ben and dora" } })
  expect(said(w)).toEqual(["dora: false", "ben: true", "eve: false", "dora: true"])
})

test("a first word stands for an hour", () => {
  const { w, press } = bad()
  press("ben")
  w.later(61)
  press("cleo")
  expect(production(w)?.rollback).toBeUndefined()
  w.later(59)
  press("ben")
  expect(production(w)).toMatchObject({ rollback: { by: "cleo and ben" } })
})

test("and for one release: the next one needs two again", () => {
  const { w, press } = bad()
  press("ben")
  const { head } = publish(w, 13).truth
  w.deploy("production", head, "success", { deployment: "d13" })
  settle(w)
  w.click("rollback:production", "cleo", w.check(`check:environment:production:${head}`))
  settle(w)
  expect(production(w)?.rollback).toBeUndefined()
  expect(production(w)).toMatchObject({ asked: { by: { login: "cleo" } } })
})

test("where nothing is said one is enough", () => {
  const { w, press } = bad({ rollback: ["application"] })
  press("ben")
  expect(production(w)).toMatchObject({ rollback: { by: "ben" } })
})
