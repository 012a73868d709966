import { expect, test } from "vitest"
import { vouchedFor } from "../../src/observe/history.ts"

const base = (version: string, sha: string) => ({ tag: `v${version}`, version, sha })
const start = base("1.0.0", "a")
const known = { sha: "b", parents: ["a"], message: "fix: a", authorName: "Ann", at: "2026-11-02T08:00:00.000Z" }

test.each([
  ["a tag of somebody else", [], base("1.0.2", "c"), [], start],
  ["our own release", [base("1.0.1", "c")], base("1.0.1", "c"), [], undefined],
  ["a tag beside our own release", [base("1.0.1", "c")], base("1.0.2", "c"), [], undefined],
  [
    "a tag beside a prerelease of ours, which other gates let out",
    [base("1.1.0-rc.1", "c")],
    base("1.1.0", "c"),
    [],
    start,
  ],
  ["a tag behind what is known", [], base("0.9.0", "z"), [{ ...known, sha: "a" }, known], undefined],
  ["the tag that was the start already", [], start, [], undefined],
])("changes count from before %s: %#", (_, released, now, since, from) => {
  expect(vouchedFor(start, released, now, since)).toEqual(from)
})
