import { expect, test } from "vitest"
import { tagMessage } from "../../src/decide/tag-message.ts"
import { notesOf } from "../render/pages.ts"

test("the tag's message says how much is in it, and what, as plain text", () => {
  const notes = notesOf(["pay by invoice", "line\nbreak \u0000 and `code`"])
  expect(tagMessage("v1.5.0", notes)).toBe(
    "v1.5.0\n\n2 changes since v1.4.2.\n\nFeatures:\n- pay by invoice (#1)\n- line break and `code` (#2)",
  )
})

test("a long one is cut, and says so", () => {
  const message = tagMessage("v1.5.0", notesOf(Array.from({ length: 500 }, () => "x".repeat(1_000))))
  expect(message.split("\n")).toHaveLength(34)
  expect(message.endsWith("- …")).toBe(true)
  expect(message.length).toBeLessThan(7_000)
})
