import { expect, test } from "vitest"
import type { ImpactPage } from "../../src/model/page.ts"
import type { Proposed } from "../../src/model/signal.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { config, person, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const HEAD = "e".repeat(40)

const proposal = (title: string, more: Partial<Proposed["pull"]> = {}, base = "main"): Proposed => ({
  kind: "proposed",
  base,
  pull: { number: 90, title, labels: [], author: person("ben"), commits: 1, headSha: HEAD, ...more },
})

const shown = (of: World, title: string, more: Partial<Proposed["pull"]> = {}): ImpactPage => {
  of.hear(proposal(title, more)).run()
  const { page } = of.check(`check:impact:90:${more.headSha ?? HEAD}`)
  if (page.is !== "impact") throw new Error(`the page is ${page.is}`)
  return page
}

const withFeature = (): World => world().merge(12, "feat: pay by invoice").run()
const withFix = (): World => world().merge(12, "fix: round half up").run()

test.each<[string, () => World, string, string, object]>([
  [
    "a first feature",
    world,
    "feat: x",
    "Merging this releases 1.1.0 (minor), because feat: x",
    { is: "releases", instead: null },
  ],
  [
    "a breaking change",
    world,
    "feat!: x",
    "Merging this releases 2.0.0 (major), because feat!: x",
    { is: "releases", bump: "major" },
  ],
  [
    "a feature after a fix",
    withFix,
    "feat: x",
    "Merging this releases 1.1.0 (minor), because feat: x",
    { is: "releases", instead: "1.0.1", because: [{ change: "#90" }] },
  ],
  [
    "a fix after a feature",
    withFeature,
    "fix: x",
    "Goes into 1.1.0, already minor because of #12",
    { is: "joins", asks: "patch", bump: "minor" },
  ],
  [
    "a second feature",
    withFeature,
    "feat: x",
    "Goes into 1.1.0, already minor because of #12",
    { is: "joins", asks: "minor", because: [{ change: "#12" }] },
  ],
  ["documentation, nothing merged", world, "docs: x", "Releases nothing by itself", { is: "nothing", goesWith: null }],
  [
    "documentation after a feature",
    withFeature,
    "docs: x",
    "Releases nothing by itself; goes out with 1.1.0",
    { is: "nothing", goesWith: "1.1.0" },
  ],
])("%s", (_, start, title, says, impact) => {
  const page = shown(start(), title)
  expect(page.impact).toMatchObject(impact)
  expect(page.title).toBeUndefined()
  expect(renderCheck({ page }).title).toBe(says)
})

test("the line stands as the notes will show it, with its section", () => {
  const page = shown(withFeature(), "fix(api): stop at @octocat")
  expect(page.notes?.sections).toEqual([
    { title: "Bug Fixes", folded: false, entries: [expect.objectContaining({ number: 90, author: "ben" })] },
  ])
  const { summary } = renderCheck({ page })
  expect(summary).toContain("### Bug Fixes\n\n- **api:** stop at @\u200boctocat (#90) by @ben")
  expect(summary).not.toContain("pay by invoice (#12) by")
})

test.each([
  ["Fixes: crash", "fix: crash"],
  ["Quarterly numbers", null],
])("the title %j is named as not understood, neutral and never failing", (title, suggested) => {
  const page = shown(withFeature(), title)
  expect(page.title).toEqual({ given: title, suggested })
  const at = `check:impact:90:${HEAD}`
  const it = withFeature().hear(proposal(title)).run().check(at)
  expect(it.conclusion).toBe("neutral")
  expect(renderCheck(it).summary).toContain(suggested === null ? "Begin it with what it does" : "Did you mean")
})

test("where titles size nothing, none is found fault with", () => {
  const labels = (it: World) => {
    it.truth.config = config({ version: { from: ["labels"] } })
  }
  const page = shown(world(labels), "Quarterly numbers")
  expect(page.title).toBeUndefined()
  expect(renderCheck({ page }).title).toBe("Releases nothing by itself; no label says how large it is")
  expect(shown(world(labels), "Quarterly numbers", { labels: ["Enhancement"] }).unlabelled).toBeUndefined()
  expect(shown(world(labels), "Quarterly numbers", { labels: ["slipway: skip"] }).unlabelled).toBeUndefined()
})

test.each([["slipway: skip"], ["no-release"]])("nor where the label %j settles it", (label) => {
  const it = world((w) => {
    w.truth.config = config({
      changes: [
        { when: { label: "no-release" }, bump: "none" },
        { when: { title: "*" }, section: "Other" },
        { when: { type: "x" }, bump: "patch" },
      ],
    })
  })
  expect(shown(it, "Quarterly numbers").title).toBeDefined()
  expect(shown(it, "Quarterly numbers", { labels: [label] }).title).toBeUndefined()
})

test("a revert of what is not out takes the version back, and leaves no line", () => {
  const it = withFeature()
  const page = shown(it.merge(13, "fix: x").run(), 'Revert "feat: pay by invoice (#12)"')
  expect(page.impact).toEqual({ is: "takes back", version: "1.0.1", instead: "1.1.0" })
  expect(page.notes).toBeUndefined()
})

test("what is decided again for the same words is written once", () => {
  const it = withFeature()
  shown(it, "fix: x")
  const written = it.applied.length
  it.hear(proposal("fix: x", { labels: ["later"] })).run()
  expect(it.applied.length).toBe(written)
})

test("a new head shows it there; merged or closed, nothing is said and nothing is kept", () => {
  const it = withFeature()
  shown(it, "fix: x")
  const next = "f".repeat(40)
  shown(it, "fix: x", { headSha: next })
  expect(it.known.impacts).toEqual({ 12: null, 90: next })
  const written = it.applied.length
  it.hear(proposal("fix: y", { headSha: next }), { kind: "issue", number: 90, state: "not merged" }).run()
  expect(it.applied.length).toBe(written)
  expect(it.handles[`check:impact:90:${next}`]).toBeUndefined()
  it.hear(proposal("fix: late", { headSha: next })).run()
  expect(it.applied.length).toBe(written)
  it.hear({ kind: "issue", number: 90, state: "open" }, proposal("fix: again", { headSha: next })).run()
  expect(it.known.impacts).toEqual({ 12: null, 90: next })
})

test("that one was opened, heard after a reading that found it merged, says nothing", () => {
  const it = withFeature()
  it.state = { ...it.known, impacts: {} }
  const written = it.applied.length
  it.hear(proposal("feat: pay by invoice", { number: 12 })).run()
  expect(it.applied.length).toBe(written)
  expect(it.known.impacts).toEqual({})
})

test.each([
  ["its squash commit", "feat: x (#90)", false],
  ["its merge commit", "Merge pull request #90 from ben/x", false],
  ["a commit that speaks of it", "fix: y, asked for in #90", true],
  ["another one's commit", "fix: y (#900)", true],
])("heard as opened after the push of %s", (_, message, isSaid) => {
  const it = world().push(message).run()
  it.hear(proposal("feat: x")).run()
  expect(it.applied.some(({ target }) => target.startsWith("check:impact"))).toBe(isSaid)
})

test("a branch that nothing is released from shows nothing, but for a pull request that moved there", () => {
  const it = withFeature()
  const written = it.applied.length
  it.hear(proposal("feat: x", {}, "side")).run()
  expect(it.applied.length).toBe(written)
  shown(it, "feat: x")
  it.hear(proposal("feat: x", {}, "side")).run()
  expect(renderCheck(it.check(`check:impact:90:${HEAD}`)).title).toBe("Releases nothing: its base is no release branch")
  expect(it.known.impacts).toEqual({ 12: null })
})

test("`impact: false` says nothing; a history that is not known says nothing wrong", () => {
  const off = world((it) => {
    it.truth.config = config({ impact: false })
  })
  const written = off.applied.length
  off.hear(proposal("feat: x")).run()
  expect(off.applied.length).toBe(written)
  const broken = withFeature()
  broken.unreadable.set("history:", "GitHub does not answer")
  broken.hear(broken.truth.reset(sha(1))).run()
  const before = broken.applied.length
  broken.hear(proposal("feat: x")).run()
  expect(broken.applied.slice(before).filter((e) => e.target.startsWith("check:impact"))).toEqual([])
})

test("what is kept of open pull requests is bounded", () => {
  const it = withFeature()
  for (let number = 100; number < 350; number++)
    it.hear(proposal("fix: x", { number, headSha: number.toString(16).padStart(40, "a") }))
  it.run()
  expect(Object.keys(it.known.impacts ?? {})).toHaveLength(200)
  expect(Object.keys(it.handles).filter((target) => target.startsWith("check:impact:")).length).toBeLessThanOrEqual(250)
  it.push("chore: x").run()
  expect(Object.keys(it.handles).filter((target) => target.startsWith("check:impact:"))).toHaveLength(200)
})

test("with components it says what each would become if it is touched, since its files are not known", () => {
  const page = shown(
    world((it) => {
      it.truth.config = config({ components: { api: { path: "api/**" }, web: { path: "web/**" } } })
    }),
    "feat: x",
  )
  expect(page.impact).toMatchObject({
    is: "by files",
    asks: "minor",
    components: [
      { name: "api", now: null },
      { name: "web", now: null },
    ],
  })
  expect(page.title).toBeUndefined()
})

test("a version that it states and does not get is said, with the reason", () => {
  const page = shown(withFeature(), "feat: x", { says: { footers: "Release-As: 0.9.0" } })
  expect(page.refused).toEqual([expect.stringMatching(/^Release-As: 0\.9\.0: /)])
  expect(renderCheck({ page }).summary).toContain("⚠️ Release-As: 0.9.0")
})
