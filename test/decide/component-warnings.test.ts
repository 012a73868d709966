import { expect, test } from "vitest"
import { componentWarnings } from "../../src/decide/component-warnings.ts"
import { configSchema } from "../../src/model/config.ts"
import type { Line } from "../../src/model/state.ts"

const api = { name: "@acme/api", component: "api", folder: "packages/api", dependsOn: [] }

const lineWith = (written: object): Line => ({
  branch: "main",
  config: { is: "valid", path: "f", blob: "b", value: configSchema.parse(written) },
  plan: { is: "absent" },
  inForce: {},
  workspace: { packages: [api], manifests: [], patterns: { root: [], pnpm: [] } },
})

test.each([
  [
    "a linked name with a slip",
    { workspaces: true, linked: ["api", "apu"] },
    ["“linked” names “apu”, which is no component: did you mean “api”?"],
  ],
  [
    "a linked name of nothing",
    { workspaces: true, linked: ["api", "website"] },
    ["“linked” names “website”, which is no component"],
  ],
  ["linked packages", { workspaces: true, components: { web: { path: "w" } }, linked: ["api", "web"] }, []],
  [
    "the whole repository's files beside components",
    { components: { web: { path: "w" } }, publish: { manifests: ["package.json"], changelog: "CHANGELOG.md" } },
    [
      "Nothing writes what “publish.manifests” and “publish.changelog” names: of a repository with components each has its own.",
    ],
  ],
  ["a name for the packages' changelogs", { workspaces: true, publish: { changelog: "CHANGELOG.md" } }, []],
  ["no components", { publish: { changelog: "CHANGELOG.md" } }, []],
])("%s", (_, written, warnings) => {
  expect(componentWarnings(lineWith(written))).toEqual(warnings)
})
