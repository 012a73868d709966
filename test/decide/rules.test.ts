import fc from "fast-check"
import { expect, test } from "vitest"
import { ruleOf } from "../../src/decide/rules.ts"
import { nextVersion } from "../../src/decide/version.ts"
import { type Config, configSchema } from "../../src/model/config.ts"
import { commit, direct, merged, person } from "./changes.ts"

type When = Config["changes"][number]["when"]
const configOf = (changes: unknown, version: object = {}) => configSchema.parse({ changes, version })
const fits = (when: object, change: Parameters<typeof ruleOf>[0]) =>
  ruleOf(change, configOf([{ when, section: "Here" }])).section === "Here"

const button = merged(12, { title: "feat(ui): add a button", labels: ["UI: Button"], author: person("renovate[bot]") })
const touching = (...files: string[]) => direct("fix: a", { files })

test.each<[string, object, Parameters<typeof ruleOf>[0], boolean]>([
  ["a type", { type: "feat" }, button, true],
  ["a type in any case", { type: "FEAT" }, button, true],
  ["any type of a list", { type: ["fix", "feat"] }, button, true],
  ["another type", { type: "fix" }, button, false],
  ["no type", { type: "*" }, direct("Add x"), false],
  ["a scope", { scope: "ui" }, button, true],
  ["one of two scopes", { scope: "ui" }, direct("fix(api, ui): x"), true],
  ["another scope", { scope: "api" }, button, false],
  ["a label in any case", { label: "ui: button" }, button, true],
  ["a label by pattern", { label: "ui:*" }, button, true],
  ["a label of a direct commit", { label: "*" }, direct("feat: a"), false],
  ["a bot's author by its name", { author: "renovate" }, button, true],
  ["an author with @", { author: "@Renovate[bot]" }, button, true],
  ["another author", { author: "renovat" }, button, false],
  ["the author of a commit", { author: "lea" }, direct("feat: a"), true],
  ["a title by pattern", { title: "*button" }, button, true],
  ["a part of a title is not a title", { title: "button" }, button, false],
  ["the first line of a direct commit", { title: "Bump *" }, direct("Bump x\n\nwhy"), true],
  ["a path", { path: "docs/**" }, touching("src/a.ts", "docs/a.md"), true],
  ["another path", { path: "docs/*" }, touching("docs/a/b.md"), false],
  ["a path where nobody told of files", { path: "**" }, direct("fix: a"), false],
  ["all of several conditions", { type: "feat", label: "ui*" }, button, true],
  ["one of several conditions alone", { type: "feat", label: "api" }, button, false],
  ["a type that only a commit has", { type: "fix" }, merged(3, { title: "Add x", commits: ["fix: a"] }), true],
])("a rule for %s", (_, when, change, expected) => {
  expect(fits(when as When, change)).toBe(expected)
})

test.each([
  ["the first that fits counts", [{ type: "fix" }, "minor"], [{ scope: "a" }, "major"], "fix(a): x", "minor"],
  [
    "the first that fits counts, also here",
    [{ scope: "b" }, "minor"],
    [{ type: "fix" }, "major"],
    "fix(a): x",
    "major",
  ],
  ["what a type asks for is lowered", [{ type: "feat" }, "patch"], undefined, "feat: x", "patch"],
  ["nothing", [{ type: "fix" }, "none"], undefined, "fix: x", null],
  ["a breaking change stays one", [{ type: "fix" }, "none"], undefined, "fix!: x", "major"],
  ["a type of one's own", [{ type: "security" }, "patch"], undefined, "security: x", "patch"],
] as const)("a rule's bump: %s", (_, first, second, message, bump) => {
  const rules = [first, second].flatMap((rule) => (rule ? [{ when: rule[0], bump: rule[1] }] : []))
  expect(ruleOf(direct(message), configOf(rules)).bump).toBe(bump)
})

test("what a rule does not say is the preset's", () => {
  const rules = [{ when: { type: "feat" }, section: "News" }]
  expect(ruleOf(button, configOf(rules))).toMatchObject({ bump: "minor", section: "News", exclude: false, fold: false })
})

test("a rule that gives nothing is stronger than `other`, and what no rule fits is not", () => {
  const rules = [{ when: { type: "docs" }, bump: "none" }]
  expect(ruleOf(direct("docs: a"), configOf(rules, { other: "patch" })).bump).toBeNull()
  expect(ruleOf(direct("chore: a"), configOf(rules, { other: "patch" })).bump).toBe("patch")
})

test("the strongest text speaks, as the rules size it", () => {
  const change = merged(3, { title: "feat: a", commits: ["docs: b", "fix: c"] })
  const rules = [
    { when: { type: "docs" }, bump: "major", section: "Docs" },
    { when: { type: "feat" }, bump: "patch" },
  ]
  expect(ruleOf(change, configOf(rules))).toMatchObject({
    bump: "major",
    section: "Docs",
    voice: { subject: "docs: b" },
  })
})

test("what a rule excludes asks for nothing, a breaking change included, and what is left of its change speaks", () => {
  const config = configOf([{ when: { scope: "internal" }, exclude: true }])
  const gone = direct("feat(internal)!: a")
  expect(ruleOf(gone, config)).toMatchObject({ bump: null, exclude: true })
  expect(nextVersion({ changes: [gone], current: "1.0.0", config }).next).toBeNull()
  const mixed = merged(3, { title: "feat(internal): a", commits: ["feat(internal): a", "fix: b"] })
  expect(ruleOf(mixed, config)).toMatchObject({ bump: "patch", exclude: false, voice: { subject: "fix: b" } })
})

test("a change without a word is sized by its labels", () => {
  const change = merged(3, { title: " ", commits: [commit("Merge pull request #3 from a/b")], labels: ["big"] })
  expect(ruleOf(change, configOf([{ when: { label: "big" }, bump: "minor" }])).bump).toBe("minor")
})

const word = fc.constantFrom("feat", "fix", "docs", "a", "*", "ui")
const rule = fc.record({
  when: fc
    .record({ type: word, scope: word, label: word, title: word }, { requiredKeys: [] })
    .filter((when) => Object.keys(when).length > 0),
  bump: fc.constantFrom("major", "minor", "patch", "none"),
  section: fc.constantFrom("A", "B"),
  exclude: fc.boolean(),
})
const text = fc
  .tuple(word, fc.constantFrom("", "(ui)", "(a)"), fc.constantFrom("", "!"))
  .map(([t, s, b]) => `${t}${s}${b}: x`)

test("the order of labels does not matter, and every change is left out or has one place", () => {
  fc.assert(
    fc.property(fc.array(rule), fc.array(text), fc.uniqueArray(word), text, (rules, commits, labels, title) => {
      const config = configOf(rules)
      const one = merged(3, {
        title,
        commits: commits.map((it, at) => commit(it, { sha: `${at}`.padStart(40, "0") })),
        labels,
      })
      const other = { ...one, ...(one.pull ? { pull: { ...one.pull, labels: labels.toReversed() } } : {}) }
      const ruled = ruleOf(one, config)
      expect(ruleOf(other, config)).toEqual(ruled)
      expect(ruled.exclude).toBe(ruled.voice === undefined)
      if (ruled.exclude) expect(ruled).toMatchObject({ bump: null, section: undefined })
    }),
  )
})
