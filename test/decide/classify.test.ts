import { CommitParser } from "conventional-commits-parser"
import fc from "fast-check"
import { expect, test } from "vitest"
import { classifyText, firstLine } from "../../src/decide/classify.ts"
import { strongestVoice, subjectOf, voicesOf } from "../../src/decide/voices.ts"
import { direct, merged } from "./changes.ts"

test.each([
  ["a feature", "feat: add x", { type: "feat", description: "add x", asks: "minor" }],
  ["the preset's other word for it", "feature: add x", { type: "feature", asks: "minor" }],
  ["types in any case", "FIX: y", { type: "fix", asks: "patch" }],
  ["a performance gain", "perf: faster", { type: "perf", asks: "patch" }],
  ["a revert by type", "revert: feat: x", { type: "revert", description: "feat: x", asks: "patch" }],
  ["a chore", "chore: tidy", { type: "chore", asks: null }],
  ["a type of somebody's own", "release: 1.0", { type: "release", asks: null }],
  ["a scope", "fix(api, web): y", { type: "fix", scope: "api, web", description: "y" }],
  ["what looks like a scope further on", "fix(a): b (c)!: d", { scope: "a", description: "b (c)!: d", asks: "patch" }],
  ["brackets in a scope", "fix(a(b)): c", { scope: "a(b)", description: "c" }],
  ["an empty scope", "fix(): y", { type: "fix", description: "y" }],
  ["a squash merge's number", "fix: y (#12)", { description: "y", number: 12 }],
  ["a number of another kind", "fix: y (#12 and #13)", { description: "y (#12 and #13)" }],
  ["!", "chore!: drop", { type: "chore", breaking: "", asks: "major" }],
  ["! after a scope", "feat(api)!: drop", { scope: "api", breaking: "", asks: "major" }],
  ["! and a footer", "feat!: a\n\nBREAKING CHANGE: b", { breaking: "b", asks: "major" }],
  ["a footer", "fix: a\n\nBREAKING CHANGE: b", { breaking: "b", asks: "major" }],
  ["a footer with a hyphen", "fix: a\n\nBREAKING-CHANGE: b", { breaking: "b", asks: "major" }],
  ["a footer over lines", "fix: a\n\nBREAKING CHANGE: b\nc\n\nd", { breaking: "b\nc\n\nd" }],
  ["a footer before another", "fix: a\n\nBREAKING CHANGE: b\nc\nRefs: #3", { breaking: "b\nc" }],
  ["a footer before a closing one", "fix: a\n\nBREAKING CHANGE: b\nFixes #3", { breaking: "b" }],
  ["a footer before a signature", "fix: a\n\nBREAKING CHANGE: b\nc\nReviewed-by: Z", { breaking: "b\nc" }],
  ["a footer before one with #", "fix: a\n\nBREAKING CHANGE: b\nRefs #3\nCo-authored-by: Y <y@z>", { breaking: "b" }],
  [
    "a footer on both sides of others",
    "fix: a\n\nBREAKING CHANGE: b\nAcked-by: Z\nd\nBREAKING-CHANGE: c",
    { breaking: "b\n\nc" },
  ],
  ["a footer before a squash's authors", "fix: a\n\nBREAKING CHANGE: b\n\n---------\n\nwith Y", { breaking: "b" }],
  ["a footer before any other", "fix: a\n\nBREAKING CHANGE: b\nBefore: c", { breaking: "b" }],
  [
    "a footer with code",
    "fix: a\n\nBREAKING CHANGE: b\n```yaml\nmax-age: 1\n```\nc",
    { breaking: "b\n```yaml\nmax-age: 1\n```\nc" },
  ],
  ["two footers", "fix: a\n\nBREAKING CHANGE: b\nBREAKING CHANGE: c", { breaking: "b\n\nc" }],
  ["a footer after a body", "fix: a\n\nwhy\n\nmore: why\n\nBREAKING CHANGE: b", { breaking: "b" }],
  ["a footer by Windows", "fix: a\r\n\r\nBREAKING CHANGE: b\r\nc\r\n", { breaking: "b\nc" }],
  ["a footer in a squash's list", "a (#1)\n\n* BREAKING CHANGE: b", { type: null, breaking: "b", asks: "major" }],
  ["a footer as people write it", "a\n\nBreaking change: b", { breaking: "b", asks: "major" }],
  ["a breaking first line", "BREAKING CHANGE: b", { breaking: "b", asks: "major" }],
  ["a footer behind a megabyte", `fix: a\n\n${"x\n".repeat(500_000)}\nBREAKING CHANGE: b`, { breaking: "b" }],
  [
    "git's revert",
    'Revert "feat: x"\n\nThis reverts commit 0123456.',
    { type: "revert", description: "feat: x", asks: "patch" },
  ],
  ["GitHub's revert", 'Revert "feat: x (#3)" (#4)', { type: "revert", description: "feat: x", number: 4 }],
  ["a revert of a revert", 'Revert "Revert "feat: x""', { type: "feat", description: "x", asks: "minor" }],
  ["git's word for that", 'Reapply "feat!: x"', { type: "feat", breaking: "", asks: "major" }],
  ["a revert of that", 'Revert "Reapply "fix: x""', { type: "revert", description: "fix: x", asks: "patch" }],
])("reads %s", (_, message, said) => {
  expect(classifyText(message)).toMatchObject(said)
})

test.each([
  ["prose", "Add x"],
  ["no description", "feat: "],
  ["no blank behind the colon", "feat:x"],
  ["a blank before the scope", "feat (a): x"],
  ["no type", ": x"],
  ["no type but !", "!: x"],
  ["nothing", ""],
  ["blanks", " \n\t\n "],
  ["NUL", "\0"],
])("takes %s for no convention", (_, message) => {
  const { type, asks, breaking } = classifyText(message)
  expect({ type, asks, breaking }).toEqual({ type: null, asks: null, breaking: undefined })
})

test.each([
  ["prose about one", "docs: a\n\nthis is not a\nbreaking change: it only moves"],
  ["a word in a line", "docs: a\n\nSee BREAKING CHANGE: in the guide"],
  ["a heading", "docs: a\n\nBREAKING CHANGES\n\nnone"],
])("sees no breaking change in %s", (_, message) => {
  expect(classifyText(message)).not.toHaveProperty("breaking")
})

test("a body cannot name its own type or break the parser by field lines", () => {
  expect(classifyText("chore: x\n\nBREAKING CHANGE: y\n-type-\nfeat\n-notes-\nz\n-__proto__-\nq")).toMatchObject({
    type: "chore",
    description: "x",
    asks: "major",
  })
})

test("the same text says the same again: the parser keeps nothing", () => {
  const first = classifyText("fix: a\n\nBREAKING CHANGE: b")
  classifyText("feat(z): c #12 @d")
  expect(classifyText("fix: a\n\nBREAKING CHANGE: b")).toEqual(first)
})

const words = fc.constantFrom(
  ...["feat", "fix", "(", ")", "!", ": ", "\n", "\n\n", "BREAKING CHANGE: ", "BREAKING-CHANGE", "#1 ", "Revert ", '"'],
  ...[
    "This reverts commit ",
    "0123456",
    "-type-",
    "-notes-",
    "\r",
    "\0",
    "* ",
    " ",
    "@a",
    "http://a",
    "é",
    "\u{1F600}",
  ],
)

test("never throws, whatever the text", () => {
  const soup = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(""))
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 200 })), (message) => {
      const said = classifyText(message)
      expect(said.description.length).toBeLessThanOrEqual(1_000)
      expect(said.asks === "major").toBe(said.breaking !== undefined)
    }),
    { numRuns: 2_000 },
  )
})

test("a header is read as conventional-commits-parser reads it with the preset's patterns", () => {
  const parser = new CommitParser({
    headerPattern: /^(\w*)(?:\((.*)\))?!?: (.*)$/,
    breakingHeaderPattern: /^(\w*)(?:\((.*)\))?!: (.*)$/,
    headerCorrespondence: ["type", "scope", "subject"],
  })
  const part = fc.constantFrom("feat", "fix", "(a)", "(", ")", "!", ": ", ":", " ", "b", "()", "é", "-", "1")
  const header = fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => parts.join("").trim())
  fc.assert(
    fc.property(
      header.filter((text) => text !== ""),
      (text) => {
        const parsed = parser.parse(text)
        const { type, breaking } = classifyText(text)
        expect(type).toBe(parsed.type?.toLowerCase() ?? null)
        expect(breaking !== undefined).toBe(Boolean(parsed.type) && parsed.notes.length > 0)
      },
    ),
    { numRuns: 2_000 },
  )
})

test.each([
  ["brackets", `feat(${")".repeat(1_000_000)}: x`],
  ["references", `x\n\nBREAKING CHANGE: ${"#1 ".repeat(300_000)}`],
  ["actions", `x\n\nBREAKING CHANGE: ${"fix ".repeat(250_000)}`],
  ["blanks", `Revert ${" ".repeat(1_000_000)}x\n\nThis reverts commi`],
  ["stars", `x\n\n${`*${"\n".repeat(1_000)}`.repeat(1_000)}BREAKING`],
  ["quotes", `${'Revert "'.repeat(100_000)}`],
])("a megabyte of %s costs no more than plain text", (_, bait) => {
  // Quadratic time on a megabyte would be minutes: the test would run into its time limit of 30 s.
  for (let round = 0; round < 20; round += 1)
    expect(firstLine(classifyText(bait).description).length).toBeLessThan(1_001)
})

test("a change speaks by its title and its commits, not by bare merges", () => {
  const change = merged(7, {
    title: "fix: title",
    commits: ["feat: one", "docs: two", "Merge pull request #7 from acme/branch\n\nfix: title"],
  })
  const voices = voicesOf(change, ["commits", "titles"])
  expect(voices.map(({ subject }) => subject)).toEqual(["fix: title", "feat: one", "docs: two"])
  expect(voices[0]?.sha).toBe(change.sha)
  expect(strongestVoice(voices)?.subject).toBe("feat: one")
})

test.each([
  ["titles only", ["titles"], ["fix: title"]],
  ["commits only", ["commits"], ["feat: one"]],
])("listens to %s", (_, from, heard) => {
  const change = merged(7, { title: "fix: title", commits: ["feat: one"] })
  expect(voicesOf(change, from).map(({ subject }) => subject)).toEqual(heard)
})

test("a direct commit is heard where only titles are: it has no other", () => {
  expect(voicesOf(direct("feat: x"), ["titles"])).toHaveLength(1)
})

test("a merge commit that a person wrote a message for speaks", () => {
  const change = direct("feat: bring in the new parser", { parents: ["a", "b"] })
  expect(strongestVoice(voicesOf(change, ["commits"]))?.said.asks).toBe("minor")
})

test("a change without a title is called by its commit", () => {
  expect(subjectOf(direct("\n\nAdd x\n\nbody"))).toBe("Add x")
  expect(subjectOf(merged(1, { title: " ", commits: ["a", "b"] }))).toBe("b")
})
