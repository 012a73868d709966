import { afterAll, beforeAll, expect, test } from "vitest"
import type { RollbackNotice } from "../../src/model/reply-rollback.ts"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const world = (repo: Repository) => {
  const seen = stage.peer.world()[`acme/${repo.name}`]
  if (!seen) throw new Error("no such repository")
  return seen
}

async function given() {
  const repo = await stage.repository()
  const good = world(repo).branches.main ?? ""
  await stage.peer.pushCommit({ repo: `acme/${repo.name}`, by: "lea", message: "feat: bad", files: { a: "1" } })
  const deployment = (rollback = "7") =>
    effect("deployment", `deployment:${rollback}`, {
      rollback,
      environment: "production",
      sha: good,
      from: { version: "1.5.0", sha: "c".repeat(40) },
      to: { version: "1.4.2", sha: good },
      by: "lea",
      because: "deployment of 1.5.0 failed",
    })
  return { repo, good, deployment }
}

test("the deployment names exactly the good commit; nothing is merged and no status is demanded", async () => {
  const { repo, good, deployment } = await given()
  const outcome = await apply(stage.act, repo, deployment())
  expect(world(repo).deployments).toMatchObject([
    {
      sha: good,
      ref: good,
      task: "rollback",
      environment: "production",
      creator: "slipway[bot]",
      payload: { slipway: "7", from: "1.5.0", to: "1.4.2", actor: "lea", reason: "deployment of 1.5.0 failed" },
    },
  ])
  const id = String(world(repo).deployments[0]?.id)
  expect(outcome).toEqual({ is: "done", handle: { id }, result: { deployment: id } })
})

test("done twice, it is one deployment", async () => {
  const { repo, deployment } = await given()
  const handle = handleOf(await apply(stage.act, repo, deployment()))
  expect(handleOf(await apply(stage.act, repo, deployment(), { handle }))).toEqual(handle)
  expect(world(repo).deployments).toHaveLength(1)
})

test("recovers after a crash behind the creation: found by our key, whoever else rolled back", async () => {
  const { repo, good, deployment } = await given()
  const before = handleOf(await apply(stage.act, repo, deployment()))
  for (const payload of [{ slipway: "8" }, '{"slipway":"9"}', "no JSON"])
    await stage.peer.createDeployment({
      repo: `acme/${repo.name}`,
      by: "lea",
      ref: good,
      environment: "production",
      task: "rollback",
      payload,
    })
  expect(handleOf(await apply(stage.act, repo, deployment(), { mayHaveHappened: true }))).toEqual(before)
  expect(handleOf(await apply(stage.act, repo, deployment("10"), { mayHaveHappened: true }))).not.toEqual(before)
  expect(world(repo).deployments).toHaveLength(5)
})

test("a payload that GitHub gives back as text is read", async () => {
  const { repo, good, deployment } = await given()
  const id = await stage.peer.createDeployment({
    repo: `acme/${repo.name}`,
    by: "lea",
    ref: good,
    environment: "production",
    task: "rollback",
    payload: '{"slipway":"7"}',
  })
  expect(handleOf(await apply(stage.act, repo, deployment(), { mayHaveHappened: true })).id).toBe(String(id))
})

test("a merge in place of the deployment is no rollback", async () => {
  const { repo, deployment } = await given()
  stage.peer.intercept((request) =>
    request.method === "POST" && request.path.endsWith("/deployments")
      ? { status: 202, headers: {}, body: { message: "Auto-merged main into topic" } }
      : undefined,
  )
  const outcome = await apply(stage.act, repo, deployment())
  stage.peer.intercept(undefined)
  expect(outcome).toMatchObject({ is: "refused", code: "invalid" })
})

const notice: RollbackNotice = {
  is: "rolled back",
  service: "acme/shop",
  environment: "production",
  from: { version: "1.5.0", sha: "c".repeat(40) },
  to: { version: "1.4.2", sha: "e".repeat(40) },
  by: "lea",
  because: "deployment of 1.5.0 failed",
  begun: "2026-11-30T10:14:00Z",
  ended: "2026-11-30T10:18:00Z",
  next: "Find out why 1.5.0 was bad.",
}

const postMortem = (repo: Repository, id = "7") =>
  effect("post-mortem", `post-mortem:${id}`, {
    marker: `${repo.id}:${id}`,
    report: {
      notice,
      release: "2",
      releaseUrl: "https://github.com/acme/shop/releases/tag/v1.5.0",
      timeline: [],
      changes: [],
      gates: [],
      approvals: [],
      channels: [],
      times: { sign: { at: notice.begun, what: "lea asked for the rollback" }, asked: notice.begun },
    },
  })

test("the post-mortem issue is opened with its labels and its marker", async () => {
  const repo = await stage.repository()
  const outcome = await apply(stage.act, repo, postMortem(repo))
  expect(world(repo).issues).toMatchObject([
    {
      number: 1,
      title: "Post-mortem: 1.5.0 rolled back from production on 2026-11-30",
      labels: ["post-mortem", "slipway"],
      body: expect.stringContaining(`<!-- slipway:post-mortem ${repo.id}:7 -->`),
    },
  ])
  expect(outcome).toMatchObject({ is: "done", handle: { id: "1" }, result: { number: 1 } })
  expect(await apply(stage.act, repo, postMortem(repo), { handle: handleOf(outcome) })).toMatchObject({ is: "done" })
  expect(world(repo).issues).toHaveLength(1)
})

test("recovers after a crash behind the issue, closed or not; another's copy of the marker is not ours", async () => {
  const repo = await stage.repository()
  const full = `acme/${repo.name}`
  await stage.peer.openIssue({
    repo: full,
    by: "lea",
    title: "copy",
    body: `<!-- slipway:post-mortem ${repo.id}:7 -->`,
  })
  const handle = handleOf(await apply(stage.act, repo, postMortem(repo), { mayHaveHappened: true }))
  expect(handle.id).toBe("2")
  await stage.peer.closeIssue({ repo: full, by: "lea", number: 2 })
  expect(handleOf(await apply(stage.act, repo, postMortem(repo), { mayHaveHappened: true })).id).toBe("2")
  expect(handleOf(await apply(stage.act, repo, postMortem(repo, "8"), { mayHaveHappened: true })).id).toBe("3")
})

const note = (repo: Repository) =>
  effect("post-mortem-note", "post-mortem-note:8:done", {
    issue: "post-mortem:7",
    marker: `${repo.id}:post-mortem-note:8:done`,
    notice,
  })

test("one more attempt is said on the issue, once, also after a crash", async () => {
  const repo = await stage.repository()
  const handles = { "post-mortem:7": handleOf(await apply(stage.act, repo, postMortem(repo))) }
  expect(await apply(stage.act, repo, note(repo), { handles })).toEqual({ is: "done" })
  expect(await apply(stage.act, repo, note(repo), { handles, mayHaveHappened: true })).toEqual({ is: "done" })
  expect(world(repo).comments).toMatchObject([
    { body: expect.stringContaining("was rolled back from **1.5.0** (`ccccccc`) to **1.4.2**") },
  ])
})

test("without the issue there is nothing to say it on", async () => {
  const repo = await stage.repository()
  expect(await apply(stage.act, repo, note(repo))).toMatchObject({ is: "refused", code: "unavailable" })
})
