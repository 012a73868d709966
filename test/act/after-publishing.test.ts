import { afterAll, beforeAll, expect, test } from "vitest"
import type { EffectOf } from "../../src/model/effect.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

/** What follows a release, applied once and again, as after a crash. */
let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const INPUTS = "version: {}, tag: {}, sha: {}, component: {}, notes_url: {}"
const file = (on: string) => `on: { ${on} }\njobs: { go: { runs-on: ubuntu-latest, steps: [] } }\n`

/** A repository with workflows and a tag on its head. */
async function released(workflow = `workflow_dispatch: { inputs: { ${INPUTS} } }`) {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  const sha = await stage.peer.pushCommit({
    repo: full,
    by: "lea",
    message: "ci",
    files: {
      ".github/workflows/package.yml": file(workflow),
      ".github/workflows/listen.yml": file("repository_dispatch: { types: [released] }"),
    },
  })
  await stage.peer.createTag({ repo: full, by: "lea", name: "v1.5.0", sha })
  const inputs = { version: "1.5.0", tag: "v1.5.0", sha, component: "", notes_url: "https://github.com/x" }
  const content = (to: EffectOf<"dispatch">["content"]["to"]): EffectOf<"dispatch">["content"] => ({
    to,
    asked: new Date().toISOString(),
    tag: "v1.5.0",
    sha,
    inputs,
  })
  return { repo, full, sha, content }
}

const PACKAGE = { workflow: "package.yml", within: 60 }

test.each([
  ["a workflow", PACKAGE, ".github/workflows/package.yml"],
  ["an event", { event: "released" }, ".github/workflows/listen.yml"],
])("%s is started once, also where the end of the first attempt is not known", async (_, to, path) => {
  const { repo, full, content } = await released()
  const start = effect("dispatch", "dispatch:3", content(to))
  const handle = handleOf(await apply(stage.act, repo, start))
  expect(await apply(stage.act, repo, start, { handle })).toMatchObject({ is: "done" })
  const [run] = stage.peer.runsOf(full)
  expect(await apply(stage.act, repo, start, { mayHaveHappened: true })).toMatchObject({
    is: "done",
    result: { id: String(run?.id), state: "running", url: expect.stringContaining("/actions/runs/") },
  })
  expect(stage.peer.runsOf(full).map((it) => it.path)).toEqual([path])
})

test.each<[string, string, object, RegExp]>([
  ["has no such trigger", "push: {}", PACKAGE, /trigger workflow_dispatch and the inputs version, tag, sha/],
  ["does not declare the inputs", "workflow_dispatch: {}", PACKAGE, /Unexpected inputs/],
  ["is not there", "push: {}", { workflow: "none.yml", within: 60 }, /has to be on the default branch/],
])("a workflow that %s is refused with what to do", async (_, on, to, because) => {
  const { repo, content } = await released(on)
  expect(await apply(stage.act, repo, effect("dispatch", "dispatch:3", content(to as never)))).toMatchObject({
    is: "refused",
    code: "invalid",
    because: expect.stringMatching(because),
  })
})

test("a look finds how the run went, by its id or by what it was started for; or that there is none", async () => {
  const { repo, full, content } = await released()
  const { inputs: _, ...asked } = content(PACKAGE)
  const look = (run?: string) =>
    apply(stage.act, repo, effect("dispatch-look", "dispatch-look:3", run === undefined ? asked : { ...asked, run }))
  expect(await look()).toEqual({ is: "done" })
  const id = handleOf(await apply(stage.act, repo, effect("dispatch", "dispatch:3", content(PACKAGE)))).id
  stage.peer.moveRun({ repo: full, runId: Number(id), by: "lea", to: "completed", conclusion: "failure" })
  const found = { is: "done", result: { id, name: "package.yml", state: "failed", word: "failure", attempt: 1 } }
  expect(await look()).toMatchObject(found)
  expect(await look(id)).toMatchObject(found)
})

test("a comment is written once, and a copy of its marker by somebody else is not taken for it", async () => {
  const { repo, full } = await released()
  const number = await stage.peer.openIssue({ repo: full, title: "Pay later", by: "lea" })
  const at = { owner: "acme", repo: repo.name, issue_number: number }
  const say = effect("comment", `comment:3:${number}`, {
    number,
    repositoryId: repo.id,
    release: "3",
    since: new Date(Date.now() - 60_000).toISOString(),
    version: "1.5.0",
    tag: "v1.5.0",
    url: "https://github.com/acme/shop/releases/tag/v1.5.0",
    by: 12,
  })
  const { rest } = stage.peer.as("lea")
  await rest.issues.createComment({ ...at, body: `<!-- slipway:released repo=${repo.id} id=3 -->` })
  expect(await apply(stage.act, repo, say, { mayHaveHappened: true })).toEqual({ is: "done" })
  expect(await apply(stage.act, repo, say, { mayHaveHappened: true })).toEqual({ is: "done" })
  const { data } = await rest.issues.listComments(at)
  expect(data.filter(({ user }) => user?.login === "slipway[bot]").map(({ body }) => body)).toEqual([
    `🚀 Released in [v1.5.0](https://github.com/acme/shop/releases/tag/v1.5.0), with #12.\n\n<!-- slipway:released repo=${repo.id} id=3 -->\n`,
  ])
})
