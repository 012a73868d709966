import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
let app: Awaited<ReturnType<typeof asInstallation>>
beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
})
afterAll(() => scene.close())

const seen = () => scene.github.world()[REPO]
const main = () => seen()?.branches.main as string
const draft = async (tag_name: string, more: Record<string, unknown> = {}) =>
  (await app.repos.createRelease({ ...IN, tag_name, draft: true, name: tag_name, body: "notes", ...more })).data

test("a draft has no tag and an untagged page; publishing makes the tag at its target", async () => {
  const { github, hook } = scene
  const target = main()
  await github.pushCommit({ repo: REPO, by: "bob", message: "later", files: { "later.txt": "x\n" } })
  await github.settled()
  hook.received.splice(0)
  const made = await draft("v1.0.0", { target_commitish: target })
  expect(made.html_url).toMatch(/\/releases\/tag\/untagged-[0-9a-f]{20}$/)
  expect(made.author.login).toBe("slipway[bot]")
  expect(seen()?.tags).not.toHaveProperty("v1.0.0")
  expect(await refusal(app.repos.getReleaseByTag({ ...IN, tag: "v1.0.0" }))).toMatchObject({ status: 404 })

  const published = (await app.repos.updateRelease({ ...IN, release_id: made.id, draft: false })).data
  expect(published.html_url).toMatch(/\/releases\/tag\/v1\.0\.0$/)
  expect(seen()?.tags["v1.0.0"]).toBe(target)
  await github.settled()
  expect(hook.names()).toEqual(["release.created", "create", "push", "release.published", "release.released"])
  const senders = hook.received.map(({ payload }) => (payload.sender as { login: string; type: string }).login)
  expect(new Set(senders)).toEqual(new Set(["slipway[bot]"]))
  expect((await app.repos.getLatestRelease(IN)).data.id).toBe(made.id)
  expect((await app.repos.listTags(IN)).data.map((tag) => [tag.name, tag.commit.sha])).toEqual([["v1.0.0", target]])
  expect(github.problems).toEqual([])
})

test("a tag that exists decides, not the target", async () => {
  const target = main()
  const made = await draft("v1.1.0", { target_commitish: target })
  const other = await scene.github.pushCommit({ repo: REPO, by: "bob", message: "x", files: { "x.txt": "1\n" } })
  await app.git.createRef({ ...IN, ref: "refs/tags/v1.1.0", sha: other })
  const published = (await app.repos.updateRelease({ ...IN, release_id: made.id, draft: false })).data
  expect(seen()?.tags["v1.1.0"]).toBe(other)
  expect(published.target_commitish).toBe(target)
})

test("two drafts may carry one tag, two published releases may not", async () => {
  const [one, two] = [await draft("v2.0.0"), await draft("v2.0.0")]
  expect(one.id).not.toBe(two.id)
  await app.repos.updateRelease({ ...IN, release_id: one.id, draft: false })
  expect(await refusal(app.repos.updateRelease({ ...IN, release_id: two.id, draft: false }))).toMatchObject({
    status: 422,
    message: expect.stringContaining("already_exists"),
  })
})

test("a body of 125,000 characters passes, one more is refused", async () => {
  const made = await draft("v3.0.0", { body: "x".repeat(125_000) })
  expect(made.body).toHaveLength(125_000)
  const longer = app.repos.updateRelease({ ...IN, release_id: made.id, body: "x".repeat(125_001) })
  expect(await refusal(longer)).toMatchObject({ status: 422, message: expect.stringContaining("body is too long") })
})

test("what a person edits comes with what it was before", async () => {
  const { github, hook } = scene
  const made = await draft("v4.0.0")
  await github.settled()
  hook.received.splice(0)
  await github.editRelease({ repo: REPO, releaseId: made.id, by: "bob", body: "mine" })
  await github.deleteRelease({ repo: REPO, releaseId: made.id, by: "bob" })
  await github.settled()
  expect(hook.received.map(({ payload }) => payload)).toMatchObject([
    {
      action: "edited",
      changes: { body: { from: "notes" } },
      release: { body: "mine", draft: true },
      sender: { login: "bob" },
    },
    { action: "deleted" },
  ])
  expect(await refusal(app.repos.getRelease({ ...IN, release_id: made.id }))).toMatchObject({ status: 404 })
  expect(github.problems).toEqual([])
})

test("drafts are hidden from those who may not write", async () => {
  const { github } = scene
  const made = await draft("v5.0.0")
  github.createUser("stranger")
  const stranger = github.as("stranger")
  expect((await stranger.repos.listReleases(IN)).data.some((release) => release.draft)).toBe(false)
  expect(await refusal(stranger.repos.getRelease({ ...IN, release_id: made.id }))).toMatchObject({ status: 404 })
  expect(await refusal(stranger.repos.updateRelease({ ...IN, release_id: made.id, name: "x" }))).toMatchObject({
    status: 403,
  })
})

test("a ref that exists, and an object that does not, are refused", async () => {
  const sha = main()
  await app.git.createRef({ ...IN, ref: "refs/tags/once", sha })
  expect(await refusal(app.git.createRef({ ...IN, ref: "refs/tags/once", sha }))).toMatchObject({
    status: 422,
    message: expect.stringContaining("Reference already exists"),
  })
  expect(await refusal(app.git.createRef({ ...IN, ref: "refs/tags/x", sha: "0".repeat(40) }))).toMatchObject({
    status: 422,
  })
  expect((await app.git.listMatchingRefs({ ...IN, ref: "tags/onc" })).data.map((ref) => ref.ref)).toEqual([
    "refs/tags/once",
  ])
})
