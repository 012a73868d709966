import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What people, tools and attackers put into commits, pull requests and repositories. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    env: { ALLOWED_ACCOUNTS: "acme,globex" },
    before: async (github) => {
      for (const login of ["globex", "stranger"]) github.createOrganization(login, { owners: ["ana"] })
      for (const name of ["first", "second"]) {
        await github.createRepository({ owner: "globex", name, files: { "README.md": name }, by: "ana" })
        github.addCollaborator(`globex/${name}`, "ben", "write")
      }
    },
  })
  stage.github.installApp("globex")
  await stage.quiet()
})
afterAll(async () => {
  expect(stage.lines.filter(({ level }) => level >= 50)).toEqual([])
  await stage.close()
})

const draftsIn = (repo: string) => (stage.github.world()[repo]?.releases ?? []).filter(({ draft }) => draft)

/** Opens and merges a pull request of ben's. */
async function merge(repo: string, title: string): Promise<string> {
  const commits = [{ message: title, files: { [title.replace(/\W+/g, "-")]: title }, author: "ben" }]
  const { number } = await stage.github.openPullRequest({ repo, by: "ben", title, commits })
  const { sha } = await stage.github.mergePullRequest({ repo, number, by: "ana", method: "squash" })
  await stage.quiet()
  return sha
}

describe("messages", () => {
  const MB = 1_000_000
  const MESSAGES: readonly (readonly [what: string, message: string])[] = [
    ["NUL", "fix: a \0 byte\0"],
    ["nothing", ""],
    ["nothing but blanks", "\n \n"],
    ["a megabyte in one line", `fix: a megabyte${"x".repeat(MB)}`],
    ["a megabyte of lines", `fix: many lines\n${"\nx".repeat(MB / 2)}`],
    ["ten thousand footers", `fix: footers\n\n${"Reviewed-by: somebody\n".repeat(10_000)}`],
    ["ten thousand breaking footers", `fix: breaks\n\n${"BREAKING CHANGE: it\n".repeat(10_000)}`],
    ["bait of co-authors", `fix: authors\n\n${"co-authored-by:\r".repeat(MB / 16)}`],
    ["bait of brackets", `fix(${"(".repeat(MB / 2)}): brackets`],
    ["bait of blanks", `fix: blanks${" ".repeat(MB)}(#1`],
    ["bait of reverts", `${'Revert "'.repeat(MB / 8)}\n\n${"This reverts commit ".repeat(10_000)}`],
    ["marks in both directions", "fix: \u202egnp.exe\u202c \ud83d\ude80 עברית"],
  ]

  async function pushAll(place: Place): Promise<void> {
    for (const [what, message] of MESSAGES)
      await stage.github.pushCommit({ repo: place.repo, by: "ben", message, files: { [what]: what }, author: "ben" })
  }

  test("that a merge commit lacks: the pull request speaks, once", async () => {
    const place = await stage.build("merge-commit")
    const commits = [{ message: "", files: { invoice: "" }, author: "ben" }]
    const { number } = await stage.github.openPullRequest({
      repo: place.repo,
      by: "ben",
      title: "feat: pay by invoice",
      commits,
    })
    const merge = { repo: place.repo, number, by: "ana", method: "merge", commitTitle: "", commitMessage: "" } as const
    const { sha } = await stage.github.mergePullRequest(merge)
    await stage.quiet()
    expect(place.world().branches.main).toBe(sha)
    const [draft] = draftsIn(place.repo)
    expect(draft?.tagName).toBe("v0.1.0")
    expect(draft?.body?.match(/#1\b/g)).toHaveLength(2)
    expect(draft?.body).toMatch(/^- pay by invoice \(#1\) by @ben$/m)
    expect(draft?.body).not.toMatch(/no message|Merge/)
  })

  test("of any kind are told and read back alike, and the next merge is drafted", async () => {
    const place = await stage.build("messages")
    await pushAll(place)
    await stage.quiet()
    const told = draftsIn(place.repo)
    expect(told).toMatchObject([{ tagName: "v0.1.0" }])
    for (const text of [
      "a byte",
      "a megabyte",
      "many lines",
      "footers",
      "authors",
      "blanks",
      "gnp.exe",
      "(no message)",
    ])
      expect(told[0]?.body).toContain(text)
    const read = await stage.build("messages-read")
    stage.github.filterDeliveries(() => false)
    await pushAll(read)
    stage.github.filterDeliveries(undefined)
    await merge(read.repo, "feat: heard")
    const body = draftsIn(read.repo)[0]?.body ?? ""
    for (const text of [
      "a byte",
      "a megabyte",
      "many lines",
      "footers",
      "authors",
      "blanks",
      "gnp.exe",
      "(no message)",
      "heard",
    ])
      expect(body).toContain(text)
    expect(body.length).toBeLessThan(125_000)
  }, 120_000)
})

describe("a pull request", () => {
  const titled = (repo: string, number: number, title: string) => {
    const [owner = "", name = ""] = repo.split("/")
    return stage.github.as("ben").pulls.update({ owner, repo: name, pull_number: number, title })
  }

  test("whose title was edited after the merge: the new one counts, beside what its commit says", async () => {
    const place = await stage.build("retitled")
    await stage.github.createTag({
      repo: place.repo,
      by: "ana",
      name: "v1.0.0",
      sha: place.world().branches.main ?? "",
    })
    await stage.quiet()
    const { number } = await place.merge("ben", "Invoices")
    expect(draftsIn(place.repo)).toEqual([])
    await titled(place.repo, number, "feat: pay by invoice")
    await stage.quiet()
    expect(draftsIn(place.repo)).toMatchObject([{ tagName: "v1.1.0", body: expect.stringContaining("pay by invoice") }])
    await titled(place.repo, number, "fix: pay by invoice again")
    await stage.quiet()
    expect(draftsIn(place.repo)).toMatchObject([
      { tagName: "v1.0.1", body: expect.stringContaining("by invoice again") },
    ])
  })

  test("that was moved to another base counts there, and nowhere else", async () => {
    const files = { ".github/slipway.yml": "branches: [main, { name: next, channel: rc }]\n" }
    const place = await stage.build("moved", files)
    const start = place.world().branches.main ?? ""
    await stage.github.createTag({ repo: place.repo, by: "ana", name: "v1.0.0", sha: start })
    await stage.github.pushForce({ repo: place.repo, by: "ana", branch: "next", to: start })
    await stage.quiet()
    const { number, headSha } = await stage.github.openPullRequest({
      repo: place.repo,
      by: "ben",
      title: "feat: pay by invoice",
      commits: [{ message: "feat: pay by invoice", files: { invoice: "" }, author: "ben" }],
    })
    await stage.quiet()
    expect(place.check("Slipway / impact", headSha).title).toMatch(/1\.1\.0/)
    const at = { owner: "acme", repo: "moved", pull_number: number }
    await stage.github.as("ben").pulls.update({ ...at, base: "next" })
    await stage.quiet()
    expect(place.check("Slipway / impact", headSha).title).toMatch(/1\.1\.0-rc\.1/)
    await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "squash" })
    await stage.quiet()
    const drafted = [{ tagName: "v1.1.0-rc.1", body: expect.stringContaining("pay by invoice") }]
    expect(draftsIn(place.repo)).toMatchObject(drafted)

    // GitHub refuses it once it is merged; a delivery that claims it all the same moves nothing.
    await expect(stage.github.as("ben").pulls.update({ ...at, base: "main" })).rejects.toMatchObject({ status: 422 })
    const closed = stage.github.deliveries.findLast(({ event }) => event === "pull_request")
    const { pull_request, ...rest } = structuredClone(closed?.payload) as { pull_request: { base: { ref: string } } }
    pull_request.base.ref = "main"
    const changes = { base: { ref: { from: "next" }, sha: { from: start } } }
    expect(await stage.github.send("pull_request", { ...rest, action: "edited", changes, pull_request })).toBe(202)
    await stage.quiet()
    await merge(place.repo, "fix: on main")
    expect(draftsIn(place.repo)).toMatchObject([
      ...drafted,
      { tagName: "v1.0.1", body: expect.not.stringContaining("pay by invoice") },
    ])
  })
})

describe("tags", () => {
  test("on another branch count when that is merged; those that nobody told of, before anything is approved", async () => {
    for (const heard of [true, false]) {
      const place = await stage.build(`tags-${heard}`)
      const start = place.world().branches.main ?? ""
      const tag = (name: string, sha: string) => stage.github.createTag({ repo: place.repo, by: "ana", name, sha })
      await tag("v1.0.0", start)
      await stage.quiet()
      if (!heard) stage.github.filterDeliveries(() => false)
      await stage.github.pushForce({ repo: place.repo, by: "ana", branch: "elsewhere", to: start })
      const push = { repo: place.repo, by: "ana", branch: "elsewhere", author: "ana" }
      const stray = await stage.github.pushCommit({ ...push, message: "feat: elsewhere", files: { elsewhere: "" } })
      for (const name of ["v3.0.0", "v3.0.0-rc.1", "v2.9.9", "nightly"]) await tag(name, stray)
      stage.github.filterDeliveries(undefined)
      await merge(place.repo, "fix: here")
      expect(draftsIn(place.repo)).toMatchObject([
        { tagName: "v1.0.1", body: expect.not.stringContaining("elsewhere") },
      ])
      const pull = { repo: place.repo, by: "ana", head: "elsewhere", title: "Take it in", commits: [] }
      const { number } = await stage.github.openPullRequest(pull)
      await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "merge" })
      await stage.quiet()
      await merge(place.repo, "fix: after")
      if (!heard) await place.press("approve", "cleo", place.world().branches.main)
      expect(draftsIn(place.repo)).toMatchObject([{ tagName: "v3.0.1" }])
      expect(place.readiness().title).not.toMatch(/ready/)
    }
  })
})

describe("a repository", () => {
  test("that was renamed goes on with its draft under its new name", async () => {
    await merge("globex/first", "feat: before")
    const [before] = draftsIn("globex/first")
    stage.github.renameRepository("globex/first", "renamed", "ana")
    await stage.quiet()
    const sha = await merge("globex/renamed", "fix: after")
    const drafts = draftsIn("globex/renamed")
    expect(drafts).toMatchObject([{ id: before?.id, tagName: "v0.1.0" }])
    expect(drafts[0]?.body).toMatch(/before \(#1\)[\s\S]*after \(#2\)/)
    expect(drafts[0]?.body).not.toContain("globex/first")
    const page = stage.github.checkRuns("globex/renamed", { sha, name: "Slipway / readiness" })[0]
    expect(JSON.stringify(page)).toMatch(/globex\/renamed/)
    expect(JSON.stringify(page)).not.toMatch(/globex\/first/)
  })

  test("that was transferred goes on with its draft at its new owner's, if that one is served", async () => {
    await merge("globex/second", "feat: before")
    const [before] = draftsIn("globex/second")
    stage.github.transferRepository("globex/second", "acme", "ana")
    await stage.quiet()
    await merge("acme/second", "fix: after")
    const drafts = draftsIn("acme/second")
    expect(drafts).toMatchObject([{ id: before?.id, tagName: "v0.1.0" }])
    expect(drafts[0]?.body).toMatch(/before \(#1\)[\s\S]*after \(#2\)/)
    expect(drafts[0]?.body).not.toContain("globex/second")

    stage.github.installApp("stranger")
    stage.github.transferRepository("acme/second", "stranger", "ana")
    await stage.quiet()
    stage.github.resetRequests()
    await merge("stranger/second", "fix: elsewhere")
    await stage.later(10 * 60_000)
    expect(stage.github.requests.filter(({ path }) => path.includes("second"))).toEqual([])
    expect(draftsIn("stranger/second")).toMatchObject([{ body: expect.not.stringContaining("elsewhere") }])
  })
})
