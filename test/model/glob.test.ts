import fc from "fast-check"
import { expect, test } from "vitest"
import { matchesGlob } from "../../src/model/glob.ts"

test.each([
  ["CI / test", "CI / test", true],
  ["CI / test", "CI / *", true],
  ["CI / test", "* / test", true],
  ["CI / e2e / chrome", "CI / * / chrome", true],
  ["CI / test", "CI", false],
  ["CI / test", "ci / *", false],
  ["aa", "a*a", true],
  ["a", "a*a", false],
  ["abcb", "a*b*b", true],
  ["ab", "a*b*b", false],
  ["anything", "*", true],
  ["", "*", true],
  ["a.c", "a?c", false],
  ["abc", "a.c", false],
])("%j against %j: %j", (name, pattern, expected) => {
  expect(matchesGlob(name, pattern)).toBe(expected)
})

test("agrees with the regular expression that it stands for", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 })
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), letters, (name, pattern) => {
      expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name))
    }),
    { numRuns: 1000 },
  )
})

test("no pattern runs beyond the time of a test", () => {
  expect(matchesGlob("a".repeat(10_000), `${"*a".repeat(500)}*b`)).toBe(false)
})
