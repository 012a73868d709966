import { expect, test } from "vitest"
import { readGitHubNotes } from "../../src/config/read-github-notes.ts"

const FILE = ".github/release.yml"
const none = { labels: [], authors: [] }

test("GitHub's own file is read, keys of theirs that we do not know let be", () => {
  const text = `changelog:
  exclude:
    labels: [ignore-for-release]
    authors: [octocat]
  template: later
  categories:
    - title: Breaking Changes 🛠
      labels: [Semver-Major, 1.0]
    - title: Other Changes
      labels: ["*"]
      exclude: { labels: [dependencies] }
`
  expect(readGitHubNotes(text, FILE)).toEqual({
    ok: true,
    value: {
      exclude: { labels: ["ignore-for-release"], authors: ["octocat"] },
      categories: [
        { title: "Breaking Changes 🛠", labels: ["Semver-Major", "1"], exclude: none },
        { title: "Other Changes", labels: ["*"], exclude: { labels: ["dependencies"], authors: [] } },
      ],
    },
  })
})

test.each(["", "# nothing\n", "changelog: {}\n"])("a file that says nothing arranges nothing: %j", (text) => {
  expect(readGitHubNotes(text, FILE)).toEqual({ ok: true, value: { exclude: none, categories: [] } })
})

test.each([
  ["changelog:\n  categories:\n    - labels: [a]\n", 3, "changelog.categories[0].title"],
  ["changelog:\n  categories:\n    - title: A\n      labels: bug\n", 4, "changelog.categories[0].labels"],
  ["changelog:\n  categories: Features\n", 2, "changelog.categories"],
  ["- changelog\n", 1, ""],
  ["changelog: [\n", 2, ""],
])("a mistake is named with its place: %j", (text, line, path) => {
  const read = readGitHubNotes(text, FILE)
  expect(read).toMatchObject({ ok: false, problems: [{ file: FILE, line, path }] })
})
