import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** The App is installed by an account that nobody allowed. */
let stage: Stage
const repo = "stranger/theirs"

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      github.createOrganization("stranger", { owners: ["ana"] })
      await github.createRepository({ owner: "stranger", name: "theirs", by: "ana" })
    },
  })
  stage.github.installApp("stranger")
  stage.github.resetRequests()
})
afterAll(() => stage.close())

const push = (message: string) =>
  stage.github.pushCommit({ repo, by: "ana", message, files: { [message]: "" }, author: "ana" })

test("a deployment of an account that is not served is answered by nobody", async () => {
  stage.github.protect(repo, "production")
  const run = stage.github.startDeploying({ repo, by: "ana", ref: "main", environment: "production" })
  await stage.quiet()
  expect(stage.github.answersOf(repo, run)).toMatchObject([{ reports: [] }])
  expect(stage.github.answersOf(repo, run)[0]?.verdict).toBeUndefined()
  expect(stage.github.requests.filter(({ path }) => path.includes("stranger"))).toEqual([])
})

test("an account that is not served gets nothing done, and one line in the log says what to do; recovers after it is allowed", async () => {
  await push("feat: one")
  await push("feat: two")
  await stage.quiet()
  expect(stage.github.world()[repo]).toMatchObject({ releases: [], checkRuns: [] })
  expect(stage.github.requests.filter(({ path }) => path.includes("stranger"))).toEqual([])
  expect(stage.lines.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/installed by stranger, which is not served.*add it to ALLOWED_ACCOUNTS/),
  ])
  await stage.restart("kept", { ALLOWED_ACCOUNTS: "acme,stranger" })
  await push("feat: three")
  await stage.quiet()
  expect(stage.github.world()[repo]?.releases).toMatchObject([{ tagName: "v0.1.0" }])
})
