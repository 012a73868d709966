import fc from "fast-check"
import { expect, test } from "vitest"
import {
  type Evidence,
  meets,
  type RequiredCheck,
  stateOfCheckRun,
  stateOfStatus,
  withReading,
  withReport,
} from "../../src/model/evidence.ts"

const report = (more: Partial<Evidence> = {}): Evidence => ({
  kind: "check",
  name: "test",
  app: "github-actions",
  id: "10",
  state: "passed",
  word: "success",
  at: "2026-11-02T09:00:00.000Z",
  ...more,
})

test.each<[string, Partial<Evidence>, Partial<Evidence>, "old" | "new"]>([
  ["a higher id is newer", {}, { id: "11", state: "failed" }, "new"],
  ["ids are numbers, not words", { id: "9" }, { id: "10" }, "new"],
  ["an older run comes late", { id: "11" }, { id: "10", state: "failed" }, "old"],
  ["a later state of one run", { state: "pending", at: "2026-11-02T08:59:00.000Z" }, { state: "failed" }, "new"],
  ["an earlier state of one run comes late", {}, { state: "pending", at: "2026-11-02T08:59:00.000Z" }, "old"],
  ["in one second, what is completed stays", {}, { state: "pending" }, "old"],
  ["in one second, a completion counts", { state: "pending" }, { state: "failed" }, "new"],
])("the newest report counts: %s", (_, first, then, expected) => {
  const [old, next] = [report(first), report(then)]
  expect(withReport([old], next)).toEqual([expected === "old" ? old : next])
})

test("another name, kind, App or suite is another report", () => {
  const others = [
    report({ name: "lint" }),
    report({ kind: "status" }),
    report({ app: "jenkins" }),
    report({ suite: "9", id: "11" }),
  ]
  expect(others.reduce<readonly Evidence[]>(withReport, [report()])).toHaveLength(5)
})

test("a suite is known until it has ended, whatever it ended as", () => {
  const suite = report({ kind: "suite", name: "more checks of ci", suite: "7", id: "7", state: "pending" })
  const known = withReport([report()], suite)
  expect(known).toHaveLength(2)
  expect(withReport(known, { ...suite, state: "failed" })).toEqual([report()])
  expect(withReport(known, { ...suite, suite: "8", id: "8", state: "passed" })).toEqual(known)
})

test("of one run a reading counts, though an event told of a later time", () => {
  const told = report({ id: "10", at: "2026-11-02T09:05:00.000Z" })
  const read = report({ id: "10", at: "2026-11-02T09:01:00.000Z", state: "failed" })
  expect(withReading([told], [read])).toEqual([read])
})

test.each<[string, Partial<Evidence>, RequiredCheck, boolean]>([
  ["by name", {}, { name: "test" }, true],
  ["by a status of the name", { kind: "status" }, { name: "test" }, true],
  ["not by another name", {}, { name: "lint" }, false],
  ["not by a suite", { kind: "suite" }, { name: "test" }, false],
  ["by the App that it names", { appId: "7" }, { name: "test", appId: "7" }, true],
  ["not by another App", { appId: "8" }, { name: "test", appId: "7" }, false],
  ["not by a status, which names no App", { kind: "status", appId: "7" }, { name: "test", appId: "7" }, false],
])("a rule is met %s", (_, more, required, expected) => {
  expect(meets(report(more), required)).toBe(expected)
})

test("whatever the order of the reports, what is known ends the same", () => {
  const reports = ["test", "lint"].flatMap((name) =>
    ["github-actions", "other"].flatMap((app) => [
      report({ name, app, id: "1", state: "pending", at: "2026-11-02T08:00:00.000Z" }),
      report({ name, app, id: "1", state: "failed", at: "2026-11-02T08:01:00.000Z" }),
      report({ name, app, id: "2", state: "passed", at: "2026-11-02T08:02:00.000Z" }),
    ]),
  )
  const all = (list: readonly Evidence[]) => list.reduce<readonly Evidence[]>(withReport, [])
  fc.assert(
    fc.property(fc.shuffledSubarray(reports, { minLength: reports.length }), (order) => {
      expect(all(order)).toEqual(all(reports))
    }),
  )
})

test("a reading replaces what is known, but for events that are newer than it", () => {
  const event = report({ id: "12", state: "failed" })
  const gone = report({ name: "gone" })
  const read = [report({ id: "11" }), report({ name: "lint" })]
  expect(withReading([event, gone], read)).toEqual([report({ name: "lint" }), event])
  expect(withReading([report({ id: "9" })], read)).toEqual([report({ name: "lint" }), report({ id: "11" })])
})

test.each([
  ["completed", "success", "passed"],
  ["completed", "neutral", "passed"],
  ["completed", "skipped", "passed"],
  ["completed", "failure", "failed"],
  ["completed", "cancelled", "failed"],
  ["completed", "timed_out", "failed"],
  ["completed", "action_required", "failed"],
  ["completed", "stale", "failed"],
  ["completed", "a word of tomorrow", "failed"],
  ["completed", null, "failed"],
  ["queued", null, "pending"],
  ["in_progress", "success", "pending"],
])("a check run that is %s with %s has %s", (status, conclusion, expected) => {
  expect(stateOfCheckRun(status, conclusion)).toBe(expected)
})

test.each([
  ["success", "passed"],
  ["pending", "pending"],
  ["failure", "failed"],
  ["error", "failed"],
  ["a word of tomorrow", "failed"],
])("a status of %s has %s", (word, expected) => {
  expect(stateOfStatus(word)).toBe(expected)
})
