import { afterEach, beforeEach, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** What is of low risk needs no approval where its pull request was reviewed: somebody makes it look as if it was. */
let stage: Stage
const repo = "acme/shop"

const open = async (): Promise<void> => {
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": 'impact: false\nrisk: { low: [{ paths: "docs/**" }] }\n' },
    before: async (github) => {
      const sha = github.world()[repo]?.branches.main ?? ""
      await github.createTag({ repo, by: "ana", name: "v1.0.0", sha })
    },
  })
}
beforeEach(open)
afterEach(() => stage.close())

const page = (path: string, by = "ben") => ({
  message: "fix: how to pay",
  files: { [path]: `By ${by}.\n` },
  author: by,
})

/** A pull request of ben's, with his commits. */
const propose = async (...commits: ReturnType<typeof page>[]): Promise<number> => {
  const asked = commits.length > 0 ? commits : [page("docs/pay.md")]
  const { number } = await stage.github.openPullRequest({ repo, by: "ben", title: "fix: how to pay", commits: asked })
  return number
}
const review = (number: number, by: string, event: "APPROVE" | "REQUEST_CHANGES" = "APPROVE") =>
  stage.github.reviewPullRequest({ repo, number, by, event })

/** Merges it; its author presses Approve, which counts only for what was reviewed. */
async function land(number: number): Promise<string> {
  const { sha } = await stage.github.mergePullRequest({ repo, number, by: "ana" })
  await stage.quiet()
  return gate(await stage.press("approve", "ben", sha), "approvals")
}

test("who wrote a part of a pull request does not review it: another person's review counts", async () => {
  const number = await propose(page("docs/pay.md"), page("docs/card.md", "cleo"))
  await review(number, "cleo")
  expect(await land(number)).not.toContain("✅")
  await stage.close()
  await open()
  const other = await propose()
  await review(other, "cleo")
  expect(await land(other)).toContain("✅")
})

test("a review of what was there before the last push counts for nothing", async () => {
  const number = await propose()
  await review(number, "cleo")
  await stage.github.pushToPullRequest({ repo, number, by: "ben", commits: [page("docs/more.md")] })
  expect(await land(number)).not.toContain("✅")
})

test("who approved, and asked for changes then, has not approved", async () => {
  const number = await propose()
  await review(number, "cleo")
  await review(number, "cleo", "REQUEST_CHANGES")
  await review(number, "ana")
  expect(await land(number)).not.toContain("✅")
})

test("a review that was dismissed leaves no earlier one standing", async () => {
  const number = await propose()
  await review(number, "cleo")
  await review(number, "cleo")
  stage.github.dismissReview({ repo, number, of: "cleo" })
  expect(await land(number)).not.toContain("✅")
})

test("a reviewer who may write no more by the time it is published stops it", async () => {
  const number = await propose()
  await review(number, "cleo")
  expect(await land(number)).toContain("✅")
  stage.github.addCollaborator(repo, "cleo", "read")
  await stage.press("publish", "ben").catch(() => undefined)
  expect(Object.keys(stage.world().tags)).toEqual(["v1.0.0"])
  expect(gate(stage.readiness(), "approvals")).not.toContain("✅")
})
