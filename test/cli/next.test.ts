import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone, temporaryFolder } from "./local-clone.ts"

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts")

test("the contract for scripts, by a real process", () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.4.1")
  clone.commit("docs: b")
  const sha = clone.commit("feat(api): c\n\nwhy")
  const out = execFileSync(process.execPath, [MAIN, "next", "--json"], { cwd: clone.directory, encoding: "utf8" })
  expect(JSON.parse(out)).toEqual({
    current: "1.4.1",
    next: "1.5.0",
    bump: "minor",
    because: [{ sha, subject: "feat(api): c", bump: "minor" }],
  })
})

test("what people read", async () => {
  const clone = new LocalClone()
  clone.commit("fix: a")
  clone.git("tag", "v1.4.1")
  const sha = clone.commit("docs: b", "fix: c")
  expect(await call(clone.directory, "next")).toEqual({
    code: 0,
    err: "",
    out: `1.4.2  patch, after 1.4.1\n\n1 of 2 changes since 1.4.1 asks for it:\n  ${sha.slice(0, 7)}  fix: c\n`,
  })
})

test.each([
  ["", "No release: nothing has landed.\n"],
  ["v1.4.1", "No release: nothing has landed since 1.4.1.\n"],
])("where nothing has landed it says so: tag %j", async (tag, out) => {
  const clone = new LocalClone()
  if (tag !== "") {
    clone.commit("fix: a")
    clone.git("tag", tag)
  }
  expect(await call(clone.directory, "next")).toMatchObject({ code: 0, out })
})

test("nothing to release is an answer, not an error", async () => {
  const clone = new LocalClone()
  clone.commit("fix: a")
  clone.git("tag", "v1.4.1")
  clone.commit("docs: b")
  expect(await call(clone.directory, "next")).toMatchObject({
    code: 0,
    out: "No release: none of 1 change since 1.4.1 asks for one.\n",
  })
  expect(await callJson(clone.directory, "next")).toEqual({ current: "1.4.1", next: null, bump: null, because: [] })
})

test("a stated version that cannot be is refused, with the reason", async () => {
  const clone = new LocalClone()
  clone.commit("fix: a")
  clone.git("tag", "v1.4.1")
  const sha = clone.commit("feat: b\n\nRelease-As: 1.4.2").slice(0, 7)
  const { code, out, err } = await call(clone.directory, "next")
  expect({ code, next: out.split(" ", 1)[0] }).toEqual({ code: 0, next: "1.5.0" })
  expect(err).toBe(
    `slipway next: Release-As: 1.4.2 (${sha}) cannot be followed: “feat: b” asks for 1.5.0; state at least that in a later commit, or put right what asks for it\n`,
  )
  clone.commit("chore: c\n\nRelease-As: 2.0.0")
  expect(await callJson(clone.directory, "next")).toMatchObject({ next: "2.0.0", bump: "major" })
  expect((await call(clone.directory, "next")).err).toBe("")
})

test("no tags: the first release", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  expect(await callJson(clone.directory, "next")).toMatchObject({ current: null, next: "0.1.0", bump: "minor" })
})

test("an empty repository", async () => {
  const { directory } = new LocalClone()
  expect(await callJson(directory, "next")).toEqual({ current: null, next: null, bump: null, because: [] })
  expect((await call(directory, "next")).err).toBe("slipway next: there are no commits yet\n")
})

test("the latest release is the highest version among the ancestors", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  for (const tag of ["v9.0.0", "v10.0.0", "v11.0.0-rc.1x", "v11", "latest", "api-v20.0.0"]) clone.git("tag", tag)
  clone.git("tag", "-a", "v10.1.0", "-m", "annotated")
  clone.git("switch", "-q", "-c", "next")
  clone.commit("feat!: b")
  for (const minor of [0, 1, 2, 3, 4, 5]) clone.git("tag", `v12.${minor}.0`)
  clone.git("switch", "-q", "main")
  clone.commit("fix: c")
  expect(await callJson(clone.directory, "next")).toMatchObject({ current: "10.1.0", next: "11.0.0" })
  clone.git("tag", "-d", "v11.0.0-rc.1x")
  expect(await callJson(clone.directory, "next")).toMatchObject({ current: "10.1.0", next: "10.1.1" })
})

test("a tag on something that is no commit is nobody's release", async () => {
  const clone = new LocalClone()
  clone.write("a.txt", "a")
  clone.git("tag", "v3.0.0", "HEAD:a.txt")
  clone.commit("feat: a")
  expect(await callJson(clone.directory, "next")).toMatchObject({ current: null })
})

test("--from and --to choose the range", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  const fix = clone.commit("fix: b")
  clone.git("tag", "v1.0.1")
  clone.commit("feat: c")
  expect(await callJson(clone.directory, "next", "--to", fix)).toMatchObject({ current: "1.0.1", next: null })
  expect(await callJson(clone.directory, "next", "--from", "v1.0.0")).toMatchObject({ current: "1.0.0", next: "1.1.0" })
  expect(await callJson(clone.directory, "next", "--from", "v1.0.0", "--to", "v1.0.1")).toMatchObject({ next: "1.0.1" })
  expect(await callJson(clone.directory, "next", "--from", fix)).toMatchObject({ current: "1.0.1", next: "1.1.0" })
})

test("a merge counts with all that it brings, and with the title that GitHub puts below", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  clone.git("switch", "-q", "-c", "topic")
  clone.commit("wip", "docs: b")
  clone.git("switch", "-q", "main")
  clone.git("merge", "-q", "--no-ff", "topic", "-m", "Merge pull request #12 from acme/topic\n\nfeat: bring b")
  const merge = clone.git("rev-parse", "HEAD")
  expect(await callJson(clone.directory, "next")).toMatchObject({
    next: "1.1.0",
    because: [{ sha: merge, subject: "feat: bring b", bump: "minor" }],
  })
})

test.each([
  ["a subfolder", [], "deep"],
  ["a detached head", ["checkout", "-q", "--detach"], ""],
  ["a worktree", ["worktree", "add", "-q", "tree"], "tree"],
  ["a bare clone", ["clone", "-q", "--bare", ".", "bare"], "bare"],
])("works in %s", async (_, prepare, folder) => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "version: { tag: 'app-{version}' }\n")
  clone.git("tag", "app-1.0.0")
  clone.commit("fix: a")
  mkdirSync(join(clone.directory, "deep"))
  if (prepare.length > 0) clone.git(...prepare)
  expect(await callJson(join(clone.directory, folder), "next")).toMatchObject({ current: "1.0.0", next: "1.0.1" })
})

test("a folder can be named", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  expect(await callJson("/", "next", clone.directory)).toMatchObject({ next: "0.1.0" })
})

test("a shallow clone says so", async () => {
  const origin = new LocalClone()
  origin.commit("feat: a")
  origin.git("tag", "v1.0.0")
  origin.commit("fix: b", "fix: c")
  const folder = temporaryFolder()
  origin.git("clone", "-q", "--depth", "1", `file://${origin.directory}`, folder)
  expect(await call(folder, "next")).toMatchObject({
    code: 1,
    err: expect.stringContaining("git fetch --unshallow --tags"),
  })
  origin.git("tag", "v1.1.0", "HEAD")
  origin.git("-C", folder, "fetch", "-q", "--tags")
  expect(await call(folder, "next")).toMatchObject({ code: 0, err: expect.stringContaining("this clone is shallow") })
})

test("the configuration is the one of the commit, not of the folder", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "version: { other: patch }\n")
  clone.git("tag", "v1.0.0")
  clone.commit("Tidy up")
  writeFileSync(join(clone.directory, ".github/slipway.yml"), "version: { other: none }\n")
  expect(await callJson(clone.directory, "next")).toMatchObject({ next: "1.0.1" })
  expect(await callJson(clone.directory, "next", "--config", ".github/slipway.yml")).toMatchObject({ next: null })
})

test("an invalid configuration is told by line", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "version:\n  othr: patch\n")
  const { code, err } = await call(clone.directory, "next")
  expect(code).toBe(1)
  expect(err).toMatch(/^\.github\/slipway\.yml:2:3: .*`other`/m)
})

test.each([
  ["no repository", [], 1, "is not in a git repository; name the folder of a clone"],
  ["no such folder", ["nowhere"], 1, "nowhere"],
  ["two folders", ["a", "b"], 2, "one folder at a time"],
  ["an unknown option", ["--frm", "x"], 2, "--frm"],
  ["a missing value", ["--from"], 2, "--from"],
  ["--current without --commits", ["--current", "1.0.0"], 2, "--current belongs to --commits"],
  ["--commits with --from", ["--commits", "c.json", "--from", "x"], 2, "--commits stands for git"],
  ["no such file of commits", ["--commits", "c.json"], 2, "--commits c.json: there is no such file"],
  ["no such configuration", ["--commits", "c.json", "--config", "x.yml"], 2, "--config x.yml: there is no such file"],
])("wrong: %s", async (_, args, code, says) => {
  expect(await call(temporaryFolder(), "next", ...args)).toMatchObject({
    code,
    out: "",
    err: expect.stringContaining(says),
  })
})

test.each([["nonsense"], ["--output=stolen"], ["--since=2020-01-01"], ["HEAD:a"], [""]])(
  "a ref %j that names no commit",
  async (ref) => {
    const clone = new LocalClone()
    clone.commit("feat: a")
    const { code, err } = await call(clone.directory, "next", `--to=${ref}`)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`there is no commit \`${ref}\``) })
    expect(existsSync(join(clone.directory, "stolen"))).toBe(false)
  },
)

test("a subject cannot speak to the terminal", async () => {
  const clone = new LocalClone()
  clone.commit("feat: \u001b]0;owned\u0007\u001b[2J hello\u202e")
  const { out } = await call(clone.directory, "next")
  expect(out).toContain("hello")
  expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})

const commits = (...list: readonly { sha: string; subject: string; body?: string | null }[]) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "commits.json"), JSON.stringify(list))
  return folder
}

test("--commits stands for git, newest first", async () => {
  const folder = commits(
    { sha: "c1", subject: "fix: late", body: "" },
    { sha: "b1", subject: "feat: b", body: "x\n\nBREAKING CHANGE: y" },
    { sha: "a1", subject: "feat!: a", body: null },
  )
  expect(await callJson(folder, "next", "--commits", "commits.json", "--current", "1.4.1")).toEqual({
    current: "1.4.1",
    next: "2.0.0",
    bump: "major",
    because: [
      { sha: "a1", subject: "feat!: a", bump: "major" },
      { sha: "b1", subject: "feat: b", bump: "major" },
    ],
  })
})

test("--commits with a configuration and a tag for a version", async () => {
  const folder = commits({ sha: "a1", subject: "Tidy up" }, { sha: "a0", subject: "feat!: a" })
  writeFileSync(join(folder, "slipway.yml"), "version: { zero: major, other: patch }\n")
  const args = ["next", "--commits", "commits.json", "--config", "slipway.yml", "--current"]
  expect(await callJson(folder, ...args, "v0.4.1")).toMatchObject({ current: "0.4.1", next: "1.0.0" })
  expect(await callJson(folder, ...args, "1.4.1-rc.1")).toMatchObject({ current: "1.4.1-rc.1", next: "2.0.0" })
})

test("--commits - reads standard input, in a real process", () => {
  const input = JSON.stringify([{ sha: "a1", subject: "feat: a", body: "" }])
  const args = [MAIN, "next", "--commits", "-", "--json"]
  expect(JSON.parse(execFileSync(process.execPath, args, { input, encoding: "utf8" }))).toMatchObject({ next: "0.1.0" })
})

test("what is wrong with standard input is said of it, in a real process", () => {
  const args = [MAIN, "next", "--commits", "-"]
  const { status, stderr } = spawnSync(process.execPath, args, { input: '[{"sha": "a"}]', encoding: "utf8" })
  expect({ status, stderr }).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("standard input[0].subject: "),
  })
})

test.each([
  ["no JSON", "{", "is no JSON"],
  ["no array", "{}", "it has to be a JSON array"],
  ["a missing subject", '[{"sha": "a"}]', "commits.json[0].subject"],
])("--commits with %s", async (_, text, says) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "commits.json"), text)
  expect(await call(folder, "next", "--commits", "commits.json")).toMatchObject({
    code: 2,
    err: expect.stringContaining(says),
  })
})

test("--current has to be a version", async () => {
  expect(await call(commits(), "next", "--commits", "commits.json", "--current", "latest")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--current latest is no version"),
  })
})

test.each([
  [[], 2, "Usage: slipway COMMAND", ""],
  [["--help"], 0, "Exit codes: 0", ""],
  [["next", "--help"], 0, "--from TAG|SHA", ""],
  [["plan", "-h"], 0, "slipway plan check FILE", ""],
  [["nxt"], 2, "", "there is no command `nxt`"],
  [["constructor"], 2, "", "there is no command `constructor`"],
])("slipway %j", async (args, code, out, err) => {
  expect(await call("/", ...args)).toEqual({
    code,
    out: expect.stringContaining(out),
    err: expect.stringContaining(err),
  })
})

test("of the plans in release-plans the one that is due states the version, and two of them none", async () => {
  const clone = new LocalClone()
  clone.commit("fix: a")
  clone.git("tag", "v1.4.1")
  clone.write("release-plans/1.9.0.yml", "release: { version: 1.9.0 }")
  clone.write("release-plans/2.0.0.yml", "release: { version: 2.0.0 }")
  clone.write("release-plans/out/1.5.0.yml", "release: { version: 1.5.0 }")
  clone.write("release-plan.yml", "release: { version: 3.0.0 }")
  clone.commit("fix: b")
  expect(await callJson(clone.directory, "next", "--json")).toMatchObject({ next: "1.9.0" })
  clone.commit("feat!: c")
  const low = await call(clone.directory, "next")
  expect(low.err + low.out).toContain(
    "release-plans/1.9.0.yml:1:21: the plan says 1.9.0, but the changes require 2.0.0",
  )
  clone.write("release-plans/b.yml", "release: { version: 1.9.0 }")
  const two = await call(clone.directory, "next")
  expect(two.err + two.out).toContain("release-plans/1.9.0.yml and release-plans/b.yml all speak of this release")
})

test("what a repository extends is not seen without network, and that is said", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "extends: acme/.github\n")
  clone.commit("feat: a")
  const said =
    ".github/slipway.yml extends acme/.github, which is not read here: what slipway.yml says there is missing\n"
  expect(await call(clone.directory, "next")).toMatchObject({ code: 0, err: `slipway next: ${said}` })
  expect(await call(clone.directory, "notes")).toMatchObject({ code: 0, err: `slipway notes: ${said}` })
  expect(await call(clone.directory, "notes", "--all")).toMatchObject({ code: 0, err: `slipway notes: ${said}` })
})
