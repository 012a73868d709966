import { afterEach, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

let stage: Stage

afterEach(async () => {
  const { problems } = stage.github
  await stage.close()
  expect(problems).toEqual([])
})

const tags = () => Object.values(stage.github.world())[0]?.tags ?? {}

test("a publication that stopped behind its tag is taken up again, and was never anybody else's", async () => {
  stage = await setStage()
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.press("approve", "ana", sha)
  await stage.press("approve", "ben", sha)
  stage.github.intercept(({ method, path, body }) =>
    method === "PATCH" && /\/releases\/\d+$/.test(path) && JSON.stringify(body ?? "").includes('"draft":false')
      ? { status: 403, body: { message: "Resource not accessible by integration" } }
      : undefined,
  )
  const refused = await stage.press("publish", "ana", sha)
  expect(tags()).toEqual({ "v0.1.0": sha })
  expect(refused.summary).toMatch(/not counted/)
  stage.github.intercept(undefined)
  await stage.github.rerequest({ repo: stage.repo, checkRunId: refused.id, by: "ana" })
  await stage.quiet()
  expect(stage.readiness(sha).conclusion).toBe("success")
  expect((await stage.press("publish", "ana", sha)).title).toBe("0.1.0 is published")
})
