import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const HEAD = "slipway/rollback/7"

/** A good commit, a bad one on it, and one that landed since. */
async function given() {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  const branch = (name: string) => stage.peer.world()[full]?.branches[name] ?? ""
  const good = branch("main")
  const push = (message: string, files: { [path: string]: string }) =>
    stage.peer.pushCommit({ repo: full, by: "lea", message, files })
  await push("feat: bad", { a: "1" })
  const bad = branch("main")
  await push("feat: since", { b: "2" })
  const revert = effect("revert", "revert:7", {
    repositoryId: repo.id,
    environment: "production",
    from: { version: "1.5.0", sha: bad },
    to: { version: "1.4.2", sha: good },
    head: HEAD,
    base: "main",
    commits: [bad],
    by: "lea",
    because: "p95 was <b>3 s</b>",
  })
  return { repo, good, bad, revert, branch }
}

const pulls = async (repo: Repository) => {
  const octokit = await stage.github.for(repo)
  return (await octokit.rest.pulls.list({ owner: repo.owner, repo: repo.name, state: "all" })).data
}
const commitOf = async (repo: Repository, commit_sha: string) => {
  const octokit = await stage.github.for(repo)
  return (await octokit.rest.git.getCommit({ owner: repo.owner, repo: repo.name, commit_sha })).data
}

test("the commit has the good tree and stands on the bad release, so that what landed since stays", async () => {
  const { repo, good, bad, revert, branch } = await given()
  const outcome = await apply(stage.act, repo, revert)
  const made = await commitOf(repo, branch(HEAD))
  expect(made.parents.map(({ sha }) => sha)).toEqual([bad])
  expect(made.tree.sha).toBe((await commitOf(repo, good)).tree.sha)
  expect(made.message).toBe(`revert: go back from 1.5.0 to 1.4.2\n\nThis reverts commit ${bad}.`)
  const [pull] = await pulls(repo)
  expect(pull).toMatchObject({
    title: "revert: go back from 1.5.0 to 1.4.2",
    base: { ref: "main" },
    head: { ref: HEAD },
  })
  expect(pull?.body).toContain("p95 was &lt;b>3 s")
  expect(outcome).toMatchObject({ is: "done", result: { number: pull?.number, url: pull?.html_url } })
})

test("done twice it is one pull request, also where nobody knows how the first attempt ended", async () => {
  const { repo, revert, branch } = await given()
  const handle = handleOf(await apply(stage.act, repo, revert))
  const at = branch(HEAD)
  expect(handleOf(await apply(stage.act, repo, revert, { handle }))).toEqual(handle)
  expect(handleOf(await apply(stage.act, repo, revert, { mayHaveHappened: true }))).toEqual(handle)
  expect(await pulls(repo)).toHaveLength(1)
  expect(branch(HEAD)).toBe(at)
})

describe("its merge", () => {
  async function open() {
    const it = await given()
    const { id } = handleOf(await apply(stage.act, it.repo, it.revert))
    const merge = effect("merge", "merge:7:1", { ...it.revert.content, number: Number(id) })
    return { ...it, full: `acme/${it.repo.name}`, number: Number(id), merge }
  }

  test("takes back what came between, and leaves what landed since; asked twice it is merged once", async () => {
    const { repo, merge, branch } = await open()
    expect(await apply(stage.act, repo, merge)).toEqual({ is: "done", result: { merged: true } })
    const at = branch("main")
    const made = await commitOf(repo, at)
    expect(made.parents).toHaveLength(2)
    expect(await apply(stage.act, repo, merge, { mayHaveHappened: true })).toEqual({
      is: "done",
      result: { merged: true },
    })
    expect(branch("main")).toBe(at)
  })

  test("is nobody's where somebody added to its branch", async () => {
    const { repo, full, merge, branch } = await open()
    const before = branch("main")
    const more = { message: "feat: more", files: { c: "3" }, branch: "more" }
    const sha = await stage.peer.pushCommit({ repo: full, by: "lea", ...more })
    const octokit = await stage.github.for(repo)
    const at = { owner: repo.owner, repo: repo.name }
    await octokit.rest.git.updateRef({ ...at, ref: `heads/${HEAD}`, sha, force: true })
    expect(await apply(stage.act, repo, merge)).toMatchObject({
      is: "refused",
      because: "its branch has been changed since Slipway made it",
    })
    expect(branch("main")).toBe(before)
  })

  test("waits where GitHub does not let it be merged", async () => {
    const { repo, full, merge, branch } = await open()
    await stage.peer.pushCommit({ repo: full, by: "lea", message: "feat: in the way", files: { a: "2" } })
    const before = branch("main")
    expect(await apply(stage.act, repo, merge)).toMatchObject({ is: "done", result: { merged: false } })
    expect(branch("main")).toBe(before)
  })
})
