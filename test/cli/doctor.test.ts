import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { slackError, startSlack } from "../../demo/peers/slack.ts"
import { CERTIFICATE } from "../../demo/peers/smtp/certificate.ts"
import { startSmtp } from "../../demo/peers/smtp/server.ts"
import { examineAll } from "../../src/cli/doctor.ts"
import { examineApp, examineInstallations, type Manifest } from "../../src/cli/examine-app.ts"
import type { Finding } from "../../src/cli/finding.ts"
import { openStore } from "../../src/store/open.ts"
import { call } from "./call.ts"

const manifest: Manifest = {
  default_permissions: { metadata: "read", contents: "write", checks: "write" },
  default_events: ["push", "check_run"],
}
const app = {
  id: "1",
  slug: "slipway",
  owner: "acme",
  permissions: manifest.default_permissions,
  events: manifest.default_events,
  htmlUrl: "https://github.com/apps/slipway",
}
const problems = (findings: readonly Finding[]) => findings.filter(({ is }) => is === "problem").map(({ says }) => says)

describe("the App against app.yml", () => {
  test.each<[string, object, string[]]>([
    ["as it should be", {}, []],
    ["with more than it needs", { permissions: { ...app.permissions, contents: "admin", actions: "write" } }, []],
    [
      "one level too low",
      { permissions: { ...app.permissions, contents: "read" } },
      ["the App does not ask for contents: write (it has read)"],
    ],
    [
      "without a permission",
      { permissions: { metadata: "read", contents: "write" } },
      ["the App does not ask for checks: write (it has none)"],
    ],
    ["deaf to an event", { events: ["push"] }, ["the App does not hear check_run"]],
  ])("%s", (_, changes, expected) => {
    expect(problems(examineApp(manifest, { ...app, ...changes }))).toEqual(expected)
  })

  test("what is too much is named, since it is a risk", () => {
    const findings = examineApp(manifest, { ...app, permissions: { ...app.permissions, actions: "write" } })
    expect(findings.filter(({ is }) => is === "note").map(({ says }) => says)).toEqual([
      "the App asks for more than Slipway uses: actions: write; take it away if nothing else needs it",
    ])
  })

  const installation = {
    id: "7",
    account: "acme",
    suspended: false,
    permissions: manifest.default_permissions,
    htmlUrl: "https://github.com/x",
  }
  test.each<[string, object[], string[]]>([
    ["as it should be", [installation], []],
    [
      "that lags behind",
      [{ ...installation, permissions: { metadata: "read", contents: "write" } }],
      ["the installation in acme has not accepted checks: write (it has none)"],
    ],
    ["that is suspended", [{ ...installation, suspended: true }], ["the installation in acme is suspended"]],
    [
      "elsewhere only",
      [{ ...installation, account: "stranger" }],
      ["the App is installed in no account that is served"],
    ],
    ["nowhere", [], ["the App is installed nowhere"]],
  ])("an installation %s", (_, installations, expected) => {
    const serves = (account: string) => account === "acme"
    expect(problems(examineInstallations(manifest, installations as never, serves))).toEqual(expected)
  })
})

describe("all of it, against GitHub and Slack", () => {
  let github: GitHubPeer
  let slack: Awaited<ReturnType<typeof startSlack>>
  const data = mkdtempSync(join(tmpdir(), "slipway-doctor-"))
  beforeAll(async () => {
    ;[github, slack] = await Promise.all([startGitHub({ webhookSecret: "s" }), startSlack()])
    github.installApp("acme")
    await slack.createChannel("releases")
    await slack.createChannel("elsewhere", { botIsMember: false })
  })
  afterAll(async () => {
    await Promise.all([github.close(), slack.close()])
    rmSync(data, { recursive: true, force: true })
  })
  afterEach(() => {
    github.intercept(undefined)
    slack.intercept(undefined)
  })

  async function examine(more: { readonly [name: string]: string } = {}) {
    let out = ""
    const env = {
      APP_ID: github.app.id,
      PRIVATE_KEY: github.app.privateKeyPem,
      WEBHOOK_SECRET: "the-webhook-secret",
      GITHUB_API_URL: github.url,
      SLACK_API_URL: slack.url,
      SLACK_BOT_TOKEN: slack.token,
      SLACK_CHANNEL: "#releases",
      SLIPWAY_DATA_DIR: join(data, "not-there-yet"),
      ...more,
    }
    const terminal = {
      out: (text: string) => {
        out += text
      },
      err: () => undefined,
      colours: false,
      directory: data,
      now: new Date(),
    }
    const code = await examineAll(env, terminal, true)
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] }
    expect(code).toBe(ok ? 0 : 1)
    for (const secret of [slack.token, "the-webhook-secret", "PRIVATE KEY"]) expect(out).not.toContain(secret)
    return findings
  }

  test("all is well", async () => {
    const findings = await examine()
    expect(problems(findings)).toEqual([])
    expect(findings.map(({ about, says }) => `${about}: ${says}`)).toEqual(
      expect.arrayContaining([
        "GitHub: GitHub knows the App: slipway, owned by acme",
        "GitHub: the App asks for every permission of app.yml",
        "GitHub: the App hears every event of app.yml",
        "GitHub: installed in acme, with every permission",
        "Slack: for acme: the bot is in #releases",
      ]),
    )
    expect(slack.requests.filter(({ method }) => method === "chat.postMessage")).toEqual([])
    expect(slack.problems).toEqual([])
  })

  test("a database that is there is opened, and one that a Slipway works on is left alone", async () => {
    const database = async () => (await examine({ SLIPWAY_DATA_DIR: data })).find(({ about }) => about === "database")
    expect(await database()).toMatchObject({ is: "ok", says: expect.stringContaining("it answers and is up to date") })
    const store = await openStore({ dataDir: data })
    try {
      expect(await database()).toMatchObject({ is: "ok", says: "embedded, and in use: a Slipway is running" })
      await store.ping()
    } finally {
      await store.close()
    }
  })

  test.each<[string, { [name: string]: string }, RegExp]>([
    ["no secret", { WEBHOOK_SECRET: "" }, /WEBHOOK_SECRET is not set/],
    [
      "a database that does not answer",
      { DATABASE_URL: "postgres://u:pw-of-the-database@127.0.0.1:9/x" },
      /ECONNREFUSED/,
    ],
    ["GitHub out of reach", { GITHUB_API_URL: "http://127.0.0.1:9" }, /^GitHub/],
    ["an unknown App", { APP_ID: "99" }, /401|404/],
    ["a token that Slack refuses", { SLACK_BOT_TOKEN: "xoxb-of-yesterday" }, /Slack does not accept the token/],
    ["a channel that is not there", { SLACK_CHANNEL: "#release" }, /sees no public channel #release/],
  ])("%s", async (_, more, expected) => {
    const findings = await examine(more)
    expect(problems(findings).join("\n")).toMatch(expected)
    expect(findings.filter(({ is }) => is === "problem").every(({ todo }) => todo)).toBe(true)
    expect(JSON.stringify(findings)).not.toMatch(/pw-of-the-database|xoxb-of-yesterday/)
  })

  test("without the App's credentials, what does not take them is looked at", async () => {
    const findings = await examine({ APP_ID: "", PRIVATE_KEY: "", WEBHOOK_SECRET: "", SLACK_CHANNEL: "#release" })
    expect(findings.map(({ about, is }) => `${about}: ${is}`)).toEqual([
      ...["environment: problem", "environment: problem"],
      "database: note",
      "GitHub: note",
      ...["Slack: ok", "Slack: ok", "Slack: problem", "Slack: note"],
    ])
    expect(findings.at(-1)?.says).toMatch(
      /lacks users:read.email, so only people are mentioned whom slack.mention names/,
    )
    expect(problems(findings).at(-1)).toMatch(/^for the app's owner: .* #release/)
  })

  test("a channel that the bot is not in", async () => {
    slack.intercept(({ method }) => (method === "conversations.history" ? slackError("not_in_channel") : undefined))
    expect(problems(await examine({ SLACK_CHANNEL: "#elsewhere" }))).toEqual([
      expect.stringMatching(/^for acme: the bot is not in .*invite/),
    ])
  })

  describe("the mail server", () => {
    const trusted = getCACertificates()
    const stops: (() => Promise<void>)[] = []
    afterEach(async () => {
      setDefaultCACertificates(trusted)
      for (const stop of stops.splice(0)) await stop()
    })

    async function examineMail(url: (port: number) => string, ...behaviour: Parameters<typeof startSmtp>) {
      const { port, mails, connections, stop } = await startSmtp(...behaviour)
      stops.push(stop)
      const findings = await examine({ SMTP_URL: url(port), MAIL_FROM: "Releases <releases@acme.example>" })
      expect(mails).toEqual([])
      return { findings: findings.filter(({ about }) => about === "e-mail"), connections: connections() }
    }

    test("that takes the sign-in is sent nothing", async () => {
      setDefaultCACertificates([...trusted, CERTIFICATE])
      const { findings, connections } = await examineMail((port) => `smtp://lea:p%40ss@localhost:${port}`, {
        tls: "offered",
        password: "p@ss",
      })
      expect(findings).toEqual([
        {
          about: "e-mail",
          is: "ok",
          says: expect.stringMatching(
            /^for acme: localhost:\d+ takes the sign-in, over TLS; e-mails come from Releases <releases@acme.example>$/,
          ),
        },
      ])
      expect(connections).toBe(1)
    })

    test("that speaks in the clear is worth knowing of", async () => {
      const { findings } = await examineMail((port) => `smtp://127.0.0.1:${port}`)
      expect(findings).toMatchObject([
        { is: "note", says: expect.stringMatching(/answers, without a sign-in, in the clear/) },
      ])
    })

    test.each<[string, (port: number) => string, Parameters<typeof startSmtp>[0], RegExp]>([
      [
        "a password that is wrong",
        (port) => `smtp://lea:wr0ng@127.0.0.1:${port}`,
        { password: "right" },
        /compare the name and the password/,
      ],
      [
        "a password for what knows no sign-in",
        (port) => `smtp://lea:wr0ng@127.0.0.1:${port}`,
        {},
        /knows no sign-in: .*out of SMTP_URL/,
      ],
      [
        "a certificate that nobody trusts",
        (port) => `smtps://localhost:${port}`,
        { tls: "at once" },
        /certificate that is not trusted/,
      ],
      ["TLS spoken to what speaks none", (port) => `smtps://127.0.0.1:${port}`, {}, /did not answer/],
      ["nobody there", () => "smtp://127.0.0.1:9", {}, /did not answer: .*ECONNREFUSED/],
    ])("%s", async (_, url, behaviour, expected) => {
      const { findings } = await examineMail(url, behaviour)
      expect(findings).toMatchObject([
        { is: "problem", says: expect.stringMatching(expected), todo: expect.stringMatching(/SMTP_URL/) },
      ])
      expect(JSON.stringify(findings)).not.toContain("wr0ng")
    })
  })

  test("scopes that are missing, each with what it is for", async () => {
    const poor = await startSlack({ scopes: ["groups:history"] })
    try {
      expect(problems(await examine({ SLACK_API_URL: poor.url, SLACK_BOT_TOKEN: poor.token }))).toEqual([
        expect.stringMatching(/lacks chat:write, to announce/),
        expect.stringMatching(/lacks channels:read, to find the channel/),
      ])
    } finally {
      await poor.close()
    }
  })
})

test("the command says how it is used, and refuses what it does not know", async () => {
  expect((await call(tmpdir(), "doctor", "--help")).out).toContain("Exit codes: 0 all is well")
  expect(await call(tmpdir(), "doctor", "now")).toMatchObject({ code: 2 })
})
