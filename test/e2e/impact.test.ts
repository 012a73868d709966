import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** What merging a pull request would release, shown on it before; each test is the next step of one story. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({ slack: false })
  await stage.push("ana", "chore: begin", { ".gitignore": "dist\n" })
})

afterAll(async () => {
  await stage.close()
})

const NAME = "Slipway / impact"
const AT = { owner: "acme", repo: "shop" }

const open = async (title: string, more: { base?: string; labels?: string[] } = {}) => {
  const files = { [`src/${title.replace(/\W+/g, "-")}.txt`]: title }
  const commits = [{ message: title, files, author: "ben" }]
  const pull = await stage.github.openPullRequest({ repo: stage.repo, by: "ben", title, commits, ...more })
  await stage.quiet()
  return pull
}
const edit = async (number: number, change: { title?: string; body?: string; state?: "closed" | "open" }) => {
  await stage.github.as("ben").rest.pulls.update({ ...AT, pull_number: number, ...change })
  await stage.quiet()
}
const merge = async (number: number) => {
  await stage.github.mergePullRequest({ repo: stage.repo, number, by: "ana", method: "squash" })
  await stage.quiet()
}
const shown = (sha: string) => stage.check(NAME, sha)

/** What Slipway asks of GitHub while something is done, tokens aside. */
const asked = async (during: () => Promise<unknown>): Promise<string[]> => {
  stage.github.resetRequests()
  await during()
  return stage.github.requests
    .filter(({ by, path }) => by === "installation" && !path.includes("access_tokens"))
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop/", "")}`)
}

let first: Awaited<ReturnType<typeof open>>
let second: Awaited<ReturnType<typeof open>>

test("an opened pull request shows what merging it releases, for one request", async () => {
  const requests = await asked(async () => {
    first = await open("feat: pay by invoice")
  })
  expect(requests).toEqual(["POST check-runs"])
  expect(shown(first.headSha)).toMatchObject({
    conclusion: "success",
    title: "Merging this releases 0.1.0 (minor), because feat: pay by invoice",
    actions: [],
    summary: expect.stringMatching(/### Features\n\n- pay by invoice \(#1\) by @ben/),
  })
})

test("what changes nothing of it costs nothing: an edited text, a label that no rule names", async () => {
  const requests = await asked(async () => {
    await edit(first.number, { body: "More words." })
    await stage.github.as("ben").rest.issues.addLabels({ ...AT, issue_number: first.number, labels: ["later"] })
    await stage.quiet()
  })
  expect(requests).toEqual([])
})

test("merging it costs what a merge costs, and its own page is left alone", async () => {
  const requests = await asked(() => merge(first.number))
  expect(requests.sort()).toEqual(["POST check-runs", "POST releases"])
  expect(shown(first.headSha).title).toBe("Merging this releases 0.1.0 (minor), because feat: pay by invoice")
})

test("a title that is not understood is named, with what was probably meant", async () => {
  second = await open("Fixes: round half up")
  expect(shown(second.headSha)).toMatchObject({
    conclusion: "neutral",
    title: "Releases nothing by itself; goes out with 0.1.0; its title is not understood",
    summary: expect.stringContaining("Did you mean “fix: round half up”?"),
  })
})

test("a better title brings the page up to date in place, for one request", async () => {
  const requests = await asked(() => edit(second.number, { title: "fix: round half up" }))
  expect(requests).toEqual([expect.stringMatching(/^PATCH check-runs\/\d+$/)])
  expect(shown(second.headSha)).toMatchObject({
    conclusion: "success",
    title: "Goes into 0.1.0, already minor because of #1",
    summary: expect.stringMatching(/By itself it would be patch[\s\S]*### Bug Fixes\n\n- round half up \(#2\)/),
  })
  expect(stage.github.checkRuns(stage.repo, { name: NAME, sha: second.headSha })).toHaveLength(1)
})

test("a push shows it on the new head", async () => {
  const commits = [{ message: "more", files: { "src/more.txt": "more" }, author: "ben" }]
  const requests = await asked(async () => {
    await stage.github.pushToPullRequest({ repo: stage.repo, number: second.number, by: "ben", commits })
    await stage.quiet()
  })
  expect(requests).toEqual(["POST check-runs"])
})

test("a pull request into another branch, and one that is closed, show nothing", async () => {
  const requests = await asked(async () => {
    await stage.github.pushCommit({ repo: stage.repo, by: "ben", branch: "side", message: "aside", files: {} })
    await open("feat: aside", { base: "side" })
    await edit(second.number, { state: "closed" })
  })
  expect(requests).toEqual([])
})

test("`impact: false` switches it off", async () => {
  await stage.push("ana", "chore: no impact", { ".github/slipway.yml": "impact: false\n" })
  expect(await asked(() => open("feat: quiet"))).toEqual([])
})
