import fc from "fast-check"
import { expect, test } from "vitest"
import { bytesOf, fitBytes } from "../../src/render/fit-bytes.ts"

test("what fits stays as it is", () => {
  expect(fitBytes("ä\nb", 4, "*cut*")).toBe("ä\nb")
})

test("what does not fit is cut at the end of a line, and says so", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n")
  expect(fitBytes(lines, 60, "*cut*")).toBe("line 0\nline 1\nline 2\nline 3\nline 4\n\n*cut*\n")
})

test("an open details is closed before it says so", () => {
  const text = `<details>\n<summary>s</summary>\n\n${"words\n".repeat(50)}\n</details>`
  expect(fitBytes(text, 120, "*cut*")).toMatch(/words\n\n<\/details>\n\n\*cut\*\n$/)
})

test("the limit holds for any text, in bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 30 })),
      fc.integer({ min: 60, max: 400 }),
      (lines, limit) => {
        expect(bytesOf(fitBytes(lines.join("\n"), limit, "*cut*"))).toBeLessThanOrEqual(limit)
      },
    ),
  )
})
