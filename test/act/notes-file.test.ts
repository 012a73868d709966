import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Draft } from "../../src/model/effect.ts"
import { notesFileOf } from "../../src/model/notes-file.ts"
import type { Handle } from "../../src/model/outcome.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, notes, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const CHANGES = 3000
const long = (word = "thing") => {
  const entries = Array.from({ length: CHANGES }, (_, at) => ({
    text: `change the ${word} in a way that needs words`,
    number: at + 10_000,
    author: "lea",
    sha: "a".repeat(40),
  }))
  return notes({ sections: [{ title: "Features", folded: false, entries }], changes: CHANGES })
}

const draft = (repo: Repository, more: Partial<Draft> = {}) =>
  effect("draft", "draft:3", {
    repositoryId: repo.id,
    release: "3",
    tag: "v1.5.0",
    name: "1.5.0",
    commitish: "main",
    prerelease: false,
    published: false,
    notes: long(),
    hand: { above: "", below: "" },
    attach: true,
    redraws: 0,
    ...more,
  })

const full = ({ name }: Repository) => `acme/${name}`
const bodyOf = (repo: Repository) => stage.peer.world()[full(repo)]?.releases[0]?.body ?? ""

async function files(repo: Repository) {
  const at = { owner: "acme", repo: repo.name }
  const { rest } = stage.peer.as("lea")
  const id = stage.peer.world()[full(repo)]?.releases[0]?.id ?? 0
  const { data } = await rest.repos.listReleaseAssets({ ...at, release_id: id })
  return Promise.all(
    data.map(async ({ id: asset_id, name, content_type, uploader }) => {
      const headers = { accept: "application/octet-stream" }
      const content = await rest.repos.getReleaseAsset({ ...at, asset_id, headers })
      const text = new TextDecoder().decode(content.data as unknown as ArrayBuffer)
      return { id: String(asset_id), name, content_type, by: uploader?.login, text }
    }),
  )
}

const asked = () => stage.peer.requests.map(({ method, operationId }) => `${method} ${operationId}`)

/** Writes the draft anew; gives its handle and what it cost. */
async function write(repo: Repository, more: Partial<Draft>, given: { handle?: Handle; mayHaveHappened?: boolean }) {
  stage.peer.resetRequests()
  const handle = handleOf(await apply(stage.act, repo, draft(repo, more), given))
  return { handle, cost: asked() }
}

const [LOOK, UPLOAD, DELETE, WRITE] = [
  "GET repos/get-release",
  "POST repos/upload-release-asset",
  "DELETE repos/delete-release-asset",
  "PATCH repos/update-release",
]

test("notes that are too long come whole as a file, to which the shortened ones lead", async () => {
  const repo = await stage.repository()
  const { handle: before } = await write(repo, { notes: notes() }, {})
  expect(await files(repo)).toEqual([])
  const { handle, cost } = await write(repo, {}, { handle: before })
  expect(cost).toEqual([LOOK, UPLOAD, WRITE])
  const [file, ...others] = await files(repo)
  expect(others).toEqual([])
  expect(file).toMatchObject({
    name: "release-notes.md",
    content_type: "text/markdown; charset=utf-8",
    by: "slipway[bot]",
    text: expect.stringMatching(/^# v1\.5\.0\n\n### Features\n/),
  })
  expect(file?.text.match(/^- .* \(#\d{5}\) by @lea$/gm)).toHaveLength(CHANGES)
  expect(notesFileOf(handle)).toEqual({
    id: file?.id,
    sha256: createHash("sha256")
      .update(file?.text ?? "")
      .digest("hex"),
  })
  expect(bodyOf(repo)).toMatch(
    /: \d+ of 3000 changes are only counted\. All of them are in `release-notes\.md`, among the files of this release_/,
  )
})

test("every number in the shortened notes is whole", async () => {
  const repo = await stage.repository()
  await write(repo, {}, {})
  const numbers = [...bodyOf(repo).matchAll(/#(\d+)/g)].map(([, number]) => Number(number))
  expect(numbers.length).toBeGreaterThan(1000)
  expect(numbers.filter((number) => number < 10_000 || number >= 10_000 + CHANGES)).toEqual([])
})

test("the same notes are uploaded once, other ones replace them", async () => {
  const repo = await stage.repository()
  const first = await write(repo, {}, {})
  expect(first.cost).toEqual(["POST repos/create-release", LOOK, UPLOAD, WRITE])
  const again = await write(repo, { redraws: 1 }, first)
  expect(again.cost).toEqual([WRITE])
  expect(notesFileOf(again.handle)).toEqual(notesFileOf(first.handle))
  const other = await write(repo, { notes: long("other thing") }, again)
  expect(other.cost).toEqual([LOOK, DELETE, UPLOAD, WRITE])
  const [file, ...others] = await files(repo)
  expect(others).toEqual([])
  expect(file?.text).toContain("change the other thing")
  expect(notesFileOf(other.handle)?.id).toBe(file?.id)
})

test.each([
  ["notes that fit", { notes: notes() }],
  ["a draft that follows its branch", { attach: undefined }],
])("%s cost one request and have no file", async (_, more) => {
  const repo = await stage.repository()
  const { attach, ...content } = draft(repo).content
  const only = "attach" in more ? content : { ...content, ...more }
  const first = handleOf(await apply(stage.act, repo, effect("draft", "draft:3", only)))
  stage.peer.resetRequests()
  await apply(stage.act, repo, effect("draft", "draft:3", { ...only, redraws: 1 }), { handle: first })
  expect(asked()).toEqual([WRITE])
  expect(await files(repo)).toEqual([])
  expect(bodyOf(repo)).not.toContain("release-notes.md")
})

test("once the notes fit again, the file goes", async () => {
  const repo = await stage.repository()
  const first = await write(repo, {}, {})
  const fits = await write(repo, { notes: notes() }, first)
  expect(fits.cost).toEqual([DELETE, WRITE])
  expect(notesFileOf(fits.handle)).toBeUndefined()
  expect(await files(repo)).toEqual([])
  const still = await write(repo, { notes: notes(), redraws: 1 }, fits)
  expect(still.cost).toEqual([WRITE])
})

test("recovers after a crash behind the upload: the file that is there is taken, and named", async () => {
  const repo = await stage.repository()
  const { handle } = await write(repo, { notes: notes() }, {})
  stage.peer.intercept(({ operationId }) =>
    operationId === "repos/update-release" ? { status: 502, body: { message: "Bad gateway" } } : undefined,
  )
  expect(await apply(stage.act, repo, draft(repo), { handle })).toMatchObject({ is: "retry" })
  stage.peer.intercept(undefined)
  const [file] = await files(repo)
  expect(bodyOf(repo)).not.toContain("release-notes.md")
  const again = await write(repo, {}, { handle, mayHaveHappened: true })
  expect(again.cost).toEqual([LOOK, WRITE])
  expect(await files(repo)).toEqual([file])
  expect(notesFileOf(again.handle)?.id).toBe(file?.id)
  expect(bodyOf(repo)).toContain("release-notes.md")
})

test("recovers after a crash behind the upload of other notes: what Slipway put there is replaced", async () => {
  const repo = await stage.repository()
  const { handle } = await write(repo, {}, {})
  await write(repo, { notes: long("lost thing") }, { handle })
  const last = await write(repo, { notes: long("last thing") }, { handle, mayHaveHappened: true })
  const [file, ...others] = await files(repo)
  expect(others).toEqual([])
  expect(file?.text).toContain("change the last thing")
  expect(notesFileOf(last.handle)?.id).toBe(file?.id)
})

test("somebody else's file of that name stays, and the notes lead elsewhere", async () => {
  const repo = await stage.repository()
  const { handle } = await write(repo, { notes: notes() }, {})
  const upload = { repo: full(repo), releaseId: Number(handle.id), by: "lea", name: "release-notes.md" }
  stage.peer.uploadAsset({ ...upload, content: "mine" })
  const after = await write(repo, {}, { handle })
  expect(notesFileOf(after.handle)).toBeUndefined()
  expect(await files(repo)).toMatchObject([{ by: "lea", text: "mine" }])
  expect(bodyOf(repo)).toContain("are only counted. `slipway notes` prints all of them")
})

test("of a published release the file stays as it is, and its body goes on to name it", async () => {
  const repo = await stage.repository()
  const { handle } = await write(repo, {}, {})
  await stage.peer.publishRelease({ repo: full(repo), releaseId: Number(handle.id), by: "lea" })
  const { attach: _, ...content } = draft(repo, { published: true, banner: "Rolled back" }).content
  stage.peer.resetRequests()
  const after = handleOf(await apply(stage.act, repo, effect("draft", "draft:3", content), { handle }))
  expect(asked()).toEqual([WRITE])
  expect(notesFileOf(after)).toEqual(notesFileOf(handle))
  expect(bodyOf(repo)).toMatch(/Rolled back[\s\S]*All of them are in `release-notes\.md`/)
})

test("a missing permission to upload is a refusal with its reason", async () => {
  const repo = await stage.repository()
  const { handle } = await write(repo, { notes: notes() }, {})
  stage.peer.intercept(({ operationId }) =>
    operationId === "repos/upload-release-asset"
      ? {
          status: 403,
          headers: { "x-accepted-github-permissions": "contents=write" },
          body: { message: "Resource not accessible by integration" },
        }
      : undefined,
  )
  const outcome = await apply(stage.act, repo, draft(repo), { handle })
  stage.peer.intercept(undefined)
  expect(outcome).toMatchObject({ is: "refused", because: expect.stringContaining("`contents: write`") })
})
