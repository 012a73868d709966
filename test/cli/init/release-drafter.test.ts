import { expect, test } from "vitest"
import { nextVersion } from "../../../src/decide/version.ts"
import { merged } from "../../decide/changes.ts"
import { written } from "./written.ts"

const CONFIG = `name-template: 'v$RESOLVED_VERSION 🌈'
tag-template: 'v$RESOLVED_VERSION'
categories:
  - title: '🚀 Features'
    labels: [feature, enhancement]
  - title: '🐛 Bug Fixes'
    labels:
      - 'fix'
      - 'bug'
  - title: '⬆️ Dependencies'
    label: dependencies
    collapse-after: 3
  - title: 'Other'
change-template: '- $TITLE @$AUTHOR (#$NUMBER)'
change-title-escapes: '\\<*_&'
exclude-labels: [skip-changelog]
references: [main, refs/heads/next]
version-resolver:
  major: { labels: [breaking] }
  minor: { labels: [feature, minor] }
  patch: { labels: [patch] }
  default: patch
autolabeler:
  - label: chore
    files: ['*.md']
template: |
  ## Changes
  $CHANGES
prerelease: false
`

test("a release-drafter configuration", async () => {
  const { config, text, lost } = await written({ ".github/release-drafter.yml": CONFIG })
  expect(config.version).toMatchObject({ tag: "v{version}", from: ["labels"] })
  expect(config.notes.line).toBe("{title} @{author} (#{number})")
  expect(config.branches?.map(({ name }) => name)).toEqual(["main", "next"])
  expect(config.changes).toEqual([
    { when: { label: ["skip-changelog"] }, exclude: true },
    { when: { label: ["breaking"] }, bump: "major" },
    { when: { label: ["feature"] }, bump: "minor", section: "🚀 Features" },
    { when: { label: ["minor"] }, bump: "minor" },
    { when: { label: ["enhancement"] }, bump: "patch", section: "🚀 Features" },
    { when: { label: ["fix", "bug"] }, bump: "patch", section: "🐛 Bug Fixes" },
    { when: { label: ["dependencies"] }, bump: "patch", section: "⬆️ Dependencies", fold: true },
    { when: { label: ["patch"] }, bump: "patch" },
    { when: { title: ["*"] }, bump: "patch", section: "Other" },
  ])
  expect(text).toContain("# .github/release-drafter.yml:3 `categories`: the largest bump first")
  expect(lost.map((line) => line.split(": ")[0])).toEqual([
    ".github/release-drafter.yml:1 `name-template`",
    ".github/release-drafter.yml:15 `change-title-escapes`",
    ".github/release-drafter.yml:23 `autolabeler`",
    ".github/release-drafter.yml:26 `template`",
    ".github/release-drafter.yml:29 `prerelease`",
  ])
})

test.each([
  [["feature"], "1.3.0"],
  [["bug", "breaking"], "2.0.0"],
  [["fix"], "1.2.4"],
  [["minor", "patch"], "1.3.0"],
  [[], "1.2.4"],
  // Names that Slipway knows by itself; this configuration did not.
  [["semver:minor"], "1.2.4"],
  [["skip-changelog", "breaking"], null],
])("it means what release-drafter meant: labels %j make %s of 1.2.3", async (labels, next) => {
  const { config } = await written({ ".github/release-drafter.yml": CONFIG })
  const changes = [merged(12, { title: "Anything", labels })]
  expect(nextVersion({ changes, current: "1.2.3", config }).next).toBe(next)
})

test("a configuration of a part of the repository is a component", async () => {
  const { config } = await written({
    ".github/release-drafter.yml": "tag-template: api-v$RESOLVED_VERSION\ninclude-paths: [services/api, docs/api.md]\n",
  })
  expect(config.components).toEqual({ api: { path: ["services/api/**", "docs/api.md"], tag: "api-v{version}" } })
})

test("what lies elsewhere or has no equal is said", async () => {
  const { lost } = await written({
    ".github/release-drafter.yml":
      "_extends: .github\ntag-template: release/$RESOLVED_VERSION/$MAJOR\nchange-template: $BODY\ninclude-paths: [a]\n",
    ".github/release-drafter-docs.yml": "template: x\n",
  })
  expect(lost).toEqual([
    ".github/release-drafter.yml:1 `_extends`: that file lies in another repository and was not read; carry its settings over by hand",
    ".github/release-drafter-docs.yml:1 `the whole file`: a second configuration was not carried over; a part of a repository is a component: `components`",
    expect.stringContaining(":4 `include-paths`: a part of a repository is a component"),
    expect.stringContaining(":2 `tag-template`: a tag has `{version}` in it"),
    expect.stringContaining(":3 `change-template`: it has fields that `notes.line` lacks"),
  ])
})

test("a default of minor is a last rule", async () => {
  const { config } = await written({
    ".github/release-drafter.yml": "version-resolver:\n  patch: { labels: [fix] }\n  default: minor\n",
  })
  expect(nextVersion({ changes: [merged(12, { title: "Anything", labels: [] })], current: "1.2.3", config }).next).toBe(
    "1.3.0",
  )
  expect(
    nextVersion({ changes: [merged(12, { title: "Anything", labels: ["fix"] })], current: "1.2.3", config }).next,
  ).toBe("1.2.4")
})
