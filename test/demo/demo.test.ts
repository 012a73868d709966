import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, test } from "vitest"

const run = promisify(execFile)
let folder: string

/** A repository with a release, several authors, and every kind of change. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-demo-test-"))
  const git = (...args: string[]) => run("git", ["-C", folder, ...args])
  const commit = (author: string, message: string) =>
    git(
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@example.com",
      "commit",
      "-q",
      "--allow-empty",
      "--author",
      `${author} <${author.toLowerCase()}@example.com>`,
      "-m",
      message,
    )
  await git("init", "-q")
  await commit("Zoë", "chore: begin")
  await git("tag", "v1.4.1")
  await commit("Zoë", "feat: pay by invoice")
  await commit("Max", "fix(cart): count <b>items</b> once\n\nSee @everybody, #1.")
  await commit("Zoë", "feat!: drop the old API\n\nBREAKING CHANGE: use /v2 instead of /v1")
  await commit("Max", "docs: say how to pay")
  await commit("Zoë", "fix: round half up")
  await commit("Max", "feat: search faster")
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test("the demo plays on any local repository, and every step holds", async () => {
  const page = join(folder, "demo.html")
  const { stdout } = await run(process.execPath, ["demo/main.ts", "--repo", folder, "--page", page])
  expect(stdout).toContain("6 commits since v1.4.1")
  expect(stdout).toMatch(/lea presses Publish: v2\.0\.0 stands on [0-9a-f]{7}/)
  expect(stdout).toMatch(/2\.1\.0 deployed to production: “2\.1\.0 failed in production”/)
  expect(stdout).toMatch(/sam presses Roll back: 2\.0\.0/)
  expect(stdout).toMatch(/\d+ steps held in/)
  const html = await readFile(page, "utf8")
  expect(html).toContain("Breaking Changes")
  expect(html).not.toContain("<b>items</b>")
}, 90_000)

test("wrong usage is told apart from a step that does not hold", async () => {
  const wrong = run(process.execPath, ["demo/main.ts", "--repository", folder])
  await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--repo DIR") })
})
