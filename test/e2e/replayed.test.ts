import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { removeOld } from "../../src/store/remove-old.ts"
import { type Stage, setStage } from "./support/stage.ts"

/*
 * Whoever got hold of what GitHub once sent can send it again, with its signature: the id of a delivery is in a header, which is
 * not signed. Slipway keeps the ids of 30 days; after that, and under another name, only what is true now protects.
 */
const DAY_MS = 86_400_000
let stage: Stage

beforeAll(async () => {
  stage = await setStage()
  const { github } = stage
  const ship = async (title: string) => {
    const { sha } = await stage.merge("ben", title)
    await stage.press("approve", "cleo", sha)
    await stage.press("publish", "ana", sha)
    await stage.deploy("production", sha)
    return sha
  }
  await ship("feat: one")
  const second = await ship("feat: two")
  await stage.pressOn(stage.check("Slipway / production", second), "rollback:production", "ana")
  const rollback = stage.world().deployments.find(({ task }) => task === "rollback")
  await github.setDeploymentStatus({ repo: stage.repo, deploymentId: rollback?.id ?? 0, state: "success", by: "ana" })
  await stage.quiet()
  await ship("feat: three")
  // What is open when the old deliveries come: held, approved by nobody, with the buttons that were pressed on others.
  await stage.merge("ben", "feat: four")
  await stage.press("hold", "cleo")
})
afterAll(() => stage.close())

/** What Slipway did to GitHub: tokens are asked for to read. */
const written = () =>
  stage.github.requests
    .filter(({ method, path }) => method !== "GET" && !path.includes("/access_tokens"))
    .map(({ method, path }) => `${method} ${path}`)
const said = async () => ({ world: stage.world(), threads: await stage.threads() })
const kept = async () =>
  (await stage.app.store.db.selectFrom("slipway.inbox").select("delivery").execute()).map(({ delivery }) => delivery)

describe("everything that GitHub ever sent, once more", () => {
  test.each<[string, number, boolean, (id: string) => string]>([
    ["a week later", 7, true, (id) => id],
    ["a week later under another name", 0, true, () => randomUUID()],
    ["after two months, when its name is kept no more", 60, false, (id) => id],
  ])("%s, changes and says nothing", async (_, days, isKnown, name) => {
    await stage.later(days * DAY_MS)
    while (await removeOld(stage.app.store.db, stage.clock.now())) await stage.quiet()
    const before = await said()
    const all = stage.github.deliveries.filter(({ status }) => status === 202)
    const events = ["push", "pull_request", "check_run", "deployment_status"]
    expect(all.map(({ event }) => event)).toEqual(expect.arrayContaining(events))
    const known = new Set(await kept())
    expect(all.some(({ id }) => known.has(id))).toBe(isKnown)
    stage.github.resetRequests()
    for (const { id, event, payload } of all.toReversed())
      await stage.github.send(event, { ...payload }, { id: name(id) })
    await stage.quiet()
    expect(written()).toEqual([])
    expect(await said()).toEqual(before)
  })
})
