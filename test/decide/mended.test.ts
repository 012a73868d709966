import { expect, test } from "vitest"
import { isLatest } from "../../src/decide/latest.ts"
import type { Effect } from "../../src/model/effect.ts"
import { publish } from "./support/environments.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.2 brought #12, was live in production, and was rolled back to 1.0.1; issue #N asks why. */
function rolledBack() {
  const w = publish(world(), 11)
  const first = w.truth.head
  w.deploy("production", first, "success").run().later(10)
  publish(w, 12)
  const second = w.truth.head
  w.deploy("production", second, "success").run().later(1)
  w.click("rollback:production", "ben", w.check(`check:environment:production:${second}`)).run()
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  return { w, first, second, issue: w.known.postMortems?.[0]?.number ?? 0 }
}

const release = (w: World) => w.run().click("approve", "ben").run().click("publish", "cleo").run()
const told = (w: World) => w.replies("2").filter((is) => is === "mended")
const latests = (w: World) => w.applied.flatMap((effect: Effect) => (effect.kind === "latest" ? [effect.content] : []))

test.each<[string, (second: string, issue: number) => string, string]>([
  [
    "git's own words",
    (second) => `Revert "fix: number 12 (#12)"\n\nThis reverts commit ${second}.`,
    "it takes back #12",
  ],
  ["a short SHA", (second) => `revert: number 12\n\nRefs: ${second.slice(0, 10)}`, "it takes back #12"],
  ["GitHub's button", () => 'Revert "fix: number 12" (#13)\n\nReverts acme/shop#12', "it takes back #12"],
  ["nothing but its title", () => 'Revert "fix: number 12"', "it takes back #12"],
  ["the issue", (_, issue) => `fix: round half up\n\nFixes #${issue}`, "it closes #"],
])("a release that takes a change back or closes the post-mortem mends it: by %s", (_, message, because) => {
  const { w, second, issue } = rolledBack()
  w.push(message(second, issue))
  // A revert alone asks for no version.
  w.merge(13, "fix: number 13")
  release(w)
  expect(w.release("2").mended).toMatchObject({ by: "1.0.3", because: expect.stringContaining(because) })
  expect(w.draft("2").banner).toMatch(/^Rolled back from production to 1\.0\.1 by ben on .*\. 1\.0\.3 mends it: it /)
  expect(told(w)).toEqual(["mended"])
  expect(w.audit.filter(({ what }) => what === "mended")).toMatchObject([{ release: "2", facts: { fix: "1.0.3" } }])

  publish(w.later(1), 14)
  expect(w.release("2").mended?.by).toBe("1.0.3")
  expect(told(w)).toEqual(["mended"])
})

test.each<[string, (second: string, issue: number) => readonly string[]]>([
  ["a change of its own", () => []],
  ["a revert of something else", () => [`Revert "fix: number 11"\n\nThis reverts commit ${"ab".repeat(20)}.`]],
  ["a mention of the issue that closes nothing", (_, issue) => [`fix: look into #${issue}`]],
  [
    "a revert that is taken back itself",
    (second) => [`Revert "fix: number 12"\n\nThis reverts commit ${second}.`, 'Revert "Revert "fix: number 12""'],
  ],
])("%s mends nothing", (_, messages) => {
  const { w, second, issue } = rolledBack()
  for (const message of messages(second, issue)) w.push(message)
  w.merge(13, "fix: number 13")
  release(w)
  expect(w.release("2").mended).toBeUndefined()
  expect(w.draft("2").banner).not.toContain("mends")
  expect(told(w)).toEqual([])
})

test("what was rolled back is not the latest release any more; the good one is, and the fix is when it comes", () => {
  const { w } = rolledBack()
  expect(latests(w)).toEqual([{ release: "1", tag: "v1.0.1", instead: ["v1.0.2"] }])
  publish(w.later(1), 13)
  expect(w.applied.findLast(({ kind }) => kind === "publish")).toMatchObject({
    content: { tag: "v1.0.3", latest: true },
  })
})

test("live again, it takes its place back, and its marks are gone", () => {
  const { w, second } = rolledBack()
  w.push(`Revert "fix: number 12"\n\nThis reverts commit ${second}.`).merge(13, "fix: number 13")
  release(w)
  w.later(1).deploy("production", second, "success", { deployment: "again" }).run()
  expect(w.release("2")).toMatchObject({ rolledBack: [] })
  expect(w.release("2").mended).toBeUndefined()
  // 1.0.3 is out by now, and higher.
  expect(latests(w)).toHaveLength(1)

  const other = rolledBack()
  other.w.later(1).deploy("production", other.second, "success", { deployment: "again" }).run()
  expect(latests(other.w).at(-1)).toEqual({ release: "2", tag: "v1.0.2", instead: ["v1.0.1"] })
})

test("what is lower than a release that was rolled back is the latest all the same", () => {
  const { w } = rolledBack()
  expect(isLatest(w.known, { component: "" }, "1.0.1")).toBe(true)
  expect(isLatest(w.known, { component: "" }, "1.0.0")).toBe(false)
  expect(isLatest(w.known, { component: "" }, "1.0.3-rc.1")).toBe(false)
})

test("what waits to be mended is remembered, however many releases come out, and environments go on", () => {
  const { w } = rolledBack()
  for (const number of [13, 14, 15, 16, 17, 18, 19]) {
    publish(w.later(1), number)
    w.deploy("production", w.truth.head, "success").run()
  }
  expect(w.known.releases.map(({ id }) => id)).toContain("2")
})
