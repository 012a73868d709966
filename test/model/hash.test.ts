import fc from "fast-check"
import { expect, test } from "vitest"
import { hashOf } from "../../src/model/hash.ts"

test("is SHA-256 of canonical JSON, known by its value", () => {
  // printf '{"a":[1,null,"x"],"b":true}' | sha256sum
  expect(hashOf({ b: true, a: [1, null, "x"] })).toBe(
    "98d9d9eb9fde88e59263a83c4fac10e71ba374ce38fa76884da0f6a1d6b3c9bf",
  )
})

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

test("the order of keys does not matter, and a jsonb column changes nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(hashOf(reversed(value))).toBe(hashOf(value))
      expect(hashOf(JSON.parse(JSON.stringify(value)))).toBe(hashOf(value))
    }),
  )
})

test.each([
  ["the order of a list", [1, 2], [2, 1]],
  ["a number and its text", { a: 1 }, { a: "1" }],
  ["nothing and absence", { a: null }, {}],
  ["where a list ends", [["a"], "b"], [["a", "b"]]],
  ["an empty list and an empty mapping", [], {}],
])("tells apart: %s", (_, one, other) => expect(hashOf(one)).not.toBe(hashOf(other)))

test("undefined counts as absent", () => expect(hashOf({ a: undefined, b: 1 })).toBe(hashOf({ b: 1 })))

const circle: Record<string, unknown> = {}
circle.self = circle
test.each([[Number.NaN], [10n], [() => 1], [{ deep: [Number.POSITIVE_INFINITY] }], [circle]])(
  "refuses what JSON cannot say (%#)",
  (value) => {
    expect(() => hashOf(value)).toThrow(TypeError)
  },
)
