import { afterAll, beforeAll, expect, test } from "vitest"
import { bodyHash } from "../../src/model/body-hash.ts"
import { splitDraftBody } from "../../src/model/draft-body.ts"
import type { Draft } from "../../src/model/effect.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, notes, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const draft = (repo: Repository, more: Partial<Draft> = {}) =>
  effect("draft", "draft:3", {
    repositoryId: repo.id,
    release: "3",
    tag: "v1.5.0",
    name: "1.5.0",
    commitish: "main",
    prerelease: false,
    published: false,
    notes: notes(),
    hand: { above: "", below: "" },
    redraws: 0,
    ...more,
  })

const releases = (repo: Repository) => stage.peer.world()[`acme/${repo.name}`]?.releases ?? []

test("a draft is created with its marker, and its hash is the one of the body at GitHub", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  expect(releases(repo)).toMatchObject([{ tagName: "v1.5.0", name: "1.5.0", draft: true, targetCommitish: "main" }])
  const body = releases(repo)[0]?.body ?? ""
  expect(splitDraftBody(body)?.marker).toEqual({ repo: repo.id, release: "3" })
  expect(handle).toMatchObject({ id: String(releases(repo)[0]?.id), extra: { body: bodyHash(body) } })
  expect(handle.url).toContain("/releases/")
})

test("a known draft is rewritten by one request, what people wrote stays", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  stage.peer.resetRequests()
  const next = draft(repo, { tag: "v2.0.0", name: "2.0.0", hand: { above: "Dear all,\n\n", below: "\nBye" } })
  handleOf(await apply(stage.act, repo, next, { handle }))
  expect(stage.peer.requests.map((r) => r.method)).toEqual(["PATCH"])
  expect(releases(repo)).toMatchObject([{ tagName: "v2.0.0", name: "2.0.0", draft: true }])
  expect(releases(repo)[0]?.body).toMatch(/^Dear all,\n\n<!-- slipway:release[\s\S]*\nBye$/)
})

test("recovers after a crash behind the creation: the draft is found by its marker on any page", async () => {
  const repo = await stage.repository()
  await apply(stage.act, repo, draft(repo))
  for (let at = 0; at < 101; at++) {
    const body = "<!-- slipway:release repo=1 id=3 -->\nsomebody else's\n<!-- /slipway:release -->"
    await stage.peer.createRelease({ repo: `acme/${repo.name}`, by: "lea", tagName: `x${at}`, body, draft: true })
  }
  const before = releases(repo)
  handleOf(await apply(stage.act, repo, draft(repo), { mayHaveHappened: true }))
  expect(releases(repo)).toEqual(before)
})

test("a crash before the creation: nothing is found, and it is created once", async () => {
  const repo = await stage.repository()
  await apply(stage.act, repo, draft(repo), { mayHaveHappened: true })
  expect(releases(repo)).toHaveLength(1)
})

test("a draft that a read-back met is taken over", async () => {
  const repo = await stage.repository()
  const id = await stage.peer.createRelease({ repo: `acme/${repo.name}`, by: "lea", tagName: "v1", draft: true })
  const handle = handleOf(await apply(stage.act, repo, draft(repo, { found: String(id) })))
  expect(handle.id).toBe(String(id))
  expect(releases(repo)).toMatchObject([{ tagName: "v1.5.0" }])
})

test("a draft that a person deleted is gone, said in words", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  await stage.peer.deleteRelease({ repo: `acme/${repo.name}`, releaseId: Number(handle.id), by: "lea" })
  expect(await apply(stage.act, repo, draft(repo), { handle })).toMatchObject({
    is: "refused",
    code: "gone",
    because: expect.stringMatching(/^Slipway could not write the draft of v1.5.0: it is no longer there/),
  })
})

test("of a published release only the body is written", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  await stage.peer.publishRelease({ repo: `acme/${repo.name}`, releaseId: Number(handle.id), by: "lea" })
  const marked = draft(repo, { published: true, tag: "other", name: "other", banner: "Rolled back from production" })
  handleOf(await apply(stage.act, repo, marked, { handle }))
  expect(releases(repo)).toMatchObject([{ tagName: "v1.5.0", name: "1.5.0", draft: false }])
  expect(releases(repo)[0]?.body).toContain("Rolled back from production")
})

test("a draft that was published by hand a moment ago is not taken back", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  await stage.peer.publishRelease({ repo: `acme/${repo.name}`, releaseId: Number(handle.id), by: "lea" })
  handleOf(await apply(stage.act, repo, draft(repo), { handle }))
  expect(releases(repo)).toMatchObject([{ draft: false }])
})

test("notes that are too long for GitHub, with people's own text, still fit", async () => {
  const repo = await stage.repository()
  const entries = Array.from({ length: 3000 }, (_, at) => ({
    text: `change the thing number ${at} in a way that needs words`,
    number: at,
    author: "lea",
    sha: "a".repeat(40),
  }))
  const long = notes({ sections: [{ title: "Features", folded: false, entries }], changes: 3000 })
  handleOf(await apply(stage.act, repo, draft(repo, { notes: long, hand: { above: "x".repeat(20_000), below: "" } })))
  expect(releases(repo)[0]?.body?.length).toBeGreaterThan(120_000)
})

const gone = (repo: Repository) => effect("draft-delete", "draft:3", { release: "3" }, `delete:${repo.id}`)

test("a draft is deleted by its handle; once more is as good", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  expect(await apply(stage.act, repo, gone(repo), { handle })).toEqual({ is: "done" })
  expect(releases(repo)).toEqual([])
  expect(await apply(stage.act, repo, gone(repo), { handle, mayHaveHappened: true })).toEqual({ is: "done" })
})

test("a draft whose id was lost is deleted by its marker", async () => {
  const repo = await stage.repository()
  await apply(stage.act, repo, draft(repo))
  await stage.peer.createRelease({ repo: `acme/${repo.name}`, by: "lea", tagName: "mine", draft: true })
  expect(await apply(stage.act, repo, gone(repo))).toEqual({ is: "done" })
  expect(releases(repo)).toMatchObject([{ tagName: "mine" }])
})

test("a release that was published meanwhile is not deleted", async () => {
  const repo = await stage.repository()
  const handle = handleOf(await apply(stage.act, repo, draft(repo)))
  await stage.peer.publishRelease({ repo: `acme/${repo.name}`, releaseId: Number(handle.id), by: "lea" })
  expect(await apply(stage.act, repo, gone(repo), { handle })).toMatchObject({ is: "refused", code: "taken" })
  expect(releases(repo)).toHaveLength(1)
})

test.each([
  ["5xx is tried again", { status: 502, headers: {}, body: { message: "Bad gateway" } }, { is: "retry" }],
  [
    "a rate limit is waited for",
    { status: 403, headers: { "retry-after": "17" }, body: { message: "secondary rate limit" } },
    { is: "retry", afterSeconds: 17 },
  ],
  [
    "a missing permission is named",
    {
      status: 403,
      headers: { "x-accepted-github-permissions": "contents=write" },
      body: { message: "Resource not accessible by integration" },
    },
    { is: "refused", code: "forbidden", because: expect.stringContaining("`contents: write`") },
  ],
])("%s", async (_, answer, outcome) => {
  const repo = await stage.repository()
  stage.peer.intercept((request) => (request.path.endsWith("/releases") ? answer : undefined))
  expect(await apply(stage.act, repo, draft(repo))).toMatchObject(outcome)
  stage.peer.intercept(undefined)
})
