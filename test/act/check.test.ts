import { afterAll, beforeAll, expect, test } from "vitest"
import type { Check } from "../../src/model/effect.ts"
import type { Page } from "../../src/model/page.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const page = (because: string): Page => ({
  is: "empty",
  repository: "acme/shop",
  branch: "main",
  sha: "a".repeat(40),
  previous: "1.4.2",
  because,
  warnings: [],
})

async function given() {
  const repo = await stage.repository()
  const sha = stage.peer.world()[`acme/${repo.name}`]?.branches.main ?? ""
  const check = (more: Partial<Check> = {}) =>
    effect("check", `check:readiness:${sha}`, {
      name: "Slipway / readiness",
      sha,
      externalId: "slipway:3:abc",
      conclusion: "neutral",
      page: page("No change asks for a release."),
      buttons: [{ label: "Approve", description: "Release 1.5.0", identifier: "approve" }],
      ...more,
    })
  return { repo, sha, check }
}

const runs = (repo: Repository) => stage.peer.checkRuns(`acme/${repo.name}`)

test("a check run is completed, has its buttons, and knows the candidate", async () => {
  const { repo, sha, check } = await given()
  const handle = handleOf(await apply(stage.act, repo, check()))
  expect(runs(repo)).toMatchObject([
    {
      id: Number(handle.id),
      name: "Slipway / readiness",
      headSha: sha,
      status: "completed",
      conclusion: "neutral",
      externalId: "slipway:3:abc",
      actions: [{ label: "Approve", description: "Release 1.5.0", identifier: "approve" }],
      title: "Nothing to release since 1.4.2",
      summary: expect.stringContaining("No change asks for a release."),
    },
  ])
  expect(handle.url).toMatch(/^http/)
})

test("a known check run is brought up to date by one request, buttons and all", async () => {
  const { repo, check } = await given()
  const handle = handleOf(await apply(stage.act, repo, check()))
  stage.peer.resetRequests()
  const next = check({ conclusion: "success", buttons: [], externalId: "slipway:3:def", page: page("Changed.") })
  handleOf(await apply(stage.act, repo, next, { handle }))
  expect(stage.peer.requests.map((r) => r.method)).toEqual(["PATCH"])
  expect(runs(repo)).toMatchObject([{ conclusion: "success", actions: [], externalId: "slipway:3:def" }])
  expect(runs(repo)[0]?.summary).toContain("Changed.")
})

test("recovers after a crash behind the creation: our own run of that name on that commit is taken up", async () => {
  const { repo, sha, check } = await given()
  const before = handleOf(await apply(stage.act, repo, check()))
  await stage.peer.reportCheck({
    repo: `acme/${repo.name}`,
    sha,
    name: "Slipway / readiness",
    status: "completed",
    conclusion: "success",
  })
  const handle = handleOf(await apply(stage.act, repo, check(), { mayHaveHappened: true }))
  expect(handle.id).toBe(before.id)
  expect(runs(repo)).toHaveLength(2)
})

test("a crash before the creation: one is created", async () => {
  const { repo, check } = await given()
  handleOf(await apply(stage.act, repo, check(), { mayHaveHappened: true }))
  expect(runs(repo)).toHaveLength(1)
})

test("a run that GitHub no longer has is made anew", async () => {
  const { repo, check } = await given()
  const handle = handleOf(await apply(stage.act, repo, check(), { handle: { id: "987654" } }))
  expect(runs(repo)).toMatchObject([{ id: Number(handle.id) }])
})

test("annotations are sent once, at most fifty; all problems are in the words", async () => {
  const { repo, check } = await given()
  const problems = Array.from({ length: 60 }, (_, at) => ({
    file: "release-plan.yml",
    line: at + 1,
    column: 3,
    endLine: at + 1,
    path: "release.type",
    message: `problem ${at + 1}`,
  }))
  const files = check({ page: { is: "problems", files: ["release-plan.yml"], problems }, conclusion: "failure" })
  const handle = handleOf(await apply(stage.act, repo, files))
  await apply(stage.act, repo, files, { handle })
  expect(runs(repo)[0]?.annotations).toHaveLength(50)
  expect(runs(repo)[0]?.annotations[7]).toMatchObject({
    path: "release-plan.yml",
    start_line: 8,
    end_line: 8,
    annotation_level: "failure",
    message: "problem 8",
  })
  expect(runs(repo)[0]?.text).toContain("problem 60")
})

test("an update takes an old text away", async () => {
  const { repo, check } = await given()
  const problems = Array.from({ length: 60 }, () => ({
    file: "a.yml",
    line: 1,
    column: 1,
    endLine: 1,
    path: "",
    message: "no",
  }))
  const handle = handleOf(await apply(stage.act, repo, check({ page: { is: "problems", files: ["a.yml"], problems } })))
  handleOf(
    await apply(stage.act, repo, check({ page: { is: "problems", files: ["a.yml"], problems: [] } }), { handle }),
  )
  expect(runs(repo)[0]?.text || null).toBeNull()
})

test("the missing permission is named", async () => {
  const { repo, check } = await given()
  stage.peer.setPermissions("acme", { metadata: "read" })
  expect(await apply(stage.act, repo, check())).toMatchObject({
    is: "refused",
    code: "forbidden",
    because: expect.stringContaining("`checks: write`"),
  })
})
