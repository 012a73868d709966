import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type Running, start } from "../../src/main.ts"
import { createLog } from "../../src/telemetry/log.ts"
import { dataFolder } from "./process.ts"

const SECRET = "the-webhook-secret"
const REPO = "acme/shop"
const data = dataFolder()
const lines: { readonly level: number; readonly msg: string; readonly [field: string]: unknown }[] = []
let github: GitHubPeer
let running: Running

beforeAll(async () => {
  github = await startGitHub({ webhookSecret: SECRET })
  github.createUser("acme-dev")
  github.createOrganization("acme", { owners: ["acme-dev"], members: [] })
  await github.createRepository({ owner: "acme", name: "shop" })
  github.addCollaborator(REPO, "acme-dev", "write")
  github.installApp("acme")
  running = await start(
    {
      APP_ID: github.app.id,
      PRIVATE_KEY: github.app.privateKeyPem,
      WEBHOOK_SECRET: SECRET,
      GITHUB_API_URL: github.url,
      SLIPWAY_DATA_DIR: data.path,
      PORT: "0",
      HOST: "127.0.0.1",
    },
    { log: createLog({ level: "debug", destination: { write: (line) => void lines.push(JSON.parse(line)) } }) },
  )
  github.setWebhookUrl(`${running.url}/api/github/webhooks`)
  await vi.waitFor(() => expect(github.checkRuns(REPO).length).toBeGreaterThan(0), { timeout: 20_000 })
  await running.engine.idle()
})
afterAll(async () => {
  await running.stop()
  await github.close()
  data.remove()
})

test("every line of a run names its repository and deliveries; of an effect, its release as well", async () => {
  lines.length = 0
  // What is asked of GitHub for a draft is refused, so that there is something to say of it.
  github.intercept(({ method, path }) =>
    method === "POST" && path.endsWith("/releases")
      ? { status: 403, body: { message: "Resource not accessible" } }
      : undefined,
  )
  await github.pushCommit({ repo: REPO, branch: "main", by: "acme-dev", message: "feat: a basket", files: { a: "1" } })
  await github.settled()
  await expect.poll(() => lines.find(({ msg }) => msg === "an effect was refused"), { timeout: 20_000 }).toBeDefined()
  await running.engine.idle()
  github.intercept(undefined)
  const pushed = github.deliveries.findLast(({ event }) => event === "push")
  const decided = lines.filter(({ msg }) => msg === "decided")
  expect(decided[0]).toMatchObject({
    repository: REPO,
    key: expect.any(String),
    deliveries: expect.arrayContaining([pushed?.id]),
    effects: expect.arrayContaining([expect.stringContaining("draft:1")]),
  })
  const refused = lines.find(({ msg }) => msg === "an effect was refused")
  expect(refused).toMatchObject({
    repository: REPO,
    kind: "draft",
    release: "1",
    effect: expect.stringContaining("draft:1"),
  })
  // Whoever logs it: GitHub's client as well.
  const inWork = lines.filter(({ repository }) => repository !== undefined)
  expect(inWork.filter((line) => line.delivery === undefined && line.key === undefined)).toEqual([])
  expect(
    lines.filter(({ msg, repository }) => /release|run|effect|deliver/.test(msg) && repository === undefined),
  ).toEqual([])
})

test("a webhook that cannot be understood is told of with its delivery, event and repository", async () => {
  lines.length = 0
  const { send } = await import("../web/door.ts")
  const payload = { ref: "refs/heads/main", repository: { full_name: REPO }, installation: { id: 1 } }
  await send(`${running.url}/api/github/webhooks`, { event: "push", payload, secret: SECRET })
  expect(lines.find(({ level }) => level === 40)).toMatchObject({
    delivery: expect.any(String),
    event: "push",
    repository: REPO,
  })
})
