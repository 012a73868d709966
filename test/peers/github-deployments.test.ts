import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
let app: Awaited<ReturnType<typeof asInstallation>>
let sha: string
beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
  sha = scene.github.world()[REPO]?.branches.main as string
  await scene.github.createTag({ repo: REPO, by: "olga", name: "v1.0.0", sha })
})
afterAll(() => scene.close())

const PLAIN = { auto_merge: false, required_contexts: [] as string[] }

test("a deployment and its statuses are kept, listed and told", async () => {
  const { github, hook } = scene
  await github.settled()
  hook.received.splice(0)
  const payload = { from: "2.0.0", at: "2026-01-02T03:04:05.678Z" }
  const made = (
    await app.repos.createDeployment({
      ...IN,
      ref: "v1.0.0",
      environment: "production",
      task: "rollback",
      payload,
      ...PLAIN,
    })
  ).data
  expect(made).toMatchObject({ sha, ref: "v1.0.0", payload, production_environment: true })
  const { id } = made as { id: number }
  await github.setDeploymentStatus({ repo: REPO, deploymentId: id, state: "in_progress", by: "bob" })
  await github.setDeploymentStatus({
    repo: REPO,
    deploymentId: id,
    state: "success",
    by: "bob",
    logUrl: "https://x.test/1",
  })
  const statuses = (await app.repos.listDeploymentStatuses({ ...IN, deployment_id: id })).data
  expect(statuses.map((status) => status.state)).toEqual(["success", "in_progress"])
  expect((await app.repos.listDeployments({ ...IN, environment: "staging" })).data).toEqual([])
  expect((await app.repos.listDeployments({ ...IN, sha, task: "rollback" })).data.map((item) => item.id)).toEqual([id])
  await github.settled()
  expect(hook.names()).toEqual(["deployment.created", "deployment_status.created", "deployment_status.created"])
  expect(hook.received[2]?.payload).toMatchObject({
    deployment: { id, sha, environment: "production", payload },
    deployment_status: { state: "success", log_url: "https://x.test/1" },
    sender: { login: "bob" },
  })
  expect(github.problems).toEqual([])
})

test("without auto_merge false, a ref behind the default branch is merged, not deployed", async () => {
  const { github } = scene
  await github.pushCommit({ repo: REPO, by: "bob", message: "ahead", files: { "ahead.txt": "1\n" } })
  const before = (await app.repos.listDeployments(IN)).data.length
  const answer = await app.repos.createDeployment({ ...IN, ref: "v1.0.0", required_contexts: [] })
  expect(answer.status).toBe(202)
  expect((await app.repos.listDeployments(IN)).data).toHaveLength(before)
})

test("without required_contexts, a failed check forbids it", async () => {
  const { github } = scene
  await github.reportCheck({ repo: REPO, sha, name: "CI", conclusion: "failure" })
  const refused = app.repos.createDeployment({ ...IN, ref: sha, auto_merge: false })
  expect(await refusal(refused)).toMatchObject({ status: 409, message: expect.stringContaining("Conflict") })
  expect((await app.repos.createDeployment({ ...IN, ref: sha, ...PLAIN })).status).toBe(201)
})

test("a success retires the one before it in staging, and leaves production's", async () => {
  const { github } = scene
  const deploy = async (environment: string) => {
    const deploymentId = await github.createDeployment({ repo: REPO, by: "bob", ref: sha, environment })
    await github.setDeploymentStatus({ repo: REPO, deploymentId, state: "success", by: "bob" })
    return async () => (await app.repos.listDeploymentStatuses({ ...IN, deployment_id: deploymentId })).data[0]?.state
  }
  const [staging, production] = [await deploy("staging"), await deploy("production")]
  await deploy("staging")
  await deploy("production")
  expect([await staging(), await production()]).toEqual(["inactive", "success"])
})

test("what is not there is not found", async () => {
  expect(await refusal(app.repos.getDeployment({ ...IN, deployment_id: 1 }))).toMatchObject({ status: 404 })
  const unknown = app.repos.createDeployment({ ...IN, ref: "nowhere", ...PLAIN })
  expect(await refusal(unknown)).toMatchObject({ status: 422, message: expect.stringContaining("No ref found") })
})
