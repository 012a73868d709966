import { afterAll, beforeAll, expect, test } from "vitest"
import type { BackRun } from "../../src/model/effect.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const MARK = "slipway-7-1"

/** A repository with a workflow that deploys; `named`: whose runs are named by what they are given. */
async function given(named = true) {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  const runName = named
    ? `run-name: Deploy ${["$", "{{ inputs.version }}"].join("")} (${["$", "{{ inputs.key }}"].join("")})\n`
    : ""
  const workflow = `${runName}on: { workflow_dispatch: { inputs: { version: {}, key: {} } } }\njobs: {}\n`
  const head = await stage.peer.pushCommit({
    repo: full,
    by: "lea",
    message: "ci",
    files: { ".github/workflows/deploy.yml": workflow, ".github/workflows/ci.yml": "on: push\njobs: {}\n" },
  })
  await stage.peer.createTag({ repo: full, by: "lea", name: "v1.4.2", sha: head })
  const content = (more: Partial<BackRun> = {}): BackRun => ({
    workflow: "deploy.yml",
    ref: "v1.4.2",
    inputs: { version: "1.4.2", key: more.mark ?? MARK },
    asked: new Date().toISOString(),
    mark: MARK,
    ...more,
  })
  const start = (more?: Partial<BackRun>, handles = {}, mayHaveHappened = false) =>
    apply(stage.act, repo, effect("back-run", "back-run:1:1", content(more)), { handles, mayHaveHappened })
  const runs = () => stage.peer.runsOf(full)
  return { repo, full, head, content, start, runs }
}

test("the workflow runs on the tag with its inputs, and what was started is known at once", async () => {
  const { start, runs, head } = await given()
  const outcome = await start()
  expect(runs()).toMatchObject([{ ref: "v1.4.2", sha: head, given: { version: "1.4.2", key: MARK } }])
  const id = String(runs()[0]?.id)
  expect(outcome).toMatchObject({ is: "done", handle: { id }, result: { id, state: "running" } })
})

test.each<[string, boolean]>([
  ["that names its runs", true],
  ["that does not", false],
])("recovers after a crash behind the start of a workflow %s: it runs once", async (_, named) => {
  const { start, runs } = await given(named)
  const before = handleOf(await start())
  const again = await start({ asked: new Date().toISOString() }, {}, true)
  expect(again).toMatchObject({ is: "done", handle: { id: before.id } })
  expect(runs()).toHaveLength(1)
})

test("a run of another rollback is not taken for it, by its name or by what is known of it", async () => {
  const named = await given()
  await named.start({ mark: "slipway-7-2" })
  expect(handleOf(await named.start({}, {}, true)).id).toBe(String(named.runs()[1]?.id))
  expect(named.runs()).toHaveLength(2)

  const plain = await given(false)
  const other = handleOf(await plain.start({ mark: "slipway-7-2" }))
  await plain.start({}, { "back-run:2:1": other }, true)
  expect(plain.runs()).toHaveLength(2)
})

test("a run that somebody else started, or of an earlier day, is not ours", async () => {
  const { start, runs, full } = await given(false)
  stage.peer.startRun({ repo: full, by: "lea", workflow: "deploy.yml", ref: "v1.4.2" })
  await start({}, {}, true)
  expect(runs()).toHaveLength(2)
  const tomorrow = new Date(Date.now() + 24 * 60 * 60_000).toISOString()
  await start({ asked: tomorrow }, {}, true)
  expect(runs()).toHaveLength(3)
})

test.each<[string, Partial<BackRun>, RegExp]>([
  ["that is not there", { workflow: "none.yml" }, /^none\.yml could not be started on v1\.4\.2/],
  ["without the trigger", { workflow: "ci.yml", inputs: {} }, /trigger workflow_dispatch\. \(/],
  ["that knows no such input", { inputs: { tag: "v1" } }, /with the trigger workflow_dispatch and the inputs tag/],
  ["on a tag that is gone", { ref: "v9" }, /could not be started on v9/],
])("a workflow %s is refused, with what to do", async (_, more, because) => {
  const { start, runs } = await given()
  expect(await start(more)).toMatchObject({
    is: "refused",
    code: "invalid",
    because: expect.stringMatching(because),
  })
  expect(runs()).toEqual([])
})

test("a look tells how the run is, by its id or by its mark", async () => {
  const { repo, full, start, content } = await given()
  const { id } = handleOf(await start())
  const { asked } = content({ asked: new Date(Date.now() - 1_000).toISOString() })
  const look = (run?: string) =>
    apply(
      stage.act,
      repo,
      effect("back-run-look", "back-run-look:1:1:1", {
        workflow: "deploy.yml",
        asked,
        mark: MARK,
        ...(run === undefined ? {} : { run }),
      }),
    )
  expect(await look()).toMatchObject({ is: "done", result: { id, state: "running", word: "queued" } })
  stage.peer.moveRun({ repo: full, runId: Number(id), by: "lea", to: "completed", conclusion: "timed_out" })
  expect(await look(id)).toMatchObject({ result: { id, state: "failed", word: "timed_out" } })
})
