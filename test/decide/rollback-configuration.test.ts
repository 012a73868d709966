import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 was live in production, 1.0.2 is, and ben goes back by taking the changes back. */
function goingBack(rollback: unknown = ["configuration"]) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { rollback } } })
  })
  const [first = "", second = ""] = [11, 12].map((number) => {
    const at = publish(w, number).truth.head
    settle(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }))
    return at
  })
  settle(w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)))
  const step = production(w).rollback?.steps?.at(-1)
  return { w, first, second, pull: step?.is === "running" ? step.pull : undefined }
}
const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const touched = (w: World, number: number, state: "not merged" | "open") => w.hear({ kind: "issue", number, state })

test("a pull request takes back what came between, and its merge is the end", () => {
  const { w, first, second, pull = 0 } = goingBack()
  const asked = w.applied.filter(({ kind }) => kind === "revert")
  expect(asked).toMatchObject([
    {
      key: "revert:1",
      content: {
        from: { version: "1.0.2", sha: second },
        to: { version: "1.0.1", sha: first },
        head: "slipway/rollback/1",
        base: "main",
        commits: [second],
        by: "ben",
      },
    },
  ])
  expect(production(w).rollback).toMatchObject({
    is: "running",
    steps: [{ level: "configuration", is: "running", pull }],
  })
  settle(w.merge(pull, "revert: go back from 1.0.2 to 1.0.1"))
  expect(production(w)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "done" } })
  expect(w.applied.filter(({ kind }) => kind === "deployment")).toEqual([])
})

test.each<[string, (w: World, pull: number) => void, RegExp]>([
  ["is closed", (w, pull) => settle(touched(w, pull, "not merged")), /^#\d+ was closed without a merge$/],
  ["is left alone", (w) => settle(w.later(5)), /^#\d+ was not merged within 5 minutes; it stays open$/],
])("a pull request that %s has not helped, and the next way back is tried", (_, happens, because) => {
  const { w, pull = 0 } = goingBack(["configuration", "application"])
  happens(w, pull)
  expect(production(w).rollback?.steps).toMatchObject([
    { level: "configuration", is: "failed", because: expect.stringMatching(because) },
    { level: "application", is: "running" },
  ])
})

test("another pull request that is merged, or closed, says nothing of it", () => {
  const { w, pull = 0 } = goingBack()
  settle(w.merge(pull + 1, "fix: something else"))
  settle(touched(w, pull + 2, "not merged"))
  expect(production(w).rollback?.is).toBe("running")
})
