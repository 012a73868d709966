import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
let app: Awaited<ReturnType<typeof asInstallation>>
let sha: string
beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
  sha = scene.github.world()[REPO]?.branches.main as string
})
afterAll(() => scene.close())

const APPROVE = { label: "Approve", description: "Approve this release", identifier: "approve" }
const output = { title: "Waiting", summary: "for two people" }
const waiting = {
  status: "completed" as const,
  conclusion: "action_required" as const,
  output,
  actions: [APPROVE],
}
const create = async (name: string, more: Record<string, unknown> = {}) =>
  (await app.checks.create({ ...IN, name, head_sha: sha, ...waiting, ...more })).data

test("a run of ours carries our App, and tells everybody of it", async () => {
  const { github, hook } = scene
  hook.received.splice(0)
  const run = await create("Slipway / readiness", { external_id: "abc" })
  expect(run).toMatchObject({ app: { id: Number(github.app.id), slug: "slipway" }, external_id: "abc" })
  await github.settled()
  expect(hook.names()).toEqual(["check_run.created", "check_run.completed"])
  expect(hook.received[0]?.payload).toMatchObject({ sender: { login: "slipway[bot]", type: "Bot" } })
  expect(github.latestCheck(REPO, "Slipway / readiness")?.actions).toEqual([APPROVE])
  expect(github.problems).toEqual([])
})

test.each([
  ["four buttons", { actions: [APPROVE, APPROVE, APPROVE, APPROVE] }],
  ["a label of 21 characters", { actions: [{ ...APPROVE, label: "x".repeat(21) }] }],
  ["a description of 41 characters", { actions: [{ ...APPROVE, description: "x".repeat(41) }] }],
  ["an identifier of 21 characters", { actions: [{ ...APPROVE, identifier: "x".repeat(21) }] }],
  ["a button without a description", { actions: [{ label: "a", identifier: "b" }] }],
  ["a summary of more than 65,535 bytes", { output: { title: "t", summary: "é".repeat(32_768) } }],
  ["a text of more than 65,535 bytes", { output: { ...output, text: "x".repeat(65_536) } }],
  ["output without a summary", { output: { title: "t" } }],
])("%s are refused, on create and on update", async (_, more) => {
  const run = await create("Slipway / limits")
  expect(await refusal(create("Slipway / limits", more))).toMatchObject({ status: 422 })
  const update = app.checks.update({ ...IN, check_run_id: run.id, ...more } as never)
  expect(await refusal(update)).toMatchObject({ status: 422 })
  // Sending what GitHub's description forbids is a problem too, whatever the answer.
  scene.github.problems.splice(0)
})

test("the limits themselves pass", async () => {
  const full = { label: "x".repeat(20), description: "x".repeat(40), identifier: "x".repeat(20) }
  const text = "x".repeat(65_535)
  const run = await create("Slipway / full", { actions: [full, full, full], output: { ...output, text } })
  expect(run.output.text).toHaveLength(65_535)
})

test("annotations add up and buttons stay until they are replaced", async () => {
  const note = { path: "a.yml", start_line: 1, end_line: 1, annotation_level: "failure" as const, message: "no" }
  const run = await create("Slipway / plan", { output: { ...output, annotations: [note] } })
  const id = { ...IN, check_run_id: run.id }
  const again = await app.checks.update({ ...id, output: { ...output, annotations: [note] } })
  expect(again.data.output.annotations_count).toBe(2)
  expect((await app.checks.listAnnotations(id)).data).toHaveLength(2)
  expect(scene.github.latestCheck(REPO, "Slipway / plan")?.actions).toEqual([APPROVE])
  await app.checks.update({ ...id, actions: [] })
  expect(scene.github.latestCheck(REPO, "Slipway / plan")?.actions).toEqual([])
})

test("a list shows the newest run of each name and App, or all, by name, App and page", async () => {
  const { github } = scene
  await create("list")
  const newest = await create("list")
  const ci = await github.reportCheck({ repo: REPO, sha, name: "list", conclusion: "failure" })
  const list = async (more: Record<string, unknown>) =>
    (await app.checks.listForRef({ ...IN, ref: "main", check_name: "list", ...more })).data
  expect((await list({})).check_runs.map((run) => run.id)).toEqual([ci, newest.id])
  expect((await list({ filter: "all" })).total_count).toBe(3)
  expect((await list({ app_id: Number(github.app.id) })).check_runs.map((run) => run.id)).toEqual([newest.id])
  expect((await list({ filter: "all", per_page: 1, page: 2 })).check_runs.map((run) => run.id)).toEqual([newest.id])
  expect(github.problems).toEqual([])
})

test("another App's run is brought on, not ours to change", async () => {
  const { github, hook } = scene
  await github.settled()
  hook.received.splice(0)
  const id = await github.reportCheck({ repo: REPO, sha, name: "CI / build", status: "in_progress" })
  expect(await github.reportCheck({ repo: REPO, sha, name: "CI / build" })).toBe(id)
  await github.settled()
  expect(hook.names()).toEqual(["check_run.created", "check_run.completed"])
  expect(hook.received[1]?.payload).toMatchObject({
    check_run: { app: { id: 15_368, slug: "github-actions" }, conclusion: "success" },
    sender: { login: "github-actions[bot]" },
  })
  const update = app.checks.update({ ...IN, check_run_id: id, conclusion: "success" })
  expect(await refusal(update)).toMatchObject({ status: 403, message: expect.stringContaining("Invalid app_id") })
  expect(await refusal(github.as("bob").checks.create({ ...IN, name: "x", head_sha: sha }))).toMatchObject({
    status: 403,
  })
})

test("a click reaches us from a button that is shown, and only then", async () => {
  const { github, hook } = scene
  const run = await create("Slipway / click")
  const click = { repo: REPO, checkRunId: run.id, by: "ann" }
  await github.settled()
  hook.received.splice(0)
  await github.click({ ...click, identifier: "approve" })
  await github.rerequest(click)
  await github.settled()
  expect(hook.received.map(({ payload }) => payload)).toMatchObject([
    {
      action: "requested_action",
      requested_action: { identifier: "approve" },
      check_run: { id: run.id, head_sha: sha },
      sender: { login: "ann", type: "User" },
    },
    { action: "rerequested" },
  ])
  await expect(github.click({ ...click, identifier: "publish" })).rejects.toThrow("no button publish, but: approve")
  await app.checks.update({ ...IN, check_run_id: run.id, status: "in_progress" })
  await expect(github.click({ ...click, identifier: "approve" })).rejects.toThrow("on completed check runs only")
  const ci = await github.reportCheck({ repo: REPO, sha, name: "CI / other" })
  await expect(github.clickAnyway({ ...click, checkRunId: ci, identifier: "x" })).rejects.toThrow("only the App")
  expect(github.problems).toEqual([])
})

test("statuses are combined by their newest of each context", async () => {
  const { github } = scene
  const at = await github.pushCommit({ repo: REPO, by: "bob", message: "x", files: { "s.txt": "1\n" } })
  const combined = async () => (await app.repos.getCombinedStatusForRef({ ...IN, ref: at })).data
  expect(await combined()).toMatchObject({ state: "pending", total_count: 0 })
  const set = (context: string, state: string) => github.setStatus({ repo: REPO, sha: at, context, state, by: "bob" })
  await set("ci", "failure")
  expect((await combined()).state).toBe("failure")
  await set("ci", "success")
  await set("deploy", "success")
  expect(await combined()).toMatchObject({ state: "success", total_count: 2 })
  await github.settled()
  expect(scene.hook.received.at(-1)).toMatchObject({ event: "status", payload: { context: "deploy", sha: at } })
  expect(github.problems).toEqual([])
})
