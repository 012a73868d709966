import { afterAll, beforeAll, expect, test } from "vitest"
import type { Workload } from "../../demo/peers/kubernetes/namespace.ts"
import { type KubernetesPeer, startKubernetes } from "../../demo/peers/kubernetes.ts"
import { planted } from "../secrets/planted.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Ways back that are no deployment of GitHub's, through the whole app. Each test is the next step of one story. */
let stage: Stage
let cluster: KubernetesPeer
const TOKEN = planted("service-account")

const INPUT = (name: string) => ["$", `{{ inputs.${name} }}`].join("")
const WORKFLOW = `run-name: Deploy ${INPUT("version")} (${INPUT("rollback")})
on: { workflow_dispatch: { inputs: { version: {}, rollback: {} } } }
jobs: {}
`
const config = (server: string) => `impact: false
environments:
  staging:
    rollback: [{ application: { workflow: deploy.yml, inputs: { version: "{to}", rollback: "{key}" } } }]
  production:
    rollback: [{ kubernetes: { server: "${server}", namespace: prod, deployment: shop, token: KUBERNETES } }]
`

const shop = (version: string): Workload => ({
  metadata: { ...cluster.deployment("prod", "shop")?.metadata, name: "shop", namespace: "prod" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop", "app.kubernetes.io/version": version } },
      spec: { containers: [{ name: "shop", image: "ghcr.io/acme/shop@sha256:1" }], futureField: version },
    },
  },
})
const running = () => cluster.deployment("prod", "shop")?.spec.template.metadata?.labels?.["app.kubernetes.io/version"]

beforeAll(async () => {
  cluster = await startKubernetes({ token: TOKEN })
  stage = await setStage({
    files: { ".github/slipway.yml": config(cluster.url), ".github/workflows/deploy.yml": WORKFLOW },
    env: { SLIPWAY_SECRET_KUBERNETES: `${cluster.host} ${TOKEN}`, SLIPWAY_PROBE_PRIVATE: "127.0.0.0/8" },
  })
  for (const [title, version] of [
    ["feat: pay by invoice", "0.1.0"],
    ["fix: mend the invoice", "0.1.1"],
  ] as const) {
    await stage.merge("ben", title)
    await stage.press("approve", "cleo")
    await stage.press("publish", "cleo")
    cluster.apply(shop(version))
    cluster.rollOut("prod", "shop")
    for (const environment of ["staging", "production"]) {
      await stage.deploy(environment, stage.world().branches.main ?? "", "ana", "success")
      stage.pass(1_000)
    }
  }
})
afterAll(async () => {
  await stage.close()
  await cluster.close()
})

const goBack = (environment: string) =>
  stage.pressOn(stage.check(`Slipway / ${environment}`), `rollback:${environment}`, "ana")
const told = async () => {
  const message = (await stage.slack.messages("releases")).find(({ text }) => text.includes("0.1.1"))
  return message?.replies.map(({ text }) => text) ?? []
}

test("a workflow is started on the earlier release's tag, and its end is the rollback's", async () => {
  await goBack("staging")
  const [run] = stage.github.runsOf(stage.repo)
  expect(run).toMatchObject({
    ref: "v0.1.0",
    sha: stage.world().tags["v0.1.0"],
    given: { version: "0.1.0", rollback: expect.stringMatching(/^slipway-\d+-1$/) },
  })
  stage.pass(30_000)
  stage.github.moveRun({ repo: stage.repo, runId: run?.id ?? 0, by: "ana", to: "completed", conclusion: "success" })
  await stage.quiet()
  expect(await told()).toEqual(
    expect.arrayContaining([expect.stringMatching(/staging was rolled back from `?0\.1\.1`? to `?0\.1\.0/)]),
  )
  expect(stage.github.runsOf(stage.repo)).toHaveLength(1)
})

test("a Deployment takes the earlier pod template, once, although the answer to it is lost", async () => {
  let isLost = false
  cluster.intercept(({ method }) => {
    if (method !== "PATCH" || isLost) return undefined
    isLost = true
    cluster.apply(shop("0.1.0"))
    return { status: 503 }
  })
  await goBack("production")
  for (let turn = 0; turn < 5; turn++) await stage.later(3_000)
  expect(isLost).toBe(true)
  expect(running()).toBe("0.1.0")
  expect(cluster.deployment("prod", "shop")?.spec.template.spec.futureField).toBe("0.1.0")
  expect(cluster.asked.filter(({ method }) => method === "PATCH")).toHaveLength(1)
  expect(stage.check("Slipway / production").title).toMatch(/rolling back|rolled back/i)
  expect((await told()).filter((text) => /production was rolled back/.test(text))).toEqual([])
})

test("it is rolled back when its pods are there", async () => {
  cluster.rollOut("prod", "shop")
  for (let turn = 0; turn < 3; turn++) await stage.later(6_000)
  expect((await told()).filter((text) => /production was rolled back/.test(text))).toHaveLength(1)
  expect(stage.world().deployments.filter(({ task }) => task === "rollback")).toEqual([])
})

test("the token stands in nothing that was logged or told", async () => {
  expect(JSON.stringify([stage.lines, await told(), stage.world().issues])).not.toContain(TOKEN)
})
