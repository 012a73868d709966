import { afterAll, beforeAll, expect, test } from "vitest"
import { type PrometheusServer, startPrometheus } from "../support/prometheus.ts"
import { releaseTo } from "./support/release-to.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A criterion that rolls back by itself, on what a real Prometheus says; each test is the next step of one story. */
let stage: Stage
let prometheus: PrometheusServer
let good: string
let bad: string

const CONFIG = `impact: false
slack: { mention: { cleo: U012ABCDEF } }
environments:
  production:
    on-call: ["@cleo"]
    criteria:
      - { name: errors, query: 'max(errors{env="{environment}"})', at-most: 1, for: 3m, do: rollback }
`
const MINUTE = 60_000
const BEGIN = Date.parse("2027-01-11T07:00:00.000Z")
const minute = (it: number): Date => new Date(BEGIN + it * MINUTE)
/** From when on there are errors, in minutes. */
const ERRORS_FROM = 12

beforeAll(async () => {
  const samples = Array.from({ length: 100 }, (_, at) => [minute(at - 30), at - 30 < ERRORS_FROM ? 0.2 : 5] as const)
  prometheus = await startPrometheus([{ name: "errors", labels: { env: "production" }, samples }])
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG }, env: { PROMETHEUS_URL: prometheus.url } })
  await stage.later(BEGIN - stage.clock.now().getTime())
  good = await releaseTo(stage, "production", "feat: pay by invoice")
  bad = await releaseTo(stage, "production", "fix: round")
})

afterAll(async () => {
  await stage.close()
  await prometheus.stop()
})

/** Minute by minute, as it is measured; what is asked for then is read a moment later. */
async function until(at: number): Promise<void> {
  while (stage.clock.now() < minute(at)) {
    await stage.later(MINUTE / 2)
    await stage.later(2_000)
  }
}
const rollbacks = () => stage.world().deployments.filter(({ task }) => task === "rollback")
const replies = async () =>
  (await stage.slack.messages("releases")).flatMap((thread) => thread.replies.map(({ text }) => text))

test("as long as it is kept to nothing happens, nor for what lasts too short", async () => {
  await until(ERRORS_FROM + 2)
  expect(stage.check("Slipway / production", bad)).toMatchObject({ title: "0.1.1 is live in production" })
  expect(rollbacks()).toEqual([])
})

test("broken for as long as it says, it rolls back to what was good, and mentions who is on call", async () => {
  await until(ERRORS_FROM + 5)
  expect(rollbacks()).toMatchObject([{ sha: good, environment: "production" }])
  expect(stage.check("Slipway / production", bad)).toMatchObject({ title: "0.1.1 is being rolled back in production" })
  const said = (await replies()).filter((text) => text.includes("Rolling production back by itself"))
  expect(said).toEqual([expect.stringMatching(/errors is 5\b.*\n<@U012ABCDEF>/)])
})

test("what came back is not left for an older one, though there are errors still", async () => {
  const [deployment] = rollbacks()
  await stage.github.setDeploymentStatus({
    repo: stage.repo,
    deploymentId: deployment?.id ?? 0,
    state: "success",
    by: "ana",
  })
  await stage.quiet()
  await until(ERRORS_FROM + 14)
  expect(rollbacks()).toHaveLength(1)
  expect(stage.check("Slipway / production", bad)).toMatchObject({ title: "0.1.1 was rolled back in production" })
  const notices = (await replies()).filter((text) => text.includes("was rolled back from"))
  expect(notices).toEqual([expect.stringMatching(/from 0\.1\.1 to 0\.1\.0 by the criterion “errors”/)])
})
