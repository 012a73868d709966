import { afterAll, beforeAll, expect, test } from "vitest"
import { asInstallation, IN, REPO, refusal, smallChange, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
beforeAll(async () => {
  scene = await stage()
})
afterAll(() => scene.close())

const heads = () => scene.github.world()[REPO]?.branches ?? {}
type Push = { ref: string; before: string; after: string; commits: Record<string, unknown>[]; forced: boolean }
const pushesToMain = () =>
  scene.hook.received
    .filter(({ event, payload }) => event === "push" && payload.ref === "refs/heads/main")
    .map(({ payload }) => payload as unknown as Push)

test.each([
  ["squash", 1, ["ann"], ["web-flow"], 1],
  ["merge", 3, ["ann", "bob", "olga"], ["ann", "bob", "web-flow"], 2],
  ["rebase", 2, ["ann", "bob"], ["olga", "olga"], 1],
] as const)("merges by %s as GitHub does", async (method, count, authors, committers, parents) => {
  const { github, hook } = scene
  const before = heads().main as string
  const { number } = await github.openPullRequest({
    repo: REPO,
    by: "ann",
    title: `feat: by ${method}`,
    body: "why",
    labels: ["feature"],
    commits: [
      { message: "feat: one", files: { [`src/${method}-1.txt`]: "1\n" } },
      { message: "fix: two", files: { [`src/${method}-2.txt`]: "2\n" }, author: "bob" },
    ],
  })
  await github.settled()
  hook.received.splice(0)
  const { sha } = await github.mergePullRequest({ repo: REPO, number, by: "olga", method })
  await github.settled()

  expect(hook.names()).toEqual(["push", "pull_request.closed"])
  const [push] = pushesToMain()
  expect(push).toMatchObject({ before, after: sha, forced: false })
  expect(heads().main).toBe(sha)
  const commits = push?.commits as {
    author: { username: string }
    committer: { username: string }
    distinct: boolean
  }[]
  expect(commits).toHaveLength(count)
  expect(commits.map((commit) => commit.author.username)).toEqual(authors)
  expect(commits.map((commit) => commit.committer.username)).toEqual(committers)
  expect(hook.received[1]?.payload).toMatchObject({
    number,
    pull_request: {
      merged: true,
      merge_commit_sha: sha,
      merged_by: { login: "olga" },
      user: { login: "ann" },
      labels: [{ name: "feature" }],
      body: "why",
      commits: 2,
      base: { ref: "main" },
    },
    installation: { id: expect.any(Number) },
    organization: { login: "acme" },
  })
  const installed = await asInstallation(github)
  const { data } = await installed.repos.getCommit({ ...IN, ref: sha })
  expect(data.parents).toHaveLength(parents)
  expect((await installed.repos.getContent({ ...IN, path: `src/${method}-2.txt` })).status).toBe(200)
  expect((await installed.pulls.listCommits({ ...IN, pull_number: number })).data.map((c) => c.author?.login)).toEqual([
    "ann",
    "bob",
  ])
  const found = await installed.repos.listPullRequestsAssociatedWithCommit({ ...IN, commit_sha: sha })
  expect(found.data.map((pull) => pull.number)).toContain(number)
  expect(github.problems).toEqual([])
})

test("commits that the branch's push brought are not distinct in the merge's push", async () => {
  const { github, hook } = scene
  const { number } = await github.openPullRequest(smallChange("feat: seen", "seen.txt"))
  await github.settled()
  hook.received.splice(0)
  await github.mergePullRequest({ repo: REPO, number, by: "olga", method: "merge" })
  await github.settled()
  expect(pushesToMain()[0]?.commits.map((commit) => commit.distinct)).toEqual([false, true])
})

test("a squash of one commit takes its message, of several the title, and credits the others", async () => {
  const { github, hook } = scene
  const one = await github.openPullRequest({ ...smallChange("fix: one", "one.txt"), title: "Some title" })
  const two = await github.openPullRequest({
    repo: REPO,
    by: "ann",
    title: "feat: several",
    commits: [
      { message: "a", files: { "two.txt": "a" } },
      { message: "b", files: { "two.txt": "b" }, author: "bob" },
    ],
  })
  await github.settled()
  hook.received.splice(0)
  for (const { number } of [one, two]) await github.mergePullRequest({ repo: REPO, number, by: "olga" })
  await github.settled()
  expect(pushesToMain().map((push) => push.commits[0]?.message)).toEqual([
    `fix: one (#${one.number})`,
    `feat: several (#${two.number})\n\n* a\n\n* b\n\nCo-authored-by: Bob <bob@example.com>`,
  ])
})

test("the pull request's event may come before the push", async () => {
  const { github, hook } = scene
  const { number } = await github.openPullRequest(smallChange("feat: order", "order.txt"))
  await github.settled()
  hook.received.splice(0)
  await github.mergePullRequest({ repo: REPO, number, by: "olga", order: "pr-first" })
  await github.settled()
  expect(hook.names()).toEqual(["pull_request.closed", "push"])
})

test("a merge keeps what came to the base after the pull request was opened", async () => {
  const { github } = scene
  const late = await github.openPullRequest(smallChange("feat: late", "late.txt"))
  await github.pushCommit({ repo: REPO, by: "bob", message: "fix: between", files: { "between.txt": "x\n" } })
  await github.mergePullRequest({ repo: REPO, number: late.number, by: "olga" })
  const installed = await asInstallation(github)
  const names = (await installed.repos.getContent({ ...IN, path: "" })).data as { name: string }[]
  expect(names.map((entry) => entry.name)).toEqual(expect.arrayContaining(["late.txt", "between.txt"]))
})

test("merges that begin at once come one after another, none lost", async () => {
  const { github, hook } = scene
  const pulls = await Promise.all(
    Array.from({ length: 8 }, (_, i) => github.openPullRequest(smallChange(`feat: burst ${i}`, `burst/${i}.txt`))),
  )
  await github.settled()
  hook.received.splice(0)
  await Promise.all(pulls.map(({ number }) => github.mergePullRequest({ repo: REPO, number, by: "olga" })))
  await github.settled()
  const chain = pushesToMain()
  expect(chain).toHaveLength(8)
  expect(chain.slice(1).map((push) => push.before)).toEqual(chain.slice(0, -1).map((push) => push.after))
  const installed = await asInstallation(github)
  const folder = (await installed.repos.getContent({ ...IN, path: "burst" })).data as unknown[]
  expect(folder).toHaveLength(8)
})

test("two changes of one line conflict", async () => {
  const { github } = scene
  const first = await github.openPullRequest(smallChange("feat: mine", "README.md", "# mine\n"))
  const second = await github.openPullRequest(smallChange("feat: yours", "README.md", "# yours\n"))
  await github.mergePullRequest({ repo: REPO, number: first.number, by: "olga" })
  await expect(github.mergePullRequest({ repo: REPO, number: second.number, by: "olga" })).rejects.toThrow(
    "merge conflict in README.md",
  )
  const bob = github.as("bob")
  expect(await refusal(bob.pulls.merge({ ...IN, pull_number: second.number }))).toMatchObject({ status: 405 })
})

test("a forced push says so and moves the branch", async () => {
  const { github, hook } = scene
  const to = heads().main as string
  await github.pushCommit({ repo: REPO, by: "bob", message: "wip", files: { "wip.txt": "x\n" } })
  await github.settled()
  hook.received.splice(0)
  await github.pushForce({ repo: REPO, by: "bob", to })
  await github.settled()
  expect(pushesToMain()[0]).toMatchObject({ after: to, forced: true, commits: [] })
  expect(heads().main).toBe(to)
})
