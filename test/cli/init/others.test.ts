import { expect, test } from "vitest"
import { nextVersion } from "../../../src/decide/version.ts"
import { merged } from "../../decide/changes.ts"
import { written } from "./written.ts"

test("a workspace of changesets", async () => {
  const files = {
    ".changeset/config.json": `{
  "$schema": "https://unpkg.com/@changesets/config@3.0.0/schema.json",
  "changelog": "@changesets/cli/changelog",
  "commit": false,
  "fixed": [["@acme/ui-*"]],
  "linked": [["@acme/api", "@acme/client"]],
  "access": "public",
  "baseBranch": "trunk",
  "updateInternalDependencies": "patch",
  "ignore": ["@acme/docs"]
}`,
    "package.json": '{ "name": "root", "private": true, "workspaces": ["packages/*"] }',
    "packages/api/package.json": '{ "name": "@acme/api", "version": "1.0.0" }',
    "packages/client/package.json": '{ "name": "@acme/client", "version": "1.0.0" }',
    "packages/ui-a/package.json": '{ "name": "@acme/ui-a", "version": "1.0.0" }',
    "packages/ui-b/package.json": '{ "name": "@acme/ui-b", "version": "0.0.0" }',
    "packages/docs/package.json": '{ "name": "@acme/docs", "version": "1.0.0" }',
    "packages/tools/package.json": '{ "name": "tools", "private": true }',
  }
  const { config, lost } = await written(files, [], ["@acme/client@1.0.0", "@acme/ui-a@1.0.0"])
  expect(Object.keys(config.components)).toEqual(["api", "client", "ui-a", "ui-b"])
  expect(config.components.api).toEqual({
    path: ["packages/api/**"],
    tag: "@acme/api@{version}",
    changelog: "packages/api/CHANGELOG.md",
    manifests: [{ path: "packages/api/package.json" }],
  })
  expect(config.linked).toEqual([
    ["ui-a", "ui-b"],
    ["api", "client"],
  ])
  expect(config.branches).toEqual([{ name: "trunk", maintenance: false }])
  expect(config.publish.mode).toBe("pull-request")
  expect(lost[0]).toContain("versions by files in .changeset/: Slipway reads commits and titles instead")
  expect(lost[1]).toBe(
    "packages/api/package.json:1 `version`: this clone has no tag `@acme/api@1.0.0`; fetch it, or tag what 1.0.0 was released from",
  )
  expect(lost.map((line) => line.split(": ")[0]).slice(2)).toEqual([
    ".changeset/config.json:3 `changelog`",
    ".changeset/config.json:4 `commit`",
    ".changeset/config.json:7 `access`",
    ".changeset/config.json:9 `updateInternalDependencies`",
  ])
})

const VERSIONRC = {
  ".versionrc":
    '{\n  "tagPrefix": "release-",\n  "types": [{ "type": "feat", "section": "New" }, { "type": "docs", "hidden": true }],\n  "bumpFiles": ["VERSION", { "filename": "odd.bin", "type": "plain-text" }],\n  "scripts": { "postbump": "make" }\n}',
  VERSION: "0.1.0\n",
}

test("a .versionrc", async () => {
  const { config, lost } = await written(VERSIONRC)
  expect(config.version).toMatchObject({ tag: "release-{version}", zero: "shift", other: "patch" })
  expect(config.changes).toEqual([{ when: { type: ["feat"] }, section: "New" }])
  expect(config.publish).toMatchObject({
    mode: "pull-request",
    changelog: "CHANGELOG.md",
    manifests: [{ path: "VERSION" }],
  })
  expect(lost.map((line) => line.split(": ")[0])).toEqual([".versionrc:4 `bumpFiles[1]`", ".versionrc:5 `scripts`"])
})

test.each([
  ["feat: a", "0.1.0", "0.1.1"],
  ["feat!: a", "0.1.0", "0.2.0"],
  ["feat: a", "1.1.0", "1.2.0"],
  ["chore: a", "1.1.0", "1.1.1"],
])("it means what standard-version meant: %s makes of %s %s", async (title, current, next) => {
  const { config } = await written(VERSIONRC)
  expect(nextVersion({ changes: [merged(12, { title })], current, config }).next).toBe(next)
})

const GITHUB = `changelog:
  exclude:
    labels: [ignore-for-release]
    authors: [octocat]
  categories:
    - title: Breaking Changes 🛠
      labels: [Semver-Major, breaking-change]
    - title: Other Changes
      labels: ["*"]
      exclude: { labels: [dependencies] }
`

test("GitHub's own release.yml", async () => {
  const { config, lost } = await written({ ".github/release.yml": GITHUB })
  expect(config.changes).toEqual([
    { when: { label: ["ignore-for-release"] }, exclude: true },
    { when: { author: ["octocat"] }, exclude: true },
    { when: { label: ["Semver-Major", "breaking-change"] }, section: "Breaking Changes 🛠" },
    { when: { title: ["*"] }, section: "Other Changes" },
  ])
  expect(config.version.from).toEqual(["commits", "titles"])
  expect(lost).toEqual([expect.stringMatching(/^\.github\/release\.yml:10 `changelog\.categories\[1\]\.exclude`/)])
})

test("where two peers say the same key, what decides versions is taken, and the other is told", async () => {
  const { config, lost } = await written({
    ".github/release.yml": GITHUB,
    ".github/release-drafter.yml": "exclude-labels: [skip]\n",
  })
  expect(config.changes).toEqual([
    { when: { label: ["skip"] }, exclude: true },
    { when: { title: ["*"] }, bump: "patch" },
  ])
  expect(lost[0]).toContain(".github/release.yml:6 `changelog.categories[0]`")
  expect(lost[0]).toContain("`changes` is already as release-drafter has it")
})

test.each([
  ["nothing", {}],
  [
    "a hostile name",
    { ".github/release-drafter.yml": 'template: "x\\nversion: { other: patch }"\n"a\\nbranches: [evil]": 1\n' },
  ],
  [
    "values of every wrong kind",
    {
      ".github/release-drafter.yml":
        "categories: 3\nversion-resolver: [1]\ntag-template: { a: 1 }\nexclude-labels: { b: 2 }\n",
    },
  ],
  [
    "wrong kinds in JSON",
    {
      "release-please-config.json":
        '{"packages":{"a/../../b":{"extra-files":[1,"../../etc/passwd"]},"c":null},"plugins":7,"changelog-sections":"x"}',
    },
  ],
  [
    "wrong kinds in .releaserc",
    {
      ".releaserc":
        '{"branches":[{"name":""},7,null],"plugins":[[],[1],null,["@semantic-release/github",3]],"tagFormat":"x y"}',
    },
  ],
  [
    "wrong kinds in a changeset",
    { ".changeset/config.json": '{"fixed":[7,[1]],"linked":{},"ignore":3,"baseBranch":"a b"}' },
  ],
  ["wrong kinds in .versionrc", { ".versionrc": "types: [1]\ntagPrefix: 'a b'\nbumpFiles: {}\n" }],
])("what is written is valid whatever the peer's file holds: %s", async (_, files) => {
  const { config } = await written(files as { [path: string]: string })
  expect(config.branches ?? []).not.toContainEqual(expect.objectContaining({ name: "evil" }))
  expect(config.version.tag).toMatch(/^\S*\{version\}$/)
})
