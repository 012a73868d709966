import { expect, test } from "vitest"
import type { Evidence } from "../../src/model/evidence.ts"
import { configured, entering, gateIn, known, learnt, together, verdictOf } from "./support/entering.ts"
import { report } from "./support/truth.ts"

/** What reports count for `coverage`, and what of them; every state of the gate is in `support/entry-gates.ts`. */
const { input, at } = entering()

function gateWith(coverage: unknown, ...reports: readonly Evidence[]) {
  const line = configured({ coverage })
  const otherwise = together(
    known(({ lines, evidence }) => ({
      evidence: { ...evidence, [at]: { items: [] } },
      lines: {
        main: { ...lines.main, inForce: { ...lines.main?.inForce, config: { value: line, hash: "h" } } },
      },
    })),
    learnt(({ configs }) => ({
      configs: { main: { ...configs?.main, is: "valid", value: line } },
      evidence: { [at]: [report("e2e", { id: "500" }), ...reports] },
    })),
  )
  const now = otherwise(input)
  // Who approved it approved other gates: it is not let in, whatever the coverage is.
  expect(verdictOf(now)).toBe("waits")
  const gate = gateIn(now, "coverage")
  return `${gate?.state}: ${gate?.because}`
}
const codecov = (more: Partial<Evidence> = {}) =>
  report("codecov/project", { kind: "status", id: "700", percent: [85.3], ...more })

test.each<[string, unknown, readonly Evidence[], string]>([
  ["in short, by a usual name", ">= 80", [codecov()], "passed: 85.3 %, as codecov/project says"],
  ["exactly as much as is asked for", 85.3, [codecov()], "passed"],
  ["with a percent sign", ">= 85.4 %", [codecov()], "failed: 85.3 %"],
  ["by no usual name", 80, [report("unit", { percent: [99] })], "pending: waits for a report of coverage, such as"],
  ["by a check of Actions", 80, [report("Test coverage", { percent: [81] })], "passed: 81 %"],
  ["the lowest of several", 80, [codecov(), report("coverage", { percent: [79] })], "failed: 79 %"],
  ["one that says nothing", 80, [codecov(), report("coverage")], "unknown: coverage says no percentage"],
  ["more than all", 80, [codecov({ percent: [120] })], "unknown: codecov/project says 120 %, which no coverage is"],
  ["one that did not pass", 80, [codecov({ state: "failed" })], "failed: codecov/project did not pass"],
  [
    "of a status, where an App is asked for",
    { "at-least": 80, from: "codecov/*", app: "codecov" },
    [codecov()],
    "pending",
  ],
  [
    "of another App",
    { "at-least": 80, from: ["codecov/project"], app: "codecov" },
    [codecov({ kind: "check", app: "mine", percent: [99] }), codecov({ kind: "check", app: "codecov", percent: [50] })],
    "failed: 50 %",
  ],
  [
    "of the job of a workflow",
    { "at-least": 80, from: "CI / cover" },
    [report("cover", { app: "github-actions", percent: [80] })],
    "passed: 80 %, as cover says",
  ],
])("coverage %s", (_, coverage, reports, says) => {
  expect(gateWith(coverage, ...reports)).toContain(says)
})

test.each([101, -1, "> 80", ">= eighty", "80-90", { from: "codecov/project" }, { "at-least": 80, of: "x" }, [80]])(
  "%j is no coverage to ask for",
  (coverage) => {
    expect(() => configured({ coverage })).toThrow()
  },
)
