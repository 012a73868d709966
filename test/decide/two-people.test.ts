import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 was good in production; 1.0.2 is live there, and two people have to take it back. */
function bad(production: object = {}, more: object = {}) {
  const w = world((it) => {
    const rollback = { levels: ["application"], required: 2 }
    const environments = { production: { rollback, "on-call": ["@acme/sre"], ...production } }
    it.truth.config = config({ environments, ...more })
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

const asks = (w: World) =>
  w.applied.flatMap((effect) =>
    effect.kind === "reply" && effect.content.reply.is === "second asked" ? [effect.content.reply] : [],
  )
const pages = (w: World) => w.applied.filter(({ kind, key }) => kind === "call" && key.startsWith("page:second-"))

test("the first press is told, once, to those who may be the second", () => {
  const { w, press } = bad({}, { slack: { mention: { cleo: "U012ABCDEF" } } })
  press("ben")
  press("ben")
  const { asked } = production(w) ?? {}
  expect(asks(w)).toMatchObject([{ by: "ben", version: "1.0.2", environment: "production", at: asked?.at }])
  const [one] = asks(w)
  expect(Date.parse(one?.until ?? "")).toBe(Date.parse(asked?.at ?? "") + 60 * 60_000)
  expect(one?.asks).toContainEqual({ login: "cleo", slack: "U012ABCDEF" })
  const logins = one?.asks.map(({ login }) => login)
  expect(logins).toContain("dora")
  expect(logins).not.toContain("ben")
  expect(logins).not.toContain("eve")
})

const PAGE = { page: { url: "https://pager.acme.dev/hook" } }

test("where nobody is the second for ten minutes, whoever is on call is called, once", () => {
  const { w, press } = bad({}, PAGE)
  press("ben")
  const due = Date.parse(production(w)?.asked?.at ?? "") + 10 * 60_000
  expect(w.revisitAt).toBe(new Date(due).toISOString())
  settle(w.later(9))
  expect(pages(w)).toEqual([])
  settle(w.later(2))
  settle(w.later(2))
  expect(pages(w)).toMatchObject([
    {
      content: {
        what: "page who is on call",
        fills: {
          by: "ben",
          because: "ben asked to roll production back from 1.0.2, and nobody else has in ten minutes",
        },
      },
    },
  ])
})

test.each<[string, (story: ReturnType<typeof bad>) => void]>([
  ["a second one pressed", ({ press }) => press("cleo")],
  [
    "another release went live",
    ({ w }) => {
      const { head } = publish(w, 13).truth
      settle(w.deploy("production", head, "success", { deployment: "d13" }))
    },
  ],
  ["the hour is over", ({ w }) => void w.later(61)],
])("nobody is called where %s", (_, then) => {
  const story = bad({}, PAGE)
  story.press("ben")
  then(story)
  settle(story.w.later(11))
  expect(pages(story.w)).toEqual([])
})
