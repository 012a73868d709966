import fc from "fast-check"
import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"
import { readPlan } from "../../src/config/read-plan.ts"
import type { Problem } from "../../src/model/problem.ts"
import { EXAMPLE } from "./example-plan.ts"

/** Whatever the text: an answer, and problems that lie inside of it and can be shown. */
function answers(text: string): void {
  for (const read of [readConfig(text, "f"), readPlan(text, "f")]) if (!read.ok) showable(read.problems, text)
}

function showable(problems: readonly Problem[], text: string): void {
  const lines = text.split(/\r\n|\r|\n/)
  expect(problems.length).toBeGreaterThan(0)
  for (const { line, column, endLine, message } of problems) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(endLine).toBeGreaterThanOrEqual(line)
    expect(endLine).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1)
    expect(message).toMatch(/^\P{Cc}+$/u)
  }
}

test("any text gets an answer", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), answers), { numRuns: 250 })
})

test("any text of YAML's own characters gets an answer", () => {
  const unit = fc.constantFrom(
    ..."abz019:-?[]{},&*!|>'\"%@`# \n\t\\~<=.".split(""),
    "a: ",
    "\n  - ",
    "release:\n",
    "&a ",
    "*a",
  )
  fc.assert(fc.property(fc.string({ unit, maxLength: 120 }), answers), { numRuns: 1000 })
})

test("the example with any piece of it replaced gets an answer", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      "",
      "\t",
      "\n",
      "  ",
      "~",
      "1",
      "[]",
      "{}",
      "&x ",
      "*x",
      "<<: ",
      "!!map ",
      "-",
      "? ",
      "'",
      '"',
      "__proto__: 1\n",
    ),
  )
  const at = fc.nat(EXAMPLE.length)
  const change = (start: number, length: number, text: string) =>
    answers(EXAMPLE.slice(0, start) + text + EXAMPLE.slice(start + length))
  fc.assert(fc.property(at, fc.nat(12), piece, change), { numRuns: 400 })
})

const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom("name", "path", "required", "from", "when", "id", "check", "date", "x", "tag"),
      tie("node"),
    ),
  ),
}))
const TOP =
  "extends branches version components changes notes publish plan approvals risk environments hotfix slack release stakeholders timezone timeline features bug_fixes testing rollback_plan communication"

test("any value under any known key gets an answer", () => {
  const value = fc.dictionary(fc.constantFrom(...TOP.split(" ")), tree.node)
  fc.assert(
    fc.property(value, (it) => answers(JSON.stringify(it, null, 1))),
    { numRuns: 500 },
  )
})

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("")
/** Two ways from each layer to the next: as many ways through as there are bits, but no circle. */
const layer = (i: number): string => {
  const next = i < 59 ? `F${i + 1}a, F${i + 1}b` : ""
  return `- {id: F${i}a, dependencies: [${next}]}\n- {id: F${i}b, dependencies: [${next}]}\n`
}
const bomb = `a0: &a0 [x, x]\n${many(40, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`)}`

test.each([
  ["aliases that multiply", bomb],
  ["aliases without end", `a: &a [x]\nb: [${"*a,".repeat(75_000)}]`],
  ["aliases of a whole list", `a: &a [${"x,".repeat(9000)}]\nb: [*a, *a, *a]`],
  ["brackets", "[".repeat(250_000)],
  ["braces", "{a: ".repeat(60_000)],
  ["dashes", "- ".repeat(125_000)],
  ["question marks", "? ".repeat(125_000)],
  ["a wide list", `features: [${"x,".repeat(125_000)}]`],
  ["a wide mapping", many(25_000, (i) => `k${i}: v\n`)],
  ["unknown keys without end", many(9000, (i) => `releasx${i}: v\n`)],
  ["an endless name", `${"x".repeat(250_000)}: 1`],
  ["an endless e-mail address", `release: {}\nstakeholders: { a: "a@${"a.".repeat(120_000)}@" }`],
  ["features in layers", `release: {}\nfeatures:\n${many(60, layer)}`],
  ["an endless date", `release: { date: "${"2026-".repeat(40_000)}" }`],
  ["an endless version", `release: { version: "1.0.0-${"0.".repeat(120_000)}" }`],
  ["an endless tag", `version: { tag: "${"{version}".repeat(30_000)}" }`],
  [
    "features that depend on many others",
    `release: {}\nfeatures:\n${many(99, (i) => `- {id: F${i}, dependencies: [${many(190, (j) => `x${j}y${i},`)}]}\n`)}`,
  ],
  [
    "a tangle of circles",
    `release: {}\nfeatures:\n${many(120, (i) => `- {id: F${i}, dependencies: [${many(120, (j) => `F${j},`)}]}\n`)}`,
  ],
  ["tests without end", `release: {}\ntesting:\n${many(9000, (i) => `  unit_test${i}: passed\n`)}`],
  ["environments in a chain", `environments:\n${many(4_900, (i) => `  e${i}: { after: e${i - 1} }\n`)}`],
  ["environments behind none", `environments:\n${many(4_900, (i) => `  e${i}: { after: f${i} }\n`)}`],
  ["components of one file", `components:\n${many(3_000, (i) => `  a${i}: { path: a, changelog: C.md }\n`)}`],
  ["components of near tags", `components:\n${many(3_000, (i) => `  a${i}: { path: a, tag: "${i}-{version}" }\n`)}`],
  [
    "linked names of nothing",
    `components:\n${many(999, (i) => `  a${i}: { path: a }\n`)}linked: [${many(9_000, (i) => `b${i},`)}]`,
  ],
  ["branches without end", `branches: [${many(9_000, (i) => `b${i},`)}]`],
  ["documents without end", "---\n".repeat(60_000)],
  ["a comment without end", `#${"x".repeat(250_000)}`],
])(
  "ends: %s",
  (_, text) => {
    // Each takes well under a second. What grows with the square of a file's length takes minutes, so any bound tells them apart.
    answers(text)
  },
  60_000,
)
