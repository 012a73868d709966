import { expect, test } from "vitest"
import { matchesPath } from "../../src/model/path-glob.ts"

test.each([
  ["docs/**", "docs/a.md", true],
  ["docs/**", "docs/a/b/c.md", true],
  ["docs/**", "docs", false],
  ["docs/**", "docs.md", false],
  ["docs/*", "docs/a.md", true],
  ["docs/*", "docs/a/b.md", false],
  ["*.md", "README.md", true],
  ["*.md", "docs/a.md", false],
  ["**/*.md", "README.md", true],
  ["**/*.md", "docs/a/b.md", true],
  ["**.md", "docs/a/b.md", true],
  ["src/**/test/*.ts", "src/test/a.ts", true],
  ["src/**/test/*.ts", "src/a/b/test/a.ts", true],
  ["src/**/test/*.ts", "src/a/test/b/a.ts", false],
  ["a/**/b/**/c", "a/b/b/x/c", true],
  ["a/**/b/**/c", "a/x/c", false],
  ["**", "a/b", true],
  ["a/**/b/**", "a/b", false],
  ["a/**/b/**", "a/b/c", true],
  ["services/api", "services/api/main.ts", true],
  ["services/api/", "services/api/main.ts", true],
  ["services/api", "services/api2/main.ts", false],
  ["package.json", "package.json", true],
  ["package.json", "web/package.json", false],
])("%s and %s: %s", (pattern, path, matches) => {
  expect(matchesPath(path, pattern)).toBe(matches)
})

test("bait for backtracking costs no more than its length", () => {
  // Were it exponential, these would never end.
  expect(matchesPath(`${"a/".repeat(2_000)}b`, `${"**/a/".repeat(150)}c`)).toBe(false)
  expect(matchesPath("a".repeat(100_000), `${"a*".repeat(400)}b`)).toBe(false)
})
