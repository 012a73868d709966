import { afterAll, beforeAll, expect, test } from "vitest"
import { type PrometheusServer, startPrometheus } from "../support/prometheus.ts"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Gates that ask a real Prometheus, through a protection rule; each test is the next step of one story. */
let stage: Stage
let prometheus: PrometheusServer
let first: string
let second: string
let waiting: number

const CONFIG = `impact: false
environments:
  staging: { verify: 15m }
  production:
    after: staging
    performance: { name: p95, query: 'max(p95{env="{environment}"})', window: 30m, within: 5% }
    error-budget: { query: 'avg_over_time(good{env="{environment}"}[{window}])', slo: 99%, window: 1d, remaining: 10% }
`
const MINUTE = 60_000
const BEGIN = Date.parse("2027-01-11T07:00:00.000Z")
const minute = (it: number): Date => new Date(BEGIN + it * MINUTE)

/** Until when the second release is slow in staging, in minutes. */
const SLOW_UNTIL = 240

beforeAll(async () => {
  const every = (from: number, to: number, value: (at: number) => number) =>
    Array.from({ length: to - from }, (_, at) => [minute(from + at), value(from + at)] as const)
  prometheus = await startPrometheus([
    {
      name: "p95",
      labels: { env: "staging" },
      samples: every(-60, 600, (at) => (at < 120 ? 0.2 : at < SLOW_UNTIL ? 0.3 : 0.205)),
    },
    // Nobody measured it for three hours.
    { name: "good", labels: { env: "production" }, samples: every(300, 600, () => 0.9995) },
  ])
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    env: { PROMETHEUS_URL: prometheus.url },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      github.protect("acme/shop", "production")
    },
  })
  await until(0)
})

afterAll(async () => {
  await stage.close()
  await prometheus.stop()
})

/** Lets the clock reach a minute of the story; what is asked for then is read a moment later. */
async function until(at: number): Promise<void> {
  await stage.later(Math.max(0, minute(at).getTime() - stage.clock.now().getTime()))
  await stage.later(2_000)
  await stage.later(6_000)
}
const release = async (title: string): Promise<string> => {
  const { sha } = await stage.merge("ben", title)
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
  return sha
}
const deploy = (ref: string, environment: string) => stage.deploy(environment, ref)
const page = (sha: string, name = "production") => stage.check(`Slipway / ${name}`, sha)
const answer = () => stage.github.answersOf(stage.repo, waiting)[0]

test("the first release is good in staging once it was verified there", async () => {
  first = await release("feat: pay by invoice")
  await deploy("v1.1.0", "staging")
  await until(20)
  expect(page(first, "staging").summary).toContain("verified on")
})

test("the next one is measured there when it was live for the window, and is too slow", async () => {
  await until(110)
  second = await release("fix: round")
  await until(119)
  await deploy("v1.1.1", "staging")
  waiting = stage.github.startDeploying({ repo: stage.repo, by: "ben", ref: "v1.1.1", environment: "production" })
  await until(125)
  expect(gate(page(second), "performance")).toContain("p95 is measured once it is live in staging for 30 minutes")
  await until(152)
  const says = gate(page(second), "performance")
  expect(says).toContain("p95 is 0.3 in staging over 30 minutes")
  expect(says).toContain("no more than 5% above the 0.2 of 1.1.0")
  expect(page(second).conclusion).toBe("failure")
})

test("an error budget of which nothing is known is not passed, and the page says what was asked", async () => {
  const says = gate(page(second), "error budget")
  expect(says).toContain("unknown")
  expect(says).toContain("no data: the query gives nothing")
  expect(says).toContain('avg_over_time(good{env="production"}[1440m])')
})

test("it is asked again by the clock, at no request to GitHub, also after a restart", async () => {
  await stage.restart()
  await stage.quiet()
  stage.github.resetRequests()
  await until(SLOW_UNTIL + 6)
  expect(gate(page(second), "performance")).toContain("p95 is 0.205 in staging")
  const asked = stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)
  // What a start asks once comes whenever it comes.
  const since = asked.filter((operation) => operation !== "apps/list-repos-accessible-to-installation")
  expect(new Set(since)).toEqual(new Set(["checks/update", "actions/review-custom-gates-for-run"]))
  expect(answer()?.verdict).toBeUndefined()
})

test("a metrics server that is gone lets nothing in", async () => {
  await stage.restart("kept", { PROMETHEUS_URL: "http://127.0.0.1:59" })
  await until(290)
  expect(gate(page(second), "performance")).toContain("the metrics server could not be asked")
  expect(answer()?.verdict).toBeUndefined()
})

test("when both are good the deployment is let in, and says on what", async () => {
  await stage.restart("kept", { PROMETHEUS_URL: prometheus.url })
  await until(310)
  expect(answer()).toMatchObject({ verdict: "approved" })
  expect(gate(page(second), "performance")).toContain("p95 is 0.205 in staging over 30 minutes")
  expect(gate(page(second), "error budget")).toContain("95% of the error budget of production is left over 1 day (99%)")
})
