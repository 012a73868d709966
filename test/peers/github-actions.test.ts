import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, stage } from "./stage.ts"

/** Workflow runs and release assets of the emulated GitHub. */
let scene: Awaited<ReturnType<typeof stage>>
let app: Awaited<ReturnType<typeof asInstallation>>
let head: string

const workflow = (on: string) => `on: ${on}\njobs: { go: { runs-on: ubuntu-latest, steps: [] } }\n`

beforeAll(async () => {
  scene = await stage()
  head = await scene.github.pushCommit({
    repo: REPO,
    by: "olga",
    message: "ci",
    files: {
      ".github/workflows/release.yml": workflow("{ workflow_dispatch: { inputs: { version: {} } } }"),
      ".github/workflows/listen.yml": workflow("{ repository_dispatch: { types: [released] } }"),
      ".github/workflows/ci.yml": workflow("[push]"),
    },
  })
  await scene.github.createTag({ repo: REPO, by: "olga", name: "v1.0.0", sha: head })
  app = await asInstallation(scene.github)
  await scene.github.settled()
  scene.hook.received.splice(0)
})
afterAll(async () => {
  await scene.close()
  expect(scene.github.problems).toEqual([])
})

const dispatch = (workflow_id: string, more: object = {}) =>
  app.actions.createWorkflowDispatch({ ...IN, workflow_id, ref: "v1.0.0", ...more })

test("a dispatch starts a run on the tag, says which, and tells how it goes", async () => {
  const details = { inputs: { version: "1.0.0" }, return_run_details: true }
  const answer = await dispatch("release.yml", details)
  const { workflow_run_id: id } = answer.data as unknown as { workflow_run_id: number }
  const listed = await app.actions.listWorkflowRuns({ ...IN, workflow_id: "release.yml", branch: "v1.0.0" })
  expect(listed.data.workflow_runs).toMatchObject([
    { id, head_sha: head, event: "workflow_dispatch", status: "queued" },
  ])
  scene.github.moveRun({ repo: REPO, runId: id, by: "olga", to: "in_progress" })
  scene.github.moveRun({ repo: REPO, runId: id, by: "olga", to: "completed", conclusion: "failure" })
  expect((await app.actions.getWorkflowRun({ ...IN, run_id: id })).data.conclusion).toBe("failure")
  await scene.github.settled()
  expect(scene.hook.names()).toEqual(["workflow_run.requested", "workflow_run.in_progress", "workflow_run.completed"])
})

test.each<[string, string, object, number, RegExp]>([
  ["no such workflow", "none.yml", {}, 404, /Not Found/],
  ["a workflow that listens to pushes", "ci.yml", {}, 422, /does not have 'workflow_dispatch' trigger/],
  ["an input that is not declared", "release.yml", { inputs: { tag: "v1.0.0" } }, 422, /Unexpected inputs/],
  ["no such tag", "release.yml", { ref: "v9.9.9" }, 422, /No ref found/],
])("%s is refused", async (_, file, more, status, message) => {
  expect(await refusal(dispatch(file, more))).toMatchObject({ status, message: expect.stringMatching(message) })
})

test("a repository_dispatch starts the workflows of the default branch that listen to its type", async () => {
  await app.repos.createDispatchEvent({ ...IN, event_type: "released", client_payload: { version: "1.0.0" } })
  await app.repos.createDispatchEvent({ ...IN, event_type: "else" })
  const { data } = await app.actions.listWorkflowRunsForRepo({ ...IN, event: "repository_dispatch" })
  expect(data.workflow_runs.map(({ path, display_title }) => [path, display_title])).toEqual([
    [".github/workflows/listen.yml", "released"],
  ])
})

test("an asset has its digest from GitHub, and is given as it was uploaded", async () => {
  const { data: release } = await app.repos.createRelease({ ...IN, tag_name: "v2.0.0", draft: true })
  const upload = { repo: REPO, releaseId: release.id, by: "olga" }
  scene.github.uploadAsset({ ...upload, name: "app.tgz", content: "one" })
  const id = scene.github.uploadAsset({ ...upload, name: "app.tgz", content: "two" })
  scene.github.uploadAsset({ ...upload, name: "old.tgz", content: "old", withoutDigest: true, state: "open" })
  const digest = `sha256:${createHash("sha256").update("two").digest("hex")}`
  const { data } = await app.repos.listReleaseAssets({ ...IN, release_id: release.id })
  expect(data).toMatchObject([
    { id, name: "app.tgz", state: "uploaded", size: 3, digest },
    { name: "old.tgz", state: "open", digest: null },
  ])
  const accept = "application/octet-stream"
  const raw = await app.repos.getReleaseAsset({ ...IN, asset_id: id, headers: { accept } })
  expect(Buffer.from(raw.data as unknown as ArrayBuffer).toString()).toBe("two")
  await app.repos.deleteReleaseAsset({ ...IN, asset_id: id })
  expect((await app.repos.getRelease({ ...IN, release_id: release.id })).data.assets).toHaveLength(1)
})
