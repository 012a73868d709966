import type { Octokit } from "@octokit/rest"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { startGitHub } from "../../demo/peers/github.ts"
import { asInstallation, IN, REPO, refusal, SECRET, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
let app: Octokit
beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
})
afterAll(() => scene.close())
beforeEach(() => {
  scene.github.problems.splice(0)
  scene.github.intercept(undefined)
})

const run = () => ({ ...IN, name: "x", head_sha: scene.github.world()[REPO]?.branches.main as string })
const settle = (promise: Promise<unknown>) => promise.catch(() => undefined)

test.each<[string, (github: Octokit) => Promise<unknown>, string]>([
  [
    "an unknown field",
    (github) => github.request("POST /repos/{owner}/{repo}/check-runs", { ...run(), foo: 1 }),
    "unknown field foo",
  ],
  [
    "an unknown field further in",
    (github) =>
      github.request("POST /repos/{owner}/{repo}/check-runs", {
        ...run(),
        output: { title: "t", summary: "s", colour: "red" } as never,
      }),
    "unknown field output.colour",
  ],
  [
    "completed without a conclusion",
    (github) => github.checks.create({ ...run(), status: "completed" } as never),
    "without a conclusion",
  ],
  [
    "a wrong type",
    (github) => github.issues.create({ ...IN, title: "t", labels: "bug" } as never),
    "/labels must be array",
  ],
  ["a missing field", (github) => github.repos.createRelease({ ...IN } as never), "required property 'tag_name'"],
  [
    "an unknown query",
    (github) => github.request("GET /repos/{owner}/{repo}/tags", { ...IN, colour: "red" }),
    "unknown query parameter colour",
  ],
  [
    "a query outside its range",
    (github) => github.pulls.list({ ...IN, state: "merged" } as never),
    "query parameter state may not be merged",
  ],
  [
    "an operation that is not in the fixture",
    (github) => github.request("GET /repos/{owner}/{repo}/topics", IN),
    "is no operation of the fixture",
  ],
])("%s is a problem", async (_, call, problem) => {
  await settle(call(app))
  expect(scene.github.problems.join("\n")).toContain(problem)
})

test("an answer that GitHub would not give is a problem", async () => {
  scene.github.intercept(({ operationId }) =>
    operationId === "repos/get" ? { status: 200, body: { id: "one" } } : undefined,
  )
  await settle(app.repos.get(IN))
  expect(scene.github.problems.join("\n")).toContain("repos/get answered 200")
})

test("people may use what the fixture does not hold", async () => {
  await settle(scene.github.as("olga").repos.getAllTopics(IN))
  expect(scene.github.problems).toEqual([])
})

test("faults are answered in GitHub's place and recorded like any request", async () => {
  const { github } = scene
  github.resetRequests()
  github.intercept(({ operationId, method }) =>
    operationId === "repos/create-release" && method === "POST"
      ? { status: 403, body: { message: "You have exceeded a secondary rate limit" }, headers: { "retry-after": "60" } }
      : undefined,
  )
  expect(await refusal(app.repos.createRelease({ ...IN, tag_name: "v1", draft: true }))).toMatchObject({ status: 403 })
  github.intercept(undefined)
  expect((await app.repos.createRelease({ ...IN, tag_name: "v1", draft: true })).status).toBe(201)
  expect(github.requests.map(({ operationId, status, by, method }) => [operationId, status, by, method])).toEqual([
    ["repos/create-release", 403, "installation", "POST"],
    ["repos/create-release", 201, "installation", "POST"],
  ])
})

test("times are whole seconds, but what the app stored stays as it was", async () => {
  const payload = { created_at: "2026-01-02T03:04:05.678Z" }
  const ref = scene.github.world()[REPO]?.branches.main as string
  const made = await app.repos.createDeployment({ ...IN, ref, auto_merge: false, required_contexts: [], payload })
  expect(made.data).toMatchObject({ payload, created_at: expect.stringMatching(/T\d\d:\d\d:\d\dZ$/) })
})

test("its clock is the one it was given", async () => {
  let now = new Date("2027-03-04T05:06:07Z")
  const other = await stage({ now: () => now })
  try {
    const { number } = await other.github.openPullRequest({
      repo: REPO,
      by: "ann",
      title: "feat: then",
      commits: [{ message: "feat: then", files: { a: "a" } }],
    })
    now = new Date("2027-03-05T00:00:00Z")
    const { sha } = await other.github.mergePullRequest({ repo: REPO, number, by: "olga" })
    const then = await asInstallation(other.github)
    const pull = (await then.pulls.get({ ...IN, pull_number: number })).data
    expect([pull.created_at, pull.merged_at]).toEqual(["2027-03-04T05:06:07Z", "2027-03-05T00:00:00Z"])
    expect((await then.repos.getCommit({ ...IN, ref: sha })).data.commit.committer?.date).toBe("2027-03-05T00:00:00Z")
    const issue = (await then.issues.create({ ...IN, title: "t" })).data
    const closed = (await then.issues.update({ ...IN, issue_number: issue.number, state: "closed" })).data
    expect([issue.created_at, closed.closed_at]).toEqual(["2027-03-05T00:00:00Z", "2027-03-05T00:00:00Z"])
  } finally {
    await other.close()
  }
})

test("several live side by side and know nothing of each other", async () => {
  const peers = await Promise.all([1, 2, 3].map(() => startGitHub({ webhookSecret: SECRET })))
  const [one, two] = peers
  await one?.createRepository({ owner: "acme", name: "only-here" })
  expect(Object.keys(one?.world() ?? {})).toEqual(["acme/only-here"])
  expect(two?.world()).toEqual({})
  expect(new Set(peers.map((peer) => peer.url)).size).toBe(3)
  await Promise.all(peers.map((peer) => peer.close()))
})

test("what does not exist is named", async () => {
  await expect(scene.github.pushCommit({ repo: "acme/nix", by: "ann", message: "x", files: {} })).rejects.toThrow(
    "no repository acme/nix; create it",
  )
  expect(() => scene.github.as("nobody")).toThrow("no user nobody; create it")
})
