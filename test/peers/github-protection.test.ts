import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, stage } from "./stage.ts"

/** The custom deployment protection rule of the emulated GitHub. */
let scene: Awaited<ReturnType<typeof stage>>
let app: Awaited<ReturnType<typeof asInstallation>>

beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
  scene.github.protect(REPO, "production")
})
afterAll(async () => {
  await scene.close()
  expect(scene.github.problems).toEqual([])
})

const deploy = (environment: string) => scene.github.startDeploying({ repo: REPO, by: "ann", ref: "main", environment })
const review = (
  run_id: number,
  body: { comment: string; state?: "approved" | "rejected" },
  environment = "production",
) =>
  app.request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule", {
    ...IN,
    run_id,
    environment_name: environment,
    ...body,
  })
const waiting = async (run_id: number) =>
  (await app.actions.getPendingDeploymentsForRun({ ...IN, run_id })).data.map(({ environment }) => environment.name)

test("a job waits at a protected environment, and the App is asked", async () => {
  const id = deploy("production")
  expect(await waiting(id)).toEqual(["production"])
  await scene.github.settled()
  const asked = scene.hook.received.findLast(({ event }) => event === "deployment_protection_rule")
  expect(asked?.payload).toMatchObject({
    action: "requested",
    environment: "production",
    deployment_callback_url: `${scene.github.url}/repos/${REPO}/actions/runs/${id}/deployment_protection_rule`,
    deployment: { environment: "production" },
  })
  await review(id, { state: "approved", comment: "go" })
  expect(await waiting(id)).toEqual([])
  expect(scene.github.runsOf(REPO).at(-1)).toMatchObject({ id, status: "in_progress" })
  expect(await refusal(review(id, { state: "rejected", comment: "no" }))).toMatchObject({ status: 422 })
})

test("without the rule it does not wait", async () => {
  expect(await waiting(deploy("staging"))).toEqual([])
})

test("a rejection ends the run", async () => {
  const id = deploy("Production")
  await review(id, { state: "rejected", comment: "not released" })
  expect(scene.github.runsOf(REPO).at(-1)).toMatchObject({ status: "completed", conclusion: "failure" })
})

test("ten reports of 1,024 characters are taken, and no more", async () => {
  const id = deploy("production")
  expect(await refusal(review(id, { comment: "x".repeat(1025) }))).toMatchObject({ status: 422 })
  for (let at = 0; at < 10; at++) await review(id, { comment: `waits ${at}` })
  expect(await refusal(review(id, { comment: "once more" }))).toMatchObject({ status: 422 })
  expect(scene.github.answersOf(REPO, id)).toMatchObject([{ reports: { length: 10 } }])
  await review(id, { state: "approved", comment: "" })
})

test("it takes write access to deployments", async () => {
  const id = deploy("production")
  scene.github.setPermissions("acme", { actions: "write", deployments: "read" })
  app = await asInstallation(scene.github)
  expect(await refusal(review(id, { state: "approved", comment: "" }))).toMatchObject({ status: 403 })
})
