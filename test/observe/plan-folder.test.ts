import { afterEach, beforeEach, expect, test } from "vitest"
import { PLANS_READ } from "../../src/model/plan-folder.ts"
import { startStage } from "./stage.ts"

const REPO = "acme/shop"
const look = { kind: "look", because: "a test" } as const
const plan = (version: string) => `release: { version: ${version} }
rollback_plan: { procedure: docs/rollback.md }
`

let stage: Awaited<ReturnType<typeof startStage>>
const begin = async (files: { [path: string]: string }) => {
  stage = await startStage({ "README.md": "shop", "docs/rollback.md": "back", ...files })
}
const commit = (files: { [path: string]: string | null }) =>
  stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: plans", files })
const heard = async () => stage.run(stage.heard())
const paths = () => stage.state.lines.main?.plans?.map(({ path, is }) => [path, is])

beforeEach(() => begin({ "release-plans/1.0.0.yml": plan("1.0.0"), "release-plans/2.0.0.yaml": plan("2.0.0") }))
afterEach(() => stage.close())

test("every plan of the folder is read, and nothing else that is there", async () => {
  await commit({
    "release-plans/README.md": "x",
    "release-plans/out/0.9.0.yml": "broken",
    "release-plans/3.yml": "x: 1",
  })
  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(paths()).toEqual([
    ["release-plans/1.0.0.yml", "valid"],
    ["release-plans/2.0.0.yaml", "valid"],
    ["release-plans/3.yml", "invalid"],
  ])
  expect(facts.learned.files).toEqual({ [`${stage.state.lines.main?.ledger?.head}:docs/rollback.md`]: true })
})

test("a push reads the one that it touched, a look none that it knows, a push elsewhere none at all", async () => {
  await stage.run([look])
  await commit({ "release-plans/2.0.0.yaml": plan("2.1.0"), "release-plans/1.0.0.yml": null })
  const touched = (await heard()).requests.filter((request) => request.includes("contents/release-plans"))
  const asked = touched.map((request) => decodeURIComponent(request.split("?")[0] ?? ""))
  expect(asked.sort()).toEqual(["GET contents/release-plans", "GET contents/release-plans/2.0.0.yaml"])
  expect(paths()).toEqual([["release-plans/2.0.0.yaml", "valid"]])
  const looked = await stage.run([look])
  expect(looked.requests.filter((request) => request.includes("contents/release-plans"))).toHaveLength(1)
  await commit({ "README.md": "new" })
  expect((await heard()).requests).toEqual([])
})

test("what cannot be read is unknown, and what was read stays", async () => {
  await stage.run([look])
  stage.github.intercept(({ path }) =>
    path.endsWith("/contents/release-plans")
      ? { status: 403, body: { message: "Resource not accessible by integration" } }
      : undefined,
  )
  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([
    { what: "plans:main", because: expect.stringContaining("`release-plans` could not be read: GitHub refused it") },
  ])
  expect(paths()).toHaveLength(2)
})

test("more plans than anybody reads are unknown, and it is said what to do", async () => {
  const many = Array.from({ length: PLANS_READ }, (_, n) => [`release-plans/3.${n}.0.yml`, plan(`3.${n}.0`)])
  await commit(Object.fromEntries(many))
  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([
    {
      what: "plans:main",
      because:
        "`release-plans` holds more than the 50 plans that are read; move those of releases that are out to a folder in it",
    },
  ])
})

test("what ticks the items of a checklist is read: files at the head, issues where they stand", async () => {
  const checklist =
    "checklist: { before: [{ item: A, file: a.txt }, { item: B, file: b.txt }, { item: C, issue: 9 }] }\n"
  await commit({ "release-plans/2.0.0.yaml": plan("2.0.0") + checklist, "a.txt": "a" })
  const { facts } = await stage.run([look])
  const { head } = stage.state.lines.main?.ledger ?? {}
  expect(facts.learned.files).toMatchObject({ [`${head}:a.txt`]: true, [`${head}:b.txt`]: false })
  expect(facts.unknown.map(({ what }) => what)).toEqual(["issue:#9"])
})

test("the plan at `plan.path` is none of them, wherever it is", async () => {
  await commit({ ".github/slipway.yml": "plan: { path: release-plans/2.0.0.yaml }" })
  await stage.run([look])
  expect(paths()).toEqual([["release-plans/1.0.0.yml", "valid"]])
  expect(stage.state.lines.main?.plan).toMatchObject({ path: "release-plans/2.0.0.yaml" })
})

test("of a pull request only the plans that it changes say whom they tell, and where", async () => {
  const telling = (version: string, audience: string) =>
    `${plan(version)}communication: { post_release: [{ channel: slack, audience: ${audience}, date: 2026-12-01 }] }\n`
  await commit({ "release-plans/2.0.0.yaml": telling("2.0.0", "engineering") })
  await stage.run([look])
  const files = { "release-plans/1.0.0.yml": telling("1.0.0", "customers") }
  const commits = [{ message: "chore: tell", files, author: "lea" }]
  const { number } = await stage.github.openPullRequest({ repo: REPO, by: "lea", title: "chore: tell", commits })
  const { facts } = await heard()
  const file = "release-plans/1.0.0.yml"
  expect(facts.learned.proposals?.[number]).toMatchObject({
    audiences: [
      { by: "slack", audience: "customers", at: { file, line: 3, path: "communication.post_release[0].audience" } },
    ],
  })
})
