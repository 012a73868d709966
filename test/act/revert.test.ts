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
    asked: new Date().toISOString(),
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

test("a branch of that name that is not what it makes is not taken for its own", async () => {
  const { repo, revert, branch } = await given()
  const octokit = await stage.github.for(repo)
  const at = { owner: repo.owner, repo: repo.name }
  await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${HEAD}`, sha: branch("main") })
  expect(await apply(stage.act, repo, revert)).toMatchObject({
    is: "refused",
    because: `the branch ${HEAD} is there already, and is not what takes this release back: delete it`,
  })
  expect(await pulls(repo)).toEqual([])
})

test("an earlier rollback's pull request of that name is not taken for its own", async () => {
  const { repo, revert } = await given()
  const { id } = handleOf(await apply(stage.act, repo, revert))
  const octokit = await stage.github.for(repo)
  await octokit.rest.pulls.update({ owner: repo.owner, repo: repo.name, pull_number: Number(id), state: "closed" })
  const asked = new Date(Date.now() + 3_600_000).toISOString()
  const later = effect("revert", "revert:7", { ...revert.content, asked })
  const handle = handleOf(await apply(stage.act, repo, later, { mayHaveHappened: true }))
  expect(handle.id).not.toBe(id)
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

  test("is nobody's where somebody moved it to another branch", async () => {
    const { repo, number, merge, branch } = await open()
    const octokit = await stage.github.for(repo)
    const at = { owner: repo.owner, repo: repo.name }
    await octokit.rest.git.createRef({ ...at, ref: "refs/heads/side", sha: branch("main") })
    await octokit.rest.pulls.update({ ...at, pull_number: number, base: "side" })
    expect(await apply(stage.act, repo, merge)).toMatchObject({
      is: "refused",
      because: "it would be merged into side, not into main",
    })
    expect(branch("side")).toBe(branch("main"))
  })

  test("takes another method where the branch's rules do not let it be the first", async () => {
    const { repo, full, merge, branch } = await open()
    stage.peer.setBranchRules(full, "main", [{ type: "required_linear_history" }])
    const before = branch("main")
    expect(await apply(stage.act, repo, merge)).toEqual({ is: "done", result: { merged: true } })
    const made = await commitOf(repo, branch("main"))
    expect(made.parents.map(({ sha }) => sha)).toEqual([before])
    expect(made.message).toMatch(/^revert: go back from 1\.5\.0 to 1\.4\.2\n\nThis reverts commit /)
  })

  test("waits where GitHub does not let it be merged", async () => {
    const { repo, full, merge, branch } = await open()
    await stage.peer.pushCommit({ repo: full, by: "lea", message: "feat: in the way", files: { a: "2" } })
    const before = branch("main")
    expect(await apply(stage.act, repo, merge)).toMatchObject({ is: "done", result: { merged: false } })
    expect(branch("main")).toBe(before)
  })
})

describe("of a component", () => {
  async function givenParts(files: { readonly [path: string]: string }) {
    const repo = await stage.repository()
    const full = `acme/${repo.name}`
    const branch = (name: string) => stage.peer.world()[full]?.branches[name] ?? ""
    const push = (message: string, changed: { [path: string]: string }) =>
      stage.peer.pushCommit({ repo: full, by: "lea", message, files: changed })
    await push("feat: good", { "api/a": "1", "api/gone": "1", "web/a": "1", "both/a": "1" })
    const good = branch("main")
    await push("feat: bad", { ...files })
    const bad = branch("main")
    await push("feat: since", { "web/since": "1" })
    const revert = effect("revert", "revert:7", {
      repositoryId: repo.id,
      environment: "production (api)",
      from: { version: "1.5.0", sha: bad },
      to: { version: "1.4.2", sha: good },
      head: HEAD,
      base: "main",
      own: { paths: ["api", "both"], others: ["web/**", "both"] },
      asked: new Date().toISOString(),
      commits: [bad],
      by: "lea",
      because: "p95 was 3 s",
    })
    return { repo, revert, branch }
  }
  const filesAt = async (repo: Repository, ref: string) => {
    const octokit = await stage.github.for(repo)
    const at = { owner: repo.owner, repo: repo.name }
    const tree_sha = (await commitOf(repo, ref)).tree.sha
    const { data } = await octokit.rest.git.getTree({ ...at, tree_sha, recursive: "1" })
    const blobs = data.tree.filter(({ type, path }) => type === "blob" && path !== "README.md")
    const read = async ({ path, sha: file_sha }: { path: string; sha: string }) => {
      const blob = (await octokit.rest.git.getBlob({ ...at, file_sha })).data
      return [path, Buffer.from(blob.content, "base64").toString()] as const
    }
    return Object.fromEntries(await Promise.all(blobs.map(read)))
  }

  test("its own files alone are taken back: what others have, or landed since, stays", async () => {
    const { repo, revert, branch } = await givenParts({ "api/a": "2", "api/new": "2", "web/a": "2", "both/a": "2" })
    const { id } = handleOf(await apply(stage.act, repo, revert))
    expect(await filesAt(repo, branch(HEAD))).toEqual({ "api/a": "1", "api/gone": "1", "web/a": "2", "both/a": "2" })
    expect((await pulls(repo))[0]?.body).toContain("in the component's own files (api, both)")
    const merge = effect("merge", "merge:7:1", { ...revert.content, number: Number(id) })
    expect(await apply(stage.act, repo, merge)).toEqual({ is: "done", result: { merged: true } })
    expect(await filesAt(repo, branch("main"))).toEqual({
      "api/a": "1",
      "api/gone": "1",
      "web/a": "2",
      "both/a": "2",
      "web/since": "1",
    })
  })

  test("what is another component's as well is left to people", async () => {
    const { repo, revert } = await givenParts({ "both/a": "2" })
    expect(await apply(stage.act, repo, revert)).toMatchObject({
      is: "refused",
      because: "all that changed in its files is another component's as well: take it back by hand",
    })
  })

  test("where it has the same files there is nothing to take back, and no pull request", async () => {
    const { repo, revert } = await givenParts({ "web/a": "2" })
    expect(await apply(stage.act, repo, revert)).toMatchObject({
      is: "refused",
      because: "1.4.2 has the same files of its own: there is nothing to take back",
    })
    expect(await pulls(repo)).toEqual([])
  })
})
