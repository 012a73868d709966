import { expect, test } from "vitest"
import { nearest } from "../../src/model/nearest.ts"

const KEYS = ["approvals", "environments", "version", "plan", "from", "in-progress"]

test.each([
  ["a letter left out", "aprovals", "approvals"],
  ["a letter too many", "plann", "plan"],
  ["two letters swapped", "form", "from"],
  ["another case", "Version", "version"],
  ["another separator", "in_progress", "in-progress"],
  ["singular", "environment", "environments"],
  ["nothing near", "colour", undefined],
  ["too far for a short word", "tree", undefined],
  ["an endless word", "a".repeat(1000), undefined],
])("%s", (_, word, meant) => expect(nearest(word, KEYS)).toBe(meant))
