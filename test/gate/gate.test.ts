import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { jobAt, runGate } from "./run-gate.ts"

/** The gate action's entry point as a process, with a job's token, against the emulated GitHub. */
let github: GitHubPeer
let sha: string
const REPO = "acme/shop"
const NAME = "Slipway / production"

beforeAll(async () => {
  github = await startGitHub({ webhookSecret: "a-webhook-secret-for-tests" })
  github.createUser("ana")
  await github.createRepository({ owner: "acme", name: "shop", defaultBranch: "main", files: { a: "a" }, by: "ana" })
  github.addCollaborator(REPO, "ana", "admin")
  github.installApp("acme")
})
afterAll(async () => {
  await github.close()
  expect(github.problems).toEqual([])
})
beforeEach(async () => {
  github.intercept(undefined)
  github.resetRequests()
  sha = await github.pushCommit({
    repo: REPO,
    by: "ana",
    message: "x",
    files: { a: crypto.randomUUID() },
    author: "ana",
  })
})

const report = (conclusion: string | undefined, more: { app?: string; name?: string; title?: string } = {}) =>
  github.reportCheck({
    repo: REPO,
    sha,
    name: NAME,
    app: "slipway",
    ...(conclusion === undefined ? { status: "in_progress" as const } : { conclusion }),
    ...more,
  })

const gate = (inputs: { readonly [name: string]: string } = {}, permissions = { checks: "read" }) =>
  runGate({ ...jobAt(github, REPO, sha, permissions), ...inputs })

test("a green check run of the App passes the job, with its address in summary and output", async () => {
  const id = await report("success", { title: "1.4.0 may go to production" })
  const { code, log, summary, output } = await gate()
  expect(log).toContain(`${NAME} on ${sha.slice(0, 7)}: the check run is green: 1.4.0 may go to production`)
  expect(code).toBe(0)
  expect(summary).toMatch(/✅ Slipway gate passed/)
  expect(output).toMatch(new RegExp(`^check-run=http.*${id}`))
  expect(github.requests).toHaveLength(1)
})

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "a failed check run",
    () => report("failure", { title: "checks failed" }),
    /the check run is failure: checks failed/,
  ],
  ["a cancelled one", () => report("cancelled"), /the check run is cancelled/],
  ["one that still runs", () => report(undefined), /not passed within 0.01 min: the check run is in_progress/],
  [
    "one that waits for people",
    () => report("action_required"),
    /not passed within .*the check run is action_required/,
  ],
  ["a neutral one", () => report("neutral"), /not passed within .*the check run is neutral/],
  ["none", async () => {}, /the App 41417 has made no check run of that name on this commit/],
  ["one of another name", () => report("success", { name: "Slipway / staging" }), /no check run of that name/],
  [
    "a forged one of another App",
    () => report("success", { app: "evil" }),
    /was made by evil \(id \d+\), which is not/,
  ],
  [
    "a forged one of the job itself",
    () => report("success", { app: "github-actions" }),
    /was made by github-actions \(id 15368\), which is not the App 41417 and does not count/,
  ],
  [
    "a forged green one beside a failed one of ours",
    async () => [await report("failure"), await report("success", { app: "evil" })],
    /the check run is failure/,
  ],
  [
    "a newer failed one after a green one",
    async () => [await report("success"), await report("failure")],
    /the check run is failure/,
  ],
])("%s ends the job", async (_, prepare, because) => {
  await prepare()
  const { code, log, summary, output } = await gate()
  expect(log).toMatch(/^::error title=Slipway gate::/m)
  expect(log).toMatch(because)
  expect(code).toBe(1)
  expect(summary).toMatch(/❌ Slipway gate did not pass/)
  expect(output).toBe("")
})

test("a green check run of another commit does not count", async () => {
  await report("success")
  const later = await github.pushCommit({ repo: REPO, by: "ana", message: "y", files: { b: "b" }, author: "ana" })
  const { code, log } = await gate({ GITHUB_SHA: later })
  expect(log).toMatch(/no check run of that name on this commit/)
  expect(code).toBe(1)
})

test("it waits until the check run is green, and a component's is its own", async () => {
  const name = "Slipway / production (api)"
  await report("success")
  await report("action_required", { name })
  const ended = gate({ INPUT_COMPONENT: "api", "INPUT_TIMEOUT-MINUTES": "1" })
  while (github.requests.length === 0) await delay(10)
  await report("success", { name })
  const { code, log } = await ended
  expect(log).toMatch(/waiting: the check run is action_required/)
  expect(code).toBe(0)
})

test.each<[string, number, { readonly [name: string]: string }, RegExp]>([
  ["a server error", 502, {}, /GitHub answered 502/],
  ["a limit with its time", 429, { "retry-after": "1" }, /GitHub limits requests/],
  [
    "a used up hour",
    403,
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" },
    /requests of this hour are used up/,
  ],
])("recovers after %s", async (_, status, headers, said) => {
  await report("success")
  github.intercept(() => {
    github.intercept(undefined)
    return { status, headers, body: { message: "no" } }
  })
  const { code, log } = await gate({ "INPUT_TIMEOUT-MINUTES": "1" })
  expect(log).toMatch(said)
  expect(code).toBe(0)
  expect(github.requests).toHaveLength(2)
})

test("a limit that lasts longer than the job waits is not asked against", async () => {
  await report("success")
  github.intercept(() => ({ status: 429, headers: { "retry-after": "900" }, body: { message: "slow down" } }))
  expect(await gate()).toMatchObject({ code: 1, log: expect.stringMatching(/not passed within.*limits requests/) })
  expect(github.requests).toHaveLength(1)
})

test("an answer that is no list of check runs is no verdict", async () => {
  github.intercept(() => ({ status: 200, raw: Buffer.from('{"message":"hello"}') }))
  expect(await gate()).toMatchObject({ code: 1, log: expect.stringMatching(/without a list of check runs/) })
})

test.each<[string, () => Parameters<typeof gate>, RegExp]>([
  ["a token without the permission", () => [{}, { checks: "none" }], /403: .*permissions: \{ checks: read \}/],
  ["a token that is not valid", () => [{ INPUT_TOKEN: "ghs_none" }], /401: the token is not valid/],
  ["a repository that is not there", () => [{ GITHUB_REPOSITORY: "acme/none" }], /404: the repository is not visible/],
  ["a commit that is not there", () => [{ GITHUB_SHA: "0".repeat(40) }], /422: there is no such commit/],
])("%s ends the job at once", async (_, inputs, because) => {
  await report("success")
  const { code, log } = await gate(...inputs())
  expect(log).toMatch(because)
  expect(code).toBe(1)
  expect(github.requests).toHaveLength(1)
})

test("inputs that are missing or wrong end the job before anything is asked", async () => {
  const { code, log } = await gate({
    INPUT_ENVIRONMENT: " ",
    "INPUT_APP-ID": "",
    INPUT_SHA: "main",
    "INPUT_TIMEOUT-MINUTES": "forever",
    "INPUT_INTERVAL-SECONDS": "0",
    INPUT_TOKEN: "",
  })
  expect(code).toBe(1)
  for (const what of ["environment", "app-id", "sha", "timeout-minutes", "interval-seconds", "token"])
    expect(log).toContain(`“${what}”`)
  expect(github.requests).toEqual([])
})

test("a title that looks like a workflow command stays text", async () => {
  await report("failure", { title: "a\n::stop-commands::x\n::add-mask::y <img> @acme/all 100%" })
  const { log, summary } = await gate()
  expect(log.split("\n").filter((line) => line.startsWith("::"))).toHaveLength(1)
  expect(log).toContain("100%25")
  expect(summary).toContain("&lt;img> &#64;acme/all")
})
