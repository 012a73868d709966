import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { drill } from "../../src/cli/drill.ts"
import { status } from "../../src/cli/status.ts"
import { call, madeToken } from "./support/command.ts"
import { releaseTo } from "./support/release-to.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Somebody practises the way back of staging, by a token; production asks for it. Each test is the next step of one story. */
let stage: Stage
let nightly = ""

const CONFIG = `impact: false
environments:
  staging: { drill: on-demand }
  production: { after: staging, drilled: { in: staging, within: 35d } }
`

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG } })
  await releaseTo(stage, "staging", "feat: pay by invoice")
  await releaseTo(stage, "staging", "fix: mend the invoice")
  nightly = await madeToken(stage, "acme/shop", "--name", "nightly", "--environment", "staging", "--drill")
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stage.close()
})

const ours = () => stage.world().deployments.filter(({ task }) => task === "rollback")
const gate = () => stage.check("Slipway / production").summary ?? ""
async function ask(by: string, ...args: readonly string[]) {
  vi.stubEnv("SLIPWAY_TOKEN", by)
  const answer = await call(stage, drill, ...args)
  await stage.quiet()
  return answer
}

test("before the first drill nothing may enter production", () => {
  expect(gate()).toContain("no drill was ever finished in staging")
})

test.each<[string, () => Promise<string>, readonly string[], RegExp]>([
  [
    "a token that only reports",
    () => madeToken(stage, "acme/shop", "--name", "argo"),
    ["staging"],
    /may not ask for drills/,
  ],
  ["another environment than the token's", async () => nightly, ["production"], /may not report of production/],
  ["a guessed token", async () => `${nightly.slice(0, -4)}AAAA`, ["staging"], /401/],
])("refused: %s", async (_, by, args, because) => {
  expect(await ask(await by(), ...args)).toMatchObject({ code: 1, err: expect.stringMatching(because) })
  expect(ours()).toEqual([])
})

test("the drill goes back and comes again, and production may be entered then", async () => {
  const asked = await ask(nightly, "staging", "--id", "night-1")
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining("asked for: a drill in staging") })
  expect(await ask(nightly, "staging", "--id", "night-1")).toMatchObject({ out: expect.stringContaining("already") })
  expect(ours()).toHaveLength(1)
  expect((await call(stage, status, "acme/shop")).out).toContain("drill")
  for (const at of [0, 1]) {
    const deployment = ours()[at]
    expect(deployment).toMatchObject({ environment: "staging", creator: "slipway[bot]" })
    stage.pass(60_000)
    await stage.github.setDeploymentStatus({
      repo: stage.repo,
      deploymentId: deployment?.id ?? 0,
      state: "success",
      by: "ana",
    })
    await stage.quiet()
  }
  expect(ours().map(({ sha }) => sha)).toEqual([stage.world().tags["v0.1.0"], stage.world().tags["v0.1.1"]])
  expect(stage.check("Slipway / staging")).toMatchObject({ conclusion: "success" })
  const message = (await stage.slack.messages("releases")).find(({ text }) => text.includes("0.1.1"))
  const told = message?.replies.map(({ text }) => text).filter((text) => text.includes("DRILL")) ?? []
  expect(told.map((text) => /DRILL( passed)? in staging/.test(text))).toEqual([true, true, true])
  expect(told.at(-1)).toMatch(/back on `?0\.1\.0`? in \d+ s/)
  expect(stage.world().issues.filter(({ author }) => author === "slipway[bot]")).toEqual([])
  expect(gate()).not.toContain("no drill was ever finished")
})
