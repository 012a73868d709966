import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone } from "./local-clone.ts"

/** Two lines, a prerelease, a commit of the tool's own, and a version for every reason that a small story can have. */
function history(): LocalClone {
  const clone = new LocalClone()
  clone.git("remote", "add", "origin", "git@github.com:acme/app.git")
  const release = (version: string, ...messages: readonly string[]) => {
    clone.commit(...messages)
    clone.git("tag", "-a", `v${version}`, "-m", version)
  }
  release("0.9.0", "feat: a")
  release("1.0.0", "fix: declare it stable")
  release("1.1.0", "feat: b", "chore(release): 1.1.0")
  clone.git("branch", "1.x")
  release("1.1.1", "chore: tidy", "chore(release): v1.1.1")
  release("2.0.0-rc.0", "feat!: c")
  release("2.0.0", "fix: d")
  release("2.0.1", "feat: e as a patch")
  clone.git("switch", "-q", "1.x")
  release("1.1.2", "fix: f")
  clone.git("tag", "nightly")
  clone.git("switch", "-q", "main")
  return clone
}

const verdicts = (found: Record<string, unknown>) =>
  (found.releases as { version: string; previous: string; slipway: string; verdict: string; category?: string }[]).map(
    ({ version, previous, slipway, verdict, category }) => [version, previous, slipway, category ?? verdict],
  )

test("every release is judged by what its own line had", async () => {
  const found = await callJson(history().directory, "replay")
  expect(verdicts(found)).toEqual([
    ["1.1.2", "1.1.0", "1.1.2", "agrees"],
    ["2.0.1", "2.0.0", "2.1.0", "lower-than-marked"],
    ["2.0.0", "1.1.1", "2.0.0", "agrees"],
    ["2.0.0-rc.0", "1.1.1", "2.0.0-rc.1", "prerelease-number"],
    ["1.1.1", "1.1.0", null, "other-policy"],
    ["1.1.0", "1.0.0", "1.1.0", "agrees"],
    ["1.0.0", "0.9.0", "0.9.1", "graduation"],
    ["0.9.0", null, "0.1.0", "first"],
  ])
  expect(found).toMatchObject({
    repository: "acme/app",
    stable: { agreed: 3, of: 6 },
    prereleases: { agreed: 0, of: 1 },
    better: { version: { other: "patch" }, share: { agreed: 4, of: 6 } },
  })
})

test("for people: a line a release, the share, and why the others differ", async () => {
  const { out, code } = await call(history().directory, "replay")
  expect(code).toBe(0)
  expect(out).toBe(`acme/app: tags such as v{version}
  = 1.1.2       2026-11-01
  ≠ 2.0.1       2026-11-01  Slipway 2.1.0       lower-than-marked: the range holds “feat: e as a patch”
  = 2.0.0       2026-11-01
  ≠ 2.0.0-rc.0  2026-11-01  Slipway 2.0.0-rc.1  prerelease-number: 2.0.0-rc.1 would be the next of this channel
  ≠ 1.1.1       2026-11-01  Slipway none        other-policy: \`version.other: patch\` releases it
  = 1.1.0       2026-11-01
  ≠ 1.0.0       2026-11-01  Slipway 0.9.1       graduation: no commit states it
  · 0.9.0       2026-11-01  the first release

50.0 % agree: 3 of 6 stable releases, with \`version: { zero: minor, other: none }\`.
0.0 % of the prereleases: 0 of 1, their channel given.
66.7 % would, with \`version: { zero: minor, other: patch }\`: 4 of 6.

Why the others differ
     1  lower-than-marked   less than a commit of the range asks for in plain words of the convention
     1  prerelease-number   the same version and channel, counted another way
     1  other-policy        nothing asked for a release; \`version.other: patch\` gives the version that was released
     1  graduation          from 0.x to 1.0.0, which people declare; no commit says so
`)
})

test("components are replayed by their own tags, with the changes of their own paths", async () => {
  const clone = new LocalClone()
  const change = (path: string, message: string) => {
    clone.write(path, message)
    clone.git("commit", "-q", "--amend", "-m", message)
  }
  clone.write(
    ".github/slipway.yml",
    "components: { api: { path: api/** }, web: { path: web/**, tag: 'web/{version}' } }\n",
  )
  change("api/a", "feat: a")
  clone.git("tag", "api-v1.0.0")
  clone.git("tag", "web/1.0.0")
  change("web/b", "feat!: b")
  change("api/c", "fix: c")
  clone.git("tag", "api-v1.0.1")
  clone.git("tag", "web/2.0.0")
  const found = await callJson(clone.directory, "replay")
  expect(found).toMatchObject({ stable: { agreed: 2, of: 2 } })
  expect(found.releases).toMatchObject([
    { component: "api", tag: "api-v1.0.1", slipway: "1.0.1" },
    { component: "api", tag: "api-v1.0.0" },
    { component: "web", tag: "web/2.0.0", slipway: "2.0.0" },
    { component: "web", tag: "web/1.0.0" },
  ])
})

test("the packages of a workspace are replayed as components", async () => {
  const clone = new LocalClone()
  const change = (path: string, message: string) => {
    clone.write(path, message)
    clone.git("commit", "-q", "--amend", "-m", message)
  }
  clone.write(".github/slipway.yml", "workspaces: true\n")
  clone.write("package.json", '{ "workspaces": ["packages/*"] }')
  for (const name of ["a", "b"]) {
    clone.write(`packages/${name}/package.json`, `{ "name": "@acme/${name}" }`)
    clone.git("tag", `@acme/${name}@1.0.0`)
  }
  change("packages/a/x", "feat: x")
  change("packages/b/y", "fix: y")
  clone.git("tag", "@acme/a@1.1.0")
  clone.git("tag", "@acme/b@1.0.1")
  const found = await callJson(clone.directory, "replay")
  expect(verdicts(found)).toEqual([
    ["1.1.0", "1.0.0", "1.1.0", "agrees"],
    ["1.0.0", null, null, "first"],
    ["1.0.1", "1.0.0", "1.0.1", "agrees"],
    ["1.0.0", null, null, "first"],
  ])
  const { out } = await call(clone.directory, "notes", "--all")
  expect(out).toMatch(/## a 1\.1\.0[^#]+### Features\s+- x/)
  expect(out).not.toMatch(/## b 1\.0\.1[^#]+### Features/)
})

test("rules that ask for paths are followed", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  clone.write(".github/slipway.yml", "changes: [{ when: { path: 'site/**' }, bump: none }]\n")
  clone.write("site/index.html", "x")
  clone.git("commit", "-q", "--amend", "-m", "feat: a page")
  clone.write("app.js", "x")
  clone.git("commit", "-q", "--amend", "-m", "fix: b")
  clone.git("tag", "v1.0.1")
  expect(verdicts(await callJson(clone.directory, "replay"))[0]).toEqual(["1.0.1", "1.0.0", "1.0.1", "agrees"])
})

test("a single release has nothing to be compared with", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  const { out } = await call(clone.directory, "replay")
  expect(out).toContain("Nothing to compare yet: a first release may have any version.")
})

test("--config replays another policy", async () => {
  const clone = history()
  clone.write("policy.yml", "version: { other: patch }\n")
  expect(await callJson(clone.directory, "replay", "--config", "policy.yml")).toMatchObject({
    stable: { agreed: 4 },
    better: null,
  })
})

test.each([
  ["without tags", (clone: LocalClone) => clone.commit("feat: a")],
  ["without commits", () => undefined],
])("a clone %s has nothing to replay", async (_, make) => {
  const clone = new LocalClone()
  make(clone)
  expect(await call(clone.directory, "replay")).toEqual({
    code: 0,
    out: "No release to replay: no tag of this clone follows `v{version}`.\n",
    err: "",
  })
})

test("a shallow clone cannot be replayed, and is told so", async () => {
  const clone = history()
  const shallow = new LocalClone()
  shallow.git("fetch", "-q", "--depth=1", `file://${clone.directory}`, "main")
  shallow.git("reset", "-q", "--hard", "FETCH_HEAD")
  const { code, err } = await call(shallow.directory, "replay")
  expect(code).toBe(1)
  expect(err).toContain("git fetch --unshallow --tags")
})
