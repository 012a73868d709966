import { expect, test } from "vitest"
import { buildNotes } from "../../src/decide/notes.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import type { GitHubNotes } from "../../src/model/github-notes.ts"
import { direct, merged, person } from "./changes.ts"

const none = { labels: [], authors: [] }
const category = (title: string, labels: readonly string[], exclude: GitHubNotes["exclude"] = none) => ({
  title,
  labels: [...labels],
  exclude,
})
const pull = (number: number, labels: readonly string[], author = person("lea")) =>
  merged(number, { title: `feat: c${number}`, labels, author })
const layout = (changes: Parameters<typeof buildNotes>[0]["changes"], github: GitHubNotes) => {
  const notes = buildNotes({
    changes,
    version: "1.0.0",
    previous: null,
    tag: "v1.0.0",
    repository: "",
    config: DEFAULT_CONFIG,
    github,
  })
  return [notes.changes, ...notes.sections.map(({ title, entries }) => `${title}: ${entries.map(({ text }) => text)}`)]
}

test("the first category that has one of its labels takes a pull request, `*` takes any, the rest stands last", () => {
  const github = { exclude: none, categories: [category("New", ["feature", "Enhancement"]), category("Bugs", ["bug"])] }
  const changes = [pull(1, ["bug"]), pull(2, ["ENHANCEMENT", "bug"]), pull(3, []), direct("feat: by hand")]
  expect(layout(changes, github)).toEqual([4, "New: c2", "Bugs: c1", "Other Changes: c3,by hand"])
  const all = { exclude: none, categories: [category("Bugs", ["bug"]), category("All", ["*"])] }
  expect(layout([pull(1, []), pull(2, ["bug"])], all)).toEqual([2, "Bugs: c2", "All: c1"])
})

test("what is excluded is in no category, and what a category excludes may be in the next", () => {
  const github = {
    exclude: { labels: ["skip"], authors: ["renovate", "Mallory"] },
    categories: [category("New", ["feature"], { labels: ["internal"], authors: ["bot[bot]"] }), category("All", ["*"])],
  }
  const changes = [
    pull(1, ["feature", "skip"]),
    pull(2, ["feature"], person("renovate[bot]", "Bot")),
    pull(3, ["feature"], person("mallory")),
    pull(4, ["feature", "internal"]),
    pull(5, ["feature"], person("bot[bot]", "Bot")),
    pull(6, ["feature"]),
  ]
  expect(layout(changes, github)).toEqual([3, "New: c6", "All: c4,c5"])
})

test("a file that only excludes leaves the sections as they are", () => {
  const github = { exclude: { labels: ["skip"], authors: [] }, categories: [] }
  expect(layout([pull(1, ["skip"]), pull(2, [])], github)).toEqual([1, "Features: c2"])
})
