import { expect, test } from "vitest"
import { asLanded, type Unplaced } from "../../src/observe/landing.ts"

const commit = (sha: string, ...parents: string[]): Unplaced => ({
  sha,
  parents,
  message: sha,
  authorName: "Lea",
  at: "2026-11-01T00:00:00.000Z",
})

const order = (commits: readonly Unplaced[], head: string) =>
  asLanded(commits, head).map((c) => `${c.sha}@${c.landing}`)

test.each<[string, Unplaced[], string, string[]]>([
  ["a straight line", [commit("c", "b"), commit("a", "0"), commit("b", "a")], "c", ["a@a", "b@b", "c@c"]],
  [
    "a merge brings its branch, oldest first",
    [commit("m", "b", "y"), commit("y", "x"), commit("x", "a"), commit("b", "a"), commit("a", "0")],
    "m",
    ["a@a", "b@b", "x@m", "y@m", "m@m"],
  ],
  [
    "a branch that merged the trunk does not bring the trunk's commits again",
    [commit("m", "b", "y"), commit("y", "x", "b"), commit("x", "a"), commit("b", "a"), commit("a", "0")],
    "m",
    ["a@a", "b@b", "x@m", "y@m", "m@m"],
  ],
  [
    "an octopus",
    [commit("m", "a", "x", "y"), commit("y", "a"), commit("x", "a"), commit("a", "0")],
    "m",
    ["a@a", "x@m", "y@m", "m@m"],
  ],
  [
    "a diamond on the branch comes once",
    [
      commit("m", "a", "z"),
      commit("z", "x", "y"),
      commit("x", "w"),
      commit("y", "w"),
      commit("w", "a"),
      commit("a", "0"),
    ],
    "m",
    ["a@a", "w@m", "x@m", "y@m", "z@m", "m@m"],
  ],
  ["a commit that the head does not reach is left out", [commit("a", "0"), commit("z", "0")], "a", ["a@a"]],
])("%s", (_, commits, head, expected) => {
  expect(order(commits, head)).toEqual(expected)
  expect(order(commits.toReversed(), head)).toEqual(expected)
})

test("ten thousand commits on a merged branch are no deep call", () => {
  const branch = Array.from({ length: 10_000 }, (_, i) => commit(`x${i}`, i === 0 ? "a" : `x${i - 1}`))
  const landed = asLanded([commit("a", "0"), ...branch, commit("m", "a", "x9999")], "m")
  expect(landed).toHaveLength(10_002)
  expect(landed[1]?.sha).toBe("x0")
})
