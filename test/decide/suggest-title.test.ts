import { expect, test } from "vitest"
import { classifyText } from "../../src/decide/classify.ts"
import { suggestTitle } from "../../src/decide/suggest-title.ts"

const TYPES = ["feat", "fix", "docs", "perf", "refactor", "test", "build", "ci", "chore", "style", "revert"]

test.each([
  ["Fixes: crash", "fix: crash"],
  ["fixes(api): crash", "fix(api): crash"],
  ["Feature: pay by invoice", "feat: pay by invoice"],
  ["fature!: pay", "feat!: pay"],
  ["feat:no blank", "feat: no blank"],
  ["feat - dash", "feat: dash"],
  ["feat : blank before the colon", "feat: blank before the colon"],
  ["[fix] crash", "fix: crash"],
  ["[Bug]: crash", "fix: crash"],
  ["doc: how to pay", "docs: how to pay"],
  ["Add dark mode", "feat: add dark mode"],
  ["Added dark mode", "feat: added dark mode"],
  ["Fix API crash", "fix: API crash"],
  ["Prevents a crash", "fix: prevents a crash"],
  ["Bump left-pad from 1.0.0 to 1.1.0", "build: bump left-pad from 1.0.0 to 1.1.0"],
  [":sparkles: feat: dark mode", "feat: dark mode"],
  ["✨ Add dark mode", "feat: add dark mode"],
  ["🧑🏽‍🚀🚀 fix(api)!: crash", "fix(api)!: crash"],
  ["fix：crash", "fix: crash"],
  ["Rename the folder", "refactor: rename the folder"],
])("%s → %s", (title, expected) => {
  const suggested = suggestTitle(title, TYPES)
  expect(suggested).toBe(expected)
  expect(TYPES).toContain(classifyText(suggested ?? "").type)
})

test.each([
  "",
  "x",
  "Quarterly numbers",
  "Gates: mind the gap",
  ": nothing before",
  "(((",
  "🚀 to the moon",
  "constructor: x",
])("nothing says what %j is", (title) => {
  expect(suggestTitle(title, TYPES)).toBeNull()
})

test("only types that the repository knows are suggested", () => {
  expect(suggestTitle("Add dark mode", ["new"])).toBeNull()
  expect(suggestTitle("New: dark mode", ["new"])).toBe("new: dark mode")
})
