import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** What the end of a process, or of its data, does to a release: nothing. */
let stage: Stage
let candidate: string

beforeAll(async () => {
  stage = await setStage({ embedded: true })
})
afterAll(() => stage.close())

test("recovers after a restart in the middle: the same draft, check and thread", async () => {
  await stage.merge("ben", "feat: one")
  const before = stage.releases()
  await stage.restart()
  candidate = (await stage.merge("cleo", "fix: two")).sha
  expect(stage.releases().map((r) => r.id)).toEqual(before.map((r) => r.id))
  expect(stage.releases()[0]?.body).toMatch(/one \(#1\)[\s\S]*two \(#2\)/)
  expect(await stage.threads()).toHaveLength(1)
  await stage.press("approve", "ana", candidate)
  await stage.restart()
  expect((await stage.press("approve", "cleo", candidate)).conclusion).toBe("success")
})

test("recovers after a stop with deliveries that nobody took: GitHub's redeliveries bring them", async () => {
  await stage.stop()
  const { number } = await stage.github.openPullRequest({
    repo: stage.repo,
    by: "ben",
    title: "feat: three",
    commits: [{ message: "feat: three", files: { three: "3" }, author: "ben" }],
  })
  await stage.github.mergePullRequest({ repo: stage.repo, number, by: "ana" })
  await stage.github.settled()
  await stage.restart()
  await stage.github.redeliverFailed()
  await stage.quiet()
  expect(stage.releases().map((r) => r.tagName)).toEqual(["v0.1.0", "v0.2.0"])
  expect(stage.readiness().title).toContain("0.2.0")
})

test("recovers after its database was lost: drafts are found by their marker, hand-written text is kept", async () => {
  await stage.press("publish", "cleo", candidate)
  const draft = stage.releases().find((r) => r.draft)
  await stage.github.editRelease({
    repo: stage.repo,
    releaseId: draft?.id ?? 0,
    by: "ana",
    body: `Dear all,\n\n${draft?.body}\n\nYours\n`,
  })
  await stage.quiet()
  await stage.restart("lost")
  const { sha } = await stage.merge("cleo", "fix: four")
  expect(stage.releases().map(({ id, tagName }) => ({ id, tagName }))).toEqual([
    expect.objectContaining({ tagName: "v0.1.0" }),
    { id: draft?.id, tagName: "v0.2.0" },
  ])
  const body = stage.releases()[1]?.body ?? ""
  expect(body.startsWith("Dear all,\n\n")).toBe(true)
  expect(body.endsWith("\n\nYours\n")).toBe(true)
  expect(body).toMatch(/three \(#3\)[\s\S]*four \(#4\)/)
  expect(body).not.toMatch(/one \(#1\)/)
  await stage.press("approve", "ana", sha)
  expect((await stage.press("publish", "ana", sha)).title).toBe("0.2.0 is published")
  expect(stage.world().tags).toEqual({ "v0.1.0": candidate, "v0.2.0": sha })
})
