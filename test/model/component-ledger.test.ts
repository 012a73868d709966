import { expect, test } from "vitest"
import type { Commit } from "../../src/model/change.ts"
import { type Component, componentsOf } from "../../src/model/component.ts"
import { changesBetween, startComponentFrom, trackOf, type Which } from "../../src/model/component-ledger.ts"
import { configSchema } from "../../src/model/config.ts"
import { extend, type Ledger } from "../../src/model/ledger.ts"
import { type Manifest, matchesFolder, mayNeed, workspaceOf } from "../../src/model/workspace.ts"

const config = (written: object) => configSchema.parse(written)
const CONFIG = config({ components: { api: { path: "api/**" }, web: { path: "web/**" } } })
const DIVISION = { components: componentsOf(CONFIG), shared: [".github/slipway.yml"] }

/** `files`: null where nobody told. */
const commit = (sha: string, files: readonly string[] | null, more: Partial<Commit> = {}): Commit => ({
  sha,
  message: `feat: ${sha}`,
  authorName: "Ann",
  at: "2026-11-02T09:00:00Z",
  landing: sha,
  ...(files ? { files } : {}),
  ...more,
})

const base = (version: string, sha: string) => ({ tag: `v${version}`, version, sha })

const ledger = (commits: readonly Commit[], starts: Ledger["starts"] = {}): Ledger => ({
  branch: "main",
  base: null,
  starts: { api: { base: base("1.0.0", "c0") }, web: { base: base("2.0.0", "c0") }, ...starts },
  head: commits.at(-1)?.sha ?? "c0",
  commits,
  pulls: [],
  heads: [],
})

const changes = (of: Ledger, name: string, which: Which) => {
  const track = trackOf(of, DIVISION, name)
  return track && changesBetween(track, which, undefined, undefined).map(({ id }) => id)
}
const own = (of: Ledger, name: string) => changes(of, name, "own")

const PULL = {
  number: 7,
  title: "feat: a",
  labels: [],
  author: { login: "ann", id: "1", type: "User" as const },
  mergeSha: "m",
  headSha: "b2",
  mergedAt: "2026-11-02T09:00:00Z",
}

test.each([
  ["touches one", [commit("c1", ["api/a"])], ["c1"], []],
  ["touches both", [commit("c1", ["api/a", "web/a"])], ["c1"], ["c1"]],
  ["touches neither", [commit("c1", ["README.md"])], [], []],
  ["touched nobody knows what: it is lost to none", [commit("c1", null)], ["c1"], ["c1"]],
  ["touches a folder, of which no file is named", [commit("c1", ["api/"])], ["c1"], []],
  ["only has a name that begins alike", [commit("c1", ["api-docs/a"])], [], []],
])("a change that %s", (_, commits, api, web) => {
  expect(own(ledger(commits), "api")).toEqual(api)
  expect(own(ledger(commits), "web")).toEqual(web)
})

test("a merge of the main branch into a pull request's brings no other components into it", () => {
  const at = { landing: "m" }
  const of = {
    ...ledger([
      commit("b1", ["api/a"], at),
      commit("b2", ["web/a"], { ...at, message: "Merge branch 'main' into topic" }),
      commit("m", ["api/a"], { ...at, message: "Merge pull request #7 from acme/topic" }),
    ]),
    pulls: [{ ...PULL, commits: 2 }],
  }
  expect(own(of, "api")).toEqual(["#7"])
  expect(own(of, "web")).toEqual([])
  // Anybody can call a commit a merge, and a merge can bring more than it merges: it is in no notes, but not unseen.
  expect(changes(of, "web", "covered")).toEqual(["#7"])
})

test.each([
  ["of which nobody told what it touched", { files: null }, ["#7"], ["#7"]],
  ["that touches what decides about gates", { files: [".github/slipway.yml"] }, ["#7"], ["#7"]],
  ["of nothing", { files: [] }, ["#7"], []],
])("a commit called a merge %s is covered where it may matter", (_, { files }, api, web) => {
  const at = { landing: "m" }
  const of = {
    ...ledger([commit("b2", files, { ...at, message: "Merge branch 'main' into topic" }), commit("m", ["api/a"], at)]),
    pulls: [{ ...PULL, commits: 2 }],
  }
  expect(changes(of, "api", "covered")).toEqual(api)
  expect(changes(of, "web", "covered")).toEqual(web)
})

test.each([
  ["its own newest landing", [commit("c1", ["api/a"]), commit("c2", ["web/a"])], "c1"],
  ["its last release, while nothing touches it", [commit("c1", ["web/a"])], "c0"],
  ["what decides about gates, though it lies in no component", [commit("c1", [".github/slipway.yml"])], "c1"],
  [
    "the end of a push, of which only the first commit touched it",
    [commit("c1", ["api/a"], { landing: "c2" }), commit("c2", ["docs/a"])],
    "c2",
  ],
])("a component stands at %s", (_, commits, head) => {
  expect(trackOf(ledger(commits), DIVISION, "api")?.ledger.head).toBe(head)
})

test("each begins at its own last release; on another line of commits by what that one really reaches", () => {
  const commits = [
    commit("c1", ["api/1"], { parents: ["c0"] }),
    commit("s1", ["api/s"], { parents: ["c0"], landing: "c3" }),
    commit("s2", ["api/t"], { parents: ["s1"], landing: "c3" }),
    commit("c3", [], { parents: ["c1", "s2"] }),
    commit("c4", ["api/4"], { parents: ["c3"] }),
  ]
  expect(own(ledger(commits, { api: { base: base("1.1.0", "c3") } }), "api")).toEqual(["c4"])
  // `s1` was released on the branch that was merged: what main had besides is still to come.
  expect(own(ledger(commits, { api: { base: base("1.1.0", "s1") } }), "api")).toEqual(["c1", "s2", "c4"])
  expect(own(ledger(commits, { api: { base: null } }), "api")).toEqual(["c1", "s1", "s2", "c4"])
})

test("a component without a known start is not guessed at", () => {
  const { starts: _, ...whole } = ledger([commit("c1", ["api/a"])])
  expect(trackOf(whole, DIVISION, "api")).toBeUndefined()
})

test("what no component needs any more is dropped, and nothing before that", () => {
  const commits = [commit("c1", ["api/1"]), commit("c2", ["web/2"]), commit("c3", ["api/3"])]
  const first = startComponentFrom(ledger(commits), "api", base("1.1.0", "c3"))
  expect(first?.commits.map(({ sha }) => sha)).toEqual(["c1", "c2", "c3"])
  const second = first && startComponentFrom(first, "web", base("2.1.0", "c2"))
  expect(second?.commits.map(({ sha }) => sha)).toEqual(["c3"])
  expect(second && own(second, "api")).toEqual([])
  expect(startComponentFrom(ledger(commits), "api", base("9.0.0", "elsewhere"))).toBeNull()
})

test("a history of more changes than a call takes arguments is divided as any other", () => {
  const commits = Array.from({ length: 130_000 }, (_, at) => commit(`c${at + 1}`, ["api/a"]))
  const track = trackOf(ledger(commits), DIVISION, "api")
  expect([track?.own?.size, track?.ledger.head]).toEqual([130_000, "c130000"])
})

test("of the files of a push only what the configuration asks for is kept", () => {
  const push = (paths: Ledger["paths"]) => {
    const before = { ...ledger([]), ...(paths ? { paths } : {}) }
    const commits = [commit("c1", ["api/a", "api/b", "docs/a"])]
    const extended = extend(before, [{ before: "c0", after: "c1", forced: false, complete: true, commits }])
    return extended.is === "extended" ? extended.ledger.commits[0]?.files : undefined
  }
  expect(push(["api/**", "web/**"])).toEqual(["api/a", "docs/a"])
  expect(push(["**/*.md"])).toEqual(["api/a"])
  expect(push(undefined)).toBeUndefined()
})

const packed = (manifests: readonly Manifest[]) => workspaceOf(manifests, { root: ["**"], pnpm: [] })

const manifest = (path: string, name: string | null, needs: readonly string[] = []) => ({
  path,
  blob: path,
  name,
  needs,
})

test("the packages of a workspace are components, with what they need of each other", () => {
  const workspace = packed([
    manifest("packages/shop/package.json", "@acme/shop", ["@acme/core", "react"]),
    manifest("packages/core/package.json", "@acme/core"),
    manifest("packages/nameless/package.json", null),
    manifest("tools/core/package.json", "core"),
  ])
  const components = componentsOf(config({ workspaces: true }), workspace)
  expect(components.map(({ name, paths, tag, dependsOn }) => [name, ...paths, tag, ...dependsOn])).toEqual([
    ["acme-core", "packages/core/**", "@acme/core@{version}"],
    ["shop", "packages/shop/**", "@acme/shop@{version}", "acme-core"],
    ["core", "tools/core/**", "core@{version}"],
  ])
})

test("of what a package needs elsewhere only a mark is kept, by which a new package is known to be needed", () => {
  const shop = manifest("packages/shop/package.json", "shop", ["core", "react", "left-pad"])
  const [kept] = packed([shop]).manifests
  if (!kept) throw new Error("the package is gone")
  expect(kept).toEqual({ ...manifest(shop.path, "shop"), others: expect.stringMatching(/^[0-9a-f]{12}$/) })
  expect(["core", "react", "left-pad", "right-pad"].filter((name) => mayNeed(kept, name))).toEqual([
    "core",
    "react",
    "left-pad",
  ])
  const both = packed([shop, manifest("packages/core/package.json", "core")])
  expect(both.manifests.map(({ path, needs }) => [path, ...needs])).toEqual([
    ["packages/core/package.json"],
    ["packages/shop/package.json", "core"],
  ])
  const [again] = packed(both.manifests.filter(({ name }) => name === "shop")).manifests
  expect(again && mayNeed(again, "core")).toBe(true)
})

test("a named component takes the packages in its paths in, and what they need", () => {
  const workspace = packed([
    manifest("packages/shop/package.json", "shop", ["core"]),
    manifest("packages/core/package.json", "core"),
  ])
  const written = { workspaces: true, components: { site: { path: "packages/shop/**" } }, linked: ["site", "core"] }
  expect(componentsOf(config(written), workspace)).toEqual<readonly Component[]>([
    { name: "site", paths: ["packages/shop/**"], tag: "site-v{version}", dependsOn: ["core"], linked: ["core"] },
    { name: "core", paths: ["packages/core/**"], tag: "core@{version}", dependsOn: [], linked: ["site"] },
  ])
})

test.each([
  ["packages/api", "packages/*", true],
  ["packages/api/inner", "packages/*", false],
  ["packages/api/inner", "packages/**", true],
  ["packages", "packages/**", true],
  ["apps/a/plugin-x", "apps/*/plugin-*", true],
  ["other/api", "packages/*", false],
  ["a/b/c/d/e", "**/**/**/**/x", false],
])("the folder %s and the pattern %s: %s", (folder, pattern, matches) => {
  expect(matchesFolder(folder, pattern)).toBe(matches)
})
