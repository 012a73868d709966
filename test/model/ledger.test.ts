import fc from "fast-check"
import { expect, test } from "vitest"
import type { Commit, Pull } from "../../src/model/change.ts"
import {
  type Advance,
  changesOf,
  endsInMerge,
  extend,
  group,
  holds,
  join,
  type Ledger,
  startFrom,
} from "../../src/model/ledger.ts"

const commit = (sha: string, more: Partial<Commit> = {}): Commit => ({
  sha,
  message: `fix: ${sha}`,
  author: "ann",
  authorName: "Ann",
  at: "2026-11-02T08:00:00.000Z",
  landing: sha,
  ...more,
})

/** A push of commits, each one letter; the last is the new head. */
const advance = (before: string, commits: string, more: Partial<Advance> = {}): Advance => ({
  before,
  after: commits.at(-1) ?? before,
  forced: false,
  complete: true,
  commits: [...commits].map((sha) => commit(sha, { landing: commits.at(-1) ?? sha })),
  ...more,
})

const start: Ledger = {
  branch: "main",
  base: { tag: "v1", version: "1.0.0", sha: "a" },
  head: "a",
  commits: [],
  pulls: [],
  heads: [],
}

const shas = (ledger: Ledger) => ledger.commits.map((c) => c.sha).join("")

const after = (...advances: readonly Advance[]): Ledger => {
  const extended = extend(start, advances)
  if (extended.is === "gap") throw new Error(extended.because)
  return extended.ledger
}

test.each<[string, readonly Advance[], string]>([
  ["one push", [advance("a", "b")], "b"],
  ["several commits", [advance("a", "bcd")], "bcd"],
  ["two pushes", [advance("a", "b"), advance("b", "cd")], "bcd"],
  ["two pushes, the later first", [advance("b", "cd"), advance("a", "b")], "bcd"],
  ["the same push twice", [advance("a", "b"), advance("a", "b")], "b"],
  ["a push that is known already", [advance("a", "b"), advance("b", "c"), advance("a", "b")], "bc"],
])("extends: %s", (_, advances, expected) => {
  const ledger = after(...advances)
  expect(shas(ledger)).toBe(expected)
  expect(ledger.head).toBe(expected.at(-1))
})

test.each<[string, readonly Advance[], string]>([
  ["a push in between is missing", [advance("b", "c")], "was last seen at a, but a push starts at b"],
  ["one of two does not connect", [advance("a", "b"), advance("x", "y")], "was last seen at b, but a push starts at x"],
  ["a force push", [advance("a", "z", { forced: true })], "force-pushed to z"],
  ["GitHub cut the list", [advance("a", "b", { complete: false })], "does not list all its commits"],
])("a gap: %s", (_, advances, because) => {
  expect(extend(start, advances)).toEqual({ is: "gap", because: expect.stringContaining(because) })
})

test.each([
  ["of its own", "c", "b"],
  ["that came before the one it starts from was heard of", "d", "b"],
])("a force push back to a known commit is a gap: %s", (_, before, to) => {
  const forced = advance(before, "", { after: to, forced: true })
  expect(extend(after(advance("a", "b"), advance("b", "c")), [forced]).is).toBe("gap")
})

test("a late event of a push that was followed changes nothing", () => {
  const ledger = after(advance("a", "b"), advance("b", "c"))
  expect(extend(ledger, [advance("a", "b")])).toEqual({ is: "extended", ledger })
  const released = startFrom(ledger, { tag: "v2", version: "2.0.0", sha: "c" })
  expect(released && extend(released, [advance("a", "b"), advance("b", "c")])).toEqual({
    is: "extended",
    ledger: released,
  })
})

test("whatever the order and the batches of pushes, the ledger ends the same", () => {
  const pushes = [advance("a", "b"), advance("b", "cd"), advance("d", "e"), advance("e", "fg")]
  const whole = after(...pushes)
  fc.assert(
    fc.property(fc.shuffledSubarray([...pushes, ...pushes], { minLength: 8 }), (order) => {
      const extended = extend(start, order)
      expect(extended).toMatchObject({ is: "extended", ledger: { head: "g", commits: whole.commits } })
    }),
  )
})

const pull = (number: number, mergeSha: string, more: Partial<Pull> = {}): Pull => ({
  number,
  title: `change ${number}`,
  labels: [],
  author: { login: "ann", id: "1", type: "User" },
  mergeSha,
  headSha: mergeSha,
  mergedAt: "2026-11-02T08:00:00.000Z",
  ...more,
})

const flow = (
  letters: string,
  more: { readonly [sha: string]: Partial<Commit> } = {},
  landing = letters.at(-1) ?? "",
) => [...letters].map((sha) => commit(sha, { landing, ...more[sha] }))

const grouped = (commits: readonly Commit[], pulls: readonly Pull[]) =>
  group(commits, pulls).map(({ id, commits: own }) => `${id}:${own.map((c) => c.sha).join("")}`)

test.each<[string, readonly Commit[], readonly Pull[], readonly string[]]>([
  ["direct commits of one push", flow("bc"), [], ["b:b", "c:c"]],
  ["a squash", flow("b", { b: { message: "change 1 (#1)" } }), [pull(1, "b", { commits: 3 })], ["#1:b"]],
  [
    "a squash after a direct commit of the same push",
    flow("bc", { c: { message: "change 1 (#1)" } }),
    [pull(1, "c", { commits: 2 })],
    ["b:b", "#1:c"],
  ],
  [
    "a squash under another subject, read back",
    [...flow("b", { b: { parents: ["a"] } }), ...flow("c", { c: { parents: ["b"], committer: "web-flow" } })],
    [pull(1, "c", { commits: 2 })],
    ["b:b", "#1:c"],
  ],
  [
    "a merge commit",
    flow("bcM", { M: { message: "Merge pull request #1 from acme/x" } }),
    [pull(1, "M", { commits: 2 })],
    ["#1:bcM"],
  ],
  [
    "a merge commit under the title, told by its count",
    flow("bcM", { M: { message: "change 1 (#1)", committer: "web-flow" } }),
    [pull(1, "M", { commits: 2 })],
    ["#1:bcM"],
  ],
  [
    "a merge commit that was read back",
    flow("bcM", { M: { parents: ["a", "c"], message: "change 1" } }),
    [pull(1, "M")],
    ["#1:bcM"],
  ],
  ["a rebase", flow("bcd"), [pull(1, "d", { commits: 3 })], ["#1:bcd"]],
  [
    "a rebase behind a direct commit of another push",
    [...flow("b"), ...flow("cd")],
    [pull(1, "d", { commits: 2 })],
    ["b:b", "#1:cd"],
  ],
  ["a rebase whose count is unknown", flow("bc"), [pull(1, "c")], ["b:b", "#1:c"]],
  [
    "a rebase never reaches into another push",
    [...flow("b"), ...flow("c")],
    [pull(1, "c", { commits: 2 })],
    ["b:b", "#1:c"],
  ],
  [
    "a merge queue that squashes",
    flow("bcd", { b: { message: "x (#1)" }, c: { message: "y (#2)" }, d: { message: "z (#3)" } }),
    [pull(1, "b", { commits: 4 }), pull(2, "c", { commits: 1 }), pull(3, "d", { commits: 2 })],
    ["#1:b", "#2:c", "#3:d"],
  ],
  [
    "a merge queue whose first event is late",
    flow("bc", { b: { message: "x (#1)" }, c: { message: "y (#2)" } }),
    [pull(2, "c", { commits: 1 })],
    ["b:b", "#2:c"],
  ],
  [
    "a merge queue that merges",
    [
      ...flow("bM", { M: { message: "Merge pull request #1 from x" } }, "N"),
      ...flow("cN", { N: { message: "Merge pull request #2 from y" } }),
    ],
    [pull(1, "M", { commits: 1 }), pull(2, "N", { commits: 1 })],
    ["#1:bM", "#2:cN"],
  ],
  ["a pull request whose push is still to come", flow("b"), [pull(1, "x")], ["b:b"]],
  [
    "a merge that carries another pull request's branch",
    flow("bcM", { M: { message: "Merge pull request #1 from x" } }),
    [pull(1, "M", { commits: 2 }), pull(2, "M", { commits: 1 })],
    ["#1:bcM", "#2:"],
  ],
  [
    "two pull requests in one commit that names neither",
    flow("b", { b: { message: "change" } }),
    [pull(1, "b", { commits: 1 }), pull(2, "b", { commits: 1 })],
    ["#1:", "#2:b"],
  ],
])("groups %s", (_, commits, pulls, expected) => {
  expect(grouped(commits, pulls)).toEqual(expected)
})

test.each<[string, readonly Commit[], Pull | undefined, boolean]>([
  ["a merge commit", flow("bM", { M: { message: "Merge pull request #1 from x" } }), pull(1, "M"), true],
  ["one under the title", flow("bM", { M: { message: "change 1 (#1)" } }), pull(1, "M", { commits: 1 }), true],
  ["a squash", flow("b", { b: { message: "change 1 (#1)" } }), pull(1, "b", { commits: 2 }), false],
  ["a rebase", flow("bc"), pull(1, "c", { commits: 2 }), false],
  ["a squash that was read back", flow("b", { b: { parents: ["a"] } }), pull(1, "b"), false],
])("a change ends in a merge: %s", (_, commits, merged, expected) => {
  expect(endsInMerge({ id: "x", sha: "x", commits, ...(merged ? { pull: merged } : {}) })).toBe(expected)
})

test("a corrected pull request takes the place of the first one, and their order is that of their numbers", () => {
  const ledger = join(join(after(advance("a", "bc")), [pull(9, "c"), pull(2, "b")]), [
    pull(9, "c", { title: "corrected" }),
  ])
  expect(ledger.pulls.map((p) => [p.number, p.title])).toEqual([
    [2, "change 2"],
    [9, "corrected"],
  ])
})

test("of pull requests that wait for their push, the newest hundred are kept", () => {
  const many = Array.from({ length: 150 }, (_, n) => pull(n + 1, `x${n}`))
  const ledger = join(join(after(advance("a", "b")), [pull(1000, "b")]), many)
  expect(ledger.pulls).toHaveLength(101)
  expect(ledger.pulls[0]?.number).toBe(51)
  expect(ledger.pulls.at(-1)?.number).toBe(1000)
})

test("a release leaves behind what it holds, and keeps what came later or waits", () => {
  const ledger = join(after(advance("a", "bc"), advance("c", "d")), [pull(1, "c"), pull(2, "d"), pull(3, "x")])
  const base = { tag: "v2", version: "2.0.0", sha: "c" }
  const next = startFrom(ledger, base)
  expect(next).toMatchObject({ base, head: "d", commits: [{ sha: "d" }], pulls: [{ number: 2 }, { number: 3 }] })
  expect(startFrom(ledger, { ...base, sha: "nowhere" })).toBeNull()
  expect(next && startFrom(next, base)).toEqual(next)
})

test("changes lie between two commits; the base stands before the first", () => {
  const ledger = after(advance("a", "b"), advance("b", "c"), advance("c", "d"))
  const ids = (from?: string, to?: string) => changesOf(ledger, from, to).map((c) => c.id)
  expect([ids(), ids("a"), ids("b"), ids("b", "c"), ids("d"), ids(undefined, "a")]).toEqual([
    ["b", "c", "d"],
    ["b", "c", "d"],
    ["c", "d"],
    ["c"],
    [],
    [],
  ])
  expect(() => ids("x")).toThrow("x is not in the ledger of main")
  expect(["a", "b", "x"].map((sha) => holds(ledger, sha))).toEqual([true, true, false])
})

test("a pull request stays its author's first, whatever a later event calls them", () => {
  const pull = (more: object) => ({
    number: 7,
    title: "a",
    labels: [],
    author: { login: "ann", id: "1", type: "User" as const },
    mergeSha: "b",
    headSha: "c",
    mergedAt: "2026-11-01T10:00:00Z",
    ...more,
  })
  const ledger = { branch: "main", base: null, head: "a", commits: [], pulls: [pull({ firstTime: true })], heads: [] }
  expect(join(ledger, [pull({ title: "b" })]).pulls).toEqual([pull({ title: "b", firstTime: true })])
})
