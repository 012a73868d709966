import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** Files on the draft, and what follows a publication; each test is the next step of one story. */
let stage: Stage
let candidate: string
let issue: number

const CONFIG = `approvals: { required: 1 }
publish:
  assets: [{ name: "app-*.tgz", sha256: required }]
  dispatch: { workflow: package.yml, within: 60m }
`
const INPUTS = "version: {}, tag: {}, sha: {}, component: {}, notes_url: {}"
const PACKAGE = `on: { workflow_dispatch: { inputs: { ${INPUTS} } } }\njobs: { go: { runs-on: ubuntu-latest, steps: [] } }\n`

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG, ".github/workflows/package.yml": PACKAGE } })
  issue = await stage.github.openIssue({ repo: stage.repo, title: "Pay later", by: "cleo" })
})
afterAll(async () => {
  await stage.close()
})

const AT = { owner: "acme", repo: "shop" }
const release = (tag: string) => {
  const found = stage.releases().find(({ tagName }) => tagName === tag)
  if (!found) throw new Error(`there is no ${tag}`)
  return found
}
const upload = (tag: string, name: string, content: string) =>
  stage.github.uploadAsset({ repo: stage.repo, releaseId: release(tag).id, by: "ben", name, content })
const sum = (content: string) => createHash("sha256").update(content).digest("hex")

test("Publish is not offered while a promised file is missing", async () => {
  candidate = (await stage.merge("ben", "feat: pay by invoice", { body: `Closes #${issue}` })).sha
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
  const { rest } = stage.github.as("ana")
  const { object } = (await rest.git.getRef({ ...AT, ref: "tags/v0.1.0" })).data
  expect(object.type).toBe("tag")
  expect((await rest.git.getTag({ ...AT, tag_sha: object.sha })).data).toMatchObject({
    object: { sha: candidate, type: "commit" },
    message: expect.stringMatching(/^v0\.1\.0\n\n2 changes\.\n\nFeatures:\n- pay by invoice \(#2\)\n/),
  })
})

const comments = async (number: number) => {
  const { data } = await stage.github.as("ana").rest.issues.listComments({ ...AT, issue_number: number })
  return data.map(({ user, body }) => [user?.login, body?.split("\n", 1)[0]])
}
const replies = async () => (await stage.threads())[0]?.replies.map(({ text }) => text) ?? []
const page = () => stage.readiness(candidate)

test("the workflow that is named was started once, on the tag, with what it needs to know", () => {
  expect(stage.github.runsOf(stage.repo)).toMatchObject([
    {
      path: ".github/workflows/package.yml",
      event: "workflow_dispatch",
      ref: "v0.1.0",
      sha: candidate,
      given: {
        version: "0.1.0",
        tag: "v0.1.0",
        sha: candidate,
        component: "",
        notes_url: expect.stringMatching(/\/releases\/tag\/v0\.1\.0$/),
      },
    },
  ])
  expect(page().summary).toMatch(
    /## After publishing\n\n- ⏳ pending: \[package\.yml is running\]\(\S+\/actions\/runs\/\d+\)/,
  )
})

test("each pull request and each issue that it closes is told once", async () => {
  const link = expect.stringMatching(/^🚀 Released in \[v0\.1\.0\]\(\S+\/releases\/tag\/v0\.1\.0\)\.$/)
  expect(await comments(2)).toEqual([["slipway[bot]", link]])
  expect(await comments(issue)).toEqual([["slipway[bot]", expect.stringMatching(/\), with #2\.$/)]])
  await stage.later(60_000)
  expect(await comments(2)).toHaveLength(1)
})

test("a run that fails is said in the thread and on the check, and so is a re-run that succeeds", async () => {
  const runId = stage.github.runsOf(stage.repo)[0]?.id ?? 0
  const move = async (to: object) => {
    stage.github.moveRun({ repo: stage.repo, runId, by: "slipway[bot]", ...to } as never)
    await stage.quiet()
  }
  await move({ to: "in_progress" })
  await move({ to: "completed", conclusion: "failure" })
  expect(page()).toMatchObject({
    conclusion: "failure",
    title: "0.1.0 is published; package.yml failed: failure",
    summary: expect.stringMatching(/❌ \*\*failed\*\*: \[package\.yml failed: failure\]/),
  })
  expect((await replies()).at(-1)).toMatch(/package\.yml failed\* for `0\.1\.0`: failure/)
  await move({ to: "again" })
  await move({ to: "completed", conclusion: "success" })
  expect(page()).toMatchObject({ conclusion: "success", title: "0.1.0 is published" })
  expect((await replies()).at(-1)).toMatch(/package\.yml succeeded/)
})
