import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What is live is verified before it is good; each test is the next step of one story. */
let stage: Stage
let released: string
let waiting: number

const CONFIG = `impact: false
environments:
  staging: { verify: { for: 15m, checks: ["synthetic"] } }
  production: { after: staging, verify: 30m }
`
const MINUTE = 60_000

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      github.protect("acme/shop", "production")
    },
  })
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
})

afterAll(async () => {
  await stage.close()
})

/** The clock jumps ahead, what is due is asked for, and a moment later it is read. */
const later = async (minutes: number) => {
  await stage.later(minutes * MINUTE)
  await stage.later(2_000)
}
const page = (name: string) => stage.check(`Slipway / ${name}`, released)
const answersOf = (run: number) => stage.github.answersOf(stage.repo, run)
const asked = () =>
  stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)
const deploy = (environment: string) => stage.deploy(environment, "v1.1.0")

test("what went live in staging is being verified, and production waits for it", async () => {
  await deploy("staging")
  expect(page("staging")).toMatchObject({ title: "1.1.0 is being verified in staging", conclusion: "neutral" })
  waiting = stage.github.startDeploying({ repo: stage.repo, by: "ben", ref: "v1.1.0", environment: "production" })
  await stage.quiet()
  expect(gate(page("production"), "after")).toContain("being verified until")
})

test("its time alone shows nothing: a check that was asked for has to report since", async () => {
  await later(16)
  expect(page("staging").summary).toContain("no check named “synthetic” reported since it is live")
  expect(answersOf(waiting)[0]?.verdict).toBeUndefined()
})

test("after a restart it is verified by the clock, with few requests, and production lets it in", async () => {
  await stage.restart()
  await stage.report("synthetic", released)
  stage.github.resetRequests()
  await later(10)
  expect(page("staging")).toMatchObject({ title: "1.1.0 is live in staging", conclusion: "success" })
  expect(page("staging").summary).toContain("verified on")
  expect(asked().filter((id) => id === "repos/list-deployment-statuses")).toHaveLength(1)
  expect(answersOf(waiting)).toMatchObject([{ verdict: "approved" }])
})

test("a failure of which no webhook came is found when its time is over", async () => {
  stage.github.endDeploying({ repo: stage.repo, runId: waiting, state: "success" })
  await stage.quiet()
  expect(page("production").title).toBe("1.1.0 is being verified in production")
  stage.github.setWebhookUrl("http://127.0.0.1:1/nobody")
  stage.github.endDeploying({ repo: stage.repo, runId: waiting, state: "failure" })
  await later(31)
  expect(page("production")).toMatchObject({ title: "1.1.0 failed in production", conclusion: "failure" })
  expect(page("production").summary).toContain("its deployment is “failure”")
})
