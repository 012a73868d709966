import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish, settle } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type End, type World, world } from "./support/world.ts"

/** 1.0.1 was live in production, 1.0.2 is, and ben goes back by taking the changes back. */
function goingBack(rollback: unknown = ["configuration"], before: (w: World) => void = () => {}) {
  const w = world((it) => {
    before(it)
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
const goingBackWith = (answer: End) => goingBack([MERGED], (it) => it.refusing.set("merge", answer)).w
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
        head: `slipway/rollback/1-${second.slice(0, 7)}`,
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

test("what is merged into another branch takes nothing back", () => {
  const { w, pull = 0 } = goingBack()
  const merged = w.truth.merge(pull, "revert: go back from 1.0.2 to 1.0.1").find(({ kind }) => kind === "merged")
  if (merged?.kind !== "merged") throw new Error("nothing was merged")
  settle(w.hear({ ...merged, base: "side" }))
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: `#${pull} was merged into side, which is not where the release is from`,
  })
})

test("another pull request that is merged, or closed, says nothing of it", () => {
  const { w, pull = 0 } = goingBack()
  settle(w.merge(pull + 1, "fix: something else"))
  settle(touched(w, pull + 2, "not merged"))
  expect(production(w).rollback?.is).toBe("running")
})

const MERGED = { configuration: { merge: true } }
const merges = (w: World) => w.applied.filter(({ kind }) => kind === "merge").map(({ key }) => key)
const steps = (w: World) =>
  w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "rollback step" ? [e.content.reply.says] : []))

test("where it is declared Slipway merges the pull request, and that is the end", () => {
  const it = goingBackWith({ is: "done", result: { merged: true } })
  expect(merges(it)).toEqual(["merge:1:1"])
  expect(production(it)).toMatchObject({ live: { version: "1.0.2" }, rollback: { is: "done" } })
})

test("where GitHub does not let it be merged it is asked again each minute, and said once, until its time is over", () => {
  const it = goingBackWith({ is: "done", result: { merged: false, because: "405 At least 1 approving review" } })
  for (let minute = 0; minute < 3; minute++) settle(it.later(1))
  expect(merges(it)).toEqual(["merge:1:1", "merge:1:2", "merge:1:3", "merge:1:4"])
  expect(
    steps(it).filter((says) => /is not merged: 405 At least 1 approving review\. It is tried/.test(says)),
  ).toHaveLength(1)
  settle(it.later(5))
  expect(production(it).rollback).toMatchObject({ is: "failed", detail: expect.stringMatching(/^#\d+ was not merged/) })
  expect(merges(it)).toHaveLength(4)
})

test("what GitHub refuses is for people to merge, and is not asked again", () => {
  const it = goingBackWith({ is: "refused", code: "invalid", because: "its branch has been changed" })
  settle(it.later(3))
  expect(merges(it)).toEqual(["merge:1:1"])
  expect(steps(it).at(-1)).toMatch(/is not merged: its branch has been changed\. Somebody has to merge it$/)
  const step = production(it).rollback?.steps?.at(-1)
  settle(it.merge(step?.is === "running" ? (step.pull ?? 0) : 0, "revert: go back from 1.0.2 to 1.0.1"))
  expect(production(it).rollback?.is).toBe("done")
})

/** A component's 1.0.1 and 1.0.2 were live in production; ben goes back. */
function componentBack(before: (w: World) => void = () => {}, rollback: unknown = ["configuration"]) {
  const files = { environments: { production: { rollback } } }
  const w = world((it) => {
    it.refusing.set("merge", { is: "done", result: { merged: false, because: "405 a review is missing" } })
    it.truth.config = config({ ...files, components: { api: { path: "api" }, web: { path: "web/**" } } })
  })
  for (const number of [1, 2]) {
    w.push(`fix: number ${number}`, { files: ["api/a.ts"] }).run()
    const release = w.known.releases.find(({ phase }) => phase.is === "drafted")?.id ?? ""
    w.click("approve", "ben", w.readiness(release)).run().click("publish", "cleo", w.readiness(release)).run()
    settle(w.later(5).deploy("production", w.truth.head, "success", { deployment: `d${number}` }))
  }
  before(w)
  const page = w.known.environments["production (api)"]
  settle(w.click("rollback:production", "ben", w.check(`check:environment:production (api):${page?.live?.sha}`)))
  return w
}

test("of a component its own files are taken back, and others' stay", () => {
  const w = componentBack()
  expect(w.applied.filter(({ kind }) => kind === "revert")).toMatchObject([
    { content: { own: { paths: ["api"], others: ["web/**"] } } },
  ])
})

test("what is its own is what was approved, and stays so while the pull request is open", () => {
  const merged = (paths: object) => config({ environments: { production: { rollback: [MERGED] } }, components: paths })
  const w = componentBack(
    (it) => it.commitFiles({ config: merged({ api: { path: ["api", "web"] }, web: { path: "web/**" } }) }).run(),
    [MERGED],
  )
  settle(w.commitFiles({ config: merged({ api: { path: "**" } }) }).later(1))
  const asked = w.applied.flatMap((e) => (e.kind === "revert" || e.kind === "merge" ? [[e.kind, e.content.own]] : []))
  const own = { paths: ["api"], others: ["web/**"] }
  expect(asked).toEqual([
    ["revert", own],
    ["merge", own],
    ["merge", own],
  ])
})

test("of a component that the approved configuration has no more nobody knows what is its own", () => {
  const w = componentBack((it) => {
    it.commitFiles({
      config: config({
        environments: { production: { rollback: ["configuration"] } },
        components: { web: { path: "web" } },
      }),
    })
    it.push("fix: web", { files: ["web/a.ts"] }).run()
    const release = it.known.releases.find(({ phase }) => phase.is === "drafted")?.id ?? ""
    it.click("approve", "ben", it.readiness(release)).run().click("publish", "cleo", it.readiness(release)).run()
  })
  expect(w.known.environments["production (api)"]?.rollback?.steps).toMatchObject([
    {
      is: "failed",
      because: "the configuration has no api any more, so nobody knows which files are its own",
    },
  ])
})
