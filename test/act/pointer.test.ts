import { afterAll, beforeAll, expect, test } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const pointer = (ref: string, sha: string) =>
  effect("pointer", `pointer:${ref}`, { ref, release: "1", version: "1.0.0", sha })

/** Where a ref stands, as anybody sees it who may read. */
const stands = async ({ owner, name }: Repository, ref: string): Promise<string> =>
  (await stage.peer.as("lea").rest.git.getRef({ owner, repo: name, ref })).data.object.sha

test.each(["slipway/production/good", "tags/stable"])("%s is made, moved on and moved back", async (ref) => {
  const repo = await stage.repository()
  const first = stage.peer.world()[`acme/${repo.name}`]?.branches.main ?? ""
  const second = await stage.peer.pushCommit({
    repo: `acme/${repo.name}`,
    by: "lea",
    message: "fix: b",
    files: { b: "" },
  })
  for (const sha of [first, first, second, first]) {
    expect(await apply(stage.act, repo, pointer(ref, sha))).toEqual({ is: "done", handle: { id: ref, extra: { sha } } })
    expect(await stands(repo, ref)).toBe(sha)
  }
})

test("recovers after a crash: what stands already is not written again", async () => {
  const repo = await stage.repository()
  const sha = stage.peer.world()[`acme/${repo.name}`]?.branches.main ?? ""
  const ref = "slipway/production/good"
  await apply(stage.act, repo, pointer(ref, sha))
  stage.peer.resetRequests()
  const again = await apply(stage.act, repo, pointer(ref, sha), { mayHaveHappened: true })
  expect(again).toMatchObject({ is: "done" })
  expect(stage.peer.requests.filter(({ method }) => method !== "GET")).toEqual([])
})

test("a tag that a person moved is brought back; a commit that is gone is refused", async () => {
  const repo = await stage.repository()
  const [owner, name] = [repo.owner, repo.name]
  const sha = stage.peer.world()[`acme/${name}`]?.branches.main ?? ""
  const other = await stage.peer.pushCommit({ repo: `acme/${name}`, by: "lea", message: "fix: c", files: { c: "" } })
  await stage.peer.as("lea").rest.git.createRef({ owner, repo: name, ref: "refs/tags/stable", sha: other })
  await apply(stage.act, repo, pointer("tags/stable", sha))
  expect(await stands(repo, "tags/stable")).toBe(sha)
  expect(await apply(stage.act, repo, pointer("tags/stable", "9".repeat(40)))).toMatchObject({ is: "refused" })
  expect(await stands(repo, "tags/stable")).toBe(sha)
})
