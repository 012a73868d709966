import { afterEach, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody who may write goes round four eyes by the branch that Slipway keeps its release pull request on. */
let stage: Stage

const CONFIG = `publish: { mode: pull-request, changelog: CHANGELOG.md, manifests: [package.json] }
`
const BRANCH = "slipway/release/main"
const AS_SLIPWAY = { name: "slipway[bot]", email: "1+slipway[bot]@users.noreply.github.com" }

afterEach(() => stage.close())

const begin = async () => {
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": CONFIG, "package.json": '{ "name": "shop", "version": "1.0.0" }\n' },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
  await stage.merge("ben", "feat: pay by invoice")
  const { data } = await stage.github.as("ana").rest.pulls.list({ owner: "acme", repo: "shop", head: `acme:${BRANCH}` })
  const [pull] = data
  if (!pull) throw new Error("there is no release pull request")
  return pull
}

test("a commit in Slipway's own name on its branch is nobody's: whoever pushed it cannot approve it", async () => {
  const { number } = await begin()
  const evil = { message: "chore(release): 1.1.0", files: { "evil.js": "boo" }, author: AS_SLIPWAY }
  await stage.github.pushToPullRequest({ repo: stage.repo, number, by: "cleo", commits: [evil] })
  await stage.quiet()
  const { sha } = await stage.github.mergePullRequest({ repo: stage.repo, number, by: "cleo" })
  await stage.quiet()
  await stage.press("approve", "cleo", sha)
  expect(stage.world().tags).not.toHaveProperty("v1.1.0")
  const page = stage.readiness(sha)
  expect(gate(page, "approvals")).toContain("Slipway's own branch")
  expect(page.conclusion).toBe("action_required")
})
