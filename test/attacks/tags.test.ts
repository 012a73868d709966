import { afterEach, expect, test } from "vitest"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Stories that must end closed: somebody who may write goes round the gates. */
let stage: Stage

afterEach(async () => {
  const { problems } = stage.github
  await stage.close()
  expect(problems).toEqual([])
})

const tags = () => Object.values(stage.github.world())[0]?.tags ?? {}

test.each([
  [
    "a release’s",
    "v1.0.2",
    /tag v1\.0\.2 was not made by Slipway: the changes behind it need the approval of others too/,
  ],
  [
    "a prerelease’s",
    "v1.0.1-0",
    /tag v1\.0\.1-0 was not made by Slipway.*as if nothing were tagged.*nothing below 1\.0\.1/,
  ],
])("%s tag that somebody pushes does not take the changes behind it out of four eyes", async (_, tag, said) => {
  stage = await setStage()
  await stage.github.createTag({ repo: stage.repo, by: "ana", name: "v1.0.0", sha: await headOf("main") })
  await stage.quiet()
  const evil = await stage.merge("cleo", "fix: open a back door")
  const harmless = await stage.merge("ben", "fix: mind the gap")
  await stage.github.createTag({ repo: stage.repo, by: "cleo", name: tag, sha: evil.sha })
  await stage.quiet()
  const page = await stage.press("approve", "cleo", harmless.sha)
  expect(page.conclusion).toBe("action_required")
  expect(page.summary).toMatch(/\\#1 by cleo still needs 1 approval of somebody else/)
  expect(page.summary).toMatch(said)
  await stage.press("publish", "cleo", harmless.sha).catch(() => undefined)
  expect(Object.keys(tags()).sort()).toEqual(["v1.0.0", tag])
  const covered = await stage.press("approve", "ben", harmless.sha)
  expect(covered.conclusion).toBe("success")
})

test.each([
  ["a release’s", "api-v1.2.5", /tag api-v1\.2\.5 was not made by Slipway/],
  ["a prerelease’s", "api-v1.2.1-0", /tag api-v1\.2\.1-0 was not made by Slipway.*nothing below 1\.2\.1/],
])("%s tag of a component neither, and says nothing on the page of another", async (_, tag, said) => {
  const config = "components: { api: { path: api }, web: { path: web } }\n"
  stage = await setStage({ files: { ".github/slipway.yml": config } })
  const start = await headOf("main")
  for (const name of ["api-v1.2.0", "web-v0.4.0"])
    await stage.github.createTag({ repo: stage.repo, by: "ana", name, sha: start })
  await stage.quiet()
  const evil = await stage.merge("cleo", "fix: open a back door", { files: { "api/a": "a", "web/a": "a" } })
  const harmless = await stage.merge("ben", "fix: mind the gap", { files: { "api/b": "b", "web/b": "b" } })
  await stage.github.createTag({ repo: stage.repo, by: "cleo", name: tag, sha: evil.sha })
  await stage.quiet()
  const pageOf = (component: string) => stage.check(`Slipway / readiness (${component})`, harmless.sha)
  await stage.github.click({ repo: stage.repo, checkRunId: pageOf("api").id, identifier: "approve", by: "cleo" })
  await stage.quiet()
  expect(pageOf("api").conclusion).toBe("action_required")
  expect(pageOf("api").summary).toMatch(/\\#1 by cleo still needs 1 approval of somebody else/)
  expect(pageOf("api").summary).toMatch(said)
  expect(pageOf("web").summary).not.toContain(tag)
  await stage.github.click({ repo: stage.repo, checkRunId: pageOf("api").id, identifier: "approve", by: "ben" })
  await stage.quiet()
  expect(pageOf("api").conclusion).toBe("success")
})

test("on a channel a candidate's tag that somebody pushes does not take the changes behind it out of four eyes", async () => {
  stage = await setStage({ files: { ".github/slipway.yml": "branches: [{ name: main, channel: rc }]\n" } })
  await stage.github.createTag({ repo: stage.repo, by: "ana", name: "v1.0.0", sha: await headOf("main") })
  await stage.quiet()
  const evil = await stage.merge("cleo", "fix: open a back door")
  await stage.github.createTag({ repo: stage.repo, by: "cleo", name: "v1.0.1-rc.1", sha: evil.sha })
  await stage.quiet()
  const harmless = await stage.merge("ben", "fix: mind the gap")
  const page = await stage.press("approve", "cleo", harmless.sha)
  expect(page.summary).toMatch(/\*\*1\.0\.1-rc\.2\*\*/)
  expect(page.conclusion).toBe("action_required")
  expect(page.summary).toMatch(/\\#1 by cleo still needs 1 approval of somebody else/)
  expect(page.summary).toMatch(/tag v1\.0\.1-rc\.1 was not made by Slipway/)
  const covered = await stage.press("approve", "ben", harmless.sha)
  expect(covered.conclusion).toBe("success")
})

const headOf = async (branch: string): Promise<string> => {
  const sha = Object.values(stage.github.world())[0]?.branches[branch]
  if (!sha) throw new Error(`there is no branch ${branch}`)
  return sha
}
