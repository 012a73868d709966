import { afterAll, beforeAll, expect, test } from "vitest"
import type { ProtectionNote } from "../../src/model/protection.ts"
import { apply, effect, raiseStage } from "./stage.ts"

/** Answers to what waits at an environment, applied once and again, as after a crash. */
let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const note = (is: ProtectionNote["is"]): ProtectionNote => ({
  is,
  environment: "production",
  version: "1.5.0",
  because: "every gate is passed",
  gates: [{ name: "released", state: "passed", because: "v1.5.0 was published" }],
})

async function waiting() {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  stage.peer.protect(full, "production")
  const runId = stage.peer.startDeploying({ repo: full, by: "lea", ref: "main", environment: "production" })
  const content = (is: ProtectionNote["is"]) => ({ run: String(runId), environment: "production", note: note(is) })
  const answer = (is: "approved" | "rejected", given = {}) =>
    apply(stage.act, repo, effect("protection-answer", "protection:1", content(is)), given)
  const comment = (given = {}) =>
    apply(stage.act, repo, effect("protection-comment", "protection:1:comment:1", content("waits")), given)
  const posts = () =>
    stage.peer.requests.filter((r) => r.path.includes(`/runs/${runId}/`) && r.method === "POST").length
  return { full, runId, answer, comment, posts, jobs: () => stage.peer.answersOf(full, runId) }
}

test("an approval lets the job go on, and says why", async () => {
  const { answer, jobs } = await waiting()
  expect(await answer("approved")).toEqual({ is: "done" })
  expect(jobs()).toMatchObject([
    { verdict: "approved", comment: expect.stringContaining("**1.5.0** may enter production") },
  ])
})

test("after a crash it is given once", async () => {
  const { answer, jobs, posts } = await waiting()
  await answer("rejected")
  expect(await answer("approved", { mayHaveHappened: true })).toEqual({ is: "done", result: { waited: false } })
  expect(posts()).toBe(1)
  expect(jobs()).toMatchObject([{ verdict: "rejected" }])
})

test("what a crash kept from GitHub is given after it", async () => {
  const { answer, jobs } = await waiting()
  expect(await answer("approved", { mayHaveHappened: true })).toEqual({ is: "done" })
  expect(jobs()).toMatchObject([{ verdict: "approved" }])
})

test("a second answer that GitHub refuses was none that was waited for", async () => {
  const { answer, jobs } = await waiting()
  await answer("rejected")
  expect(await answer("approved")).toEqual({ is: "done", result: { waited: false } })
  expect(jobs()).toMatchObject([{ verdict: "rejected" }])
})

test("a comment only reports, and one that may have been made is not made again", async () => {
  const { comment, jobs } = await waiting()
  await comment()
  await comment({ mayHaveHappened: true })
  expect(jobs()).toMatchObject([{ reports: [expect.stringContaining("waits to enter production")] }])
  expect(jobs()[0]?.verdict).toBeUndefined()
})

test("what GitHub does not take while the job waits is a refusal", async () => {
  const { answer } = await waiting()
  stage.peer.intercept(async ({ method, path }) =>
    method === "POST" && path.endsWith("/deployment_protection_rule")
      ? { status: 422, body: { message: "not now" } }
      : undefined,
  )
  expect(await answer("approved")).toMatchObject({ is: "refused", code: "invalid" })
  stage.peer.intercept(undefined)
})
