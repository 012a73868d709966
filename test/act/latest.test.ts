import { afterAll, beforeAll, expect, test } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { apply, effect, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const latest = (repo: Repository) => stage.peer.world()[`acme/${repo.name}`]?.latest

/** A repository with releases of these tags, published in this order. */
async function released(...tags: readonly string[]) {
  const repo = await stage.repository()
  const octokit = await stage.github.for(repo)
  const ids = new Map<string, number>()
  for (const tag_name of tags) {
    const { data } = await octokit.rest.repos.createRelease({ owner: "acme", repo: repo.name, tag_name })
    ids.set(tag_name, data.id)
  }
  return { repo, ids }
}

const back = (instead: readonly string[] = ["v1.5.0"], tag = "v1.4.2") =>
  effect("latest", "latest:7", { release: "1", tag, instead })

test.each<[string, readonly string[], readonly string[], string]>([
  ["what was rolled back gives its place to what is good", ["v1.4.2", "v1.5.0"], ["v1.5.0"], "v1.4.2"],
  ["so does one of several", ["v1.4.2", "v1.4.3", "v1.5.0"], ["v1.4.3", "v1.5.0"], "v1.4.2"],
  ["what came out meanwhile stays the latest", ["v1.4.2", "v1.5.0", "v1.5.1"], ["v1.5.0"], "v1.5.1"],
  ["so does another component's", ["v1.4.2", "v1.5.0", "web-v9.0.0"], ["v1.5.0"], "web-v9.0.0"],
])("%s", async (_, tags, instead, expected) => {
  const { repo } = await released(...tags)
  expect(await apply(stage.act, repo, back(instead))).toMatchObject({ is: "done", result: { latest: expected } })
  expect(latest(repo)).toBe(expected)
  // Done twice, as after a crash, nothing else comes of it.
  await apply(stage.act, repo, back(instead), { mayHaveHappened: true })
  expect(latest(repo)).toBe(expected)
})

test("where nothing is shown as the latest, nothing is done", async () => {
  const repo = await stage.repository()
  expect(await apply(stage.act, repo, back())).toEqual({ is: "done", result: { latest: null } })
})

test("the release is known by its id, and found by its tag without one; one that is gone is refused", async () => {
  const { repo, ids } = await released("v1.4.2", "v1.5.0")
  const handles = { "draft:1": { id: String(ids.get("v1.4.2")) } }
  await apply(stage.act, repo, back(["v1.5.0"], "renamed"), { handles })
  expect(latest(repo)).toBe("v1.4.2")
  const other = await released("v1.5.0")
  expect(await apply(stage.act, other.repo, back())).toMatchObject({ is: "refused", code: "gone" })
  expect(latest(other.repo)).toBe("v1.5.0")
})
