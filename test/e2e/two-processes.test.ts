import { afterAll, beforeAll, expect, test } from "vitest"
import { start } from "../../src/main.ts"
import { freshDatabase } from "../engine/databases.ts"
import { type Stage, setStage } from "./support/stage.ts"

let stage: Stage

beforeAll(async () => {
  stage = await setStage({ env: { DATABASE_URL: await freshDatabase("tcp", "tables") }, settle: false })
})
afterAll(async () => {
  await stage.close()
})

test("two processes on one Postgres server share the work: one draft, one check, one thread, and either takes a click", async () => {
  const second = await start(stage.env(), { clock: stage.clock, log: stage.log })
  const urls = [stage.app.url, second.url].map((url) => `${url}/api/github/webhooks`)
  const shas: string[] = []
  for (let i = 0; i < 6; i++) {
    stage.github.setWebhookUrl(urls[i % 2])
    shas.push((await stage.merge(i % 2 ? "ben" : "cleo", `feat: change ${i}`)).sha)
    await stage.github.settled()
  }
  await stage.quiet()
  expect(stage.releases()).toHaveLength(1)
  for (let i = 0; i < 6; i++) expect(stage.releases()[0]?.body).toContain(`change ${i} (#${i + 1})`)
  const head = shas.at(-1)
  expect(stage.github.checkRuns(stage.repo, { name: "Slipway / readiness", sha: head ?? "" })).toHaveLength(1)
  await stage.press("approve", "ben", head)
  stage.github.setWebhookUrl(urls[0])
  await stage.press("approve", "cleo", head)
  await second.stop()
  expect((await stage.press("publish", "ana", head)).title).toBe("0.1.0 is published")
  expect(await stage.threads()).toHaveLength(1)
  const replies = (await stage.threads())[0]?.replies.map((r) => r.text) ?? []
  expect(new Set(replies).size).toBe(replies.length)
})
