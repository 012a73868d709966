import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"
import { workspaceOf } from "../../src/model/workspace.ts"
import { workspaceProblem } from "../../src/model/workspace-problem.ts"

const problem = (written: object, ...packages: readonly (readonly [folder: string, name: string])[]) => {
  const manifests = packages.map(([folder, name]) => ({
    path: `${folder}/package.json`,
    blob: folder,
    name,
    needs: [],
  }))
  return workspaceProblem(
    configSchema.parse({ workspaces: true, ...written }),
    workspaceOf(manifests, { root: ["**"], pnpm: [] }),
  )
}

test.each<[string, object, readonly (readonly [string, string])[], RegExp]>([
  [
    "two packages of one name",
    {},
    [
      ["packages/a", "@acme/api"],
      ["tools/a", "@acme/api"],
    ],
    /^`packages\/a\/package\.json`, `tools\/a\/package\.json` both name their package `@acme\/api`: rename one/,
  ],
  [
    "one of them within a named component, which would take the other's place",
    { components: { site: { path: "apps/site/**" } } },
    [
      ["apps/site/fixtures/core", "core"],
      ["packages/core", "core"],
    ],
    /both name their package `core`/,
  ],
  [
    "scopes that make the same component",
    {},
    [
      ["packages/a", "@acme/api"],
      ["packages/b", "@other/api"],
      ["packages/c", "acme-api"],
    ],
    /two components would be called `acme-api` \(`packages\/a\/\*\*`, `packages\/c\/\*\*`\)/,
  ],
  [
    "a package called like a named component elsewhere",
    { components: { api: { path: "services/api" } } },
    [["packages/api", "@acme/api"]],
    /two components would be called `api` \(`services\/api`, `packages\/api\/\*\*`\)/,
  ],
  [
    "a named component with a package's tags",
    { components: { server: { path: "services/api", tag: "@acme/api@{version}" } } },
    [["packages/api", "@acme/api"]],
    /components `server` and `api` have tags that can be taken for each other's/,
  ],
  [
    "a named component whose tags a package's would be read as",
    { components: { server: { path: "services/api", tag: "api@{version}-server" } } },
    [["packages/api", "api"]],
    /give `server` another `tag`/,
  ],
])("%s are a problem", (_, written, packages, said) => {
  expect(problem(written, ...packages)).toMatch(said)
})

test.each<[string, object, readonly (readonly [string, string])[]]>([
  [
    "packages of one name in two scopes",
    {},
    [
      ["packages/a", "@acme/api"],
      ["packages/b", "@other/api"],
    ],
  ],
  [
    "copies within one named component",
    { components: { site: { path: "apps/site/**" } } },
    [
      ["apps/site/fixtures/a", "core"],
      ["apps/site/fixtures/b", "core"],
    ],
  ],
  [
    "a package within the component of its name",
    { components: { api: { path: "packages/api" } } },
    [["packages/api", "api"]],
  ],
  [
    "packages that nobody asks for",
    { workspaces: false },
    [
      ["a", "x"],
      ["b", "x"],
    ],
  ],
])("%s are none", (_, written, packages) => {
  expect(problem(written, ...packages)).toBeNull()
})
