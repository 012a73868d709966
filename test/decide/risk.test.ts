import { expect, test } from "vitest"
import { changesOfRelease } from "../../src/decide/release-changes.ts"
import { riskOf } from "../../src/decide/risk.ts"
import type { ReadinessPage } from "../../src/model/page.ts"
import { config, person, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

type Landed = Parameters<World["merge"]>[2]

/** So that any title makes a release. */
const ANY = { changes: [{ when: { title: "*" }, bump: "patch" }] }
const DOCS = { low: [{ paths: ["docs/**", "**/*.md"] }] }
const ruled = (risk: object, more: object = {}) =>
  world((w) => {
    w.truth.config = config({ risk, ...ANY, ...more })
  })

/** What #12 is classed as, once it was read. */
function classed(w: World, title = "docs: a", landed: Landed = {}) {
  w.merge(12, title, landed).run().click("approve", "rosa").run()
  const line = w.known.lines.main
  const change = line && changesOfRelease(line, w.release()).find(({ id }) => id === "#12")
  if (!change || typeof w.truth.config !== "object") throw new Error("there is no #12")
  const of = typeof w.truth.plan === "object" ? w.truth.plan : null
  return riskOf(w.known, change, { config: w.truth.config, plan: of })
}

test.each<[string, object, string, Landed, "low" | "high"]>([
  ["every path", DOCS, "docs: a", { files: ["docs/a.md", "README.md"] }, "low"],
  ["a path that no rule knows", DOCS, "docs: a", { files: ["docs/a.md", "src/a.ts"] }, "high"],
  ["no low rule", {}, "docs: a", { files: ["docs/a.md"] }, "high"],
  [
    "a high rule beside a low one",
    { ...DOCS, high: [{ paths: "docs/legal/**" }] },
    "docs: a",
    { files: ["docs/legal/a.md"] },
    "high",
  ],
  ["a migration in a low folder", { low: [{ paths: "**" }] }, "docs: a", { files: ["db/migrate/1_a.rb"] }, "high"],
  ["SQL anywhere", { low: [{ paths: "**" }] }, "docs: a", { files: ["docs/A.SQL"] }, "high"],
  ["a workflow", { low: [{ paths: "**" }] }, "docs: a", { files: [".github/workflows/ci.yml"] }, "high"],
  ["the configuration", { low: [{ paths: "**" }] }, "docs: a", { files: [".github/slipway.yml"] }, "high"],
  ["the plan", { low: [{ paths: "**" }] }, "docs: a", { files: ["release-plan.yml"] }, "high"],
  ["owners", { low: [{ paths: "**" }] }, "docs: a", { files: ["docs/CODEOWNERS"] }, "high"],
  ["a Dockerfile", { low: [{ paths: "**" }] }, "docs: a", { files: ["api/Dockerfile"] }, "high"],
  ["a type", { low: [{ types: "docs" }] }, "docs: a", {}, "low"],
  ["another type", { low: [{ types: "docs" }] }, "feat: a", {}, "high"],
  ["no type", { low: [{ types: "docs" }] }, "a", {}, "high"],
  [
    "one commit of another type",
    { low: [{ types: "docs" }] },
    "docs: a",
    { by: "merge", commits: ["docs: a", "feat: b"] },
    "high",
  ],
  ["a breaking change", { low: [{ paths: "**" }] }, "docs!: a", {}, "high"],
  ["as many lines as are allowed", { low: [{ size: 10 }] }, "docs: a", { lines: 10 }, "low"],
  ["a line more", { low: [{ size: 10 }] }, "docs: a", { lines: 11 }, "high"],
  ["more than a high size", { low: [{ paths: "**" }], high: [{ size: 10 }] }, "docs: a", { lines: 11 }, "high"],
  ["a high size itself", { low: [{ paths: "**" }], high: [{ size: 10 }] }, "docs: a", { lines: 10 }, "low"],
  ["one condition of two", { low: [{ types: "docs", size: 1 }] }, "docs: a", { lines: 2 }, "high"],
  ["the second of two rules", { low: [{ types: "ci" }, { types: "docs" }] }, "docs: a", {}, "low"],
])("%s", (_, risk, title, landed, expected) => {
  expect(classed(ruled(risk), title, landed).is).toBe(expected)
})

test.each<[readonly string[], "low" | "high"]>([
  [["dependencies"], "low"],
  [["Dependencies", "ui"], "low"],
  [["ui"], "high"],
  [[], "high"],
  [["dependencies", "danger"], "high"],
])("labels %j", (labels, expected) => {
  const w = ruled({ low: [{ labels: "dependencies" }], high: [{ labels: "danger" }] })
  const [moved, merged] = w.truth.merge(12, "docs: a")
  if (!moved || merged?.kind !== "merged") throw new Error("nothing was merged")
  const pull = { ...merged.pull, labels }
  w.truth.pulls.splice(0, 1, pull)
  w.hear(moved, { ...merged, pull })
    .run()
    .click("approve", "rosa")
    .run()
  expect(w.page().risk?.level).toBe(expected)
})

const feature = (id: string, risk: string | undefined, issue: number) => ({ id, issue, ...(risk ? { risk } : {}) })
test.each<[string, readonly object[], "low" | "high"]>([
  ["a feature of low risk", [feature("A", "low", 12)], "low"],
  ["two features, one of high risk", [feature("A", "low", 12), feature("B", "high", 12)], "high"],
  ["a feature without a risk", [feature("A", undefined, 12)], "high"],
  ["no feature", [feature("A", "low", 13)], "high"],
])("the plan's %s", (_, features, expected) => {
  const w = ruled({ low: [{ features: "low" }] })
  w.commitFiles({ plan: plan({ features }) })
  expect(classed(w).is).toBe(expected)
})

test.each<[string, (w: World) => void, string]>([
  ["files that were not read", (w) => w.unreadable.set("brought:#12", "403"), "403"],
  ["a list that GitHub cut off", (w) => w.merge(12, "docs: a").truth.brought["#12"] && cutOff(w), "more files"],
])("unknown is not low: %s", (_, prepare, because) => {
  const w = ruled({ low: [{ paths: "**" }] })
  prepare(w)
  if (!w.truth.brought["#12"]) w.merge(12, "docs: a")
  w.run().click("approve", "rosa").run()
  expect(w.page().risk).toMatchObject({ level: "high", changes: [{ because: expect.stringContaining(because) }] })
})

function cutOff(w: World): void {
  const brought = w.truth.brought["#12"]
  if (brought) w.truth.brought["#12"] = { ...brought, paths: null }
}

/** #12 by ann, of low risk, and reviewed by ben. */
const lowRelease = (prepare: (w: World) => void = () => {}, more: object = {}) => {
  const w = ruled(DOCS, more)
  w.truth.review(12, ["ben"])
  w.merge(12, "docs: how to pay", { files: ["docs/pay.md"] })
  prepare(w)
  return w.run()
}

test("a release of low risk goes out with a review, and nobody's approval", () => {
  const w = lowRelease().click("approve", "ann").run()
  expect(w.answer()).toMatchObject({ counted: true, because: expect.stringContaining("low risk") })
  expect(w.release().approvals).toEqual([])
  expect(w.gate("approvals")).toEqual({
    name: "approvals",
    state: "passed",
    because: "every change is of low risk and was reviewed by ben: every change has four eyes",
  })
  expect(w.page().mayApprove).toMatchObject({ is: "not needed" })
  expect(w.page().risk).toEqual({
    level: "low",
    changes: [{ change: "#12", level: "low", because: "paths docs/**, **/*.md; reviewed by ben" }],
    more: 0,
  })
  expect(w.click("publish", "ann").run().release("1").phase.is).toBe("published")
})

test("one that goes by itself does", () => {
  const w = lowRelease(undefined, { publish: { mode: "auto" } })
  w.later(1).decide([]).run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a change of high risk beside it asks for its own approval only", () => {
  const w = lowRelease((it) => it.merge(13, "feat: pay", { author: "ben" }))
  w.click("approve", "cleo").run()
  expect(w.gate("approvals").because).toBe(
    "approved by cleo; what is of low risk was reviewed by ben: every change has four eyes",
  )
  const own = lowRelease((it) => it.merge(13, "feat: pay", { author: "ben" }))
    .click("approve", "ann")
    .run()
  expect(own.gate("approvals").state).toBe("passed")
  const none = lowRelease((it) => it.merge(13, "feat: pay", { author: "ben" }))
    .click("approve", "ben")
    .run()
  expect(none.gate("approvals")).toMatchObject({ state: "pending", because: expect.stringContaining("#13 by ben") })
})

test.each<[string, (w: World) => void, string]>([
  ["nobody reviewed", (w) => w.truth.review(12, []), "approved the commit that was merged"],
  ["its author reviewed", (w) => w.truth.review(12, ["ann"]), "approved the commit that was merged"],
  ["somebody who only reads reviewed", (w) => w.truth.review(12, ["rosa"]), "approved the commit that was merged"],
  ["a bot reviewed", (w) => w.truth.review(12, ["robo[bot]"]), "approved the commit that was merged"],
  ["somebody asked for changes", (w) => w.truth.review(12, ["ben"], ["cleo"]), "cleo asked for changes"],
  ["something else landed", (w) => delete (w.truth.authorship["#12"] as { asShown?: true }).asShown, "other than"],
  [
    "a reviewer wrote of it",
    (w) => (w.truth.authorship["#12"] = { logins: ["ann", "ben"], ids: [], unknown: [], asShown: true }),
    "wrote none",
  ],
  ["reviews that cannot be read", (w) => w.unreadable.set("reviews:", "403"), "403"],
  ["authors that cannot be read", (w) => w.unreadable.set("authors:", "403"), "403"],
])("a low risk that %s is covered by no review", (_, prepare, because) => {
  const w = lowRelease(prepare).click("approve", "ann").run()
  expect(w.answer().counted).toBe(false)
  expect(w.release().phase.is).toBe("drafted")
  expect(w.gate("approvals").state).not.toBe("passed")
  expect(w.page().risk?.changes[0]?.because).toContain(because)
})

test.each<[string, (w: World) => void]>([
  ["asked for changes", (w) => w.truth.review(12, ["ben"], ["cleo"])],
  ["took the approval back", (w) => w.truth.review(12, [])],
  ["lost the permission", (w) => w.truth.admit("ben", "read")],
])("a reviewer who %s before Publish stops it", (_, change) => {
  const w = lowRelease().click("approve", "ann").run()
  expect(w.gate("approvals").state).toBe("passed")
  change(w)
  w.click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("cut")
  expect(w.gate("approvals").state).toBe("pending")
})

test.each(["reviews", "approvers"] as const)("without a fresh reading of the %s nothing goes out by them", (kind) => {
  const w = lowRelease().click("approve", "ann").run()
  w.omitted.add(kind)
  w.click("publish", "ann").run()
  expect(w.answer()).toMatchObject({ counted: false, because: expect.stringContaining("not read afresh") })
})

test("a commit whose author nobody knows is no lower risk", () => {
  const w = lowRelease((it) => {
    it.truth.authorship["#12"] = {
      logins: ["ann"],
      ids: [],
      unknown: [{ sha: "a", name: "Mo", because: "account" }],
      asShown: true,
    }
  })
  w.click("approve", "cleo").run()
  expect(w.gate("approvals").state).toBe("unknown")
})

test("a configuration that calls everything low counts once it is approved by the old one", () => {
  const w = world((it) => {
    it.truth.config = config({})
  })
  w.merge(12, "feat: a", { files: ["src/a.ts"] })
  w.truth.review(12, ["ben"])
  w.run()
  w.commitFiles({ config: config({ risk: { low: [{ paths: "**" }] } }) }).run()
  w.click("approve", "ann").run()
  expect(w.release().phase.is).toBe("drafted")
  w.click("approve", "ben").run()
  expect(w.gate("configuration").state).not.toBe("failed")
  expect(w.gate("approvals").state === "passed" && w.gate("configuration").state === "passed").toBe(true)
})

test("a hold of low risk holds", () => {
  const w = lowRelease().click("hold", "cleo").run().click("approve", "ann").run()
  expect(w.release().phase.is).toBe("drafted")
  expect(w.gate("hold").state).toBe("failed")
})

const DROP = { file: "db/migrate/1.sql", is: "drop" as const, text: "ALTER TABLE users DROP COLUMN name" }

test.each<[string, readonly Landed[], boolean]>([
  ["with code in one change", [{ files: ["db/migrate/1.sql", "src/a.ts"], statements: [DROP] }], true],
  ["with code in another", [{ files: ["db/migrate/1.sql"], statements: [DROP] }, { files: ["src/a.ts"] }], true],
  ["with words only", [{ files: ["db/migrate/1.sql", "docs/a.md"], statements: [DROP] }], false],
  ["that destroys nothing", [{ files: ["db/migrate/1.sql", "src/a.ts"] }], false],
])("a migration %s is flagged: %j", (_, changes, expected) => {
  const w = world()
  for (const [at, landed] of changes.entries()) w.merge(12 + at, "feat: a", landed)
  w.run().click("approve", "cleo").run()
  const warned: ReadinessPage["warnings"] = w.page().warnings.filter((text) => text.includes("old code"))
  expect(warned.length > 0).toBe(expected)
  expect(w.page().warnings.some((text) => text.includes(`“${DROP.text}” in ${DROP.file}`))).toBe(expected)
  expect(w.page().risk?.level).toBe("high")
})

test("a reviewer is known by their id, whatever they are called", () => {
  const w = lowRelease((it) => {
    it.truth.reviews["#12"] = { approved: [{ ...person("ben"), id: "id-mallory" }], refused: [] }
  })
  expect(w.click("approve", "ann").run().answer().counted).toBe(false)
})
