import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Readable } from "node:stream"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, test } from "vitest"

const run = promisify(execFile)
const PATIENCE_MS = 150_000
let folder: string

const git = (directory: string, ...args: string[]) =>
  run("git", ["-C", directory, "-c", "user.name=x", "-c", "user.email=x@example.com", ...args])
const commit = (directory: string, author: string, message: string) =>
  git(directory, "commit", "-q", "--allow-empty", "--author", `${author} <a@example.com>`, "-m", message)
const repository = async (name: string): Promise<string> => {
  await git(folder, "init", "-q", name)
  return join(folder, name)
}
const demo = (...args: string[]) => run(process.execPath, ["demo/main.ts", ...args])

/** What a process says up to a text; it can go on talking. */
const saidUntil = (out: Readable, end: RegExp): Promise<string> =>
  new Promise((resolve) => {
    let said = ""
    out.on("data", (chunk: Buffer) => {
      said += chunk.toString()
      if (end.test(said)) resolve(said)
    })
  })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-demo-test-"))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A repository with a release, several authors, and every kind of change. */
async function shop(): Promise<string> {
  const directory = await repository("shop")
  await commit(directory, "Zoë", "chore: begin")
  await git(directory, "tag", "v1.4.1")
  await commit(directory, "Zoë", "feat: pay by invoice")
  await commit(directory, "Lea", "fix(cart): count <b>items</b> once\n\nSee @everybody, #1.")
  await commit(directory, "Zoë", "feat!: drop the old API\n\nBREAKING CHANGE: use /v2 instead of /v1")
  await commit(directory, "Max", "docs: say how to pay")
  await commit(directory, "Zoë", "fix: round half up")
  await commit(directory, "Max", "feat: search faster")
  return directory
}

test("the demo plays on any local repository, and every step holds", { timeout: PATIENCE_MS }, async () => {
  const page = join(folder, "demo.html")
  const { stdout } = await demo("--repo", await shop(), "--page", page)
  expect(stdout).toContain("6 commits since v1.4.1")
  expect(stdout).not.toContain("invented")
  expect(stdout).toMatch(/\(\d+ requests to GitHub in all, reads and writes\)/)
  expect(stdout).toMatch(
    /impact says of #1 “Merging this releases 1\.5\.0 \(minor\), because feat: [^”]*”, of #2 “[^”]*2\.0\.0 \(major\), because feat!: [^”]*”/,
  )
  expect(stdout).toMatch(/neither #2 \(feat!: drop the old address\) nor #7, which reverts it/)
  expect(stdout).toMatch(/#6 corrected after its merge: .*v2\.0\.0 stays v2\.0\.0, .*lea's words are still there/)
  expect(stdout).toMatch(/lea presses Publish: v2\.0\.0 stands on [0-9a-f]{7}/)
  expect(stdout).toMatch(/package\.yml was started on v2\.0\.0, and “succeeded”/)
  expect(stdout).toMatch(/“🚀 Released in v2\.0\.0\.” on #\d+ and others.* nobody on what was cancelled/)
  expect(stdout).toMatch(/2\.1\.0 deployed to production: “2\.1\.0 failed in production”/)
  expect(stdout).toMatch(/sam presses Roll back: 2\.0\.0/)
  expect(stdout).toMatch(/“chore\(release\): api 1\.3\.0” and #\d “chore\(release\): web 0\.4\.1”/)
  expect(stdout).toMatch(/so the approval holds: api-v1\.3\.0 stands on the merge [0-9a-f]{7}; web waits/)
  expect(stdout).toMatch(/the prerelease api-v2\.0\.0-rc\.1; the latest release stays api-v1\.3\.0/)
  expect(stdout).toMatch(
    /“Weakens the gates: removes the approval of @acme\/on-call [^”]*”, says Slipway \/ plan on #1/,
  )
  expect(stdout).toMatch(/“1\.0\.1 is ready to publish” without another approval, and published/)
  expect(stdout).toMatch(/production waits for staging, then for @acme\/on-call: sam approves/)
  expect(stdout).toMatch(/v1\.0\.2, made from v1\.0\.1, .* enters production without staging/)
  expect(stdout).toMatch(/publishes the draft of v1\.1\.0 by hand: it is a draft again, its tag is gone/)
  expect(stdout).toMatch(/turned away: “may not enter production: v1\.1\.0 at [0-9a-f]{7} is not published yet”/)
  expect(stdout).toMatch(/“main is frozen until 1\.1\.0 is out” on #6; #8, with the label hotfix, may be merged/)
  expect(stdout).toMatch(/1\.1\.0 entered production once it was verified in staging: “1\.1\.0 is live in production”/)
  expect(stdout).toMatch(
    /from 1\.2\.0 to 1\.1\.0 and back, told as a DRILL: back in (?:1 min )?\d+ s, again in (?:1 min )?\d+ s/,
  )
  expect(stdout).toMatch(/8 % of its requests failed for a minute: 1\.1\.0 is live in production again/)
  expect(stdout).toMatch(/3 e-mails to kim@acme\.example, in one thread: .*“shop 1\.2\.0 was rolled back”/)
  expect(stdout).toMatch(/\d+ steps held in/)

  const html = await readFile(page, "utf8")
  expect(html).toContain("Breaking Changes")
  expect(html).not.toContain("<b>items</b>")
  const shown = ["is on hold", "is ready to publish", "is published", "failed in", "DEMO-2", "Merging this releases"]
  const more = [
    "Released in",
    "BEGIN_COMMIT_OVERRIDE",
    "&quot;version&quot;: &quot;1.3.0&quot;",
    "thank you all",
    "is in a drill in",
  ]
  for (const text of [...shown, ...more]) expect(html).toContain(text)
  const anchors = [...html.matchAll(/ href="([^"]*)"/g)].map(([, to = ""]) => to)
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => `#${id}`)
  expect(anchors.filter((to) => !ids.includes(to))).toEqual([])
  const named = [...stdout.matchAll(/→ .*(#[\w-]+)$/gm)].map(([, to = ""]) => to)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((to) => !ids.includes(to))).toEqual([])
})

test("a kept demo shows a page at every address, until Ctrl-C", { timeout: PATIENCE_MS }, async () => {
  const directory = await repository("small")
  await commit(directory, "Mo", "Add a page")
  const page = join(folder, "kept.html")
  const child = spawn(process.execPath, ["demo/main.ts", "--keep", "--repo", directory, "--page", page])
  const ended = once(child, "exit")
  const said = await saidUntil(child.stdout, /^ {2}the page .*\n/m)
  expect(said).toContain("That is too little for a story: 3 more are invented.")
  expect(said).toContain("gives pull requests a type")

  const links = [...(await readFile(page, "utf8")).matchAll(/ href="(http[^"]*)"/g)].map(([, url = ""]) => url)
  const addresses = new Set([...[...said.matchAll(/http:\/\/127\S+/g)].map(([url]) => url), ...links])
  expect(addresses.size).toBeGreaterThan(15)
  const refused = await Promise.all(
    [...addresses].map(async (url) => ((await fetch(url, { headers: { accept: "text/html" } })).ok ? [] : [url])),
  )
  expect(refused.flat()).toEqual([])

  const log = /its log {2}(\S+)/.exec(said)?.[1] ?? ""
  const app = Number(/Slipway is process (\d+)/.exec(said)?.[1])
  expect(existsSync(log)).toBe(true)
  child.kill("SIGINT")
  expect(await ended).toEqual([0, null])
  expect(existsSync(dirname(log))).toBe(false)
  expect(() => process.kill(app, 0)).toThrow("ESRCH")
})

test("Ctrl-C in the middle takes everything down", { timeout: PATIENCE_MS }, async () => {
  const child = spawn(process.execPath, ["demo/main.ts", "--page", join(folder, "never.html")])
  const ended = once(child, "exit")
  const said = await saidUntil(child.stdout, /App installed/)
  child.kill("SIGINT")
  expect(await ended).toEqual([130, null])
  expect(() => process.kill(Number(/Slipway is process (\d+)/.exec(said)?.[1]), 0)).toThrow("ESRCH")
  expect(existsSync(join(folder, "never.html"))).toBe(false)
})

test.each([
  ["an option that there is not", ["--repository", "."], "Unknown option"],
  ["no repository", ["--repo", tmpdir()], "is not in a git repository; name the folder of a clone"],
  ["no folder", ["--repo", join(tmpdir(), "no-such-folder")], "No such file or directory"],
  ["no folder for the page", ["--page", join(tmpdir(), "no-such-folder", "demo.html")], "there is no folder"],
])("wrong usage is told without a stack: %s", async (_, args, says) => {
  const wrong = await demo(...args).catch((error: { code: number; stderr: string }) => error)
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining(says) })
  expect(wrong.stderr).not.toMatch(/^\s+at /m)
})
