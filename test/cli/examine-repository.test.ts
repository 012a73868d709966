import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type KubernetesPeer, startKubernetes } from "../../demo/peers/kubernetes.ts"
import { rateLimited, type SlackPeer, startSlack } from "../../demo/peers/slack.ts"
import { examineRepository } from "../../src/cli/examine-repository.ts"
import type { Finding } from "../../src/cli/finding.ts"
import type { Way } from "../../src/model/settings.ts"

let github: GitHubPeer
const CONFIG = "environments: { staging: , production: }\n"

const TOLD = `
slack:
  channel: "#releases"
  channels:
    - { to: "#sre", event: failure }
    - { to: "#releases", component: api }
    - { to: "#strangers", severity: critical }
    - { to: "#gone" }
  mention: { ana: U012ABCDEF }
audiences: { customers: ["#sre", news@acme.example] }
approvals: { from: ["@ana", "@dora", "@acme/sre"], any-of: [{ from: ["@ben"] }] }
environments: { production: { approvals: { from: ["@Ana"] }, on-call: ["@kim"] } }
`

beforeAll(async () => {
  github = await startGitHub({ webhookSecret: "s" })
  github.createUser("ana")
  github.createUser("dora", { email: "lea@acme.example" })
  github.createUser("ben", { email: "ben@elsewhere.example" })
  github.createUser("kim")
  github.createOrganization("acme", { owners: ["ana"] })
  github.createOrganization("elsewhere", { owners: ["ana"] })
  github.createOrganization("stranger", { owners: ["ana"] })
  for (const [owner, name, config] of [
    ["acme", "shop", CONFIG],
    ["acme", "plain", undefined],
    ["acme", "broken", "branch: main\n"],
    ["elsewhere", "shop", CONFIG],
    ["acme", "told", TOLD],
    ["stranger", "told", TOLD],
    ["acme", "quiet", "slack: { channel: '#releases' }\naudiences: { customers: news@acme.example }\n"],
  ] as const)
    await github.createRepository({
      owner,
      name,
      by: "ana",
      files: { "README.md": "# x\n", ...(config ? { ".github/slipway.yml": config } : {}) },
    })
  github.installApp("acme")
  github.installApp("stranger")
})
beforeEach(() => github.resetRequests())
afterEach(() => {
  github.intercept(undefined)
  expect(github.problems).toEqual([])
})
afterAll(() => github.close())

async function examine(repository: string, asJson = true, more: { readonly [name: string]: string } = {}) {
  let out = ""
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: "the-webhook-secret",
    GITHUB_API_URL: github.url,
    ...more,
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

describe("who is told", () => {
  let slack: SlackPeer
  beforeAll(async () => {
    const scopes = ["chat:write", "channels:read", "channels:history", "users:read", "users:read.email"]
    slack = await startSlack({ scopes, people: [{ name: "lea", email: "lea@acme.example" }] })
    await slack.createChannel("releases")
    await slack.createChannel("sre")
    await slack.createChannel("strangers", { botIsMember: false })
  })
  beforeEach(() => slack.resetRequests())
  afterEach(() => slack.intercept(undefined))
  afterAll(async () => {
    await slack.close()
    expect(slack.problems).toEqual([])
  })

  const inSlack = (peer: SlackPeer) => ({ SLACK_API_URL: peer.url, SLACK_BOT_TOKEN: peer.token })
  async function findings(repository: string, more: { readonly [name: string]: string }) {
    const { out, code } = await examine(repository, true, more)
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] }
    expect(code).toBe(ok ? 0 : 1)
    if (findings.some(({ is }) => is === "problem")) expect(ok).toBe(false)
    return findings.map(({ about, is, says }) => `${is}: ${about}: ${says}`)
  }

  test("every channel that the configuration names, once, with the keys that name it", async () => {
    const found = await findings("acme/told", inSlack(slack))
    expect(found).toEqual([
      expect.stringMatching(/^ok: Slack: for acme: the token is /),
      "ok: Slack: for acme: chat:write, channels:history, channels:read, users:read.email",
      "ok: Slack: for acme: the bot is in #releases (slack.channel, slack.channels)",
      "ok: Slack: for acme: the bot is in #sre (slack.channels, audiences.customers)",
      expect.stringMatching(/^problem: Slack: for acme: #strangers \(slack.channels\): the bot is not in /),
      "problem: Slack: for acme: the bot sees no public channel #gone (slack.channels)",
      "note: Slack: for acme: ben, kim: not in slack.mention, and nobody in Slack has the e-mail address that they show on GitHub: they are named, and not mentioned",
      "note: e-mail: no mail server for acme (SMTP_URL): nothing is sent to the addresses of audiences.customers",
    ])
    const asked = slack.requests.map(({ method }) => method)
    expect(asked.filter((method) => method === "conversations.list")).toHaveLength(1)
    expect(asked.filter((method) => method.startsWith("chat."))).toEqual([])
  })

  test("without users:read.email nobody is looked for", async () => {
    const blind = await startSlack()
    try {
      await blind.createChannel("releases")
      const found = await findings("acme/told", inSlack(blind))
      expect(found).toContainEqual(
        expect.stringMatching(
          /^note: Slack: for acme: dora, ben, kim: not in slack.mention, and the token lacks users:read.email/,
        ),
      )
      expect(blind.requests.map(({ method }) => method)).not.toContain("users.lookupByEmail")
    } finally {
      await blind.close()
    }
  })

  test("a Slack that asks to wait is no channel without the bot", async () => {
    slack.intercept(({ method }) => (method === "conversations.history" ? rateLimited(30) : undefined))
    expect(await findings("acme/quiet", inSlack(slack))).toContain(
      "problem: Slack: for acme: #releases (slack.channel): Slack asks to wait: too many requests",
    )
  })

  test("of an account that is not served Slack is not asked", async () => {
    expect(await findings("stranger/told", inSlack(slack))).toEqual([
      "note: GitHub: stranger is not served (ALLOWED_ACCOUNTS): nobody is told",
    ])
    expect(slack.requests).toEqual([])
    expect(await findings("stranger/told", { ...inSlack(slack), ALLOWED_ACCOUNTS: "Stranger" })).toContain(
      "ok: Slack: for stranger: the bot is in #releases (slack.channel, slack.channels)",
    )
  })

  test("without a token there is nothing to ask", async () => {
    expect(await findings("acme/quiet", {})).toEqual([
      "note: Slack: no token for acme: nothing is said in #releases",
      "note: e-mail: no mail server for acme (SMTP_URL): nothing is sent to the addresses of audiences.customers",
    ])
    expect(slack.requests).toEqual([])
  })

  test("the terminal shows it below the ways", async () => {
    const { out } = await examine("acme/quiet", false, {
      ...inSlack(slack),
      SMTP_URL: "smtp://127.0.0.1:9",
      MAIL_FROM: "a@acme.example",
    })
    expect(out).toMatch(
      /settings\.\n\nWho is told\n\nok {7}Slack: for acme: the token is [^\n]+\n[^\n]+\nok {7}Slack: for acme: the bot is in #releases \(slack.channel\)\n$/,
    )
  })
})

describe("what a rollback needs", () => {
  let cluster: KubernetesPeer
  beforeAll(async () => {
    cluster = await startKubernetes({ token: "s3cret-token" })
    cluster.apply(deployment("shop"))
    cluster.apply(deployment("kept", { "kustomize.toolkit.fluxcd.io/name": "apps" }))
    const way = (name: string, token = "KUBERNETES") =>
      `rollback: [{ kubernetes: { server: "${cluster.url}", namespace: prod, deployment: ${name}, token: ${token} } }]`
    const config = `
incident: { label: incident }
environments:
  staging: { ${way("shop")} }
  production: { ${way("shop")} }
  elsewhere: { ${way("gone")} }
  canary: { ${way("kept")} }
  edge: { ${way("shop", "NOBODY")} }
`
    for (const owner of ["acme", "stranger"])
      await github.createRepository({ owner, name: "back", by: "ana", files: { ".github/slipway.yml": config } })
  })
  beforeEach(() => void cluster.asked.splice(0))
  afterAll(() => cluster.close())

  const deployment = (name: string, labels: Record<string, string> = {}) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "prod", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `${name}:1` }] } },
    },
  })
  async function findings(token: string, more: { readonly [name: string]: string } = {}) {
    const { out, code } = await examine("acme/back", true, {
      SLIPWAY_PROBE_PRIVATE: "127.0.0.0/8",
      SLIPWAY_SECRET_KUBERNETES: `${cluster.host} ${token}`,
      ...more,
    })
    expect(code).toBe(1)
    expect(out).not.toContain(token)
    const { findings } = JSON.parse(out) as { findings: Finding[] }
    return findings.map(({ about, is, says }) => `${is}: ${about}: ${says}`)
  }

  test("every Deployment, once, and the label: what is not there is a problem, and nothing is changed by looking", async () => {
    const where = `of ${cluster.url}`
    expect(await findings("s3cret-token")).toEqual([
      "problem: incidents: acme/back has no label “incident” (incident.label): no issue can ask for a rollback",
      `ok: cluster: for staging, production: the Deployment shop in the namespace prod ${where} can be read; whether it may be changed is not tried`,
      `problem: cluster: for elsewhere: ${cluster.url} has no Deployment gone in the namespace prod`,
      `problem: cluster: for canary: Flux (its label kustomize.toolkit.fluxcd.io/name) keeps the Deployment kept in the namespace prod ${where}, and would undo a rollback`,
      expect.stringMatching(/^problem: cluster: for edge: there is no secret NOBODY: /),
    ])
    expect(new Set(cluster.asked.map(({ method }) => method))).toEqual(new Set(["GET"]))
    expect(github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens"))).toEqual(
      [],
    )
  })

  test("a token that the server does not know, and a server that is not public", async () => {
    expect(await findings("an-old-token")).toContain(
      `problem: cluster: for staging, production: ${cluster.url} does not know the token: it may have run out`,
    )
    expect(await findings("s3cret-token", { SLIPWAY_PROBE_PRIVATE: "" })).toContainEqual(
      expect.stringMatching(/^problem: cluster: for staging, production: 127\.0\.0\.1 is no public address/),
    )
  })

  test("a label that is there, or that could not be read", async () => {
    github.intercept(({ path }) => (path.includes("/labels/") ? { status: 403, body: { message: "no" } } : undefined))
    expect(await findings("s3cret-token")).toContainEqual(
      expect.stringMatching(/^note: incidents: the label “incident” could not be looked at: /),
    )
    github.intercept(undefined)
    const number = await github.openIssue({ repo: "acme/back", title: "It burns", by: "ana" })
    await github.labelIssue({ repo: "acme/back", number, by: "ana", label: "incident", off: false })
    expect(await findings("s3cret-token")).toContain("ok: incidents: the label “incident” is there (incident.label)")
  })

  test("of an account that is not served no cluster is asked", async () => {
    const secret = { SLIPWAY_SECRET_KUBERNETES: `${cluster.host} s3cret-token`, SLIPWAY_PROBE_PRIVATE: "127.0.0.0/8" }
    const { out } = await examine("stranger/back", false, secret)
    expect(out).not.toContain("What a rollback needs")
    expect(cluster.asked).toEqual([])
    expect((await examine("acme/back", false, secret)).out).toContain("\n\nWhat a rollback needs\n\n")
  })
})
