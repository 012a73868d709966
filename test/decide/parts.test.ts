import fc from "fast-check"
import { expect, test } from "vitest"
import { buildNotes } from "../../src/decide/notes.ts"
import type { Change } from "../../src/model/change.ts"
import { configSchema } from "../../src/model/config.ts"
import { BODY_LIMIT, fitNotes, fittedNotes, renderNotes } from "../../src/render/notes.ts"
import { commit, direct, merged } from "./changes.ts"

const build = (changes: readonly Change[], rules: unknown = []) =>
  buildNotes({
    changes,
    version: "1.5.0",
    previous: null,
    tag: "v1.5.0",
    repository: "acme/app",
    config: configSchema.parse({ changes: rules, notes: { contributors: false, line: "{title} (#{number})" } }),
  })

const layout = (change: Change, rules?: unknown) => {
  const { breaking, sections } = build([change], rules)
  const all = [...(breaking.length > 0 ? [{ title: "Breaking", entries: breaking }] : []), ...sections]
  return all.flatMap(({ title, entries }) => entries.map(({ text }) => `${title}: ${text}`))
}

const squash = (message: string, title = message.split("\n")[0] ?? "") =>
  merged(7, { title: title.replace(/ \(#7\)$/, ""), commits: [message] })
const overridden = (override: string): Change => {
  const change = squash("feat!: a (#7)")
  return change.pull ? { ...change, pull: { ...change.pull, says: { override } } } : change
}

test.each<[string, Change, string[]]>([
  [
    "paragraphs of a squash",
    squash("feat: a (#7)\n\nwhy\n\nfix(b): c\n\ndocs: d"),
    ["Features: a", "Bug Fixes: c", "Documentation: d"],
  ],
  [
    "release-please's nested commits",
    squash("feat: a (#7)\n\nBEGIN_NESTED_COMMIT\nfix: b\nEND_NESTED_COMMIT"),
    ["Features: a", "Bug Fixes: b"],
  ],
  ["an override", overridden("fix: b\n\nfeat: c"), ["Features: c", "Bug Fixes: b"]],
  ["an override of one message", overridden("fix: b\n\nwhy"), ["Bug Fixes: b"]],
  ["a direct commit", direct("feat: a\n\nfix: b"), ["Features: a", "Bug Fixes: b"]],
  [
    "what breaks, with its own text",
    squash("feat: a (#7)\n\nfix: b\n\nBREAKING CHANGE: c"),
    ["Breaking: b", "Features: a"],
  ],
  ["a title that says nothing", squash("Two things (#7)\n\nfeat: a\n\nfix: b"), ["Features: a", "Bug Fixes: b"]],
  [
    "a title that was put right",
    squash("Two things (#7)\n\nfeat: a\n\nfix: b", "perf: c"),
    ["Features: a", "Bug Fixes: b", "Performance Improvements: c"],
  ],
  ["the list that GitHub makes", squash("Two things (#7)\n\n* feat: a\n\n* fix: b"), ["Features: a"]],
  ["a body that says its title again", squash("feat: a (#7)\n\nfeat: a\n\nfix: b"), ["Features: a", "Bug Fixes: b"]],
  [
    "the commits of a branch",
    merged(7, { title: "fix: t", commits: ["feat: a\n\nfix: b", "docs: c"] }),
    ["Features: t"],
  ],
])("lines of their own: %s", (_, change, lines) => {
  expect(layout(change).toSorted()).toEqual(lines.toSorted())
})

test.each<[string, Change, object, string[]]>([
  ["one of several messages", squash("feat: a (#7)\n\nchore: b\n\nfix: c"), { type: "chore" }, ["a", "c"]],
  ["the title", merged(7, { title: "chore: t", commits: ["chore: t", "feat: a"] }), { type: "chore" }, ["a"]],
  [
    "the strongest",
    merged(7, { title: "Add a", commits: ["feat(internal)!: a\n\nBREAKING CHANGE: x", "fix: b"] }),
    { scope: "internal" },
    ["b"],
  ],
  ["all of them", squash("chore: a (#7)\n\nchore: b"), { type: "chore" }, []],
])("a rule leaves out %s", (_, change, when, texts) => {
  const { breaking, sections } = build([change], [{ when, exclude: true }])
  expect([breaking, sections.flatMap(({ entries }) => entries.map(({ text }) => text))]).toEqual([[], texts])
})

test("what a rule leaves out takes its migration text with it", () => {
  const change = merged(7, {
    title: "fix!: a",
    commits: ["fix!: a\n\nBREAKING CHANGE: yours", "feat(internal)!: b\n\nBREAKING CHANGE: ours"],
  })
  const { breaking } = build([change], [{ when: { scope: "internal" }, exclude: true }])
  expect(breaking).toMatchObject([{ text: "a", migration: "yours" }])
})

test("a change counts once, says once what it closes, and each of its lines is known again", () => {
  const notes = build([squash("feat: a (#7)\n\nfix: b\n\nCloses #3\n\nfix: c")])
  expect(notes.changes).toBe(1)
  expect(notes.sections.flatMap(({ entries }) => entries.map(({ counts, closes }) => [counts, closes]))).toEqual([
    [undefined, [3]],
    [0, undefined],
    [0, undefined],
  ])
  const keys = fittedNotes(notes, BODY_LIMIT).flatMap(({ key, text }) => (text.startsWith("- ") ? [key] : []))
  expect(keys).toEqual(["#7", "#7:b", "#7:c"])
})

test("no body fills the notes with lines", () => {
  const body = Array.from({ length: 1_000 }, (_, at) => `fix: b${at}`).join("\n\n")
  const lines = renderNotes(build([squash(`feat: a (#7)\n\n${body}`)])).split("\n")
  expect(lines.filter((line) => line.startsWith("- "))).toHaveLength(50)
})

const message = fc.constantFrom("feat: a", "fix: b", "feat!: c", "chore: d", "plain", "docs: e\n\nBREAKING CHANGE: f")
const change = fc.oneof(
  fc.array(message, { minLength: 1, maxLength: 4 }).map((all) => direct(all.join("\n\n"))),
  fc
    .tuple(message, fc.array(message, { minLength: 1, maxLength: 4 }), fc.option(fc.array(message, { maxLength: 3 })))
    .map(([title, all, override]): Change => {
      const one = merged(1, { title, commits: [commit(all.join("\n\n"))] })
      if (!one.pull || !override) return one
      return { ...one, pull: { ...one.pull, says: { override: override.join("\n\n") } } }
    }),
)

test("every change that no rule leaves out counts exactly once, however many lines it has", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.boolean(), (changes, excludes) => {
      const notes = build(changes, excludes ? [{ when: { type: "chore" }, exclude: true }] : [])
      const entries = [...notes.breaking, ...notes.sections.flatMap((section) => section.entries)]
      const counted = entries.filter(({ counts }) => counts !== 0).map(({ sha }) => sha)
      expect(new Set(counted).size).toBe(counted.length)
      expect(notes.changes).toBe(counted.length)
      expect(new Set(entries.map(({ sha }) => sha))).toEqual(new Set(counted))
      if (!excludes) expect(counted.length).toBe(changes.length)
      expect(fitNotes(notes)).toBe(renderNotes(notes))
    }),
  )
})
