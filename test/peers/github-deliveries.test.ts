import { afterEach, beforeEach, expect, test } from "vitest"
import { asApp, asInstallation, IN, REPO, refusal, SECRET, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
beforeEach(async () => {
  scene = await stage()
})
afterEach(() => scene.close())

const push = (name: string) =>
  scene.github.pushCommit({ repo: REPO, by: "bob", message: `fix: ${name}`, files: { [name]: "x\n" } })
const messages = () =>
  scene.hook.received.map(({ payload }) => (payload.head_commit as { message: string } | undefined)?.message)

test("webhooks are signed, carry ids of their own, and come in order", async () => {
  const { github, hook } = scene
  for (const name of ["a", "b", "c"]) await push(name)
  await github.settled()
  expect(messages()).toEqual(["fix: a", "fix: b", "fix: c"])
  expect(hook.received.every((item) => item.signed)).toBe(true)
  expect(new Set(hook.received.map((item) => item.id)).size).toBe(3)
})

test("what is held back can be shuffled, doubled and dropped", async () => {
  const { github } = scene
  github.pauseDeliveries()
  for (const name of ["a", "b", "c"]) await push(name)
  await github.settled()
  expect(messages()).toEqual([])
  github.resumeDeliveries(([a, b]) => (a && b ? [b, a, a] : []))
  await github.settled()
  expect(messages()).toEqual(["fix: b", "fix: a", "fix: a"])
})

test("a filter loses webhooks; a redelivery brings one back under its own id", async () => {
  const { github, hook } = scene
  github.filterDeliveries((delivery) => delivery.event !== "push")
  await push("a")
  await github.settled()
  const lost = github.deliveries.at(-1)
  expect(lost).toMatchObject({ event: "push", status: "dropped", attempts: 0 })
  expect(await github.redeliver(lost?.id as string)).toBe(202)
  expect(hook.received.map((item) => item.id)).toEqual([lost?.id])
})

test("while the app is down, webhooks fail and wait to be redelivered", async () => {
  const { github, hook } = scene
  github.setWebhookUrl("http://127.0.0.1:1/")
  await push("a")
  await github.settled()
  expect(github.deliveries.at(-1)?.status).toBe("failed")
  github.setWebhookUrl(hook.url)
  hook.answerWith(500)
  await push("b")
  await github.settled()
  expect(github.deliveries.at(-1)?.status).toBe(500)
  hook.answerWith(202)
  await github.redeliverFailed()
  expect(messages()).toEqual(["fix: a", "fix: b"])
  expect(github.deliveries.map((delivery) => delivery.status)).not.toContain("failed")
})

test("anything can be sent, signed wrongly too", async () => {
  const { github, hook } = scene
  expect(await github.send("meteor", { action: "fell" }, { id: "1-2-3" })).toBe(202)
  await github.send("meteor", {}, { secret: "not it" })
  await github.send("meteor", {}, { headers: { "x-hub-signature-256": "" } })
  expect(hook.received.map((item) => [item.id, item.signed])).toMatchObject([
    ["1-2-3", true],
    [expect.anything(), false],
    [expect.anything(), false],
  ])
  expect(SECRET).not.toBe("not it")
})

test("an event that the App did not ask for is not sent, its checks' always are", async () => {
  const { github, hook } = scene
  github.uninstall("acme")
  github.installApp("acme", { events: ["release"], permissions: { checks: "write", contents: "write" } })
  const sha = await push("a")
  await github.reportCheck({ repo: REPO, sha, name: "CI" })
  await github.settled()
  expect(hook.names()).toEqual([
    "installation.deleted",
    "installation.created",
    "check_run.created",
    "check_run.completed",
  ])
})

test("an uninstalled App loses its tokens and hears no more", async () => {
  const { github, hook } = scene
  const app = await asInstallation(github)
  github.uninstall("acme", "olga")
  expect(await refusal(app.repos.get(IN))).toMatchObject({ status: 401 })
  expect(await refusal(asApp(github).apps.getOrgInstallation({ org: "acme" }))).toMatchObject({ status: 404 })
  await push("a")
  await github.settled()
  expect(hook.names()).toEqual(["installation.deleted"])
  expect(hook.received[0]?.payload).toMatchObject({ sender: { login: "olga" }, repositories: [{ full_name: REPO }] })
  expect(github.problems).toEqual([])
})

test("everything that people do is told in payloads that GitHub's description allows", async () => {
  const { github, hook } = scene
  const { number } = await github.openPullRequest({
    repo: REPO,
    by: "ann",
    title: "feat: a",
    commits: [{ message: "feat: a", files: { "a.txt": "a\n" } }],
  })
  await github.pushToPullRequest({
    repo: REPO,
    number,
    by: "ann",
    commits: [{ message: "b", files: { "b.txt": "b\n" } }],
  })
  await github.as("ann").pulls.update({ ...IN, pull_number: number, title: "feat: b" })
  await github.as("ann").pulls.update({ ...IN, pull_number: number, state: "closed" })
  const issue = await github.openIssue({ repo: REPO, title: "bug", by: "bob" })
  await github.as("bob").issues.createComment({ ...IN, issue_number: issue, body: "me too" })
  await github.closeIssue({ repo: REPO, number: issue, by: "bob" })
  await github.pushCommit({ repo: REPO, by: "bob", branch: "next", message: "x", files: { x: "x" } })
  await github.createTag({ repo: REPO, by: "bob", name: "v0", sha: github.world()[REPO]?.branches.main as string })
  await github.deleteTag({ repo: REPO, by: "bob", name: "v0" })
  github.setDefaultBranch(REPO, "next", "olga")
  await github.deleteBranch({ repo: REPO, by: "bob", branch: "main" })
  github.renameRepository(REPO, "store", "olga")
  github.changeInstalledRepositories("acme", { removed: ["acme/store"], by: "olga" })
  await github.settled()
  expect(hook.names()).toEqual([
    ...["create", "push", "pull_request.opened", "push", "pull_request.synchronize", "pull_request.edited"],
    ...["pull_request.closed", "issues.opened", "issue_comment.created", "issues.closed", "create", "push"],
    ...["create", "push", "delete", "push", "repository.edited", "delete", "push", "repository.renamed"],
    "installation_repositories.removed",
  ])
  expect(github.problems).toEqual([])
  expect(hook.received.every((item) => item.payload.sender !== undefined)).toBe(true)
})

test("the App lists what became of its webhooks, newest first and page by page, and asks for one again", async () => {
  const { github, hook } = scene
  await push("a")
  await github.settled()
  github.filterDeliveries(() => false)
  await push("b")
  github.filterDeliveries(undefined)
  hook.answerWith(503)
  await push("c")
  await github.settled()
  hook.answerWith(202)
  const app = asApp(github)
  const pages = app.paginate.iterator(app.apps.listWebhookDeliveries, { per_page: 2 })
  const listed: { id: number; guid: string; status_code: number; redelivery: boolean }[] = []
  for await (const { data } of pages) {
    expect(data.length).toBeLessThanOrEqual(2)
    listed.push(...data)
  }
  expect(listed.slice(0, 3).map((one) => one.status_code)).toEqual([503, 502, 202])
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length)
  const lost = listed[1]
  await app.apps.redeliverWebhookDelivery({ delivery_id: lost?.id ?? 0 })
  await github.settled()
  expect(messages()).toEqual(["fix: a", "fix: b"])
  const again = await app.apps.listWebhookDeliveries({ per_page: 1 })
  expect(again.data).toMatchObject([{ guid: lost?.guid, redelivery: true, status: "OK", status_code: 202 }])
  const failed = await app.apps.listWebhookDeliveries({ status: "failure" })
  expect(failed.data.map(({ status_code }) => status_code)).toEqual([503, 502])
  expect(await refusal(app.apps.redeliverWebhookDelivery({ delivery_id: 1 }))).toMatchObject({ status: 404 })
  expect(await refusal((await asInstallation(github)).apps.listWebhookDeliveries())).toMatchObject({ status: 401 })
  expect(github.problems).toEqual([])
})

test("a suspended installation answers nobody and hears nothing until it is let in again", async () => {
  const { github, hook } = scene
  const app = await asInstallation(github)
  github.suspendInstallation("acme", "olga")
  expect(await refusal(app.repos.get(IN))).toMatchObject({ status: 403 })
  await push("a")
  github.unsuspendInstallation("acme", "olga")
  expect((await app.repos.get(IN)).status).toBe(200)
  await github.settled()
  expect(hook.names()).toEqual(["installation.suspend", "installation.unsuspend"])
  expect(github.problems).toEqual([])
})
