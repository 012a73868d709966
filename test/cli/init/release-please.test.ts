import { expect, test } from "vitest"
import { nextVersion } from "../../../src/decide/version.ts"
import { merged } from "../../decide/changes.ts"
import { written } from "./written.ts"

const MONOREPO = {
  "release-please-config.json": `{
  "$schema": "https://raw.githubusercontent.com/googleapis/release-please/main/schemas/config.json",
  "release-type": "node",
  "bump-minor-pre-major": true,
  "bump-patch-for-minor-pre-major": true,
  "separate-pull-requests": true,
  "changelog-sections": [
    { "type": "feat", "section": "Features" },
    { "type": "docs", "section": "Documentation" },
    { "type": "perf", "section": "Faster" },
    { "type": "chore", "section": "Chores", "hidden": true },
    { "type": "revert", "hidden": true }
  ],
  "plugins": ["node-workspace", { "type": "linked-versions", "groupName": "acme", "components": ["api", "web"] }, "sentence-case"],
  "packages": {
    "packages/api": {
      "component": "api",
      "extra-files": ["src/version.ts", { "type": "yaml", "path": "/charts/api/Chart.yaml", "jsonpath": "$.appVersion" }, "nothing.txt"]
    },
    "packages/web": { "changelog-path": "docs/CHANGES.md", "release-as": "3.0.0" },
    "crates/core": { "release-type": "rust", "include-v-in-tag": false, "tag-separator": "@" }
  }
}
`,
  ".release-please-manifest.json": '{ "packages/api": "0.4.0" }\n',
  "packages/api/package.json": '{ "name": "@acme/api", "version": "0.4.0" }\n',
  "packages/api/src/version.ts": 'export const VERSION = "0.4.0" // x-release-please-version\n',
  "packages/web/package.json": '{ "name": "@acme/web", "version": "0.4.0" }\n',
  "charts/api/Chart.yaml": 'name: api\nversion: 1.0.0\nappVersion: "0.4.0"\n',
  "crates/core/Cargo.toml": '[package]\nname = "core"\nversion = "0.4.0"\n',
}

test("a monorepo of release-please", async () => {
  const { config, lost } = await written(MONOREPO)
  expect(config.publish.mode).toBe("pull-request")
  expect(config.version).toMatchObject({ from: ["commits"], zero: "shift", initial: "1.0.0" })
  expect(config.components).toEqual({
    api: {
      path: ["packages/api/**"],
      tag: "api-v{version}",
      changelog: "packages/api/CHANGELOG.md",
      manifests: [
        { path: "packages/api/package.json" },
        { path: "packages/api/src/version.ts", regex: expect.stringContaining("x-release-please-version") },
        { path: "charts/api/Chart.yaml", jsonpath: "$.appVersion" },
      ],
    },
    web: {
      path: ["packages/web/**"],
      tag: "web-v{version}",
      changelog: "packages/web/docs/CHANGES.md",
      manifests: [{ path: "packages/web/package.json" }],
    },
    core: {
      path: ["crates/core/**"],
      tag: "core@{version}",
      changelog: "crates/core/CHANGELOG.md",
      manifests: [{ path: "crates/core/Cargo.toml" }],
    },
  })
  expect(config.linked).toEqual([["api", "web"]])
  expect(config.changes).toEqual([
    { when: { type: ["docs"] }, bump: "patch" },
    { when: { type: ["perf"] }, section: "Faster" },
    { when: { type: ["revert"] }, exclude: true },
  ])
  expect(lost.map((line) => line.split(": ")[0])).toEqual([
    "release-please-config.json:18 `packages.packages/api.extra-files[2]`",
    "release-please-config.json:20 `packages.packages/web.release-as`",
    "release-please-config.json:14 `plugins[2]`",
    ".release-please-manifest.json:1 `packages/api`",
    "release-please-config.json:6 `separate-pull-requests`",
  ])
})

test.each([
  ["is gone on from", ["api-v0.4.0"], []],
  [
    "without a tag is told, as it would be given out again",
    ["v0.4.0", "api-v0.3.0"],
    [
      ".release-please-manifest.json:1 `packages/api`: this clone has no tag `api-v0.4.0`; fetch it, or tag what 0.4.0 was released from",
    ],
  ],
])("a version of the manifest %s", async (_, tags, told) => {
  const { lost } = await written(MONOREPO, [], tags)
  expect(lost.filter((line) => line.startsWith(".release-please-manifest.json"))).toEqual(told)
})

test.each([
  ["feat: a", "0.4.1"],
  ["feat!: a", "0.5.0"],
  ["docs: a", "0.4.1"],
  ["chore: a", null],
])("it means what release-please meant: %s makes %s of 0.4.0", async (title, next) => {
  const { config } = await written(MONOREPO)
  expect(nextVersion({ changes: [merged(12, { title })], current: "0.4.0", config }).next).toBe(next)
})

test.each([
  ["the package's name", { "release-type": "node", packages: { ".": {} } }, "app-v{version}"],
  ["no component", { "release-type": "node", "include-component-in-tag": false, packages: { ".": {} } }, "v{version}"],
  ["neither v", { packages: { ".": { "include-component-in-tag": false, "include-v-in-tag": false } } }, "{version}"],
  ["a kind without a name", { "release-type": "simple", packages: { ".": {} } }, "v{version}"],
])("the tag of a single package: %s", async (_, please, tag) => {
  const { config } = await written({
    "release-please-config.json": JSON.stringify(please),
    "package.json": '{ "name": "@acme/app", "version": "1.2.3" }',
    "package-lock.json": '{ "version": "1.2.3", "packages": { "": { "version": "1.2.3" } } }',
  })
  expect(config.version).toMatchObject({ tag, zero: "major" })
  expect(config.publish.changelog).toBe("CHANGELOG.md")
  expect(config.components).toEqual({})
})

test("version files of a single package", async () => {
  const { config } = await written({
    "release-please-config.json": '{ "packages": { ".": { "release-type": "node" } } }',
    "package.json": '{ "name": "app", "version": "1.2.3" }',
    "package-lock.json": '{ "version": "1.2.3" }',
  })
  expect(config.publish.manifests).toEqual([{ path: "package.json" }, { path: "package-lock.json" }])
})
