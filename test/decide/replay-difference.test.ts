import { expect, test } from "vitest"
import { CATEGORIES, type Category, explainDifference } from "../../src/decide/replay-difference.ts"
import { nextVersion } from "../../src/decide/version.ts"
import type { Change } from "../../src/model/change.ts"
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts"

const changesOf = (messages: readonly string[]): readonly Change[] =>
  messages.map((message, index) => {
    const sha = String(index + 1).repeat(40)
    return { id: sha, sha, commits: [{ sha, message, authorName: "", at: "", landing: sha }] }
  })

interface Case {
  readonly from: string
  readonly released: string
  readonly messages: readonly string[]
  readonly version?: Partial<Config["version"]>
  /** What Slipway says, whatever the rules make of the messages. */
  readonly says?: string | null
}

function explain({ from, released, messages, version = {}, says }: Case) {
  const changes = changesOf(messages)
  return explainDifference({
    previous: from,
    released,
    changes,
    config: { ...DEFAULT_CONFIG, version: { ...DEFAULT_CONFIG.version, ...version } },
    answer: (config) => (says === undefined ? nextVersion({ changes, current: from, config }).next : says),
  })
}

const explained: readonly (readonly [Category, string, Case])[] = [
  [
    "prerelease-number",
    "another count of the same channel",
    { from: "1.0.0", released: "1.1.0-rc.0", messages: ["feat: a"], says: "1.1.0-rc.1" },
  ],
  [
    "higher-than-marked",
    "a prerelease of a major",
    { from: "1.0.0", released: "2.0.0-rc.1", messages: ["feat: a"], says: "1.1.0-rc.1" },
  ],
  ["no-change", "a release of nothing", { from: "1.0.0", released: "1.0.1", messages: [] }],
  ["other-policy", "a patch of chores", { from: "1.0.0", released: "1.0.1", messages: ["chore: a", "Tidy"] }],
  ["zero-policy", "a feature as a patch", { from: "0.4.0", released: "0.4.1", messages: ["feat: a"] }],
  ["zero-policy", "a breaking 1.0.0", { from: "0.4.0", released: "1.0.0", messages: ["feat!: a"] }],
  ["graduation", "1.0.0 after fixes", { from: "0.4.0", released: "1.0.0", messages: ["fix: a"] }],
  ["steps-over", "two minors at once", { from: "1.0.0", released: "1.2.0", messages: ["feat: a"] }],
  ["steps-over", "a minor and a patch", { from: "1.0.0", released: "1.1.1", messages: ["feat: a"] }],
  [
    "stated-lower",
    "a footer below what breaks",
    { from: "1.0.0", released: "1.1.0", messages: ["feat!: a", "chore: b\n\nRelease-As: 1.1.0"] },
  ],
  [
    "stated-elsewhere",
    "a footer that nobody followed",
    { from: "1.0.0", released: "1.1.0", messages: ["fix: b\n\nRelease-As: 3.0.0"], says: "3.0.0" },
  ],
  [
    "lower-than-marked",
    "a patch with a feature",
    { from: "1.0.0", released: "1.0.1", messages: ["feat: a", "fix: b"] },
  ],
  [
    "lower-than-marked",
    "a minor that breaks",
    { from: "1.0.0", released: "1.1.0", messages: ["fix: a\n\nBREAKING CHANGE: b"] },
  ],
  ["higher-than-marked", "a minor of fixes", { from: "1.0.0", released: "1.1.0", messages: ["fix: a", "Add b"] }],
  ["higher-than-marked", "a major of features", { from: "1.0.0", released: "2.0.0", messages: ["feat: a"] }],
]

test.each(explained)("%s: %s", (category, _, given) => {
  expect(explain(given)?.category).toBe(category)
})

test("each category has a case", () => {
  expect(new Set(explained.map(([category]) => category))).toEqual(new Set(Object.keys(CATEGORIES)))
})

test.each<readonly [string, Case]>([
  ["a feature that was not seen", { from: "1.0.0", released: "1.1.0", messages: ["feat: a"], says: "1.0.1" }],
  ["a feature in other words", { from: "1.0.0", released: "1.1.0", messages: ["Feature: a"], says: "1.0.1" }],
  ["a breaking change that was not seen", { from: "1.0.0", released: "2.0.0", messages: ["a\n\nBREAKING: b"] }],
  ["a fix that was not seen", { from: "1.0.0", released: "1.0.1", messages: ["fix: a"], says: null }],
  ["a feature that is none", { from: "1.0.0", released: "1.0.1", messages: ["fix: a"], says: "1.1.0" }],
  ["a breaking change that is a feature", { from: "1.0.0", released: "1.1.0", messages: ["feat: a"], says: "2.0.0" }],
  [
    "a feature that was taken back",
    {
      from: "1.0.0",
      released: "1.0.1",
      messages: ["feat: a", 'Revert "feat: a"\n\nThis reverts commit 1111111.', "fix: b"],
      says: "1.1.0",
    },
  ],
  ["a stated version", { from: "1.0.0", released: "3.0.0", messages: ["fix: a\n\nRelease-As: 3.0.0"], says: "1.0.1" }],
  ["a stated 1.0.0", { from: "0.4.0", released: "1.0.0", messages: ["fix: a\n\nRelease-As: 1.0.0"], says: "0.4.1" }],
  ["a number that is free", { from: "1.0.0", released: "1.1.0", messages: ["feat: a"], says: "1.2.0" }],
  ["steps over, but of another part", { from: "1.0.0", released: "1.2.0", messages: ["feat: a"], says: "1.0.1" }],
])("unexplained, so Slipway's fault: %s", (_, given) => {
  expect(explain(given)).toBeNull()
})

test("where they agree there is nothing to explain", () => {
  expect(explain({ from: "1.0.0", released: "1.1.0", messages: ["feat: a"] })).toBeNull()
})
