import { afterAll, beforeAll, expect, test } from "vitest"
import { type PrometheusServer, startPrometheus } from "../support/prometheus.ts"
import { gate, plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A checklist that a real Prometheus ticks; each test is the next step of one story. */
let stage: Stage
let prometheus: PrometheusServer
let sha: string

const MINUTE = 60_000
const BEGIN = Date.parse("2027-01-11T07:00:00.000Z")
const minute = (it: number): Date => new Date(BEGIN + it * MINUTE)
const METRIC = `{ name: errors, query: 'max_over_time(errors{env="staging"}[{window}])', window: 5m, at-most: 0.01 }`
const PLAN = `release: { version: 0.1.0 }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
checklist: { before: [{ item: Staging is calm, metric: ${METRIC} }] }
`

beforeAll(async () => {
  // Nobody measured before the hour; then staging fails for twenty minutes.
  const samples = Array.from({ length: 120 }, (_, at) => [minute(at), at < 20 ? 0.2 : 0.001] as const)
  prometheus = await startPrometheus([{ name: "errors", labels: { env: "staging" }, samples }])
  stage = await setStage({ files: { "release-plan.yml": PLAN }, env: { PROMETHEUS_URL: prometheus.url } })
  await until(-30)
  sha = (await stage.merge("ben", "feat: pay by invoice")).sha
})
afterAll(async () => {
  await stage.close()
  await prometheus.stop()
})

/** Lets the clock reach a minute of the story; what is asked for then is read a moment later. */
async function until(at: number): Promise<void> {
  await stage.later(Math.max(0, minute(at).getTime() - stage.clock.now().getTime()))
  await stage.later(6_000)
}
const checklist = () => gate(stage.readiness(sha), "checklist")
const tags = () => Object.keys(stage.world().tags)

test("where there is no data the item is open, and the page says what was asked", async () => {
  await until(-20)
  expect(checklist()).toMatch(/unknown.*errors is not known: no data.*max_over_time\(errors\{env="staging"\}\[5m\]\)/)
})

test("beyond its limit the item waits, and there is no Publish", async () => {
  await until(10)
  expect(checklist()).toContain("“Staging is calm” waits: errors is 0.2 over 5 minutes")
  await stage.press("approve", "cleo", sha)
  expect(stage.readiness(sha).actions.map(({ identifier }) => identifier)).not.toContain("publish")
})

test("it is asked again by the clock, also after a restart, and ticked at no request to GitHub but its page", async () => {
  await stage.restart()
  await stage.quiet()
  stage.github.resetRequests()
  await until(30)
  expect(checklist()).toMatch(/✅.*its one item is ticked/)
  const asked = stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)
  // A start asks whose repositories there are, whenever it comes to that.
  expect(new Set(asked.filter((id) => id !== "apps/list-repos-accessible-to-installation"))).toEqual(
    new Set(["checks/update"]),
  )
})

test("a server that is gone when Publish is pressed ticks nothing", async () => {
  await stage.restart("kept", { PROMETHEUS_URL: "http://127.0.0.1:59" })
  await stage.press("publish", "cleo", sha)
  expect(plainly(stage.readiness(sha).summary)).toMatch(/the metrics server could not be asked/)
  expect(tags()).toEqual([])
})

test("Publish measures it once more, and the release is out", async () => {
  await stage.restart("kept", { PROMETHEUS_URL: prometheus.url })
  await until(40)
  await stage.press("publish", "cleo", sha)
  expect(tags()).toEqual(["v0.1.0"])
})
