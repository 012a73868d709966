import { afterAll, beforeAll, expect, test } from "vitest"
import { plainly } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody who may write, and may not approve what enters production, wants to get by its lock. */
let stage: Stage
let released: string

const CONFIG = `impact: false
environments: { production: { approvals: { required: 0, from: ["@ana", "@cleo"] } } }
`

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
  stage.github.protect(stage.repo, "production")
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
  stage.github.endDeploying({ repo: stage.repo, runId: await deploy(), state: "success" })
  await stage.quiet()
  await press("lock", "ana")
  expect(plainly(page().summary)).toContain("locked by ana since")
})
afterAll(() => stage.close())

const page = () => stage.check("Slipway / production", released)
const verdict = (run: number) => stage.github.answersOf(stage.repo, run)[0]?.verdict
async function deploy(environment = "production"): Promise<number> {
  const run = stage.github.startDeploying({ repo: stage.repo, by: "ben", ref: "v0.1.0", environment })
  await stage.quiet()
  return run
}
const login = ({ sender }: { sender?: unknown }) => (sender as { login?: string } | undefined)?.login
const press = (identifier: string, by: string) => stage.pressOn(page(), identifier, by)

test("nothing enters a locked environment, though every other gate is passed", async () => {
  expect(verdict(await deploy())).toBeUndefined()
})

test("who may not approve there does not unlock it", async () => {
  const run = await deploy()
  await press("unlock", "ben")
  expect(plainly(page().summary)).toContain("they are not among @ana")
  expect(verdict(run)).toBeUndefined()
})

test("an old press of Unlock does not open a later lock", async () => {
  const { id } = page()
  await press("unlock", "ana")
  const pressed = stage.github.deliveries.findLast(({ event }) => event === "check_run")
  await press("lock", "ana")
  const run = await deploy()
  const cleo = stage.github.deliveries.findLast(({ payload }) => login(payload) === "cleo")?.payload.sender
  // Cleo has looked at the page of the earlier lock all the time; to send Ana's press again would be told by its bytes.
  expect(await stage.github.send("check_run", { ...pressed?.payload, sender: cleo })).toBe(202)
  await stage.quiet()
  expect(plainly(page().summary)).toContain("it was locked anew since the page was drawn")
  expect(page().id).toBe(id)
  expect(verdict(run)).toBeUndefined()
})
