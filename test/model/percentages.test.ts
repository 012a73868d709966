import { expect, test } from "vitest"
import { percentagesIn, percentOf } from "../../src/model/percentages.ts"

test.each<[string, readonly number[]]>([
  ["85.32% (+0.10%) compared to 1a2b3c4", [85.32]],
  ["85.32% remains the same compared to 1a2b3c4", [85.32]],
  ["91.66% of diff hit (target 85.00%)", [91.66]],
  ["Coverage increased (+0.1%) to 85.3%", [85.3]],
  ["Coverage remained the same at 100.0%", [100]],
  ["First build on main at 85.3 %", [85.3]],
  ["coverage=85%", [85]],
  ["**85%** of statements, 85% of lines", [85]],
  ["80% of branches, 85% of lines, 90% of functions", [80, 85]],
  ["![badge](https://img.example/85%25)", []],
  ["120%", [120]],
  ["", []],
  ["no coverage here", []],
  ["coverage went up +2% today", []],
  ["coverage is below 80%", []],
  ["target: 80%", []],
  ["a minimum of 80% is required", []],
  ["needs > 80%", []],
  ["needs >= 80 %", []],
  ["between 80-90%", []],
  ["80%-90%", []],
  ["85,3%", []],
  ["1.85.3%", []],
  ["1085%", []],
  ["v85%", []],
  ["-5%", []],
])("“%s” says %j", (text, percentages) => {
  expect(percentagesIn(text)).toEqual(percentages)
})

test("the first text with a percentage counts, and what has none leaves no trace", () => {
  expect(percentOf("Quality gate passed", "80.5% coverage")).toEqual({ percent: [80.5] })
  expect(percentOf("90%", "80% coverage, 5% duplicated")).toEqual({ percent: [90] })
  expect(percentOf(null, undefined, "passed")).toEqual({})
})
