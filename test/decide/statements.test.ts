import fc from "fast-check"
import { gt } from "semver"
import { expect, test } from "vitest"
import { statementsOf } from "../../src/decide/statements.ts"
import { nextVersion, type VersionInput } from "../../src/decide/version.ts"
import type { Change } from "../../src/model/change.ts"
import { configSchema } from "../../src/model/config.ts"
import { commit, direct, merged } from "./changes.ts"

const config = configSchema.parse({})
const after = (current: string | null, changes: readonly Change[], more: Partial<VersionInput> = {}) =>
  nextVersion({ changes, current, config, ...more })
const saying = (footers: string, title = "fix: a"): Change => {
  const change = merged(12, { title })
  return { ...change, ...(change.pull ? { pull: { ...change.pull, says: { footers } } } : {}) }
}
const labelled = (title: string, ...labels: string[]) => merged(12, { title, labels })

test.each<[string, Change, object | undefined]>([
  ["a footer", direct("fix: a\n\nRelease-As: 2.0.0"), { version: { what: "Release-As: 2.0.0", states: "2.0.0" } }],
  ["a footer by #", direct("fix: a\n\nrelease-as #v2.0.0-rc.1"), { version: { states: "2.0.0-rc.1" } }],
  ["build metadata", direct("fix: a\n\nRelease-As: 2.0.0+5"), { version: { states: "2.0.0+5" } }],
  ["the last of two footers", direct("a\n\nRelease-As: 2.0.0\nRelease-As: 3.0.0"), { version: { states: "3.0.0" } }],
  [
    "a squash's body",
    merged(1, { title: "a", commits: ["a\n\n* fix: b\n\nslipway: major\n\n* c"] }),
    { bump: { states: "major" } },
  ],
  [
    "a merge commit",
    merged(1, { title: "a", commits: ["Merge pull request #1 from a/b\n\nslipway: Skip"] }),
    { bump: { states: "skip" } },
  ],
  ["a description", saying("slipway: minor"), { bump: { what: "slipway: minor", by: "#12", states: "minor" } }],
  ["a label", labelled("fix: a", "Slipway: major"), { bump: { what: "Slipway: major", by: "#12", states: "major" } }],
  ["the stronger of two labels", labelled("a", "slipway:minor", "slipway: skip"), { bump: { states: "minor" } }],
  ["a footer that is no version", direct("a\n\nRelease-As: soon"), { senseless: [{ what: "Release-As: soon" }] }],
  ["a label that is no bump", labelled("a", "slipway: huge"), { senseless: [{ what: "slipway: huge", by: "#12" }] }],
  ["what is put right later", direct("a\n\nRelease-As: soon\nRelease-As: 2.0.0"), { senseless: [] }],
  ["nothing", direct("fix: a\n\nIt is the Release-As: 2.0.0 that we need"), undefined],
  ["a word within a line", direct("fix: a\n\nsee slipway: major"), undefined],
  ["more behind it", direct("fix: a\n\nRelease-As: 2.0.0 or so"), undefined],
  ["another tool's label", labelled("a", "release: major"), undefined],
])("reads %s", (_, change, expected) => {
  const read = statementsOf(change)
  if (expected === undefined) expect(read).toBeUndefined()
  else expect(read).toMatchObject(expected)
})

const as = (version: string, type = "fix") => direct(`${type}: a\n\nRelease-As: ${version}`)

test.each<[string, string | null, Change[], Partial<VersionInput>, object]>([
  ["counts where it is higher", "1.4.0", [as("2.0.0")], {}, { next: "2.0.0", bump: "major" }],
  ["makes a release of a chore", "1.4.0", [as("1.4.1", "chore")], {}, { next: "1.4.1", bump: "patch" }],
  ["counts for the first release", null, [as("1.0.0", "chore")], {}, { next: "1.0.0" }],
  ["that is what the changes ask for", "1.4.0", [as("1.4.1")], {}, { next: "1.4.1", bump: "patch" }],
  ["of the newest", "1.4.0", [as("3.0.0"), as("2.0.0")], {}, { next: "2.0.0" }],
  ["gives way to the plan", "1.4.0", [as("2.0.0")], { stated: "1.5.0" }, { next: "1.5.0" }],
  ["outlives a plan that is spent", "1.4.0", [as("2.0.0")], { stated: "1.4.0" }, { next: "2.0.0" }],
  ["graduates", "0.9.0", [as("1.0.0")], {}, { next: "1.0.0", bump: "major" }],
])("Release-As %s", (_, current, changes, more, expected) => {
  const made = after(current, changes, more)
  expect(made).toMatchObject(expected)
  expect(made).not.toHaveProperty("refused")
})

const refusal = (what: string, because: RegExp) => [
  { what, by: expect.any(String), because: expect.stringMatching(because) },
]

test.each<[string, string, Change[], Partial<VersionInput>, string | null, object[]]>([
  [
    "what is out",
    "1.4.0",
    [as("1.4.0")],
    {},
    "1.4.1",
    refusal("Release-As: 1.4.0", /1\.4\.0 is out already; state a higher/),
  ],
  ["something older", "1.4.0", [as("1.0.0")], {}, "1.4.1", refusal("Release-As: 1.0.0", /1\.4\.0 is out already/)],
  [
    "less than is asked for",
    "1.4.0",
    [as("1.4.1"), direct("feat: b")],
    {},
    "1.5.0",
    refusal("Release-As: 1.4.1", /“feat: b” asks for 1\.5\.0; state/),
  ],
  [
    "a version that is taken",
    "1.4.0",
    [as("2.0.0")],
    { taken: (v) => v === "2.0.0" },
    "1.4.1",
    refusal("Release-As: 2.0.0", /2\.0\.0 is a tag/),
  ],
  [
    "a version outside of the range",
    "1.4.0",
    [as("2.0.0")],
    { kind: { is: "maintenance", range: "1.x" } },
    "1.4.1",
    refusal("Release-As: 2.0.0", /outside 1\.x/),
  ],
  [
    "a plan's version that is taken",
    "1.4.0",
    [direct("fix: a")],
    { stated: "2.0.0", taken: (v) => v === "2.0.0" },
    "1.4.1",
    refusal("2.0.0", /is a tag/),
  ],
  ["no version", "1.4.0", [as("soon")], {}, "1.4.1", refusal("Release-As: soon", /no SemVer/)],
  [
    "a bump below its own change's",
    "1.4.0",
    [labelled("feat: a", "slipway: patch")],
    {},
    "1.5.0",
    refusal("slipway: patch", /“feat: a” asks for minor/),
  ],
  [
    "no bump",
    "1.4.0",
    [labelled("feat: a", "slipway: no")],
    {},
    "1.5.0",
    refusal("slipway: no", /none of major, minor/),
  ],
])("refuses %s", (_, current, changes, more, next, refused) => {
  expect(after(current, changes, more)).toMatchObject({ next, refused })
})

test.each<[string, Change[], Partial<VersionInput>, string | null]>([
  ["a later Release-As", [as("1.0.0"), as("2.0.0")], {}, "2.0.0"],
  ["a later bump", [as("1.0.0"), labelled("fix: b", "slipway: minor")], {}, "1.5.0"],
  ["the plan", [as("1.0.0")], { stated: "2.0.0" }, "2.0.0"],
  ["taking the change back", [as("1.0.0"), direct('Revert "fix: a"')], {}, null],
])("a refused statement is settled by %s", (_, changes, more, next) => {
  const made = after("1.4.0", changes, more)
  expect(made.next).toBe(next)
  expect(made).not.toHaveProperty("refused")
})

test.each<[string, Change[]]>([
  ["an earlier bump", [labelled("fix: b", "slipway: minor"), as("1.0.0")]],
  ["another change that is skipped", [labelled("feat!: a", "slipway: minor"), labelled("feat: b", "slipway: skip")]],
  ["a smaller bump of another", [labelled("feat!: a", "slipway: minor"), labelled("docs: b", "slipway: patch")]],
])("%s settles nothing", (_, changes) => {
  expect(after("1.4.0", changes).refused).toHaveLength(1)
})

test.each<[string, string, Change[], string | null]>([
  ["more than its change says", "1.4.0", [labelled("fix: a", "slipway: minor")], "1.5.0"],
  ["a release of a chore", "1.4.0", [saying("slipway: patch", "chore: a")], "1.4.1"],
  ["what its change says", "1.4.0", [saying("slipway: minor", "feat: a")], "1.5.0"],
  ["1.0.0 of 0.x, whatever `zero` says", "0.4.0", [labelled("fix: a", "slipway: major")], "1.0.0"],
  ["no release", "1.4.0", [labelled("feat!: a", "slipway: skip")], null],
  ["no release of its own, but of others", "1.4.0", [labelled("feat!: a", "slipway: skip"), direct("fix: b")], "1.4.1"],
])("a forced bump makes %s", (_, current, changes, next) => {
  const made = after(current, changes)
  expect(made.next).toBe(next)
  expect(made).not.toHaveProperty("refused")
})

test("a statement is the reason that people read", () => {
  expect(after("1.4.0", [direct("feat: b"), as("2.0.0")]).because).toMatchObject([
    { subject: "Release-As: 2.0.0 (fix: a)", bump: "major" },
  ])
})

test("a change that states nothing never lowers the version, whatever others state", () => {
  const footer = fc.constantFrom(
    "",
    "\n\nRelease-As: 1.9.0",
    "\n\nslipway: major",
    "\n\nslipway: skip",
    "\n\nRelease-As: 1.0.0",
  )
  const stating = fc
    .tuple(fc.constantFrom("feat: a", "fix!: b", "docs: c"), footer)
    .map(([line, more]) => direct(line + more))
  const plain = fc.constantFrom("feat: a", "fix!: b", "docs: c", "d").map((line) => direct(line))
  fc.assert(
    fc.property(fc.array(stating), plain, (changes, more) => {
      const before = after("1.4.0", changes).next
      const then = after("1.4.0", [...changes, more]).next
      if (before !== null) expect(then !== null && !gt(before, then)).toBe(true)
    }),
  )
})

test.each([
  ["footers", "slipway: minor\n".repeat(70_000)],
  ["half footers", "Release-As: ".repeat(80_000)],
  ["blanks", `slipway:${" ".repeat(1_000_000)}x`],
  ["blanks behind", `slipway: minor${" ".repeat(1_000_000)}x`],
])("a megabyte of %s is read in proportion to its length", (_, text) => {
  // Quadratic time would be minutes: the test would run into its time limit.
  expect(statementsOf({ id: "a", sha: "a", commits: [commit(`fix: a\n\n${text}`)] })?.senseless ?? []).toEqual([])
})
