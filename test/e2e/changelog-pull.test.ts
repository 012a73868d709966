import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** A changelog that follows what is out, in a pull request of its own; each test is the next step of one story. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({
    files: {
      ".github/slipway.yml":
        "publish: { mode: auto, changelog: CHANGELOG.md }\napprovals: { required: 0 }\nimpact: false\n",
      "CHANGELOG.md": "# Changelog\n\n## [1.0.0] - 2026-01-01\n\n- The first.\n",
    },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
})

afterAll(async () => {
  await stage.close()
})

const BRANCH = "slipway/changelog/main"
const open = async () => (await stage.github.as("ana").rest.pulls.list({ owner: "acme", repo: "shop" })).data
const text = async (ref: string) => {
  const asked = { owner: "acme", repo: "shop", path: "CHANGELOG.md", ref }
  const { data } = await stage.github.as("ana").rest.repos.getContent(asked)
  return "content" in data ? Buffer.from(data.content, "base64").toString() : ""
}

test("a published release is followed by a pull request with its entry", async () => {
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  expect(stage.world().tags).toMatchObject({ "v1.1.0": sha })
  expect(await open()).toMatchObject([{ title: "docs(changelog): add 1.1.0", head: { ref: BRANCH } }])
  expect(await text(BRANCH)).toMatch(/## \[1\.1\.0\][\s\S]*pay by invoice[\s\S]*## \[1\.0\.0\]/)
})

test("a second release before it is merged adds to the one pull request", async () => {
  await stage.merge("ben", "fix: round half up")
  expect(Object.keys(stage.world().tags).sort()).toEqual(["v1.0.0", "v1.1.0", "v1.1.1"])
  expect(await open()).toMatchObject([{ title: "docs(changelog): add 1.1.1" }])
  expect(await text(BRANCH)).toMatch(/## \[1\.1\.1\][\s\S]*## \[1\.1\.0\][\s\S]*## \[1\.0\.0\]/)
})

test("merging it releases nothing, and the next release makes a new one", async () => {
  const [pull] = await open()
  await stage.github.mergePullRequest({ repo: stage.repo, number: pull?.number ?? 0, by: "cleo" })
  await stage.quiet()
  expect(Object.keys(stage.world().tags)).toHaveLength(3)
  expect(stage.releases().filter((r) => r.draft)).toEqual([])
  await stage.merge("ben", "fix: round half down")
  expect(await open()).toMatchObject([{ title: "docs(changelog): add 1.1.2" }])
  const [, section = ""] = (await text(BRANCH)).split("## [1.1.2]")
  expect(section.split("## [1.1.1]")[0]).toContain("round half down")
  expect(section.split("## [1.1.1]")[0]).not.toContain("changelog")
})
