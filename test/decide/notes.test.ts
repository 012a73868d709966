import fc from "fast-check"
import { expect, test } from "vitest"
import { buildNotes, type NotesInput } from "../../src/decide/notes.ts"
import type { Change } from "../../src/model/change.ts"
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts"
import { renderNotes } from "../../src/render/notes.ts"
import { commit, direct, merged, person } from "./changes.ts"

const build = (changes: readonly Change[], more: Partial<NotesInput> = {}) =>
  buildNotes({
    changes,
    version: "1.5.0",
    previous: { version: "1.4.1", tag: "v1.4.1" },
    tag: "v1.5.0",
    repository: "acme/app",
    config: DEFAULT_CONFIG,
    ...more,
  })

const layout = (changes: readonly Change[]) =>
  build(changes).sections.map(({ title, folded, entries }) => [title, folded, entries.map(({ text }) => text)])

test("sections stand in the preset's order, what it hides is folded below", () => {
  const texts = ["chore: a", "Tidy up", "revert: b", "docs: c", "perf: d", "fix: e", "feat: f", "feat: g", "odd: h"]
  expect(layout(texts.map((text) => direct(text)))).toEqual([
    ["Features", false, ["f", "g"]],
    ["Bug Fixes", false, ["e"]],
    ["Performance Improvements", false, ["d"]],
    ["Reverts", false, ["b"]],
    ["Documentation", true, ["c"]],
    ["Miscellaneous Chores", true, ["a"]],
    ["Other Changes", true, ["Tidy up", "odd: h"]],
  ])
})

test.each([
  ["the title where it is conventional", "fix: title", ["feat: one", "docs: two"], "Features", "title"],
  ["the strongest commit where it is not", "Some title", ["docs: two", "feat: one"], "Features", "one"],
  ["a commit that releases nothing, but has a type", "Some title", ["wip", "docs: two"], "Documentation", "two"],
  ["the title where nothing is conventional", "Some title", ["wip"], "Other Changes", "Some title"],
  ["the commit where the title is empty", "", ["wip"], "Other Changes", "wip"],
])("a pull request is one line: %s", (_, title, commits, section, text) => {
  expect(layout([merged(7, { title, commits })])).toEqual([[section, expect.any(Boolean), [text]]])
})

test.each([
  ["of the preset", "fix(api): mind the gap (#8)", { text: "mind the gap", type: "fix", scope: "api", number: 8 }],
  ["in capitals", "Fix: mind the gap", { text: "mind the gap", type: "fix" }],
  ["that nobody knows", "Decide: gates, clicks (#8)", { text: "Decide: gates, clicks", number: 8 }],
  ["that nobody knows, with a scope", "note(api): see (it)", { text: "note(api): see (it)" }],
])("a type %s", (_, subject, expected) => {
  const {
    sha: _sha,
    author: _author,
    authorName: _name,
    ...entry
  } = build([direct(subject)]).sections[0]?.entries[0] ?? {}
  expect(entry).toEqual(expected)
})

test("a type that the configuration names is taken for one", () => {
  const config = { ...DEFAULT_CONFIG, changes: [{ when: { type: ["decide"] }, section: "Decisions" }] }
  expect(build([direct("Decide: gates")], { config }).sections[0]?.entries).toMatchObject([
    { text: "gates", type: "decide" },
  ])
})

test("an entry names its number, scope and author", () => {
  const pull = merged(7, { title: "feat(api): a", author: person("ada") })
  const squash = direct("fix: b (#8)", { author: "lea" })
  const unknown: Change = {
    id: "f",
    sha: "f",
    commits: [{ sha: "f", message: "fix: c", authorName: "Mo", at: "", landing: "f" }],
  }
  const [features, fixes] = build([pull, squash, unknown]).sections
  expect(features?.entries).toMatchObject([{ text: "a", scope: "api", number: 7, author: "ada", sha: pull.sha }])
  expect(fixes?.entries).toMatchObject([
    { text: "b", number: 8, author: "lea" },
    { text: "c", authorName: "Mo" },
  ])
  expect(fixes?.entries[1]).not.toHaveProperty("author")
})

test("a breaking change stands with the breaking ones only, with what its footers say", () => {
  const { breaking, sections } = build([
    direct("feat(api)!: a\n\nBREAKING CHANGE: use b\ninstead"),
    merged(8, { title: "fix: c", commits: ["chore: d\n\nBREAKING-CHANGE: one", "fix: e\n\nBREAKING CHANGE: two"] }),
    direct("feat!: f"),
  ])
  expect(breaking).toMatchObject([
    { text: "a", scope: "api", migration: "use b\ninstead" },
    { text: "c", number: 8, migration: "one\n\ntwo" },
    { text: "f" },
  ])
  expect(breaking[2]).not.toHaveProperty("migration")
  expect(sections).toEqual([])
})

test("what cancels itself out is not mentioned", () => {
  const feature = direct("feat: a")
  const undo = direct(`Revert "feat: a"\n\nThis reverts commit ${feature.sha}.`)
  expect(build([feature, undo, direct("fix: b")])).toMatchObject({
    changes: 1,
    sections: [{ title: "Bug Fixes", entries: [{ text: "b" }] }],
  })
})

test("a merge without a pull request is no line beside what it brought; one that says something is", () => {
  const merge = (message: string) => direct(message, { parents: ["a".repeat(40), "b".repeat(40)] })
  const notes = build([direct("feat: a"), merge("Merge branch 'next'"), merge("fix: b"), direct("Merge sort, faster")])
  expect(notes.changes).toBe(3)
  expect(notes.sections.flatMap(({ entries }) => entries.map(({ text }) => text))).toEqual([
    "a",
    "b",
    "Merge sort, faster",
  ])
})

test("contributors are people, each once, in order", () => {
  const changes = [
    merged(1, { title: "feat: a", author: person("Zoe"), commits: [commit("feat: a", { author: "ada" })] }),
    merged(2, {
      title: "fix: b",
      author: person("renovate[bot]", "Bot"),
      commits: [commit("b", { author: "renovate[bot]" })],
    }),
    merged(3, { title: "fix: c", author: person("helper", "Bot"), commits: [commit("c", { author: "zoe" })] }),
    direct("fix: d", { author: "ada" }),
  ]
  expect(build(changes).contributors.map((login) => login.toLowerCase())).toEqual(["ada", "zoe"])
})

test("contributors can be turned off", () => {
  const config = { ...DEFAULT_CONFIG, notes: { ...DEFAULT_CONFIG.notes, contributors: false } }
  expect(build([direct("feat: a")], { config }).contributors).toEqual([])
})

test.each([
  ["the tags", {}, "https://github.com/acme/app/compare/v1.4.1...v1.5.0"],
  [
    "GitHub Enterprise",
    { webUrl: "https://git.acme.example" },
    "https://git.acme.example/acme/app/compare/v1.4.1...v1.5.0",
  ],
  ["a tag with a slash", { tag: "api/v1" }, "https://github.com/acme/app/compare/v1.4.1...api%2Fv1"],
  ["no release before", { previous: null }, undefined],
  ["no known repository", { repository: "" }, undefined],
])("the compare link: %s", (_, more, url) => {
  expect(build([direct("feat: a")], more).compareUrl).toBe(url)
})

const message = fc.constantFrom("feat: a", "fix: b", "feat!: c", "chore: d", "plain", "x: e\n\nBREAKING CHANGE: f", "")

test("every change is one line, never two, and none is lost", () => {
  const change = fc.oneof(
    message.map((text) => direct(text)),
    fc
      .tuple(message, fc.array(message, { minLength: 1, maxLength: 4 }))
      .map(([title, commits]) => merged(1, { title, commits })),
  )
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const notes = build(changes)
      const lines = [...notes.breaking, ...notes.sections.flatMap(({ entries }) => entries)].map(({ sha }) => sha)
      expect(lines.toSorted()).toEqual(changes.map(({ sha }) => sha).toSorted())
      expect(notes.changes).toBe(changes.length)
    }),
  )
})

test.each([
  ["the description", merged(7, { title: "feat: a" }), [3, 9], "a (#7) by @lea, closes #3, #9"],
  ["a commit", merged(7, { title: "feat: a", commits: ["feat: a\n\nCloses #4"] }), [], "a (#7) by @lea, closes #4"],
  ["both, each once", merged(7, { title: "feat: a", commits: ["a\n\nfixes #9"] }), [9], "a (#7) by @lea, closes #9"],
  ["nobody but the number itself", merged(7, { title: "feat: a", commits: ["a\n\nfixes #7"] }), [], "a (#7) by @lea"],
])("issues that %s closes", (_, change, closes, line) => {
  const told = change.pull ? { ...change, pull: { ...change.pull, says: { closes } } } : change
  expect(renderNotes(build([told]))).toContain(`- ${line}\n`)
})

test("a day for each line, where the template asks for it", () => {
  const config = { ...DEFAULT_CONFIG, notes: { ...DEFAULT_CONFIG.notes, line: "{date}: {title}" } }
  expect(renderNotes(build([merged(7, { title: "feat: a" })], { config }))).toContain("- 2026-11-01: a\n")
  expect(build([direct("feat: a")]).sections[0]?.entries[0]).not.toHaveProperty("date")
})

test("sections that rules name stand in the order of the list, those of the preset behind them", () => {
  const changes: Config["changes"] = [
    { when: { label: ["security"] }, section: "Security" },
    { when: { type: ["docs"] }, section: "Guides" },
    { when: { type: ["fix"] }, section: "Mended" },
    { when: { label: ["dependencies"] }, section: "Packages", fold: true },
    { when: { type: ["chore"] }, exclude: true },
  ]
  const bot = person("dependabot[bot]", "Bot")
  const notes = build(
    [
      direct("feat: a"),
      direct("fix: b"),
      direct("docs: c"),
      direct("chore: d"),
      merged(5, { title: "fix: e", labels: ["security"] }),
      merged(6, { title: "Bump f from 1 to 2", labels: ["dependencies"], author: bot }),
      merged(7, { title: "Bump f from 2 to 3", labels: ["dependencies"], author: bot }),
    ],
    { config: { ...DEFAULT_CONFIG, changes } },
  )
  expect(notes.changes).toBe(6)
  expect(notes.sections.map(({ title, folded, entries }) => [title, folded, entries.map(({ text }) => text)])).toEqual([
    ["Security", false, ["e"]],
    ["Guides", false, ["c"]],
    ["Mended", false, ["b"]],
    ["Features", false, ["a"]],
    ["Packages", true, ["f 1 → 3"]],
  ])
})
