import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A release by a pull request, from the first merge to the tag; each test is the next step of one story. */
let stage: Stage

const CONFIG = `publish: { mode: pull-request, changelog: CHANGELOG.md, manifests: [package.json] }
`
const PACKAGE = '{\n  "name": "shop",\n  "version": "1.0.0"\n}\n'

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG, "package.json": PACKAGE },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
})

afterAll(async () => {
  await stage.close()
})

const BRANCH = "slipway/release/main"
const ana = () => stage.github.as("ana").rest
const at = { owner: "acme", repo: "shop" }
const pulls = async (state: "open" | "all" = "open") =>
  (await ana().pulls.list({ ...at, state, head: `acme:${BRANCH}` })).data
const the = async () => {
  const [pull, ...more] = await pulls()
  if (!pull || more.length > 0) throw new Error(`${more.length + (pull ? 1 : 0)} release pull requests`)
  return pull
}
const text = async (path: string, ref: string) => {
  const { data } = await ana().repos.getContent({ ...at, path, ref })
  return "content" in data ? Buffer.from(data.content, "base64").toString() : ""
}
const mergeRelease = async (method: "squash" | "merge" | "rebase" = "squash") => {
  const { number } = await the()
  const { sha } = await stage.github.mergePullRequest({ repo: stage.repo, number, by: "cleo", method })
  await stage.quiet()
  return sha
}

test("a merge opens one pull request with version and changelog; its page waits on the head", async () => {
  await stage.merge("ben", "feat: pay by invoice")
  const pull = await the()
  expect(pull).toMatchObject({ title: "chore(release): 1.1.0", user: { login: "slipway[bot]" } })
  expect(pull.body).toContain("pay by invoice")
  expect(await text("package.json", BRANCH)).toBe(PACKAGE.replace("1.0.0", "1.1.0"))
  expect(await text("CHANGELOG.md", BRANCH)).toMatch(/## \[1\.1\.0\] - \d{4}-\d\d-\d\d[\s\S]*pay by invoice/)
  const page = stage.readiness(pull.head.sha)
  expect(page).toMatchObject({ conclusion: "action_required", title: expect.stringContaining("1.1.0") })
  expect(page.actions.map((a) => a.identifier)).toEqual(["approve", "hold"])
  expect(gate(page, "pull request")).toContain("brings 1.1.0 in package.json and CHANGELOG.md")
})

test("later merges keep it up to date, each for the same number of requests", async () => {
  const before = await the()
  const costs: number[] = []
  for (const title of ["fix: round half up", "fix: round half down"]) {
    stage.github.resetRequests()
    await stage.merge("ben", title)
    costs.push(stage.github.requests.filter((r) => r.by === "installation").length)
  }
  expect(costs).toEqual([9, 9])
  const after = await the()
  expect(after.number).toBe(before.number)
  const { parents } = (await ana().git.getCommit({ ...at, commit_sha: after.head.sha })).data
  expect(parents.map(({ sha }) => sha)).toEqual([stage.world().branches.main])
  expect(await text("CHANGELOG.md", BRANCH)).toContain("round half down")
})

test("the first Approve pins it: a later merge leaves it alone", async () => {
  const { head } = await the()
  const page = await stage.press("approve", "ana", head.sha)
  expect(page).toMatchObject({ conclusion: "success" })
  expect(page.actions.map((a) => a.identifier)).toEqual(["approve", "hold", "recut"])
})

test("merged, its approvals hold for the equal tree, and it is published at the merge commit", async () => {
  const sha = await mergeRelease()
  expect(stage.world().tags).toMatchObject({ "v1.1.0": sha })
  expect(stage.releases()).toMatchObject([{ draft: false, tagName: "v1.1.0" }])
  expect(stage.readiness(sha)).toMatchObject({ conclusion: "success", title: "1.1.0 is published" })
  expect(await text("package.json", sha)).toContain('"1.1.0"')
  expect(await pulls()).toEqual([])
})

test("its own merge asks for no release; the next change does, from the same branch", async () => {
  expect(stage.releases().filter((r) => r.draft)).toEqual([])
  await stage.merge("ben", "feat: search faster")
  expect(await the()).toMatchObject({ title: "chore(release): 1.2.0" })
  expect(await text("package.json", BRANCH)).toContain('"1.2.0"')
  expect((await the()).body).not.toContain("chore(release)")
})

test("what landed between approval and merge voids the approvals: it waits on the merge commit", async () => {
  const { head } = await the()
  await stage.press("approve", "ana", head.sha)
  await stage.merge("ana", "fix: a late one")
  expect((await the()).head.sha).toBe(head.sha)
  const sha = await mergeRelease("merge")
  expect(stage.world().tags).not.toHaveProperty("v1.2.0")
  const page = stage.readiness(sha)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "approvals")).toContain("waits for 1 approval")
  expect(page.summary).toMatch(/it was for/)
  await stage.press("approve", "ana", sha)
  expect(stage.world().tags).not.toHaveProperty("v1.2.0")
  await stage.press("approve", "cleo", sha)
  expect(stage.world().tags).toMatchObject({ "v1.2.0": sha })
})

test("recovers after all of its data is lost: the same pull request is found again", async () => {
  await stage.merge("ben", "fix: before the loss")
  const { number } = await the()
  await stage.restart("lost")
  await stage.merge("ben", "fix: after the loss")
  const pull = await the()
  expect(pull.number).toBe(number)
  expect(pull.body).toMatch(/before the loss[\s\S]*after the loss/)
  expect(stage.readiness(pull.head.sha).conclusion).toBe("action_required")
})
