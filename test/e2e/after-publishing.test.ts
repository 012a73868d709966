import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** Files on the draft, and what follows a publication; each test is the next step of one story. */
let stage: Stage
let candidate: string

const CONFIG = `approvals: { required: 1 }
publish:
  assets: [{ name: "app-*.tgz", sha256: required }]
`

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG } })
})
afterAll(async () => {
  await stage.close()
})

const release = (tag: string) => {
  const found = stage.releases().find(({ tagName }) => tagName === tag)
  if (!found) throw new Error(`there is no ${tag}`)
  return found
}
const upload = (tag: string, name: string, content: string) =>
  stage.github.uploadAsset({ repo: stage.repo, releaseId: release(tag).id, by: "ben", name, content })
const sum = (content: string) => createHash("sha256").update(content).digest("hex")

test("Publish is not offered while a promised file is missing", async () => {
  candidate = (await stage.merge("ben", "feat: pay by invoice", { body: "Closes #40" })).sha
  await stage.press("approve", "ana", candidate)
  const page = await stage.press("approve", "cleo", candidate)
  expect(page.summary).toMatch(/assets \| ⏳ pending \| nothing on the draft is named app-\\\*\.tgz/)
  expect(page.actions.map((a) => a.identifier)).not.toContain("publish")
})

test("once it is uploaded, the pipeline's check brings it to the page, and its sum into the notes", async () => {
  upload("v0.1.0", "app-0.1.0.tgz", "one")
  upload("v0.1.0", "SHA256SUMS", `${sum("other")}  app-0.1.0.tgz\n`)
  await stage.report("package", candidate)
  expect(stage.readiness(candidate).summary).toMatch(/assets \| ❌ \*\*failed\*\* \| app-0\.1\.0\.tgz: not what/)
  upload("v0.1.0", "SHA256SUMS", `${sum("one")}  app-0.1.0.tgz\n`)
  await stage.report("package again", candidate)
  expect(stage.readiness(candidate).summary).toMatch(/assets \| ✅ passed \| app-0\.1\.0\.tgz is on the draft/)
  expect(stage.readiness(candidate).actions.map((a) => a.identifier)).toContain("publish")
  expect(release("v0.1.0").body).toContain(`${sum("one")}  app-0.1.0.tgz`)
})

test("a file that was exchanged after the page was drawn stops the publication, until it was looked at", async () => {
  upload("v0.1.0", "app-0.1.0.tgz", "two")
  upload("v0.1.0", "SHA256SUMS", `${sum("two")}  app-0.1.0.tgz\n`)
  const page = await stage.press("publish", "cleo", candidate)
  expect(page.summary).toMatch(/not counted\*\*: the files on the draft have changed since the page was drawn/)
  expect(stage.world().tags).toEqual({})
  expect(release("v0.1.0").body).toContain(`${sum("two")}  app-0.1.0.tgz`)
})

test("what was seen is what ships, under an annotated tag that says what is in it", async () => {
  const page = await stage.press("publish", "cleo", candidate)
  expect(page).toMatchObject({ conclusion: "success", title: "0.1.0 is published" })
  expect(stage.world().tags).toEqual({ "v0.1.0": candidate })
  const at = { owner: "acme", repo: "shop" }
  const { rest } = stage.github.as("ana")
  const { object } = (await rest.git.getRef({ ...at, ref: "tags/v0.1.0" })).data
  expect(object.type).toBe("tag")
  expect((await rest.git.getTag({ ...at, tag_sha: object.sha })).data).toMatchObject({
    object: { sha: candidate, type: "commit" },
    message: expect.stringMatching(/^v0\.1\.0\n\n2 changes\.\n\nFeatures:\n- pay by invoice \(#1\)\n/),
  })
})
