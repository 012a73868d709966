import fc from "fast-check"
import { expect, test } from "vitest"
import { cutWords } from "../../src/render/words.ts"

test.each([
  ["what fits stays", "see #123", 8, "see #123"],
  ["a number is left out rather than cut", "see #123", 7, "see…"],
  ["a number that is whole stays", "see #12 and so on", 10, "see #12…"],
  ["between two words", "see #12 and so on", 8, "see #12…"],
  ["an address is left out rather than cut", "at https://github.com/acme/app/issues/123 now", 39, "at…"],
  ["text without spaces is cut where it is", "手".repeat(600), 500, `${"手".repeat(499)}…`],
  ["and never in a number", `${"手".repeat(495)}#12345`, 500, `${"手".repeat(495)}…`],
])("cut between words: %s", (_, text, limit, expected) => {
  expect(cutWords(text, limit)).toBe(expected)
})

test("whatever is cut, it fits, and every number in it is one of the text's", () => {
  const words = fc.array(
    fc.oneof(
      fc.nat().map((n) => `#${n}`),
      fc.string({ unit: "grapheme", maxLength: 250 }),
    ),
  )
  const numbers = (text: string) => text.match(/#\d+/g) ?? []
  fc.assert(
    fc.property(words, fc.constantFrom(" ", "\n", "手"), fc.integer({ min: 1, max: 600 }), (parts, between, limit) => {
      const text = parts.join(between)
      const short = cutWords(text, limit)
      expect(short.length).toBeLessThanOrEqual(Math.max(limit, 1))
      expect(numbers(text)).toEqual(expect.arrayContaining(numbers(short)))
    }),
  )
})
