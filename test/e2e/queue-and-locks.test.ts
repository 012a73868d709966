import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Two releases want to production; somebody locks it; a rollback locks it by itself. Each test is the next step of one story. */
let stage: Stage
const released: { [tag: string]: string } = {}
const runs: { [tag: string]: number } = {}

const CONFIG = `impact: false
approvals: { required: 1 }
environments:
  production:
    concurrency: 1
    approvals: { required: 0, from: ["@ana", "@cleo"] }
`
const PRODUCTION = "Slipway / production"
const SECOND = 1_000
const MINUTE = 60 * SECOND

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      github.protect("acme/shop", "production")
    },
  })
})
afterAll(() => stage.close())

const page = (tag: string) => stage.check(PRODUCTION, released[tag] ?? "")
const answersOf = (tag: string) => stage.github.answersOf(stage.repo, runs[tag] ?? 0)
const deploy = (tag: string, more = {}) => {
  runs[tag] = stage.github.startDeploying({
    repo: stage.repo,
    by: "ben",
    ref: tag,
    environment: "production",
    ...more,
  })
}
const ends = async (tag: string, state: "success" | "failure") => {
  stage.github.endDeploying({ repo: stage.repo, runId: runs[tag] ?? 0, state })
  await stage.quiet()
}
const press = (identifier: string, by: string, tag: string) => stage.pressOn(page(tag), identifier, by)
const publish = async (tag: string, title: string) => {
  released[tag] = (await stage.merge("ben", title)).sha
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
  expect(stage.world().tags).toMatchObject({ [tag]: released[tag] })
}

test("the second deployment waits for the first, and sees its place", async () => {
  await publish("v1.0.1", "fix: round")
  await publish("v1.0.2", "fix: round down")
  deploy("v1.0.1")
  await stage.quiet()
  deploy("v1.0.2")
  await stage.quiet()
  expect(answersOf("v1.0.1")).toMatchObject([{ verdict: "approved" }])
  expect(answersOf("v1.0.2")[0]?.verdict).toBeUndefined()
  expect(gate(page("v1.0.2"), "concurrency")).toContain(
    `its place is 2 of 2; before it: run ${runs["v1.0.1"]} (v1.0.1)`,
  )
  await stage.restart()
  await ends("v1.0.1", "success")
  expect(answersOf("v1.0.2")).toMatchObject([{ verdict: "approved" }])
})

test("of a deployment that says nothing more GitHub is asked, once in half an hour, while somebody waits", async () => {
  await publish("v1.0.3", "fix: round up")
  deploy("v1.0.3")
  await stage.quiet()
  stage.github.resetRequests()
  await stage.later(31 * MINUTE)
  await stage.later(SECOND)
  const asked = () =>
    stage.github.requests.filter(({ operationId }) => operationId === "repos/list-deployment-statuses").length
  expect(asked()).toBe(1)
  expect(answersOf("v1.0.3")[0]?.verdict).toBeUndefined()
  stage.github.filterDeliveries(() => false)
  stage.github.endDeploying({ repo: stage.repo, runId: runs["v1.0.2"] ?? 0, state: "success" })
  await stage.github.settled()
  stage.github.filterDeliveries(undefined)
  await stage.later(31 * MINUTE)
  await stage.later(SECOND)
  expect(asked()).toBe(2)
  expect(answersOf("v1.0.3")).toMatchObject([{ verdict: "approved" }])
  await ends("v1.0.3", "success")
})

test("who may approve there locks it, and nothing enters", async () => {
  await press("lock", "ben", "v1.0.3")
  expect(plainly(page("v1.0.3").summary)).toContain("they are not among @ana, @cleo")
  await press("lock", "ana", "v1.0.3")
  expect(plainly(page("v1.0.3").summary)).toContain("locked by ana since")
  await publish("v1.0.4", "fix: round again")
  deploy("v1.0.4")
  await stage.quiet()
  expect(gate(page("v1.0.4"), "locked")).toContain("locked by ana since")
  expect(answersOf("v1.0.4")[0]?.verdict).toBeUndefined()
})

test("after a restart it is locked still; who may approve there unlocks it, and the thread tells both", async () => {
  await stage.restart()
  await stage.later(60 * MINUTE)
  expect(answersOf("v1.0.4")[0]?.verdict).toBeUndefined()
  await press("unlock", "cleo", "v1.0.4")
  expect(answersOf("v1.0.4")).toMatchObject([{ verdict: "approved" }])
  const said = (await stage.threads()).flatMap(({ replies }) => replies.map(({ text }) => text)).join("\n")
  expect(said).toContain("production is locked* by @ana")
  expect(said).toContain("production is unlocked* by @cleo")
})

test("a rollback locks it by itself, and is not held up by that", async () => {
  await ends("v1.0.4", "failure")
  await press("rollback:production", "cleo", "v1.0.4")
  deploy("v1.0.3", { by: "ana", event: "deployment" })
  await stage.quiet()
  expect(answersOf("v1.0.3")).toMatchObject([{ verdict: "approved" }])
  deploy("v1.0.4")
  await stage.quiet()
  expect(gate(page("v1.0.4"), "locked")).toContain("rolled back from 1.0.4")
  expect(answersOf("v1.0.4")[0]?.verdict).toBeUndefined()
})
