import { expect, test } from "vitest"
import { nextVersion } from "../../src/decide/version.ts"
import { voicesOf } from "../../src/decide/voices.ts"
import type { Change, PullSays } from "../../src/model/change.ts"
import { configSchema } from "../../src/model/config.ts"
import { merged } from "./changes.ts"

const saying = (change: Change, says: PullSays): Change =>
  change.pull ? { ...change, pull: { ...change.pull, says } } : change
const bumpOf = (change: Change, from: string[]) =>
  nextVersion({ changes: [change], current: "1.0.0", config: configSchema.parse({ version: { from } }) }).bump

const EVERYTHING = ["commits", "titles", "labels"]
const labelled = (title: string, ...labels: string[]) => merged(7, { title, labels })

test.each([
  ["a label that sizes", ["semver:major"], "major"],
  ["a label in another case", ["Semver-Minor"], "minor"],
  ["GitHub's own label", ["enhancement"], "minor"],
  ["GitHub's label for a mistake", ["bug"], "patch"],
  ["breaking", ["breaking-change"], "major"],
  ["the strongest of several", ["patch", "major", "minor"], "major"],
  ["a label of another kind", ["needs review"], null],
  ["no label", [], null],
])("labels alone: %s", (_, labels, bump) => {
  expect(bumpOf(labelled("feat: a", ...labels), ["labels"])).toBe(bump)
})

test.each([
  ["the label", "fix: a", ["minor"], "minor"],
  ["the title", "feat: a", ["patch"], "minor"],
  ["the commits", "Add a", [], null],
])("the strongest of the named sources counts: %s", (_, title, labels, bump) => {
  expect(bumpOf(labelled(title, ...labels), EVERYTHING)).toBe(bump)
})

test("labels are not listened to unless they are named", () => {
  expect(bumpOf(labelled("Add a", "major"), ["commits", "titles"])).toBeNull()
})

test.each([
  ["in the section of its label", "Add a", ["enhancement"], { type: "feat", description: "Add a", asks: "minor" }],
  [
    "in the section of its own type",
    "docs(b): a",
    ["bug"],
    { type: "docs", scope: "b", description: "a", asks: "patch" },
  ],
  ["as breaking", "Drop a", ["breaking"], { type: null, description: "Drop a", breaking: "", asks: "major" }],
  ["with the words of its footer", "feat!: a", ["major"], { type: "feat", description: "a", breaking: "" }],
])("a labelled change stands in the notes %s", (_, title, labels, said) => {
  expect(voicesOf(labelled(title, ...labels), ["labels"]).at(-1)?.said).toMatchObject(said)
})

test("an override stands in the place of title and commits, whatever is listened to", () => {
  const change = saying(merged(7, { title: "feat!: a", commits: ["feat!: b", "fix: c"] }), {
    override: "fix(d): e\n\nperf: f\n\nBREAKING CHANGE: g",
  })
  for (const from of [["commits"], ["titles"], ["labels"], EVERYTHING])
    expect(voicesOf(change, from).map(({ sha, said }) => [sha, said.type, said.breaking])).toEqual([
      [change.sha, "fix", undefined],
      [change.sha, "perf", "g"],
    ])
  expect(bumpOf(saying(change, { override: "docs: only words" }), EVERYTHING)).toBeNull()
})

test("a label still counts beside an override: whoever wants it off takes it off", () => {
  expect(bumpOf(saying(labelled("feat: a", "major"), { override: "fix: b" }), EVERYTHING)).toBe("major")
})

test("a squash speaks with every message of its body", () => {
  const change = merged(7, { title: "Two things", commits: ["Two things (#7)\n\n* feat: a\n\n* fix(b): c"] })
  expect(voicesOf(change, ["commits"]).map(({ subject }) => subject)).toEqual([
    "Two things (#7)",
    "feat: a",
    "fix(b): c",
  ])
  expect(bumpOf(change, ["commits", "titles"])).toBe("minor")
})
