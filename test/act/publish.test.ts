import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Draft } from "../../src/model/effect.ts"
import type { Handle } from "../../src/model/outcome.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, notes, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const draftOf = (repo: Repository) =>
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
  } satisfies Draft)

const publish = (sha: string, more: { prerelease?: boolean; latest?: boolean; assets?: readonly string[] } = {}) =>
  effect(
    "publish",
    "draft:3",
    {
      release: "3",
      tag: "v1.5.0",
      sha,
      prerelease: false,
      latest: true,
      message: "v1.5.0\n\n1 change.",
      by: "lea",
      ...more,
    },
    "publish:3:1",
  )

const world = (repo: Repository) => {
  const seen = stage.peer.world()[`acme/${repo.name}`]
  if (!seen) throw new Error("no such repository")
  return seen
}

/** A repository with a draft, a candidate, and a later commit on the branch. */
async function ready() {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  const candidate = world(repo).branches.main ?? ""
  const head = await stage.peer.pushCommit({ repo: full, by: "lea", message: "feat: later", files: { a: "1" } })
  const handle = handleOf(await apply(stage.act, repo, draftOf(repo)))
  return { repo, full, candidate, head, handle }
}

test("publishes at the candidate, not at the head, and keeps what is known of the draft", async () => {
  const { repo, candidate, head, handle } = await ready()
  const outcome = await apply(stage.act, repo, publish(candidate), { handle, handles: { "draft:3": handle } })
  expect(outcome).toMatchObject({
    is: "done",
    handle: { id: handle.id, extra: handle.extra },
    result: { url: expect.stringContaining("/releases/tag/v1.5.0"), at: expect.stringMatching(/^\d{4}-/) },
  })
  expect(world(repo)).toMatchObject({
    tags: { "v1.5.0": candidate },
    releases: [{ tagName: "v1.5.0", draft: false, prerelease: false }],
  })
  expect(candidate).not.toBe(head)
})

test("publishing twice changes nothing and is done again", async () => {
  const { repo, candidate, handle } = await ready()
  const first = await apply(stage.act, repo, publish(candidate), { handle })
  const before = world(repo)
  expect(await apply(stage.act, repo, publish(candidate), { handle, mayHaveHappened: true })).toEqual(first)
  expect(world(repo)).toEqual(before)
})

test("recovers after a crash between tag and release", async () => {
  const { repo, full, candidate, handle } = await ready()
  await stage.peer.createTag({ repo: full, by: "lea", name: "v1.5.0", sha: candidate })
  expect(await apply(stage.act, repo, publish(candidate), { handle, mayHaveHappened: true })).toMatchObject({
    is: "done",
  })
  expect(world(repo)).toMatchObject({ tags: { "v1.5.0": candidate }, releases: [{ draft: false }] })
})

test("an annotated tag on the candidate is seen through", async () => {
  const { repo, full, candidate, handle } = await ready()
  const lea = stage.peer.as("lea")
  const at = { owner: "acme", repo: repo.name }
  const tag = await lea.rest.git.createTag({
    ...at,
    tag: "v1.5.0",
    message: "1.5.0",
    object: candidate,
    type: "commit",
  })
  await lea.rest.git.createRef({ ...at, ref: "refs/tags/v1.5.0", sha: tag.data.sha })
  expect(await apply(stage.act, repo, publish(candidate), { handle })).toMatchObject({ is: "done" })
  expect(full).toContain(repo.name)
})

test("a tag on another commit stops it: nothing is published", async () => {
  const { repo, full, candidate, head, handle } = await ready()
  await stage.peer.createTag({ repo: full, by: "lea", name: "v1.5.0", sha: head })
  expect(await apply(stage.act, repo, publish(candidate), { handle })).toMatchObject({
    is: "refused",
    code: "taken",
    because: expect.stringContaining(
      `already stands on ${head.slice(0, 7)}, not on the candidate ${candidate.slice(0, 7)}`,
    ),
  })
  expect(world(repo)).toMatchObject({ tags: { "v1.5.0": head }, releases: [{ draft: true }] })
})

test("a draft that is gone leaves no tag behind", async () => {
  const { repo, full, candidate, handle } = await ready()
  await stage.peer.deleteRelease({ repo: full, releaseId: Number(handle.id), by: "lea" })
  expect(await apply(stage.act, repo, publish(candidate), { handle })).toMatchObject({ is: "refused", code: "gone" })
  expect(world(repo).tags).toEqual({})
})

test("a draft that vanishes behind the tag is told with the tag that stands", async () => {
  const { repo, full, candidate, handle } = await ready()
  stage.peer.intercept(async (request) => {
    if (request.method !== "PATCH") return undefined
    stage.peer.intercept(undefined)
    await stage.peer.deleteRelease({ repo: full, releaseId: Number(handle.id), by: "lea" })
    return undefined
  })
  expect(await apply(stage.act, repo, publish(candidate), { handle })).toMatchObject({
    is: "refused",
    code: "gone",
    because: expect.stringContaining("The tag v1.5.0 stands on"),
  })
})

test("without any draft there is nothing to publish", async () => {
  const repo = await stage.repository()
  expect(await apply(stage.act, repo, publish("a".repeat(40)))).toMatchObject({ is: "refused", code: "gone" })
})

test("somebody else published it under another commit: refused, not taken back", async () => {
  const { repo, full, candidate, handle } = await ready()
  await stage.peer.publishRelease({ repo: full, releaseId: Number(handle.id), by: "lea" })
  expect(await apply(stage.act, repo, publish(candidate), { handle })).toMatchObject({ is: "refused", code: "taken" })
  expect(world(repo).releases).toMatchObject([{ draft: false }])
})

test("a prerelease is published as one", async () => {
  const { repo, candidate, handle } = await ready()
  expect(
    await apply(stage.act, repo, publish(candidate, { prerelease: true, latest: false }), { handle }),
  ).toMatchObject({ is: "done" })
  expect(world(repo).releases).toMatchObject([{ draft: false, prerelease: true }])
})

test.each([
  ["a patch of an older line does not become the latest release", false, "v9.0.0"],
  ["the highest one does", true, "v1.5.0"],
])("%s", async (_, latest, shown) => {
  const { repo, full, candidate, handle } = await ready()
  await stage.peer.createRelease({ repo: full, tagName: "v9.0.0", by: "lea" })
  expect(await apply(stage.act, repo, publish(candidate, { latest }), { handle })).toMatchObject({ is: "done" })
  expect(world(repo).latest).toBe(shown)
})

test("a ruleset that forbids the tag is told apart from a taken tag", async () => {
  const { repo, candidate, handle } = await ready()
  const message = "Repository rule violations found\n\nCannot create ref due to creations being restricted."
  stage.peer.intercept((request) =>
    request.method === "POST" && request.path.endsWith("/git/refs")
      ? { status: 422, headers: {}, body: { message } }
      : undefined,
  )
  const outcome = await apply(stage.act, repo, publish(candidate), { handle })
  stage.peer.intercept(undefined)
  expect(outcome).toMatchObject({
    is: "refused",
    code: "invalid",
    because: expect.stringContaining("a ruleset may restrict tags"),
  })
  expect(world(repo).releases).toMatchObject([{ draft: true }])
})

test("a missing permission is named, and the one for workflow files is thought of", async () => {
  const { repo, candidate, handle } = await ready()
  stage.peer.intercept((request) =>
    request.method === "POST"
      ? {
          status: 403,
          headers: { "x-accepted-github-permissions": "contents=write" },
          body: { message: "Resource not accessible by integration" },
        }
      : undefined,
  )
  const outcome = await apply(stage.act, repo, publish(candidate), { handle })
  stage.peer.intercept(undefined)
  expect(outcome).toMatchObject({
    is: "refused",
    code: "forbidden",
    because: expect.stringMatching(/`workflows: write`[\s\S]*`contents: write`/),
  })
})

test("the handle is found under the draft's target, whatever the effect's own is", async () => {
  const { repo, candidate, handle } = await ready()
  const handles: Record<string, Handle> = { "draft:3": handle }
  expect(await apply(stage.act, repo, publish(candidate), { handles })).toMatchObject({ is: "done" })
})

test("files that are not those that were seen stop it before anything is tagged", async () => {
  const { repo, full, candidate, handle } = await ready()
  const upload = { repo: full, releaseId: Number(handle.id), by: "lea", name: "app.tgz" }
  const seen = String(stage.peer.uploadAsset({ ...upload, content: "one" }))
  const context = { handle, handles: { "draft:3": handle } }
  const other = publish(candidate, { assets: [`${seen} app.tgz ${"0".repeat(64)}`] })
  expect(await apply(stage.act, repo, other, context)).toMatchObject({
    is: "refused",
    code: "invalid",
    because: expect.stringContaining("changed while it was being published"),
  })
  expect(world(repo).tags).toEqual({})
  const digest = createHash("sha256").update("one").digest("hex")
  const same = publish(candidate, { assets: [`${seen} app.tgz ${digest}`] })
  expect(await apply(stage.act, repo, same, context)).toMatchObject({ is: "done" })
})
