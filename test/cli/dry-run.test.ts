import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startGitHub } from "../../demo/peers/github.ts"
import { readingOctokit } from "../../src/peers/github-reading.ts"
import { call, callJson } from "./call.ts"

const REPO = "acme/shop"
let github: Awaited<ReturnType<typeof startGitHub>>
let token: string

beforeEach(async () => {
  github = await startGitHub({ webhookSecret: "secret" })
  for (const login of ["lea", "ben"]) github.createUser(login)
  github.createOrganization("acme", { owners: ["lea"], members: ["ben"] })
  const files = { "README.md": "shop", ".github/slipway.yml": "slack: { channel: '#releases' }\n" }
  await github.createRepository({ owner: "acme", name: "shop", files, by: "lea" })
  github.addCollaborator(REPO, "ben", "write")
  token = String(((await github.as("lea").auth()) as { token: string }).token)
  vi.stubEnv("GITHUB_TOKEN", token)
  vi.stubEnv("GITHUB_API_URL", github.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  expect(github.problems).toEqual([])
  await github.close()
})

async function merged(title: string) {
  const commits = [{ message: title, files: { "a.txt": title } }]
  const { number } = await github.openPullRequest({ repo: REPO, by: "ben", title, commits })
  await github.mergePullRequest({ repo: REPO, number, by: "lea" })
}

test("prints what would be done, and does none of it", async () => {
  await merged("feat: pay by invoice")
  const before = JSON.stringify(github.world())
  github.resetRequests()
  const { code, out, err } = await call(".", "dry-run", REPO)
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toContain("create the draft release v0.1.0")
  expect(out).toContain("report Slipway / readiness on")
  expect(out).toContain("announce 0.1.0 in #releases")
  expect(out).toContain("pay by invoice")
  expect(out).not.toContain("Could not be read")
  expect(github.requests.filter(({ method }) => method !== "GET")).toEqual([])
  expect(JSON.stringify(github.world())).toBe(before)
})

test("prints effects for scripts", async () => {
  await merged("feat: pay by invoice")
  const printed = await callJson(".", "dry-run", REPO)
  expect(Object.keys(printed)).toEqual(["repository", "unknown", "effects"])
  expect(printed).toMatchObject({ repository: REPO, unknown: [] })
  const effects = printed.effects as { target: string }[]
  expect(effects.map(({ target }) => target.replace(/[0-9a-f]{40}/, "SHA")).sort()).toEqual([
    "check:plan:SHA",
    "check:readiness:SHA",
    "draft:1",
    "thread:1",
  ])
})

test("an empty repository is told, not a crash", async () => {
  await github.createRepository({ owner: "acme", name: "bare", files: {}, by: "lea" })
  const { code, out } = await call(".", "dry-run", "acme/bare")
  expect(code).toBe(0)
  expect(out).toMatch(/Could not be read\n {2}history:main: .*push/)
})

test.each<[string, string[], { GITHUB_TOKEN?: string }, number, RegExp]>([
  ["no repository", [], {}, 2, /takes one repository/],
  ["half a repository", ["acme"], {}, 2, /takes one repository/],
  ["an address", ["https://github.com/acme/shop"], {}, 2, /takes one repository/],
  ["no token", [REPO], { GITHUB_TOKEN: "" }, 1, /GITHUB_TOKEN is not set: make/],
  ["a wrong token", [REPO], { GITHUB_TOKEN: "ghp_wrong" }, 1, /does not accept this GITHUB_TOKEN/],
  ["a repository that is not there", ["acme/nowhere"], {}, 1, /no repository acme\/nowhere/],
])("%s is told with what to do", async (_, args, env, expected, says) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const { code, err, out } = await call(".", "dry-run", ...args)
  expect({ code, out }).toEqual({ code: expected, out: "" })
  expect(err).toMatch(says)
  expect(err).not.toContain("ghp_wrong")
})

test("GitHub out of order is told", async () => {
  github.intercept(
    ({ path }) => (path.includes("/tags") ? { status: 502, body: { message: "no" } } : undefined) as never,
  )
  const { code, err } = await call(".", "dry-run", REPO)
  expect(code).toBe(1)
  expect(err).toMatch(/GitHub cannot be read now: .*502/)
})

test("the client refuses to write before anything leaves", async () => {
  const octokit = readingOctokit({ token, baseUrl: github.url, requestTimeoutMs: 1_000 })
  github.resetRequests()
  await expect(octokit.rest.issues.create({ owner: "acme", repo: "shop", title: "x" })).rejects.toThrow(
    /POST .* refused/,
  )
  expect(github.requests).toEqual([])
})
