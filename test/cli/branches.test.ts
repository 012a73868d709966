import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone, temporaryFolder } from "./local-clone.ts"

const CONFIG = `branches:
  - main
  - { name: next, channel: rc }
  - { name: beta, channel: beta }
  - { name: 1.x, maintenance: true }
hotfix: { branches: ["hotfix/*"] }
`

/** v1.0.0 and, above it, v2.0.0 on main; each branch that is asked for begins at v1.0.0. */
function released(...branches: readonly string[]): LocalClone {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", CONFIG)
  clone.git("tag", "v1.0.0")
  for (const name of branches) clone.git("branch", name)
  clone.commit("feat!: b")
  clone.git("tag", "v2.0.0")
  return clone
}

const switchTo = (clone: LocalClone, name: string) => clone.git("switch", "-q", name)
const next = (clone: LocalClone, ...args: readonly string[]) => callJson(clone.directory, "next", ...args)

test("a channel makes prereleases, one counter each, as the branch that is checked out", async () => {
  const clone = released()
  clone.git("switch", "-q", "-c", "next")
  clone.commit("feat: c")
  expect(await next(clone)).toMatchObject({ current: "2.0.0", next: "2.1.0-rc.1", bump: "minor" })
  clone.git("tag", "v2.1.0-rc.1")
  expect(await next(clone)).toMatchObject({ current: "2.1.0-rc.1", next: null })
  const fix = clone.commit("fix: d")
  expect(await next(clone)).toMatchObject({
    current: "2.1.0-rc.1",
    next: "2.1.0-rc.2",
    because: [{ sha: fix, subject: "fix: d", bump: "patch" }],
  })
  const { out } = await call(clone.directory, "notes")
  expect(out).toMatch(/^## 2\.1\.0-rc\.2/)
  expect(out).toMatch(/ d /)
  expect(out).not.toMatch(/ c /)
  clone.git("branch", "beta")
  expect(await next(clone, "--branch", "beta")).toMatchObject({ next: "2.1.0-beta.1" })
  switchTo(clone, "main")
  clone.git("merge", "-q", "--ff-only", "next")
  expect(await next(clone)).toMatchObject({ current: "2.0.0", next: "2.1.0", bump: "minor" })
  expect((await call(clone.directory, "notes")).out).toMatch(/^## 2\.1\.0 .* c .* d /s)
})

test("a maintenance branch keeps to its range, and steps over what is out elsewhere", async () => {
  const clone = released("1.x", "other")
  switchTo(clone, "other")
  clone.commit("fix: elsewhere")
  clone.git("tag", "v1.0.1")
  switchTo(clone, "1.x")
  clone.commit("fix: c")
  expect(await next(clone)).toMatchObject({ current: "1.0.0", next: "1.0.2" })
  clone.commit("feat: d")
  expect(await next(clone)).toMatchObject({ next: "1.1.0" })
  const sha = clone.commit("feat!: e").slice(0, 7)
  const { code, out, err } = await call(clone.directory, "next")
  expect({ code, version: out.split(" ", 1)[0] }).toEqual({ code: 0, version: "1.1.0" })
  expect(err).toBe(
    `slipway next: “feat!: e” (${sha}) cannot be followed: 3.0.0 is outside 1.x, the range of this branch; ` +
      "release it from another one, or take off what asks for it\n",
  )
  expect((await call(clone.directory, "notes")).err).toContain(`(${sha}) cannot be followed: 3.0.0 is outside 1.x`)
})

test("a hotfix branch makes patches of the release that it is made from", async () => {
  const clone = released("hotfix/leak")
  switchTo(clone, "hotfix/leak")
  clone.commit("fix: c")
  expect(await next(clone)).toMatchObject({ current: "1.0.0", next: "1.0.1", bump: "patch" })
  const sha = clone.commit("feat: d").slice(0, 7)
  expect((await call(clone.directory, "next")).err).toContain(
    `“feat: d” (${sha}) cannot be followed: 1.1.0 is no patch of 1.0.0, and a hotfix branch makes nothing else`,
  )
})

test("a version that is out on another branch is taken, unless an earlier commit is asked about", async () => {
  const clone = released("other")
  const before = clone.commit("feat: c")
  switchTo(clone, "other")
  clone.commit("fix: elsewhere")
  for (const tag of ["v2.1.0", "v2.2.0+build.5"]) clone.git("tag", tag)
  switchTo(clone, "main")
  expect(await next(clone)).toMatchObject({ current: "2.0.0", next: "2.3.0" })
  expect(await next(clone, "--to", "main")).toMatchObject({ next: "2.3.0" })
  expect(await next(clone, "--to", before)).toMatchObject({ next: "2.1.0" })
  const stated = clone.commit("chore: e\n\nRelease-As: 2.1.0").slice(0, 7)
  expect((await call(clone.directory, "next")).err).toContain(
    `Release-As: 2.1.0 (${stated}) cannot be followed: 2.1.0 is a tag, or another release’s, already`,
  )
})

test("what a branch is stands in the default branch's configuration, as origin says which that is", async () => {
  const origin = released("1.x")
  switchTo(origin, "1.x")
  origin.commit("fix: c")
  origin.git("switch", "-q", "main")
  origin.git("branch", "-m", "main", "trunk")
  origin.write(".github/slipway.yml", CONFIG.replace("- main", "- trunk").replace("name: next", "name: topic"))
  const folder = temporaryFolder()
  origin.git("clone", "-q", `file://${origin.directory}`, folder)
  const clone = { directory: folder }
  expect(await callJson(folder, "next", "--branch", "1.x")).toMatchObject({ current: "1.0.0", next: "1.0.1" })
  expect(await callJson(folder, "next", "--to", "origin/1.x")).toMatchObject({ current: "1.0.0", next: "1.0.1" })
  origin.git("-C", folder, "switch", "-q", "-c", "topic", "origin/1.x")
  expect(await callJson(clone.directory, "next")).toMatchObject({ next: "1.0.1-rc.1" })
})

test("a topic makes what a stable branch would, and says that it is none", async () => {
  const clone = released()
  clone.git("switch", "-q", "-c", "topic")
  clone.commit("feat: c")
  expect(await call(clone.directory, "next")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^2\.1\.0 /),
    err:
      "slipway next: topic is no release branch; those are main, next, beta, 1.x, hotfix/*. " +
      "This is what it would make as a stable one\n",
  })
})

test.each([
  ["no such branch", ["--branch", "gone"], 2, "--branch gone: there is no such branch in this clone"],
  ["a pattern", ["--branch", "*"], 2, "there is no such branch"],
  ["a branch that releases nothing", ["--branch", "topic"], 1, "topic is no release branch; those are main, next"],
  ["--branch with --commits", ["--branch", "main", "--commits", "c.json"], 2, "--commits stands for git"],
  ["a start on a channel", ["--branch", "next", "--from", "v1.0.0"], 2, "counts from its last stable release"],
])("wrong: %s", async (_, args, code, says) => {
  const clone = released("topic", "next")
  expect(await call(clone.directory, "next", ...args)).toMatchObject({
    code,
    out: "",
    err: expect.stringContaining(says),
  })
})

test("components make a channel's versions too, each with its own counter", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", `${CONFIG}components:\n  api: { path: api }\n  web: { path: web }\n`)
  for (const tag of ["api-v1.0.0", "web-v3.0.0"]) clone.git("tag", tag)
  clone.git("switch", "-q", "-c", "next")
  clone.write("api/a", "a")
  clone.commit("fix: nobody's")
  expect(await next(clone)).toMatchObject({ components: { api: { next: null }, web: { next: null } } })
  clone.write("web/a", "a")
  clone.git("commit", "-q", "--amend", "-m", "feat: web")
  clone.git("tag", "web-v3.1.0-rc.1")
  clone.write("web/b", "b")
  clone.git("commit", "-q", "--amend", "-m", "fix: web")
  expect(await next(clone)).toMatchObject({
    components: { api: { next: null }, web: { current: "3.1.0-rc.1", next: "3.1.0-rc.2" } },
  })
})
