import { expect, test } from "vitest"
import { hinted, isUndoing, marked, statedIn } from "../../src/decide/marks.ts"

test.each([
  ["feat: a", "minor", "minor"],
  ["feat(api)!: a", "major", "major"],
  ["chore: a\n\nBREAKING CHANGE: b", "major", "major"],
  ["fix: a", "patch", "patch"],
  ["chore: a", null, null],
  ["feature: a", null, "minor"],
  ["* feat: in a list", null, "minor"],
  ["Squash\n\n* feat: in a body", null, "minor"],
  ["Drop old things\n\nBreaking changes: all of them", null, "major"],
  ["fix the breaking of tests", null, "patch"],
  ["Merge pull request #1 from a/b\n\nfeat!: c", null, "major"],
  ["chore: release\n\nRelease-As: 2.0.0", null, "stated"],
] as const)("%j is marked %s and hints at %s", (message, mark, hint) => {
  expect({ mark: marked(message), hint: hinted(message) }).toEqual({ mark, hint })
})

test("what a footer states is read as it is written", () => {
  expect(statedIn("chore: a\n\nRelease-As: v2.0.0\nrelease-as: 3.0.0-rc.1")).toEqual(["2.0.0", "3.0.0-rc.1"])
})

test.each([
  ['Revert "feat: a"', true],
  ["chore: b\n\nThis reverts commit 1234567.", true],
  ["feat: reverting is possible", false],
])("%j takes something back: %s", (message, is) => {
  expect(isUndoing(message)).toBe(is)
})
