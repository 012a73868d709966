import { generateKeyPairSync } from "node:crypto"
import type { Octokit } from "@octokit/rest"
import { afterAll, beforeAll, expect, test } from "vitest"
import { asApp, asInstallation, client, IN, REPO, refusal, smallChange, stage } from "./stage.ts"

let scene: Awaited<ReturnType<typeof stage>>
let app: Octokit
beforeAll(async () => {
  scene = await stage()
  app = await asInstallation(scene.github)
  const { github } = scene
  const { number } = await github.openPullRequest({ ...smallChange("feat: a"), labels: ["feature"] })
  await github.mergePullRequest({ repo: REPO, number, by: "olga", method: "merge" })
  await github.createRelease({ repo: REPO, by: "olga", tagName: "v1.0.0" })
  await github.openIssue({ repo: REPO, title: "a bug", by: "bob" })
})
afterAll(() => scene.close())

const number = { pull_number: 1, issue_number: 2 }
test.each<[string, (github: Octokit) => Promise<{ status: number }>]>([
  ["a repository", (github) => github.repos.get(IN)],
  ["a branch", (github) => github.repos.getBranch({ ...IN, branch: "main" })],
  ["branches", (github) => github.repos.listBranches(IN)],
  ["tags", (github) => github.repos.listTags(IN)],
  ["commits", (github) => github.repos.listCommits({ ...IN, sha: "main", since: "2020-01-01T00:00:00Z" })],
  ["commits of a path", (github) => github.repos.listCommits({ ...IN, path: "src" })],
  ["a commit", (github) => github.repos.getCommit({ ...IN, ref: "v1.0.0" })],
  ["a comparison", (github) => github.repos.compareCommitsWithBasehead({ ...IN, basehead: "v1.0.0...main" })],
  ["a file", (github) => github.repos.getContent({ ...IN, path: "src/a.txt", ref: "v1.0.0" })],
  ["a folder", (github) => github.repos.getContent({ ...IN, path: "src" })],
  ["the root", (github) => github.repos.getContent({ ...IN, path: "" })],
  ["rules of a branch", (github) => github.repos.getBranchRules({ ...IN, branch: "main" })],
  ["collaborators", (github) => github.repos.listCollaborators(IN)],
  ["a permission", (github) => github.repos.getCollaboratorPermissionLevel({ ...IN, username: "ann" })],
  ["pull requests", (github) => github.pulls.list({ ...IN, state: "all", sort: "updated", direction: "desc" })],
  ["a pull request", (github) => github.pulls.get({ ...IN, pull_number: number.pull_number })],
  ["its commits", (github) => github.pulls.listCommits({ ...IN, pull_number: number.pull_number })],
  ["its files", (github) => github.pulls.listFiles({ ...IN, pull_number: number.pull_number })],
  ["releases", (github) => github.repos.listReleases(IN)],
  ["a release by tag", (github) => github.repos.getReleaseByTag({ ...IN, tag: "v1.0.0" })],
  ["a ref", (github) => github.git.getRef({ ...IN, ref: "heads/main" })],
  ["a tree", (github) => github.git.getTree({ ...IN, tree_sha: "main", recursive: "1" })],
  ["issues", (github) => github.issues.listForRepo({ ...IN, state: "all", creator: "bob", labels: "" })],
  ["an issue", (github) => github.issues.get({ ...IN, issue_number: number.issue_number })],
  ["a new issue", (github) => github.issues.create({ ...IN, title: "x", body: "y", labels: ["post-mortem"] })],
  ["a comment", (github) => github.issues.createComment({ ...IN, issue_number: 2, body: "hello" })],
  ["comments", (github) => github.issues.listComments({ ...IN, issue_number: 2 })],
  ["a closed issue", (github) => github.issues.update({ ...IN, issue_number: 3, state: "closed" })],
  [
    "a membership",
    (github) => github.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "devs", username: "ann" }),
  ],
  ["members", (github) => github.teams.listMembersInOrg({ org: "acme", team_slug: "devs" })],
  ["a team", (github) => github.teams.getByName({ org: "acme", team_slug: "devs" })],
  ["an organisation", (github) => github.orgs.get({ org: "acme" })],
  ["its member", (github) => github.orgs.getMembershipForUser({ org: "acme", username: "ann" })],
  ["a user", (github) => github.users.getByUsername({ username: "ann" })],
  ["our bot", (github) => github.users.getByUsername({ username: "slipway[bot]" })],
  ["repositories of the installation", (github) => github.apps.listReposAccessibleToInstallation()],
  ["the rate limit", (github) => github.rateLimit.get()],
  [
    "a file written",
    (github) => github.repos.createOrUpdateFileContents({ ...IN, path: "n.txt", message: "n", content: "eA==" }),
  ],
])("%s is answered as GitHub describes it", async (_, call) => {
  const before = scene.github.problems.length
  expect((await call(app)).status).toBeLessThan(300)
  expect(scene.github.problems.slice(before)).toEqual([])
})

test("the App knows itself and its installations", async () => {
  const before = scene.github.problems.length
  const own = asApp(scene.github)
  const self = (await own.apps.getAuthenticated()).data
  expect(self).toMatchObject({ slug: "slipway", owner: { login: "acme" }, permissions: { checks: "write" } })
  const { data } = await own.apps.listInstallations()
  expect(data.map((item) => item.account?.id)).toHaveLength(1)
  expect((await own.apps.getRepoInstallation(IN)).data.id).toBe(data[0]?.id)
  expect((await own.apps.getInstallation({ installation_id: data[0]?.id as number })).status).toBe(200)
  expect(await refusal(own.apps.getUserInstallation({ username: "ann" }))).toMatchObject({ status: 404 })
  expect(scene.github.problems.slice(before)).toEqual([])
})

test.each([
  ["of another App", { iss: "1" }],
  ["that is over", { exp: Math.floor(Date.now() / 1000) - 60 }],
  ["that would hold for an hour", { exp: Math.floor(Date.now() / 1000) + 3600 }],
])("a token %s is refused", async (_, claims) => {
  expect(await refusal(asApp(scene.github, claims).apps.getAuthenticated())).toMatchObject({ status: 401 })
})

test("a token signed with another key is refused", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const forged = asApp(scene.github, {}, privateKey.export({ type: "pkcs1", format: "pem" }).toString())
  expect(await refusal(forged.apps.getAuthenticated())).toMatchObject({ status: 401 })
})

test("an unknown token is refused, an unknown path not found", async () => {
  const stranger = client(scene.github, "ghs_made_up")
  expect(await refusal(stranger.repos.get(IN))).toMatchObject({
    status: 401,
    message: expect.stringContaining("Bad credentials"),
  })
  expect(await refusal(app.repos.getContent({ ...IN, path: "nowhere" }))).toMatchObject({ status: 404 })
  expect(await refusal(app.repos.getBranch({ ...IN, branch: "gone" }))).toMatchObject({ status: 404 })
})

test("lists come in pages of at most 100, with links", async () => {
  const { github } = scene
  await github.createRepository({ owner: "acme", name: "long" })
  const commits = Array.from({ length: 260 }, (_, i) => ({ message: `fix: ${i}`, files: { "n.txt": `${i}\n` } }))
  const base = github.world()["acme/long"]?.branches.main as string
  await github.pushCommits({ repo: "acme/long", by: "olga", commits })
  const long = { owner: "acme", repo: "long" }
  const page = await app.repos.listCommits({ ...long, per_page: 100, page: 3 })
  expect(page.data).toHaveLength(61)
  expect(page.headers.link).toMatch(/page=2[^<]*>; rel="prev".*page=1[^<]*>; rel="first"/)
  expect(await app.paginate(app.repos.listCommits, { ...long, per_page: 100 })).toHaveLength(261)
  const compare = async (number: number) =>
    (await app.repos.compareCommitsWithBasehead({ ...long, basehead: `${base}...main`, page: number })).data
  const first = await compare(1)
  expect(first).toMatchObject({ status: "ahead", total_commits: 260, ahead_by: 260, behind_by: 0 })
  expect([first.commits.length, first.files?.length]).toEqual([250, 1])
  const second = await compare(2)
  expect([second.commits.length, second.files?.length]).toEqual([10, 0])
  expect(second.commits.at(-1)?.commit.message).toBe("fix: 259")
})

test("pull requests are filtered and sorted", async () => {
  const { github } = scene
  await github.createRepository({ owner: "acme", name: "sorted" })
  const sorted = { owner: "acme", repo: "sorted" }
  const change = (title: string) => ({ ...smallChange(title, `${title}.txt`), repo: "acme/sorted", by: "olga" })
  const [a, b] = [await github.openPullRequest(change("a")), await github.openPullRequest(change("b"))]
  await github.mergePullRequest({ repo: "acme/sorted", number: a.number, by: "olga" })
  const list = async (more: Record<string, unknown>) =>
    (await app.pulls.list({ ...sorted, ...more } as never)).data.map((pull) => pull.number)
  expect(await list({})).toEqual([b.number])
  expect(await list({ state: "all" })).toEqual([b.number, a.number])
  expect(await list({ state: "all", sort: "created", direction: "asc" })).toEqual([a.number, b.number])
  expect(await list({ state: "closed", base: "main" })).toEqual([a.number])
  expect(await list({ state: "all", base: "elsewhere" })).toEqual([])
})

test("an empty repository has no history", async () => {
  await scene.github.createRepository({ owner: "acme", name: "empty", files: {} })
  const empty = { owner: "acme", repo: "empty" }
  expect(await refusal(app.repos.listCommits(empty))).toMatchObject({ status: 409 })
  expect(await refusal(app.repos.getContent({ ...empty, path: "" }))).toMatchObject({ status: 404 })
  expect((await app.repos.listBranches(empty)).data).toEqual([])
})

test("a missing permission is refused by name, and protection needs one that we do not have", async () => {
  const { github } = scene
  const protection = await refusal(app.repos.getBranchProtection({ ...IN, branch: "main" }))
  expect(protection).toMatchObject({ status: 403, message: expect.stringContaining("not accessible by integration") })
  await github.createUser("erin")
  await github.createRepository({ owner: "erin", name: "own", private: true })
  github.installApp("erin", { permissions: { contents: "read" } })
  const own = { owner: "erin", repo: "own" }
  expect(await refusal(app.repos.get(own))).toMatchObject({ status: 404 })
  const { data } = await asApp(github).apps.getUserInstallation({ username: "erin" })
  const { token } = (await asApp(github).apps.createInstallationAccessToken({ installation_id: data.id })).data
  const limited = client(github, token)
  expect((await limited.repos.getContent({ ...own, path: "README.md" })).status).toBe(200)
  const refused = limited.repos.createRelease({ ...own, tag_name: "v1", draft: true }).catch((error) => error)
  expect((await refused).response.headers["x-accepted-github-permissions"]).toBe("contents=write")
  github.setPermissions("erin", { contents: "write" })
  expect((await limited.repos.createRelease({ ...own, tag_name: "v1", draft: true })).status).toBe(201)
})

test.each([
  ["olga", "admin", "admin"],
  ["ann", "write", "write"],
  ["stranger", "read", "read"],
  ["maintainer", "maintain", "write"],
])("%s has the role %s", async (login, role, legacy) => {
  const { github } = scene
  github.createUser("stranger")
  github.createUser("maintainer")
  github.addCollaborator(REPO, "maintainer", "maintain")
  const { data } = await app.repos.getCollaboratorPermissionLevel({ ...IN, username: login })
  expect(data).toMatchObject({ role_name: role, permission: legacy, user: { login, type: "User" } })
  const pushers = (await app.repos.listCollaborators({ ...IN, permission: "push" })).data.map((user) => user.login)
  expect(pushers.includes(login)).toBe(role !== "read")
})

test("a review says who approved what, and nobody approves their own", async () => {
  const { github } = scene
  const { number, headSha } = await github.openPullRequest(smallChange("docs: r", "docs/r.md"))
  const approve = { ...IN, pull_number: number, event: "APPROVE" as const }
  expect(await refusal(github.as("ann").pulls.createReview(approve))).toMatchObject({ status: 422 })
  await github.as("bob").pulls.createReview(approve)
  const before = github.problems.length
  const { data } = await app.pulls.listReviews({ ...IN, pull_number: number })
  expect(data).toMatchObject([{ state: "APPROVED", user: { login: "bob" }, commit_id: headSha }])
  expect(github.problems.slice(before)).toEqual([])
})

test("git objects are made and read as GitHub describes them", async () => {
  const { github } = scene
  const before = github.problems.length
  const object = github.world()[REPO]?.branches.main as string
  const base_tree = (await app.git.getCommit({ ...IN, commit_sha: object })).data.tree.sha
  const entry = { path: "made.txt", mode: "100644" as const, type: "blob" as const, content: "made" }
  const tree = (await app.git.createTree({ ...IN, base_tree, tree: [entry] })).data.sha
  const commit = (await app.git.createCommit({ ...IN, message: "made", tree, parents: [object] })).data.sha
  const tag = (await app.git.createTag({ ...IN, tag: "v0.1", message: "m", object: commit, type: "commit" })).data.sha
  await app.git.createRef({ ...IN, ref: "refs/tags/v0.1", sha: tag })
  expect((await app.git.getRef({ ...IN, ref: "tags/v0.1" })).data.object).toMatchObject({ type: "tag", sha: tag })
  expect(github.world()[REPO]?.tags["v0.1"]).toBe(commit)
  const blob = (await app.git.createBlob({ ...IN, content: "x" })).data.sha
  expect((await app.git.getBlob({ ...IN, file_sha: blob })).data.content).toBe("eA==")
  expect(github.problems.slice(before)).toEqual([])
})

test("rules of a branch are those that were set", async () => {
  const rule = {
    type: "required_status_checks",
    parameters: { required_status_checks: [{ context: "CI" }], strict_required_status_checks_policy: false },
    ruleset_source_type: "Repository",
    ruleset_source: REPO,
    ruleset_id: 1,
  }
  scene.github.setBranchRules(REPO, "main", [rule])
  const before = scene.github.problems.length
  expect((await app.repos.getBranchRules({ ...IN, branch: "main" })).data).toMatchObject([rule])
  expect(scene.github.problems.slice(before)).toEqual([])
})

test("who leaves a team is no member", async () => {
  const { github } = scene
  github.createTeam("acme", "managers", ["ann"])
  const membership = () => app.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "managers", username: "ann" })
  expect((await membership()).data.state).toBe("active")
  github.leaveTeam("acme", "managers", "ann")
  expect(await refusal(membership())).toMatchObject({ status: 404 })
})
