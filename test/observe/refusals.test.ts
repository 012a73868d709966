import { Octokit } from "@octokit/rest"
import nock from "nock"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { Signal } from "../../src/model/signal.ts"
import type { State } from "../../src/model/state.ts"
import { readAuthorship } from "../../src/observe/authorship.ts"
import { readAllCommits } from "../../src/observe/commits.ts"
import { readEvidence } from "../../src/observe/evidence.ts"
import { readConfigFile } from "../../src/observe/files.ts"
import { createObserve } from "../../src/observe/observe.ts"
import { withPushers } from "../../src/observe/pushers.ts"
import { createReader } from "../../src/observe/reader.ts"

const API = "https://github.example"
const REPO = { id: "1", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "2" }
const HEAD = "a".repeat(40)
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const octokit = new Octokit({ baseUrl: API, log: SILENT })
const observe = createObserve({
  github: { for: async () => octokit },
  appId: "7",
  neighbours: async () => ({}),
  announcements: () => ({ is: "off", because: "a test" }),
})
const look: Signal = { kind: "look", because: "a test" }
const run = (signals: readonly Signal[] = [look], state?: State) =>
  observe({ repo: REPO, state, signals, handles: {}, now: new Date(), abort: new AbortController().signal })
const reader = () => createReader(octokit, REPO, new AbortController().signal)
const github = () => nock(API)
const at = (path: string) => `/repos/acme/shop/${path}`

beforeEach(() => {
  nock.disableNetConnect()
})
afterEach(() => {
  nock.abortPendingRequests()
  nock.cleanAll()
  nock.enableNetConnect()
})

/** Everything but what a test is about: an empty answer. */
function quiet() {
  github()
    .persist()
    .get(/\/(?:tags|pulls|releases|collaborators|rules\/branches\/main)\?/)
    .reply(200, [])
  github()
    .persist()
    .get(/\/contents\//)
    .reply(404, { message: "Not Found" })
  github()
    .persist()
    .get(/check-runs/)
    .reply(200, { total_count: 0, check_runs: [] })
  noSuites()
  github()
    .persist()
    .get(/\/status\?/)
    .reply(200, { total_count: 0, statuses: [] })
  github()
    .persist()
    .get(/\/commits\?/)
    .reply(200, [commit(HEAD)])
  github()
    .persist()
    .get(/\/git\/ref\//)
    .reply(200, { object: { type: "commit", sha: HEAD } })
}

function noSuites() {
  github()
    .persist()
    .get(/check-suites/)
    .reply(200, { total_count: 0, check_suites: [] })
}

const commit = (sha: string, ...parents: string[]) => ({
  sha,
  parents: parents.map((parent) => ({ sha: parent })),
  author: { login: "lea", id: 1, type: "User" },
  committer: null,
  commit: {
    message: `fix: ${sha}`,
    author: { name: "Lea", date: "2026-11-01T00:00:00Z" },
    committer: { name: "Lea", date: "2026-11-01T00:00:00Z" },
  },
})

test("an empty repository is no error, and says what starts it", async () => {
  github().get(at("git/ref/heads%2Fmain")).reply(409, { message: "Git Repository is empty." })
  github()
    .persist()
    .get(/collaborators/)
    .reply(200, [])
  const { learned, unknown } = await run()
  expect(unknown).toEqual([{ what: "history:main", because: expect.stringContaining("first push") }])
  expect(learned).toEqual({ approvers: { writers: [], admins: [], teams: {} } })
})

test("a missing permission is named, and the rest is read all the same", async () => {
  github()
    .get(/check-runs/)
    .reply(
      403,
      { message: "Resource not accessible by integration" },
      { "x-accepted-github-permissions": "checks=read" },
    )
  github()
    .get(/collaborators/)
    .reply(403, { message: "Resource not accessible by integration" })
  quiet()
  const { learned, unknown } = await run()
  expect(unknown).toEqual(
    expect.arrayContaining([
      {
        what: `checks:${HEAD}`,
        because: expect.stringContaining("`checks: read`; accept it in the installation's settings"),
      },
      { what: "approvers", because: expect.stringContaining("`metadata: read`") },
    ]),
  )
  expect(unknown).toHaveLength(2)
  expect(learned.ledgers?.main?.head).toBe(HEAD)
})

test("releases that cannot be listed hide a draft: no history is claimed", async () => {
  github()
    .get(/releases/)
    .reply(403, { message: "Resource not accessible by integration" })
  quiet()
  const { learned, unknown } = await run()
  expect(learned.ledgers).toEqual({})
  expect(unknown).toEqual([{ what: "history:main", because: expect.stringContaining("`contents: read`") }])
})

test.each([
  ["a rate limit", 403, { "retry-after": "17" }, { afterSeconds: 17 }],
  ["a broken GitHub", 502, {}, { afterSeconds: undefined }],
])("%s is thrown for the engine to run again", async (_, status, headers, expected) => {
  github().persist().get(/tags/).reply(status, { message: "no" }, headers)
  quiet()
  await expect(run()).rejects.toMatchObject({ name: "PeerUnavailable", ...expected })
})

test("a run that is called off ends", async () => {
  github().persist().get(/.*/).delay(60_000).reply(200, {})
  const abort = new AbortController()
  const running = observe({
    repo: REPO,
    state: undefined,
    signals: [look],
    handles: {},
    now: new Date(),
    abort: abort.signal,
  })
  abort.abort()
  await expect(running).rejects.toMatchObject({ name: "PeerUnavailable" })
})

test("a list of commits with a gap is no history", async () => {
  github()
    .get(/commits/)
    .reply(200, [commit("c", "b"), commit("a")])
  expect(await readAllCommits(reader(), "c")).toEqual({
    is: "unknown",
    because: "GitHub's list of commits has a gap at b",
  })
})

test("more commits than can be read: one request, and the way out", async () => {
  const link = `<${API}/x?page=2>; rel="next", <${API}/x?per_page=100&page=101>; rel="last"`
  github()
    .get(/commits/)
    .reply(200, [commit("c", "b")], { link })
  expect(await readAllCommits(reader(), "c")).toEqual({
    is: "unknown",
    because: expect.stringMatching(/10001 commits.*git tag v1\.2\.3/),
  })
})

test("a list of checks that is shorter than GitHub said is unknown", async () => {
  noSuites()
  github()
    .get(/check-runs/)
    .reply(200, { total_count: 2, check_runs: [] })
  github()
    .get(/status/)
    .reply(200, { total_count: 0, statuses: [] })
  expect(await readEvidence(reader(), HEAD, () => false)).toEqual({
    is: "unknown",
    because: expect.stringContaining("listed 0 of 2"),
  })
})

test("of the suites those count that have begun, are not ended, and are not our own", async () => {
  const suite = (id: number, slug: string, status: string, runs: number) => ({
    id,
    status,
    latest_check_runs_count: runs,
    updated_at: "2026-11-01T00:00:00Z",
    app: { id: id * 10, slug },
  })
  const own = { id: 1, name: "Slipway / readiness", status: "in_progress", app: { id: 7 }, check_suite: { id: 4 } }
  const suites = [
    suite(1, "ci", "in_progress", 2),
    suite(2, "done", "completed", 1),
    suite(3, "idle", "queued", 0),
    suite(4, "slipway", "in_progress", 1),
  ]
  github()
    .get(/check-runs/)
    .reply(200, { total_count: 1, check_runs: [own] })
  github()
    .get(/check-suites/)
    .reply(200, { total_count: 4, check_suites: suites })
  github()
    .get(/status/)
    .reply(200, { total_count: 0, statuses: [] })
  const read = await readEvidence(reader(), HEAD, ({ appId }) => appId === "7")
  expect(read).toMatchObject({
    value: [{ kind: "suite", name: "more checks of ci", app: "ci", appId: "10", suite: "1", state: "pending" }],
  })
  expect(read.is === "read" && read.value).toHaveLength(1)
})

test("checks on several pages, our own left out", async () => {
  noSuites()
  const run = (id: number, name: string, appId: number) => ({
    id,
    name,
    status: "completed",
    conclusion: "success",
    completed_at: "2026-11-01T00:00:00Z",
    app: { id: appId, slug: `app-${appId}` },
  })
  const first = Array.from({ length: 100 }, (_, i) => run(i, `check ${i}`, 1))
  const last = [run(200, "Slipway / readiness", 7), run(201, "Slipway / readiness", 8)]
  github()
    .get(/check-runs.*&page=1&/)
    .reply(200, { total_count: 102, check_runs: first })
  github()
    .get(/check-runs.*&page=2&/)
    .reply(200, { total_count: 102, check_runs: last })
  github()
    .get(/status/)
    .reply(200, { total_count: 0, statuses: [] })
  const read = await readEvidence(reader(), HEAD, ({ appId }) => appId === "7")
  expect(read.is === "read" && read.value).toHaveLength(101)
  expect(read).toMatchObject({ value: expect.arrayContaining([expect.objectContaining({ app: "app-8" })]) })
})

test.each([
  ["larger than 1 MB", { type: "file", sha: "b", encoding: "none", content: "" }, "larger than 1 MB"],
  ["a symbolic link to elsewhere", { type: "symlink", sha: "b", target: "/etc/passwd" }, "this is a symlink"],
  ["a submodule", { type: "submodule", sha: "b" }, "this is a submodule"],
  ["not UTF-8", { type: "file", sha: "b", encoding: "base64", content: "/w==" }, "not text in UTF-8"],
])("a configuration that is %s is invalid", async (_, data, message) => {
  github()
    .get(/contents/)
    .reply(200, data)
  const read = await readConfigFile(reader(), HEAD, { read: () => Promise.reject(new Error("it extends nothing")) })
  expect(read).toMatchObject({
    value: { is: "invalid", blob: "b", problems: [{ message: expect.stringContaining(message) }] },
  })
})

const PULL = {
  number: 5,
  title: "feat: a lot",
  labels: [],
  author: { login: "ben", id: "2", type: "User" as const },
  mergeSha: HEAD,
  headSha: "f".repeat(40),
  mergedAt: "2026-11-01T00:00:00.000Z",
}

test("commits beyond the 250 that GitHub lists are nobody's", async () => {
  const page = (from: number) => Array.from({ length: 100 }, (_, i) => commit(`c${from + i}`))
  const link = `<${API}/x?page=3>; rel="last"`
  github()
    .get(/pulls\/5\/commits.*page=1$/)
    .reply(200, page(0), { link })
  github()
    .get(/pulls\/5\/commits.*page=2$/)
    .reply(200, page(100), { link })
  github()
    .get(/pulls\/5\/commits.*page=3$/)
    .reply(200, page(200).slice(0, 50), { link })
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [], pull: PULL })
  const unknown = read.is === "read" ? read.value.unknown : []
  expect(unknown.at(-1)).toEqual({
    sha: PULL.headSha,
    name: expect.stringContaining("beyond the 250"),
    because: "unlisted",
  })
})

const WEB_FLOW = { login: "web-flow", id: 19864447 }
const nobody = (name: string) => ({ sha: "c", name, because: "account" })

test.each([
  ["web-flow wrote nothing", { committer: WEB_FLOW }, ["ben", "lea"], ["1", "2"], []],
  ["a committer counts", { committer: { login: "rosa", id: 3 } }, ["ben", "lea", "rosa"], ["1", "2", "3"], []],
  ["an author whom GitHub does not know", { author: null, committer: WEB_FLOW }, ["ben"], ["2"], ["Lea"]],
  ["a committer whom GitHub does not know", {}, ["ben", "lea"], ["1", "2"], ["Lea"]],
])("authorship: %s", async (_, more, logins, ids, unknown) => {
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [{ ...commit("c"), ...more }])
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [], pull: PULL })
  expect(read).toEqual({ is: "read", value: { logins, ids, unknown: unknown.map(nobody) } })
})

test.each([
  ["a noreply address with an id", "Rosa <12+rosa@users.noreply.github.com>", ["ben", "lea", "rosa"]],
  ["an old noreply address", "Rosa <rosa@users.noreply.github.com>", ["ben", "lea", "rosa"]],
  ["a bot's", "x <1+renovate[bot]@users.noreply.github.com>", ["ben", "lea", "renovate[bot]"]],
  ["an address of nobody", "Tool <noreply@tool.example>", ["ben", "lea"]],
  ["a name that claims to be an address", "<rosa@users.noreply.github.com> <noreply@tool.example>", ["ben", "lea"]],
])("a co-author: %s", async (_, trailer, logins) => {
  const message = `feat: x\n\nSigned-off-by: y\nCo-Authored-By: ${trailer}\r\n`
  const listed = { ...commit("c"), committer: { login: "web-flow" }, commit: { ...commit("c").commit, message } }
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [listed])
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [], pull: PULL })
  expect(read).toMatchObject({ value: { logins } })
})

test("a direct commit says who wrote it without a request", async () => {
  const push = { by: { login: "rosa", id: "3" }, at: "" }
  const wrote = { author: "lea", authorName: "Lea", committer: "ben", committerId: "2" }
  const direct = { sha: "c", message: "x", ...wrote, at: "", landing: "c", push }
  expect(await readAuthorship(reader(), { id: "c", sha: "c", commits: [direct] })).toEqual({
    is: "read",
    value: { logins: ["ben", "lea", "rosa"], ids: ["2", "3"], unknown: [] },
  })
})

test.each([
  ["by somebody", { committer: "rosa" }, ["ben", "lea", "rosa"]],
  ["by GitHub, which signs what it commits", { committer: "web-flow", verified: true }, ["ben", "lea"]],
  ["in GitHub's name", { committer: "web-flow", verified: false }, ["ben", "lea", "mallory", "rosa"]],
  ["in GitHub's name, unseen", { committer: "web-flow" }, ["ben", "lea", "mallory", "rosa"]],
])("a merge that was made %s", async (_, more, logins) => {
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [{ ...commit("c"), committer: WEB_FLOW }])
  const message = "Merge branch 'topic'"
  const by = { login: "mallory", id: "9" }
  const push = more.committer === "rosa" ? {} : { push: { by, at: "" } }
  const merge = { sha: HEAD, message, author: "rosa", authorName: "R", at: "", landing: HEAD, ...push, ...more }
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [merge], pull: PULL })
  expect(read).toMatchObject({ value: { logins } })
})

test("a commit that only looks like a squash is its pusher's", async () => {
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [{ ...commit("c"), committer: WEB_FLOW }])
  const push = { by: { login: "mallory", id: "9" }, at: "" }
  const as = { author: "lea", authorName: "Lea", committer: "web-flow", verified: false, push }
  const squash = { sha: HEAD, message: "feat: x (#5)", at: "", landing: HEAD, ...as }
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [squash], pull: PULL })
  expect(read).toMatchObject({ value: { logins: ["ben", "lea", "mallory"], ids: ["1", "2", "9"] } })
})

test("a squash whose author GitHub does not know is nobody's", async () => {
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [{ ...commit("c"), committer: WEB_FLOW }])
  const by = { committer: "web-flow", verified: true }
  const squash = { sha: HEAD, message: "feat: x (#5)", authorName: "Mo", at: "", landing: HEAD, ...by }
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [squash], pull: PULL })
  expect(read).toMatchObject({ value: { unknown: [{ sha: HEAD, name: "Mo", because: "account" }] } })
})

const push = (before: string, after: string, actor: object | null, id: number) => ({
  ...{ id, node_id: "x", before, after, actor, ref: "refs/heads/main" },
  ...{ timestamp: "2026-11-01T00:00:00Z", activity_type: "push" },
})
const [LEA, BEN] = [
  { login: "lea", id: 1 },
  { login: "ben", id: 2 },
]

test.each<[string, object[], object[], (string | undefined)[]]>([
  ["one push each", [push("b", "c", BEN, 3), push("a", "b", LEA, 2)], [push("z", "a", BEN, 1)], ["lea", "ben"]],
  ["one push of both", [push("a", "c", LEA, 1)], [], ["lea", "lea"]],
  ["the first of several, on another page", [push("x", "c", LEA, 9)], [push("b", "c", BEN, 3)], ["lea", "ben"]],
  [
    "nobody where the first is an account that is gone",
    [push("a", "c", LEA, 9)],
    [push("b", "c", null, 3)],
    ["lea", undefined],
  ],
  ["nobody for what GitHub has forgotten", [push("b", "c", BEN, 3)], [], [undefined, "ben"]],
])("GitHub's list of pushes tells who brought a commit: %s", async (_, first, second, expected) => {
  const more =
    second.length > 0 ? { link: `<${API}/repositories/1/activity?after=Y3Vy%3D&per_page=100>; rel="next"` } : {}
  github()
    .get(/activity\?ref=refs%2Fheads%2Fmain&per_page=100$/)
    .reply(200, first, more)
  if (second.length > 0)
    github()
      .get(/activity\?after=Y3Vy%3D&ref/)
      .reply(200, second)
  const direct = (sha: string) => ({
    sha,
    message: sha,
    authorName: "Lea",
    at: "",
    landing: sha,
    parents: [],
    verified: false,
  })
  const commits = [direct("b"), direct("c")]
  const base = { tag: "v1", version: "1.0.0", sha: "a" }
  const ledger = { branch: "main", base, head: "c", commits, pulls: [], heads: [] }
  const changes = commits.map((one) => ({ id: one.sha, sha: one.sha, commits: [one] }))
  const found = await withPushers(reader(), ledger, "c", changes)
  expect(found.is === "read" && found.value.map((change) => change.commits[0]?.push?.by.login)).toEqual(expected)
})

test("a merge that was made on somebody's machine may hold anything: its author counts", async () => {
  github()
    .get(/pulls\/5\/commits/)
    .reply(200, [{ ...commit("c"), committer: { login: "web-flow" } }])
  const merge = {
    sha: HEAD,
    message: "Merge branch",
    author: "rosa",
    authorName: "R",
    committer: "rosa",
    at: "",
    landing: HEAD,
    parents: ["a", "b"],
  }
  const read = await readAuthorship(reader(), { id: "#5", sha: HEAD, commits: [merge], pull: PULL })
  expect(read).toMatchObject({ value: { logins: ["ben", "lea", "rosa"] } })
})

test.each([
  ["a squash names", "feat: x (#7)"],
  ["a merge names", "Merge pull request #7 from ben/topic\n\nfeat: x"],
])("a pull request that %s and the list does not have yet is asked for", async (_, message) => {
  const landed = { ...commit(HEAD), commit: { ...commit(HEAD).commit, message } }
  github()
    .get(/\/commits\?/)
    .reply(200, [landed])
  github()
    .get(at("pulls/7"))
    .reply(200, { ...MERGED, merge_commit_sha: HEAD })
  quiet()
  const { learned, unknown } = await run()
  expect(unknown).toEqual([])
  expect(learned.ledgers?.main?.pulls).toMatchObject([{ number: 7, commits: 2, author: { login: "ghost" } }])
})

test("a number of another tracker is nobody's pull request", async () => {
  const landed = { ...commit(HEAD), commit: { ...commit(HEAD).commit, message: "fix: y (#999)" } }
  github()
    .get(/\/commits\?/)
    .reply(200, [landed])
  github().get(at("pulls/999")).reply(404, { message: "Not Found" })
  quiet()
  const { learned, unknown } = await run()
  expect(unknown).toEqual([])
  expect(learned.ledgers?.main?.pulls).toEqual([])
})

const MERGED = {
  number: 7,
  title: "feat: x",
  labels: [{ name: "bug" }],
  user: null,
  commits: 2,
  merged_at: "2026-11-01T00:00:00Z",
  head: { sha: "f".repeat(40) },
}
