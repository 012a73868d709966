import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { examineRepository } from "../../src/cli/examine-repository.ts"
import type { Way } from "../../src/model/settings.ts"

let github: GitHubPeer
const CONFIG = "environments: { staging: , production: }\n"

beforeAll(async () => {
  github = await startGitHub({ webhookSecret: "s" })
  github.createUser("ana")
  github.createOrganization("acme", { owners: ["ana"] })
  github.createOrganization("elsewhere", { owners: ["ana"] })
  for (const [owner, name, config] of [
    ["acme", "shop", CONFIG],
    ["acme", "plain", undefined],
    ["acme", "broken", "branch: main\n"],
    ["elsewhere", "shop", CONFIG],
  ] as const)
    await github.createRepository({
      owner,
      name,
      by: "ana",
      files: { "README.md": "# x\n", ...(config ? { ".github/slipway.yml": config } : {}) },
    })
  github.installApp("acme")
})
beforeEach(() => github.resetRequests())
afterEach(() => {
  github.intercept(undefined)
  expect(github.problems).toEqual([])
})
afterAll(() => github.close())

async function examine(repository: string, asJson = true) {
  let out = ""
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: "the-webhook-secret",
    GITHUB_API_URL: github.url,
  }
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: () => undefined,
    colours: false,
    directory: ".",
    now: new Date(),
  }
  const code = await examineRepository(repository, env, terminal, asJson)
  for (const secret of ["the-webhook-secret", "PRIVATE KEY"]) expect(out).not.toContain(secret)
  return { code, out }
}

const statesOf = (out: string) => {
  const { ok, ways } = JSON.parse(out) as { ok: boolean; ways: Way[] }
  return { ok, states: Object.fromEntries(ways.map(({ id, is }) => [id, is])) }
}

test("as GitHub makes a repository every way stands open, and nothing is changed by looking", async () => {
  const { code, out } = await examine("acme/shop")
  expect(code).toBe(1)
  expect(statesOf(out)).toEqual({
    ok: false,
    states: {
      "tags:v{version}": "open",
      publishing: "open",
      "rule:staging": "open",
      "rule:production": "open",
      required: "open",
    },
  })
  expect(github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens"))).toEqual([])
})

test("with every setting as it should be, what only an administrator can see is said to be unseen", async () => {
  github.setTagRuleset("acme/shop")
  for (const name of ["staging", "production"]) {
    github.protect("acme/shop", name)
    github.setEnvironment("acme/shop", name, { canAdminsBypass: false })
  }
  github.setBranchRules("acme/shop", "main", [
    {
      type: "required_status_checks",
      parameters: { required_status_checks: [{ context: "test" }], strict_required_status_checks_policy: false },
      ruleset_source_type: "Repository",
      ruleset_source: "acme/shop",
      ruleset_id: 1,
    },
  ])
  const { code, out } = await examine("acme/shop", false)
  expect(code).toBe(0)
  expect(out).toMatchInlineSnapshot(`
    "Ways round Slipway in acme/shop

      unseen  bypass of “Release tags”     GitHub shows the bypass list only to who may change the ruleset.
                                           → Settings › Rules › Rulesets › Release tags › Bypass list: it should hold the App alone.
      closed  tags v*                      “Release tags” restricts them.
      closed  publishing by hand           A release needs its tag, and the tags are restricted.
      closed  staging: protection rule     Slipway's protection rule is on.
      closed  staging: administrators      Administrators may not bypass its rules.
      closed  production: protection rule  Slipway's protection rule is on.
      closed  production: administrators   Administrators may not bypass its rules.
      closed  required checks of main      Required: test.

    None stands open; 1 cannot be seen with the App's permissions, and is yours to look at.
    Who administers the repository can change all of these settings.
    "
  `)
})

test("a rule that is switched off, and administrators who may bypass, stand open", async () => {
  github.protect("acme/shop", "production", false)
  github.setEnvironment("acme/shop", "staging", { canAdminsBypass: true })
  const { code, out } = await examine("acme/shop")
  expect(code).toBe(1)
  expect(statesOf(out).states).toMatchObject({ "rule:production": "open", "admins:staging": "open" })
})

test("what a missing permission hides is unseen, and not fine", async () => {
  github.intercept(({ path }) =>
    path.includes("/environments/") || path.includes("/rulesets")
      ? { status: 403, body: { message: "Resource not accessible by integration" } }
      : undefined,
  )
  const { states } = statesOf((await examine("acme/shop")).out)
  expect(states).toMatchObject({
    "tags:v{version}": "unseen",
    "rule:production": "unseen",
    "admins:production": "unseen",
    publishing: "open",
  })
})

test.each([
  ["acme/plain", "The configuration names no environment: none was looked at."],
  ["acme/broken", ".github/slipway.yml of main cannot be used (invalid); the defaults were assumed."],
])("%s: what was not looked at is said", async (repository, note) => {
  expect((await examine(repository, false)).out).toContain(note)
})

test.each([
  ["acme/nowhere", /does not reach acme\/nowhere/],
  ["elsewhere/shop", /does not reach elsewhere\/shop: is the name right, and is the App installed there\?/],
  ["acme", /such as acme\/shop, not acme/],
  ["acme/shop/x", /such as acme\/shop/],
])("%s is refused", async (repository, because) => {
  await expect(examine(repository)).rejects.toThrow(because)
})
