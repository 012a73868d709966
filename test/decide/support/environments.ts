import type { Check } from "../../../src/model/effect.ts"
import type { Gate } from "../../../src/model/gate.ts"
import { config } from "./truth.ts"
import { type World, world } from "./world.ts"

/** What stories about environments are told with: a release that is out, the clock, and the page before an environment. */

/** Merges a fix by ann; ben approves the release, and cleo publishes it. */
export const publish = (w: World, number: number): World =>
  w.merge(number, `fix: number ${number}`).run().click("approve", "ben").run().click("publish", "cleo").run()

/** 1.0.1 is out, by ann, approved by ben; production asks for what is given. dora of @acme/sre may only read. */
export function out(production: object, more: object = {}, prepare: (w: World) => void = () => {}) {
  const w = world((it) => {
    it.truth.config = config({ environments: { staging: null, production }, ...more })
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    prepare(it)
  })
  publish(w, 11)
  return { w, at: w.truth.head }
}

/** The same, once it stands before each environment. */
export function stands(production: object, prepare?: (w: World) => void) {
  const story = out(production, {}, prepare)
  settle(story.w)
  return story
}

/** Until what the clock alone brings has come: what is to be read at once, which is within a second unless told. */
export function settle(w: World, withinMs = 1_000): World {
  w.run()
  for (let turn = 0; Date.parse(w.revisitAt ?? "") - w.now.getTime() < withinMs; turn++) {
    if (turn === 10) throw new Error("it looks again and again")
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt ?? "")))
    w.run()
  }
  return w
}

/** The clock goes on, and every timer on its way goes off. */
export function pass(w: World, minutes: number): World {
  const end = w.now.getTime() + minutes * 60_000
  while (w.revisitAt !== undefined && Date.parse(w.revisitAt) <= end) {
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt)))
    w.run()
  }
  w.now = new Date(Math.max(w.now.getTime(), end))
  return settle(w)
}

/** `Slipway / <environment>` on a commit. */
export const pageOf = (w: World, at: string, environment = "production"): Check =>
  w.check(`check:environment:${environment}:${at}`)

/** What somebody has to pass who asks to enter, as the page says. */
export function gatesOf(w: World, at: string, environment?: string): readonly Gate[] {
  const { page } = pageOf(w, at, environment)
  if (page.is !== "entry") throw new Error(`the page is ${page.is}`)
  return page.gates
}

export const gateOf = (w: World, at: string, name: Gate["name"], environment?: string): Gate | undefined =>
  gatesOf(w, at, environment).find((gate) => gate.name === name)

/** Somebody presses a button on the page before production. */
export const press = (w: World, button: string, login: string, at: string): World =>
  settle(w.click(button, login, pageOf(w, at)))
