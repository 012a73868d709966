import fc from "fast-check"
import { expect, test } from "vitest"
import { messagesIn } from "../../src/decide/messages.ts"

const lines = (message: string) => messagesIn(message).map(({ text }) => text.trim())

test.each<[string, string, string[]]>([
  ["one", "feat: a", ["feat: a"]],
  ["a body", "feat: a\n\nwhy it is\nso", ["feat: a\n\nwhy it is\nso"]],
  ["nothing", "", [""]],
  [
    "GitHub's list",
    "Two things (#1)\n\n* feat: a\n\nwhy\n\n* fix(b)!: c",
    ["Two things (#1)", "feat: a\n\nwhy", "fix(b)!: c"],
  ],
  ["GitHub's list by Windows", "Two\r\n\r\n* feat: a\r\n\r\n* fix: b\r\n", ["Two", "feat: a", "fix: b"]],
  ["a list with hyphens", "Two\n- feat: a\n- fix: b", ["Two", "feat: a", "fix: b"]],
  ["a list with other words in it", "Two\n\n* wip\n\n* feat: a\n\n* fix: b", ["Two\n\n* wip", "feat: a", "fix: b"]],
  ["another kind of list within it", "Two\n\n* feat: a\n- fix: c\n\n* fix: b", ["Two", "feat: a\n- fix: c", "fix: b"]],
  ["a list that a title sums up", "chore: a\n\n* fix: b\n\n* feat: c", ["chore: a\n\n* fix: b\n\n* feat: c"]],
  ["a list that a branch's name sums up", "Fix/12 a\n\n* fix: b\n\n* feat: c", ["Fix/12 a\n\n* fix: b\n\n* feat: c"]],
  ["what breaks in one that is summed up", "fix: a\n\n* fix: b\n\n* feat!: c", ["fix: a\n\n* fix: b", "feat!: c"]],
  ["one item only: not several", "Add x\n\n* feat: a", ["Add x\n\n* feat: a"]],
  [
    "a list further down",
    "Bump x\n\nIts notes:\n\n* feat: a\n* fix: b",
    ["Bump x\n\nIts notes:\n\n* feat: a\n* fix: b"],
  ],
  ["paragraphs", "feat: a\n\nwhy\n\nfix(b): c\n\nfeat!: d", ["feat: a\n\nwhy", "fix(b): c", "feat!: d"]],
  ["paragraphs without blank lines", "chore: a\n\nfeat: b\nfix: c", ["chore: a", "feat: b", "fix: c"]],
  ["a paragraph of a strange type", "feat: a\n\nnote: b", ["feat: a\n\nnote: b"]],
  ["a line within a paragraph", "feat: a\n\nit is a\nfix: of sorts", ["feat: a\n\nit is a\nfix: of sorts"]],
  ["each with its footers", "feat: a\n\nBREAKING CHANGE: b\n\nfix: c", ["feat: a\n\nBREAKING CHANGE: b", "fix: c"]],
  [
    "release-please's nested commits",
    "feat: a\nBEGIN_NESTED_COMMIT\nfix: b\nwhy\nEND_NESTED_COMMIT\nmore",
    ["feat: a", "fix: b\nwhy\n\nmore"],
  ],
  ["an override", "feat: a\n\nBEGIN_COMMIT_OVERRIDE\nfix: b\n\nfix: c\nEND_COMMIT_OVERRIDE\n\nd", ["fix: b", "fix: c"]],
  ["an override of one message", "feat: a\n\nBEGIN_COMMIT_OVERRIDE\nAdd b\nEND_COMMIT_OVERRIDE", ["Add b"]],
  [
    "an empty override",
    "feat: a\n\nBEGIN_COMMIT_OVERRIDE\nEND_COMMIT_OVERRIDE\nb",
    ["feat: a\n\nBEGIN_COMMIT_OVERRIDE\nEND_COMMIT_OVERRIDE\nb"],
  ],
  ["a revert within the body", 'Two\n\n* feat: a\n\n* fix: b\n\n* Revert "feat: a"', ["Two", "fix: b"]],
  [
    "a revert of a revert within the body",
    'Two\n\n* feat: a\n\n* fix: b\n\n* Revert "feat: a"\n\n* Reapply "feat: a"',
    ["Two", "feat: a", "fix: b"],
  ],
  [
    "a revert of something else",
    'Two\n\n* feat: a\n\n* fix: b\n\n* Revert "c"',
    ["Two", "feat: a", "fix: b", 'Revert "c"'],
  ],
])("holds %s", (_, message, expected) => {
  expect(lines(message)).toEqual(expected)
})

test("loses no word of a body without markers and reverts", () => {
  const line = fc.constantFrom(
    "feat: a",
    "* fix: b",
    "- docs: c",
    "",
    "words",
    "BREAKING CHANGE: d",
    "* wip",
    "  fix: e",
  )
  const words = (text: string) => text.split(/\s+/).filter((word) => !["", "*", "-"].includes(word))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (body) => {
      const text = ["Title", ...body].join("\n")
      expect(messagesIn(text).flatMap((one) => words(one.text))).toEqual(words(text))
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ["items", `Two\n\n${"* feat: a\n".repeat(100_000)}`, 100_001],
  ["paragraphs", `feat: a\n${"\nfix: b\n".repeat(120_000)}`, 120_001],
  ["reverts", `Two\n\n* feat: a\n* fix: b\n${'* Revert "feat: a"\n'.repeat(50_000)}`, 50_001],
  ["blanks", `Two\n\n* ${" ".repeat(1_000_000)}`, 1],
  ["brackets", `Two\n\n* feat(${"(".repeat(1_000_000)}`, 1],
  ["overrides", `Two\n\n${"BEGIN_COMMIT_OVERRIDE\n".repeat(45_000)}`, 1],
])("reads a megabyte of %s in proportion to its length", (_, message, count) => {
  // Quadratic time would be minutes: the test would run into its time limit.
  expect(messagesIn(message)).toHaveLength(count)
})
