import { expect, test } from "vitest"
import { nextVersion } from "../../../src/decide/version.ts"
import { merged } from "../../decide/changes.ts"
import { written } from "./written.ts"

const YAML = `branches:
  - +([0-9])?(.{+([0-9]),x}).x
  - main
  - { name: next, channel: next }
  - { name: beta, prerelease: true }
  - { name: rollout, prerelease: rc }
tagFormat: "\${version}"
plugins:
  - - "@semantic-release/commit-analyzer"
    - preset: conventionalcommits
      releaseRules:
        - { type: docs, scope: README, release: patch }
        - { type: perf, release: false }
        - { breaking: true, release: minor }
      parserOpts: { noteKeywords: [X] }
  - - "@semantic-release/release-notes-generator"
    - presetConfig: { types: [{ type: fix, section: Mended }] }
  - - "@semantic-release/changelog"
    - changelogFile: docs/CHANGELOG.md
  - "@semantic-release/npm"
  - - "@semantic-release/git"
    - assets: [package.json, docs/CHANGELOG.md, dist/**]
      message: "chore(release): \${nextRelease.version}"
  - - "@semantic-release/github"
    - { assets: [{ path: "dist/*.tgz", label: Package }], successComment: false, failTitle: Oh }
  - "@semantic-release/exec"
  - own-plugin
`

test("a .releaserc in YAML", async () => {
  const files = { ".releaserc": YAML, "package.json": '{ "name": "app", "version": "1.2.3" }' }
  const { config, lost } = await written(files, ["1.x", "2.3.x", "next"])
  expect(config.branches).toEqual([
    { name: "1.x", maintenance: true },
    { name: "2.3.x", maintenance: true },
    { name: "main", maintenance: false },
    { name: "next", maintenance: false },
    { name: "beta", channel: "beta", maintenance: false },
    { name: "rollout", channel: "rc", maintenance: false },
  ])
  expect(config.version).toMatchObject({ tag: "{version}", from: ["commits"], zero: "major", initial: "1.0.0" })
  expect(config.changes).toEqual([
    { when: { type: ["docs"], scope: ["README"] }, bump: "patch" },
    { when: { type: ["perf"] }, bump: "none" },
    { when: { type: ["fix"] }, section: "Mended" },
  ])
  expect(config.publish).toMatchObject({
    mode: "pull-request",
    changelog: "docs/CHANGELOG.md",
    manifests: [{ path: "package.json" }],
    assets: [{ name: "*.tgz" }],
    comments: false,
  })
  expect(lost.map((line) => line.split(": ")[0])).toEqual([
    ".releaserc:4 `branches[2].channel`",
    ".releaserc:14 `plugins[0][1].releaseRules[2]`",
    ".releaserc:15 `plugins[0][1].parserOpts`",
    ".releaserc:20 `plugins[3]`, .releaserc:26 `plugins[6]`",
    ".releaserc:22 `plugins[4][1].assets`",
    ".releaserc:23 `plugins[4][1].message`",
    ".releaserc:25 `plugins[5][1].failTitle`",
    ".releaserc:27 `plugins[7]`",
  ])
})

test("the defaults of a package.json", async () => {
  const { config, text } = await written(
    { "package.json": '{\n  "name": "app",\n  "release": { "extends": "@acme/release" }\n}' },
    ["beta"],
  )
  expect(config.branches).toEqual([
    { name: "main", maintenance: false },
    { name: "beta", channel: "beta", maintenance: false },
  ])
  expect(config.publish).toMatchObject({ mode: "auto", manifests: [] })
  expect(text).toContain("# - package.json:3 `extends`: a shared configuration is a package, which was not read")
})

test.each([
  ["feat!: a", "0.4.0", "1.0.0"],
  ["docs(README): a", "1.2.3", "1.2.4"],
  ["perf: a", "1.2.3", null],
  ["chore: a", "1.2.3", null],
])("it means what semantic-release meant: %s makes of %s %s", async (title, current, next) => {
  const { config } = await written({ ".releaserc.yml": YAML })
  expect(nextVersion({ changes: [merged(12, { title })], current, config }).next).toBe(next)
})

test("a program is named, and not run", async () => {
  const { config, text } = await written({ "release.config.js": "throw new Error('run')\n" })
  expect(text).toContain("# release.config.js, of semantic-release, is a program: it was not run")
  expect(config.version.from).toEqual(["commits", "titles"])
})
