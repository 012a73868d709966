import { filterRevertedCommitsSync } from "conventional-commits-filter"
import fc from "fast-check"
import { gt } from "semver"
import { expect, test } from "vitest"
import { withoutReverted } from "../../src/decide/classify-reverts.ts"
import { nextVersion } from "../../src/decide/version.ts"
import type { Change } from "../../src/model/change.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import { commit, direct, merged } from "./changes.ts"

const config = DEFAULT_CONFIG
const after = (current: string | null, changes: readonly Change[], stated?: string) =>
  nextVersion({ changes, current, config, stated })
const next = (current: string | null, ...messages: string[]) =>
  after(
    current,
    messages.map((message) => direct(message)),
  )

test.each([
  ["a feature", "1.4.1", ["feat: a"], "1.5.0", "minor"],
  ["a fix", "1.4.1", ["fix: a"], "1.4.2", "patch"],
  ["a gain in speed", "1.4.1", ["perf: a"], "1.4.2", "patch"],
  ["a revert of something released", "1.4.1", ['Revert "feat: a"\n\nThis reverts commit aaaaaaa.'], "1.4.2", "patch"],
  ["!", "1.4.1", ["feat!: a"], "2.0.0", "major"],
  ["a breaking footer", "1.4.1", ["fix: a\n\nBREAKING-CHANGE: b"], "2.0.0", "major"],
  ["the strongest of several", "1.4.1", ["fix: a", "feat: b", "docs: c"], "1.5.0", "minor"],
  ["nothing to release", "1.4.1", ["chore: a", "Tidy up", "docs: b"], null, null],
  ["no change at all", "1.4.1", [], null, null],
  ["a feature below 1.0.0", "0.4.1", ["feat: a"], "0.5.0", "minor"],
  ["a breaking change below 1.0.0", "0.4.1", ["feat!: a"], "0.5.0", "minor"],
  ["a fix below 1.0.0", "0.0.3", ["fix: a"], "0.0.4", "patch"],
  ["the first release", null, ["feat: a"], "0.1.0", "minor"],
  ["no first release", null, ["chore: a"], null, null],
  ["a candidate and a feature", "2.0.0-rc.1", ["feat: a"], "2.0.0", "minor"],
  ["a candidate and a fix", "2.0.0-rc.1", ["fix: a"], "2.0.0", "patch"],
  ["a minor candidate and a break", "1.5.0-rc.1", ["feat!: a"], "2.0.0", "major"],
  ["a patch candidate and a feature", "1.5.1-rc.1", ["feat: a"], "1.6.0", "minor"],
  ["a candidate and nothing", "2.0.0-rc.1", ["docs: a"], null, null],
  ["a version with build metadata", "1.4.1+5", ["fix: a"], "1.4.2", "patch"],
])("%s: %s", (_, current, messages, expected, bump) => {
  expect(next(current, ...messages)).toMatchObject({ current, next: expected, bump })
})

test.each([
  ["a breaking change below 1.0.0 where zero is major", { zero: "major" }, "0.4.1", "feat!: a", "1.0.0", "major"],
  ["a feature below 1.0.0 where zero shifts", { zero: "shift" }, "0.4.1", "feat: a", "0.4.2", "patch"],
  ["a breaking change below 1.0.0 where zero shifts", { zero: "shift" }, "0.4.1", "feat!: a", "0.5.0", "minor"],
  ["a feature above 1.0.0 where zero shifts", { zero: "shift" }, "1.4.1", "feat: a", "1.5.0", "minor"],
  ["an unclassified change where other is patch", { other: "patch" }, "1.4.1", "Tidy up", "1.4.2", "patch"],
  ["a chore where other is patch", { other: "patch" }, "1.4.1", "chore: a", "1.4.2", "patch"],
  ["a feature where other is patch", { other: "patch" }, "1.4.1", "feat: a", "1.5.0", "minor"],
  ["a first release of its own", { initial: "1.0.0" }, null, "feat: a", "1.0.0", "minor"],
  ["a breaking first release at 1.0.0", { initial: "1.0.0" }, null, "feat!: a", "1.0.0", "major"],
] as const)("%s", (_, part, current, message, expected, bump) => {
  expect(
    nextVersion({
      changes: [direct(message)],
      current,
      config: { ...config, version: { ...config.version, ...part } },
    }),
  ).toMatchObject({ next: expected, bump })
})

test("because names the changes that ask for the bump, oldest first, one reason each", () => {
  const changes = [
    direct("feat: one"),
    direct("fix: two"),
    merged(3, { title: "Three", commits: ["feat: three a", "feat: three b", "Merge pull request #3 from a/b"] }),
  ]
  expect(after("1.0.0", changes).because).toEqual([
    { sha: changes[0]?.sha, subject: "feat: one", bump: "minor" },
    { sha: changes[2]?.commits[0]?.sha, subject: "feat: three a", bump: "minor" },
  ])
})

test("a title speaks for its change's own commit", () => {
  const change = merged(3, { title: "feat: three", commits: ["wip", "Merge pull request #3 from a/b"] })
  expect(after("1.0.0", [change]).because).toEqual([{ sha: change.sha, subject: "feat: three", bump: "minor" }])
})

test("below 1.0.0 a breaking change and a feature ask for the same", () => {
  expect(next("0.3.0", "feat!: a", "feat: b").because.map(({ subject }) => subject)).toEqual(["feat!: a", "feat: b"])
})

test.each([
  ["higher than computed counts", "1.4.1", ["fix: a"], "2.5.0", { next: "2.5.0", bump: "major" }],
  ["the computed one changes nothing", "1.4.1", ["fix: a"], "1.4.2", { next: "1.4.2", bump: "patch" }],
  ["lower is left to its gate", "1.4.1", ["feat: a"], "1.4.2", { next: "1.5.0", bump: "minor" }],
  ["counts where nothing is classified", "1.4.1", ["chore: a"], "1.6.0", { next: "1.6.0", bump: "minor", because: [] }],
  ["spent: the current one", "1.4.1", ["chore: a"], "1.4.1", { next: null }],
  ["no change: no release", "1.4.1", [], "2.0.0", { next: null }],
  ["a prerelease", "1.4.1", ["fix: a"], "2.0.0-rc.1", { next: "2.0.0-rc.1", bump: "major" }],
  ["a first release", null, ["feat: a"], "1.0.0", { next: "1.0.0", bump: "minor" }],
  ["not SemVer", "1.4.1", ["fix: a"], "next", { next: "1.4.2" }],
])("a stated version: %s", (_, current, messages, stated, expected) => {
  const changes = messages.map((message) => direct(message))
  expect(after(current, changes, stated)).toMatchObject(expected)
})

test("a current version that is none is an error that names it", () => {
  expect(() => next("latest", "fix: a")).toThrow('the current version "latest" is no SemVer')
})

const SHA = "abcdef0123456789abcdef0123456789abcdef01"
const feature = direct("feat: a (#1)", { sha: SHA })
const undo = (by: string) => `Revert "feat: a (#1)"\n\nThis reverts commit ${by}.`

test.each([
  ["a pair cancels itself out", [feature, direct(undo(SHA))], null],
  ["by a short name", [feature, direct(undo(SHA.slice(0, 7)))], null],
  ["of something else it is a patch", [feature, direct(undo("fedcba9"))], "minor"],
  ["of something released it is a patch", [direct("docs: a"), direct(undo("fedcba9"))], "patch"],
  ["what is left still speaks", [feature, direct("fix: b"), direct(undo(SHA))], "patch"],
  ["by a quoted line never of something younger", [direct('Revert "feat: a (#1)"'), feature], "minor"],
  ["by a name wherever it stands", [direct(undo(SHA)), feature], null],
  ["by Refs as the specification says", [feature, direct(`revert: a\n\nRefs: ${SHA}, fedcba9`)], "patch"],
  ["by the quoted line alone", [feature, direct('Revert "feat: a (#1)"')], null],
  [
    "of a revert gives it back",
    [
      feature,
      direct(undo(SHA), { sha: "b".repeat(40) }),
      direct(`Reapply "feat: a (#1)"\n\nThis reverts commit ${"b".repeat(40)}.`),
    ],
    "minor",
  ],
  ["a fix that only mentions one stays", [feature, direct(`fix: b\n\nThis reverts commit ${SHA}.`)], "minor"],
])("a revert: %s", (_, changes, bump) => {
  expect(after("1.0.0", changes).bump).toBe(bump)
})

test("GitHub's revert button takes back the whole pull request", () => {
  const pull = merged(12, { title: "feat: a", commits: ["feat: a", "fix: b", "Merge pull request #12 from x/y"] })
  const back = merged(13, { title: 'Revert "feat: a"', commits: ['Revert "feat: a" (#13)\n\nReverts acme/app#12'] })
  expect(after("1.0.0", [pull, back])).toMatchObject({ next: null, because: [] })
})

test("a revert of a merge commit takes back all that it brought, and a title goes with the last commit", () => {
  const end = commit("Merge pull request #12 from x/y", { sha: SHA, parents: ["a", "b"] })
  const pull = merged(12, { title: "feat: a", commits: [commit("feat: a"), commit("fix: b"), end] })
  const back = direct(
    `Revert "Merge pull request #12 from x/y"\n\nThis reverts commit ${SHA}, reversing\nchanges made to 1.`,
  )
  expect(after("1.0.0", [pull, back, direct("fix: c")])).toMatchObject({ next: "1.0.1", bump: "patch" })
})

test("a commit that its own branch took back does not speak, its title does", () => {
  const pull = merged(12, {
    title: "fix: b",
    commits: [commit("feat: a", { sha: SHA }), undo(SHA).replace(" (#1)", ""), "fix: b"],
  })
  expect(after("1.0.0", [pull])).toMatchObject({ next: "1.0.1", because: [{ subject: "fix: b" }] })
})

test("a pair that conventional-commits-filter sees is seen here, and no other", () => {
  // Each number is a commit: 0 a feature, n a revert of the n-th commit before it, by git's own message.
  const steps = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(steps, (numbers) => {
      const changes: Change[] = []
      for (const [index, back] of numbers.entries()) {
        const target = back === 0 ? undefined : changes.at(-back)?.commits[0]
        const header = target?.message.split("\n", 1)[0]
        changes.push(
          direct(target ? `Revert "${header}"\n\nThis reverts commit ${target.sha}.` : `feat: number ${index}`),
        )
      }
      const raw = changes.toReversed().map(({ sha, commits }) => {
        const [header = "", , body = ""] = (commits[0]?.message ?? "").split("\n")
        const quoted = /^Revert "(.*)"$/.exec(header)?.[1]
        const hash = /This reverts commit (\w+)/.exec(body)?.[1]
        return { hash: sha, header, ...(quoted && hash ? { revert: { header: quoted, hash } } : {}) }
      })
      const kept = [...filterRevertedCommitsSync(raw)].map(({ hash }) => hash)
      expect(
        withoutReverted(changes)
          .map(({ sha }) => sha)
          .toSorted(),
      ).toEqual(kept.toSorted())
    }),
    { numRuns: 500 },
  )
})

const message = fc.constantFrom("feat: a", "fix: b", "feat!: c", "chore: d", "plain", "perf: e", 'Revert "x"')
const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join("."))

test("the next version is above the current one, and another change never lowers it", () => {
  fc.assert(
    fc.property(fc.array(message), message, version, (messages, more, current) => {
      const before = next(current, ...messages).next
      const after = next(current, ...messages, more).next
      if (before !== null) expect(gt(before, current)).toBe(true)
      if (before !== null) expect(after !== null && !gt(before, after)).toBe(true)
    }),
  )
})

test("the order of changes does not decide the version", () => {
  fc.assert(
    fc.property(fc.uniqueArray(message), version, (messages, current) => {
      expect(next(current, ...messages.toReversed()).next).toBe(next(current, ...messages).next)
    }),
  )
})
