import { afterAll, beforeAll, expect, test } from "vitest"
import type { OwnPull } from "../../src/model/effect.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, notes, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const PACKAGE = '{\n  "name": "shop",\n  "version": "1.4.2"\n}\n'
const CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.4.2] - 2026-10-01\n\n- Old.\n"

const world = (repo: Repository) => {
  const seen = stage.peer.world()[`acme/${repo.name}`]
  if (!seen) throw new Error("no such repository")
  return seen
}

const pull = (repo: Repository, on: string, more: Partial<Extract<OwnPull["commit"], { is: "built" }>> = {}) =>
  effect("pull-request", "pull:3", {
    purpose: "release",
    repositoryId: repo.id,
    release: "3",
    component: "",
    version: "1.5.0",
    head: "slipway/release/main",
    base: "main",
    commit: {
      is: "built",
      on,
      manifests: [{ path: "package.json" }],
      changelog: "CHANGELOG.md",
      entries: [{ notes: notes(), date: "2026-11-21" }],
      ...more,
    },
    notes: notes(),
  } satisfies OwnPull)

async function ready(files: Record<string, string> = { "package.json": PACKAGE, "CHANGELOG.md": CHANGELOG }) {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  const head = await stage.peer.pushCommit({ repo: full, by: "lea", message: "feat: x", files })
  return { repo, full, head }
}

const lea = () => stage.peer.as("lea").rest
const pulls = async (repo: Repository, state: "open" | "all" = "all") =>
  (await lea().pulls.list({ owner: "acme", repo: repo.name, state })).data
const commitAt = async (repo: Repository, ref: string) =>
  (await lea().repos.getCommit({ owner: "acme", repo: repo.name, ref })).data
const fileAt = async (repo: Repository, path: string, ref: string) => {
  const { data } = await lea().repos.getContent({ owner: "acme", repo: repo.name, path, ref })
  return "content" in data ? Buffer.from(data.content, "base64").toString() : ""
}

test("one commit on top of the branch, signed by GitHub, and one pull request from it", async () => {
  const { repo, head } = await ready()
  stage.peer.resetRequests()
  const outcome = await apply(stage.act, repo, pull(repo, head))
  const branch = world(repo).branches["slipway/release/main"] ?? ""
  expect(outcome).toMatchObject({ is: "done", handle: { id: "1" }, result: { number: 1, sha: branch, on: head } })
  const { commit, parents, author, files } = await commitAt(repo, branch)
  expect(parents.map(({ sha }) => sha)).toEqual([head])
  expect(author?.login).toBe("slipway[bot]")
  expect(commit.verification?.verified).toBe(true)
  expect(files?.map(({ filename }) => filename)).toEqual(["CHANGELOG.md", "package.json"])
  expect(await fileAt(repo, "package.json", branch)).toBe(PACKAGE.replace("1.4.2", "1.5.0"))
  expect(await fileAt(repo, "CHANGELOG.md", branch)).toMatch(
    /## \[Unreleased\]\n\n## \[1\.5\.0\] - 2026-11-21[\s\S]*Old/,
  )
  expect(await pulls(repo)).toMatchObject([
    { title: "chore(release): 1.5.0", base: { ref: "main" }, body: expect.stringContaining("pay by invoice") },
  ])
  const sent = stage.peer.requests.find((request) => request.operationId === "git/create-commit")
  expect(Object.keys(sent?.body ?? {}).sort()).toEqual(["message", "parents", "tree"])
})

test("a later merge makes the commit anew: one pull request, in a constant number of requests", async () => {
  const { repo, full, head } = await ready()
  const handle = handleOf(await apply(stage.act, repo, pull(repo, head)))
  const later = await stage.peer.pushCommit({ repo: full, by: "lea", message: "fix: y", files: { a: "1" } })
  stage.peer.resetRequests()
  await apply(stage.act, repo, pull(repo, later), { handle })
  expect(stage.peer.requests.map((r) => r.operationId)).toEqual([
    "repos/get-content",
    "repos/get-content",
    "git/get-commit",
    "git/create-tree",
    "git/create-commit",
    "git/update-ref",
    "pulls/update",
  ])
  expect(await pulls(repo)).toMatchObject([{ head: { sha: world(repo).branches["slipway/release/main"] } }])
  expect((await commitAt(repo, "slipway/release/main")).parents[0]?.sha).toBe(later)
})

test("a kill between the branch and the pull request leaves one of each", async () => {
  const { repo, head } = await ready()
  stage.peer.intercept(({ operationId }) =>
    operationId === "pulls/create" ? { status: 502, body: { message: "Bad Gateway" } } : undefined,
  )
  expect(await apply(stage.act, repo, pull(repo, head))).toMatchObject({ is: "retry" })
  stage.peer.intercept(undefined)
  const before = world(repo).branches["slipway/release/main"]
  const again = await apply(stage.act, repo, pull(repo, head), { mayHaveHappened: true })
  expect(again).toMatchObject({ is: "done", result: { sha: before } })
  expect(await pulls(repo)).toHaveLength(1)
})

test("a pull request whose handle was lost is found again", async () => {
  const { repo, head } = await ready()
  await apply(stage.act, repo, pull(repo, head))
  const again = await apply(stage.act, repo, pull(repo, head), { mayHaveHappened: true })
  expect(handleOf(again).id).toBe("1")
  expect(await pulls(repo)).toHaveLength(1)
})

test("a closed pull request stays closed, and the next merge opens another", async () => {
  const { repo, head } = await ready()
  const handle = handleOf(await apply(stage.act, repo, pull(repo, head)))
  await lea().pulls.update({ owner: "acme", repo: repo.name, pull_number: 1, state: "closed" })
  await lea().git.deleteRef({ owner: "acme", repo: repo.name, ref: "heads/slipway/release/main" })
  expect(handleOf(await apply(stage.act, repo, pull(repo, head), { handle })).id).toBe("2")
  expect(await pulls(repo, "open")).toMatchObject([{ number: 2 }])
})

test("a pinned pull request gets its approved commit back", async () => {
  const { repo, full, head } = await ready()
  const first = await apply(stage.act, repo, pull(repo, head))
  const approved = world(repo).branches["slipway/release/main"] ?? ""
  const later = await stage.peer.pushCommit({ repo: full, by: "lea", message: "fix: y", files: { a: "1" } })
  await apply(stage.act, repo, pull(repo, later), { handle: handleOf(first) })
  const built = pull(repo, head)
  const pinned = { ...built, content: { ...built.content, commit: { is: "pinned" as const, sha: approved } } }
  expect(await apply(stage.act, repo, pinned, { handle: handleOf(first) })).toMatchObject({ result: { sha: approved } })
  expect(world(repo).branches["slipway/release/main"]).toBe(approved)
})

test.each<[string, Record<string, string>, string]>([
  ["a manifest that is not there", { "CHANGELOG.md": CHANGELOG }, "package.json does not exist at"],
  ["a manifest without a version", { "package.json": "{}\n" }, "package.json"],
  ["a manifest that is broken", { "package.json": "{" }, "package.json:1"],
])("%s is refused with the reason, and nothing is written", async (_, files, because) => {
  const { repo, head } = await ready(files)
  const outcome = await apply(stage.act, repo, pull(repo, head))
  expect(outcome).toMatchObject({ is: "refused", code: "invalid", because: expect.stringContaining(because) })
  expect(Object.keys(world(repo).branches)).toEqual(["main"])
})

test("an entry that stands in the changelog already needs no pull request", async () => {
  const { repo, head } = await ready()
  const old = [{ notes: notes({ version: "1.4.2" }), date: "2026-11-21" }]
  const after = pull(repo, head, { on: null, manifests: [], entries: old })
  const content = { ...after.content, purpose: "changelog" as const, head: "slipway/changelog/main" }
  expect(await apply(stage.act, repo, { ...after, content })).toEqual({ is: "done" })
  expect(await pulls(repo)).toEqual([])
})

test("without the permission to write pull requests, the outcome names it", async () => {
  const { repo, head } = await ready()
  stage.peer.setPermissions("acme", { contents: "write", pull_requests: "read" })
  expect(await apply(stage.act, repo, pull(repo, head))).toMatchObject({
    is: "refused",
    code: "forbidden",
    because: expect.stringContaining("pull_requests"),
  })
  stage.peer.setPermissions("acme", { contents: "write", pull_requests: "write", checks: "write" })
})
