import { expect, test } from "vitest"
import { landings } from "../../src/decide/gates/code-freeze.ts"
import type { Change } from "../../src/model/change.ts"
import { direct, merged } from "./changes.ts"

const day = (n: number) => `2026-11-0${n}T08:00:00.000Z`
const by = { login: "lea", id: "1" }

const pushed = (at: string, says = at): Change => direct("fix: a", { at: says, push: { by, at } })
const read = (says: string): Change => direct("fix: b", { at: says })
function pull(at: string): Change {
  const change = merged(12, { title: "feat: c" })
  return change.pull ? { ...change, pull: { ...change.pull, mergedAt: at } } : change
}

test.each<[string, readonly Change[], readonly string[]]>([
  ["a merge: when it was merged", [pull(day(2))], [day(2)]],
  ["a push: when it was pushed, not when it says it was written", [pushed(day(3), day(1))], [day(3)]],
  ["a push from a clock that is ahead", [pushed(day(3), day(9))], [day(3)]],
  ["read back: the commit's own date", [read(day(3))], [day(3)]],
  ["read back: not before what is below it", [pull(day(2)), read(day(1))], [day(2), day(2)]],
  ["a date that nobody vouches for moves nothing", [read(day(9)), pushed(day(2))], [day(9), day(2)]],
  ["a merge is merged when it is merged", [pushed(day(4)), pull(day(2)), read(day(1))], [day(4), day(2), day(4)]],
])("a change landed: %s", (_, changes, expected) => {
  expect(landings(changes)).toEqual(expected)
})
