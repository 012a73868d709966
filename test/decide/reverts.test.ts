import { expect, test } from "vitest"
import { withoutReverted } from "../../src/decide/classify-reverts.ts"
import { buildNotes } from "../../src/decide/notes.ts"
import { nextVersion } from "../../src/decide/version.ts"
import type { Change, PullSays } from "../../src/model/change.ts"
import { DEFAULT_CONFIG as config } from "../../src/model/config.ts"
import { commit, direct, merged } from "./changes.ts"

const SHA = "abcdef0123456789abcdef0123456789abcdef01"
const saying = (change: Change, says: PullSays): Change =>
  change.pull ? { ...change, pull: { ...change.pull, says } } : change
const left = (...changes: Change[]) => withoutReverted(changes).map(({ id }) => id)

const feature = merged(12, { title: "feat: a", commits: [commit("feat: a (#12)", { sha: SHA })] })
const squashed = (number: number, message: string, says: PullSays = {}) =>
  saying(
    merged(number, {
      title: message.split("\n", 1)[0] ?? "",
      commits: [`${message.replace("\n", ` (#${number})\n`)}`],
    }),
    says,
  )

test.each<[string, Change[], string[]]>([
  ["the SHA", [feature, squashed(13, `Revert "feat: a"\n\nThis reverts commit ${SHA}.`)], []],
  ["the number in the message", [feature, squashed(13, 'Revert "feat: a"\n\nReverts acme/app#12')], []],
  ["the number in the description", [feature, squashed(13, 'Revert "a feature"\n', { reverts: [12] })], []],
  ["the number in the title", [feature, squashed(13, "Revert #12\n")], []],
  ["the number as people write it", [feature, squashed(13, "revert: PR #12\n")], []],
  [
    "a SHA of its own branch, and the description",
    [feature, squashed(13, 'Revert "x"\n\nThis reverts commit fedcba9.', { reverts: [12] })],
    [],
  ],
  ["the quoted title alone", [feature, squashed(13, 'Revert "feat: a"\n')], []],
  ["a number that was released", [feature, squashed(13, 'Revert "feat: a"\n', { reverts: [5] })], ["#12", "#13"]],
  [
    "a description whose title does something else",
    [feature, squashed(13, "fix: b\n", { reverts: [12] })],
    ["#12", "#13"],
  ],
  ["two numbers, of which one was released", [feature, squashed(13, "Revert things\n", { reverts: [12, 5] })], ["#13"]],
])("a pull request is taken back by %s", (_, changes, ids) => {
  expect(left(...changes)).toEqual(ids)
})

test("a revert of a revert gives the pull request back, for the version and for the notes", () => {
  const changes = [
    feature,
    squashed(13, 'Revert "feat: a"\n', { reverts: [12] }),
    squashed(14, 'Revert "Revert "feat: a""\n', { reverts: [13] }),
  ]
  expect(left(...changes)).toEqual(["#12"])
  expect(left(...changes, squashed(15, 'Revert "feat: a"\n', { reverts: [12] }))).toEqual([])
  expect(nextVersion({ changes, current: "1.0.0", config }).next).toBe("1.1.0")
  const notes = buildNotes({ changes, version: "1.1.0", previous: null, tag: "v1.1.0", repository: "", config })
  expect(notes.sections.map(({ entries }) => entries.map(({ number }) => number))).toEqual([[12]])
})

test("a revert of something released is a fix, and stands in the notes", () => {
  const changes = [squashed(13, 'Revert "feat: a"\n', { reverts: [5] })]
  expect(nextVersion({ changes, current: "1.0.0", config })).toMatchObject({ next: "1.0.1", bump: "patch" })
  const notes = buildNotes({ changes, version: "1.0.1", previous: null, tag: "v1.0.1", repository: "", config })
  expect(notes).toMatchObject({
    changes: 1,
    sections: [{ title: "Reverts", entries: [{ text: "feat: a", number: 13 }] }],
  })
})

test("an override decides whether a change takes something back", () => {
  const revert = squashed(13, 'Revert "feat: a"\n', { reverts: [12], override: "fix: put a right" })
  expect(left(feature, revert)).toEqual(["#12", "#13"])
  expect(left(feature, saying(merged(13, { title: "fix: b" }), { override: 'Revert "feat: a"' }))).toEqual([])
})

test("what is overridden is taken back as a whole", () => {
  const overridden = saying(feature, { override: "feat: b\n\nfix: c" })
  expect(left(overridden, direct(`Revert "feat: a"\n\nThis reverts commit ${SHA}.`))).toEqual([])
})

test("as many reverts as changes of one name take time in proportion", () => {
  // Quadratic time would be minutes: the test would run into its time limit.
  const count = 30_000
  const pair = (message: string) =>
    Array.from({ length: count }, (_, at) => direct(message, { sha: `${message.length}${at}`.padEnd(40, "f") }))
  expect(withoutReverted([...pair("feat: a"), ...pair('Revert "feat: a"')])).toEqual([])
})
