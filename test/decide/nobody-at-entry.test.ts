import { expect, test } from "vitest"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.1.0 with #12 of ann is out, and asks to enter production. ada administers; acme/release has nobody. */
function waiting(approvals: object, make: (w: World) => void = () => undefined): World {
  const w = world((it) => {
    it.truth.admit("ada", "admin")
    it.truth.admit("dora", "write", { teams: ["acme/sre"] })
    it.truth.config = config({
      environments: { production: { approvals } },
      slack: { mention: { ada: "U012ABCDEF" } },
    })
    make(it)
  })
    .merge(12, "feat: pay")
    .run()
  w.click("approve", "ben").run().click("publish", "ben").run()
  w.ask("production", w.truth.head)
  return w.run()
}

const told = (w: World) =>
  w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "nobody left" ? [e.content.reply] : []))
const asked = (w: World) =>
  w.applied.filter((e) => e.kind === "reply" && e.content.reply.is === "approval asked" && e.content.reply.environment)

function says(w: World): string {
  const { page } = w.check(`check:environment:production:${w.truth.head}`)
  return page.is === "entry" ? page.says.join("\n") : ""
}

const CHANGE = expect.stringContaining("change whom “environments.production.approvals” in .github/slipway.yml asks")
test.each<[string, object, readonly unknown[], RegExp]>([
  ["the only one wrote it", { from: ["@ann"] }, [CHANGE], /too few of those who may let it in \(@ann\) .*: ann$/],
  [
    "a team is empty",
    { from: ["@acme/release"] },
    [expect.stringContaining("add somebody who wrote none of it to @acme/release"), CHANGE],
    /nobody is there who may let it in \(@acme\/release\)/,
  ],
  ["two are asked, and one is left", { required: 2, from: ["@ann", "@ben"] }, [CHANGE], /: ann and ben$/],
  ["one of all groups has nobody", { "all-of": [{ from: ["@ben"] }, { from: ["@ann"] }] }, [CHANGE], /\(@ann\)/],
  ["none of any group has somebody", { "any-of": [{ from: ["@ann"] }] }, [CHANGE], /\(@ann\)/],
  ["more are asked of high risk", { high: 2, from: ["@ben"] }, [CHANGE], /\(@ben\)/],
])("where %s, the page and the thread name the ways out, and nobody is asked", (_, approvals, waysOut, because) => {
  const w = waiting(approvals)
  expect(told(w)).toEqual([
    {
      is: "nobody left",
      because: expect.stringMatching(because),
      waysOut,
      environment: "production",
      asks: [{ login: "ada", slack: "U012ABCDEF" }],
    },
  ])
  expect(says(w)).toMatch(/nobody can let it in: /)
  expect(asked(w)).toEqual([])
  expect(told(w.hear({ kind: "look", because: "again" }).run())).toHaveLength(1)
})

test("where nobody in particular is asked, somebody else with write permission is the way out", () => {
  const w = waiting({}, (it) => {
    for (const login of ["cleo", "dora", "ada"]) delete it.truth.standings[login]
  })
  expect(told(w)).toEqual([])
  delete w.truth.standings.ben
  w.hear({ kind: "look", because: "again" }).run()
  expect(told(w)).toMatchObject([{ waysOut: ["give somebody who wrote none of it write permission", CHANGE] }])
})

test.each<[string, object, ((w: World) => void)?]>([
  ["somebody is left", { from: ["@ann", "@ben"] }],
  ["a group of any has somebody", { "any-of": [{ from: ["@ann"] }, { from: ["@ben"] }] }],
  ["nobody is asked", { required: 0, from: ["@ann"] }],
  ["it is not known who may write", { from: ["@ann"] }, (w) => w.omitted.add("approvers")],
])("where %s, nobody is told", (_, approvals, make) => {
  const w = waiting(approvals, make)
  expect(told(w)).toEqual([])
  expect(says(w)).not.toMatch(/nobody can let it in/)
})

test("somebody whose word never counts is left nowhere", () => {
  const w = waiting({ from: ["@cleo"] })
  expect(told(w)).toEqual([])
  w.truth.standings.cleo = { ...(w.truth.standings.cleo as never as object), belongs: "suspended" } as never
  w.hear({ kind: "look", because: "again" }).run()
  expect(told(w)).toMatchObject([{ because: "nobody is there who may let it in (@cleo)" }])
})
