import { afterAll, beforeAll, expect, test } from "vitest"
import { AUDIT_FILE, readCheckpoint } from "../../src/model/checkpoint.ts"
import type { Draft, Publish } from "../../src/model/effect.ts"
import type { Repository } from "../../src/model/repository.ts"
import { isSigned } from "../../src/store/audit-key.ts"
import { apply, effect, handleOf, notes, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const TAG = "v1.5.0"
const draftOf = (repo: Repository) =>
  effect("draft", "draft:3", {
    repositoryId: repo.id,
    release: "3",
    tag: TAG,
    name: "1.5.0",
    commitish: "main",
    prerelease: false,
    published: false,
    notes: notes(),
    hand: { above: "", below: "" },
    redraws: 0,
  } satisfies Draft)

const ASKED = { version: "1.5.0", asked: "2026-11-20T10:00:00.000Z", attempt: 1 }
const publish = (sha: string, more: Partial<Publish> = {}) =>
  effect(
    "publish",
    "draft:3",
    {
      release: "3",
      tag: TAG,
      sha,
      prerelease: false,
      latest: true,
      message: TAG,
      by: "lea",
      audit: ASKED,
      ...more,
    },
    "publish:3:1",
  )

async function ready() {
  const repo = await stage.repository()
  const world = () => {
    const seen = stage.peer.world()[`acme/${repo.name}`]
    if (!seen) throw new Error("no such repository")
    return seen
  }
  const candidate = world().branches.main ?? ""
  const handle = handleOf(await apply(stage.act, repo, draftOf(repo)))
  const context = { handle, handles: { "draft:3": handle } }
  const upload = { repo: `acme/${repo.name}`, releaseId: Number(handle.id), by: "lea", name: AUDIT_FILE }
  return { repo, world, candidate, handle, context, upload }
}

async function files(repo: Repository, release: string) {
  const lea = stage.peer.as("lea")
  const at = { owner: "acme", repo: repo.name }
  const { data } = await lea.rest.repos.listReleaseAssets({ ...at, release_id: Number(release) })
  return await Promise.all(
    data.map(async ({ id, name, uploader }) => {
      const asset = await lea.rest.repos.getReleaseAsset({
        ...at,
        asset_id: id,
        headers: { accept: "application/octet-stream" },
      })
      return { id, name, by: uploader?.login, text: new TextDecoder().decode(asset.data as unknown as ArrayBuffer) }
    }),
  )
}

const asked = (since: number) => stage.peer.requests.slice(since).map(({ operationId }) => operationId)

test("a release carries where the audit trail stood, signed, and it costs one request", async () => {
  const { repo, candidate, handle, context } = await ready()
  const before = stage.peer.requests.length
  const outcome = await apply(stage.act, repo, publish(candidate), context)
  expect(asked(before)).toEqual([
    "repos/get-release",
    "repos/upload-release-asset",
    "git/create-tag",
    "git/create-ref",
    "repos/update-release",
  ])
  const [file, ...more] = await files(repo, handle.id)
  expect(more).toEqual([])
  const checkpoint = readCheckpoint(file?.text ?? "")
  expect(checkpoint).toMatchObject({
    repository: { id: repo.id, name: `acme/${repo.name}` },
    sequence: 7,
    release: { version: "1.5.0", tag: TAG, sha: candidate },
  })
  expect(checkpoint && isSigned(checkpoint)).toBe(true)
  expect(checkpoint && isSigned({ ...checkpoint, sequence: 6 })).toBe(false)
  expect(outcome).toMatchObject({
    is: "done",
    result: { head: { file: AUDIT_FILE, asset: String(file?.id), sequence: 7, publicKey: checkpoint?.publicKey } },
  })
})

test("it is none of the files that were asked for", async () => {
  const { repo, candidate, handle, context } = await ready()
  const outcome = await apply(stage.act, repo, publish(candidate, { assets: [] }), context)
  expect(outcome).toMatchObject({ is: "done" })
  expect(await files(repo, handle.id)).toMatchObject([{ name: AUDIT_FILE }])
})

test("a release whose configuration does without carries none", async () => {
  const { repo, candidate, handle, context } = await ready()
  const { audit: _, ...without } = publish(candidate).content
  const outcome = await apply(stage.act, repo, effect("publish", "draft:3", without, "publish:3:1"), context)
  expect(outcome).toMatchObject({ is: "done", result: { url: expect.any(String) } })
  expect(await files(repo, handle.id)).toEqual([])
})

test.each([
  ["attempt", { ...ASKED, attempt: 2 }],
  ["press of Publish", { ...ASKED, asked: "2026-11-20T11:00:00.000Z" }],
])("recovers after an attempt that came to nothing: its file makes way for that of the next %s", async (_, audit) => {
  const { repo, world, candidate, handle, context } = await ready()
  const refused = publish(candidate, { assets: ["9 gone.tgz -"] })
  expect(await apply(stage.act, repo, refused, context)).toMatchObject({ is: "refused" })
  const [left] = await files(repo, handle.id)
  expect(world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
  const next = publish(candidate, { audit })
  expect(await apply(stage.act, repo, next, context)).toMatchObject({ is: "done" })
  const after = await files(repo, handle.id)
  expect(after).toMatchObject([{ name: AUDIT_FILE }])
  expect(after[0]?.id).not.toBe(left?.id)
})

test("recovers after a crash behind the upload: the file of this very attempt stays", async () => {
  const { repo, candidate, handle, context } = await ready()
  await apply(stage.act, repo, publish(candidate, { assets: ["9 gone.tgz -"] }), context)
  const left = await files(repo, handle.id)
  const outcome = await apply(stage.act, repo, publish(candidate), { ...context, mayHaveHappened: true })
  expect(outcome).toMatchObject({ is: "done", result: { head: { asset: String(left[0]?.id), sequence: 7 } } })
  expect(await files(repo, handle.id)).toEqual(left)
})

test("recovers after a crash behind the publication: the file is told again, and is the same", async () => {
  const { repo, candidate, handle, context } = await ready()
  await apply(stage.act, repo, publish(candidate), context)
  const [file] = await files(repo, handle.id)
  const again = await apply(stage.act, repo, publish(candidate), { ...context, mayHaveHappened: true })
  expect(again).toMatchObject({ is: "done", result: { head: { file: AUDIT_FILE, asset: String(file?.id) } } })
  expect(await files(repo, handle.id)).toEqual([file])
})

test("somebody else's file of that name stops it: nothing is tagged, and the file stays", async () => {
  const { repo, world, candidate, handle, context, upload } = await ready()
  stage.peer.uploadAsset({ ...upload, content: "{}" })
  expect(await apply(stage.act, repo, publish(candidate), context)).toMatchObject({
    is: "refused",
    code: "invalid",
    because: expect.stringContaining("that lea put there"),
  })
  expect(world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
  expect(await files(repo, handle.id)).toMatchObject([{ by: "lea", text: "{}" }])
})
