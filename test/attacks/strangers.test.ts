import { afterAll, expect, test } from "vitest"
import { type Stage, setStage } from "../e2e/support/stage.ts"

let stage: Stage

afterAll(() => stage.close())

test("an account that is not served gets nothing done, and one line in the log says what to do; recovers after it is allowed", async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      github.createOrganization("stranger", { owners: ["ana"] })
      await github.createRepository({ owner: "stranger", name: "theirs", by: "ana" })
    },
  })
  stage.github.installApp("stranger")
  const push = (message: string) =>
    stage.github.pushCommit({ repo: "stranger/theirs", by: "ana", message, files: { [message]: "" }, author: "ana" })
  stage.github.resetRequests()
  await push("feat: one")
  await push("feat: two")
  await stage.quiet()
  expect(stage.github.world()["stranger/theirs"]).toMatchObject({ releases: [], checkRuns: [] })
  expect(stage.github.requests.filter(({ path }) => path.includes("stranger"))).toEqual([])
  expect(stage.lines.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/installed by stranger, which is not served.*add it to ALLOWED_ACCOUNTS/),
  ])
  await stage.restart("kept", { ALLOWED_ACCOUNTS: "acme,stranger" })
  await push("feat: three")
  await stage.quiet()
  expect(stage.github.world()["stranger/theirs"]?.releases).toMatchObject([{ tagName: "v0.1.0" }])
})
