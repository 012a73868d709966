import { generateKeyPairSync } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { type Environment, readEnvironment, type Settings } from "../../src/config/environment.ts"

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
}).privateKey
const elliptic = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).privateKey

const folder = mkdtempSync(join(tmpdir(), "slipway-environment-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const fileWith = (text: string): string => {
  const file = join(folder, `${++files}`)
  writeFileSync(file, text)
  return file
}

const ENOUGH: Environment = { APP_ID: "12", PRIVATE_KEY: rsa, WEBHOOK_SECRET: "hush" }
const settingsOf = (env: Environment): Settings => {
  const read = readEnvironment({ ...ENOUGH, ...env })
  if (!read.ok) throw new Error(read.problems.join("\n"))
  return read.settings
}
const problemsOf = (env: Environment): string[] => {
  const read = readEnvironment({ ...ENOUGH, ...env })
  return read.ok ? [] : read.problems
}

test("the least that is needed gives the documented defaults", () => {
  const { accounts, ...settings } = settingsOf({ PORT: "", SLACK_CHANNEL: " " })
  expect(settings).toEqual({
    app: { id: "12", privateKey: rsa },
    webhookSecrets: ["hush"],
    host: "0.0.0.0",
    port: 3000,
    logLevel: "info",
    logFormat: "json",
    githubApiUrl: "https://api.github.com",
    slackApiUrl: "https://slack.com/api/",
    database: { is: "embedded", dataDir: "./data" },
    requestTimeoutMs: 8000,
    keepDays: 30,
  })
  expect(accounts("anybody")).toEqual({})
})

test("everything can be set", () => {
  const settings = settingsOf({
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "debug",
    LOG_FORMAT: "pretty",
    GITHUB_API_URL: "https://ghe.example.com/api/v3/",
    SLACK_API_URL: "http://127.0.0.1:4000/api",
    DATABASE_URL: "postgres://u:p@db/slipway",
    SLIPWAY_REQUEST_TIMEOUT: "2500",
    ALLOWED_ACCOUNTS: "Acme",
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "#releases",
    SMTP_URL: "smtp://mail",
    MAIL_FROM: "Releases <releases@acme.example>",
    PROMETHEUS_URL: "http://prometheus:9090",
    SLIPWAY_PROBE_PRIVATE: "10.20.0.0/16, fd12::/16",
    PROMETHEUS_TOKEN: "t0k3n",
  })
  expect(settings).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    logLevel: "debug",
    logFormat: "pretty",
    githubApiUrl: "https://ghe.example.com/api/v3",
    slackApiUrl: "http://127.0.0.1:4000/api/",
    database: { is: "server", url: "postgres://u:p@db/slipway" },
    requestTimeoutMs: 2500,
    allowedAccounts: ["acme"],
  })
  const own = {
    slackToken: "xoxb-1",
    slackChannel: "#releases",
    smtpUrl: "smtp://mail",
    mailFrom: "Releases <releases@acme.example>",
    prometheusUrl: "http://prometheus:9090",
    probePrivate: "10.20.0.0/16, fd12::/16",
    prometheusToken: "t0k3n",
  }
  expect(settings.accounts("ACME")).toEqual(own)
  expect(settings.accounts("other")).toEqual({})
})

test.each<[string, Environment]>([
  ["as it is", { PRIVATE_KEY: rsa }],
  ["with escaped line breaks", { PRIVATE_KEY: rsa.replaceAll("\n", "\\n") }],
  ["with escaped line breaks, in quotes", { PRIVATE_KEY: `"${rsa.replaceAll("\n", "\\n")}"` }],
  ["in Base64", { PRIVATE_KEY: Buffer.from(rsa).toString("base64") }],
  [
    "in Base64 over several lines",
    {
      PRIVATE_KEY: Buffer.from(rsa)
        .toString("base64")
        .replace(/(.{76})/g, "$1\n"),
    },
  ],
  ["with Windows line breaks", { PRIVATE_KEY: rsa.replaceAll("\n", "\r\n") }],
  ["from a file", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: fileWith(rsa) }],
])("a private key %s", (_, env) => {
  expect(settingsOf(env).app.privateKey.replaceAll("\r", "")).toBe(rsa)
})

test("without App and secret it says how to create the App, step by step", () => {
  const read = readEnvironment({})
  const [secret, app, ...more] = read.ok ? [] : read.problems
  expect(more).toEqual([])
  expect(secret).toContain("WEBHOOK_SECRET is not set")
  expect(secret).toContain("openssl rand -hex 32")
  for (const step of [
    "settings/apps/new",
    "/api/github/webhooks",
    "app.yml",
    "APP_ID",
    "PRIVATE_KEY_PATH",
    "Install App",
  ])
    expect(app).toContain(step)
})

test.each<[string, Environment, string]>([
  ["no secret", { WEBHOOK_SECRET: undefined }, "WEBHOOK_SECRET is not set"],
  ["a secret of blanks", { WEBHOOK_SECRET: "  " }, "WEBHOOK_SECRET is not set"],
  ["no App id", { APP_ID: undefined }, "APP_ID is not set: copy the App ID"],
  ["an App id that is a client id", { APP_ID: "Iv23abc" }, "APP_ID must be the number"],
  ["no key", { PRIVATE_KEY: undefined }, "PRIVATE_KEY and PRIVATE_KEY_PATH are not set: take a .pem file"],
  ["no PEM", { PRIVATE_KEY: "s3cret-not-a-key" }, "PRIVATE_KEY holds no private key that can be read"],
  ["half a key", { PRIVATE_KEY: rsa.slice(0, 900) }, "PRIVATE_KEY holds no private key that can be read"],
  ["a key of another kind", { PRIVATE_KEY: elliptic }, "PRIVATE_KEY holds a key that is not RSA"],
  [
    "no file there",
    { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/nowhere/key.pem" },
    "PRIVATE_KEY_PATH names /nowhere/key.pem, which cannot be read (ENOENT)",
  ],
  ["a folder for a file", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: folder }, "which cannot be read (EISDIR)"],
  [
    "the key itself for its path",
    { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: rsa },
    "PRIVATE_KEY_PATH must be the path of a file, not what stands in it",
  ],
  ["a port that is a word", { PORT: "http" }, "PORT must be a whole number from 0 to 65535"],
  ["a port too high", { PORT: "65536" }, "PORT must be a whole number from 0 to 65535"],
  ["a log level", { LOG_LEVEL: "loud" }, "LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent"],
  [
    "a mail server of another kind",
    { SMTP_URL: "http://mail", MAIL_FROM: "a@acme.example" },
    "SMTP_URL must be a URL that begins with smtp:// or smtps://",
  ],
  [
    "a mail server whose certificate is not looked at",
    { SMTP_URL: "smtps://mail?tls.rejectUnauthorized=false", MAIL_FROM: "a@acme.example" },
    "SMTP_URL must be smtp://HOST:PORT or smtps://HOST:PORT",
  ],
  ["a mail server without a sender", { SMTP_URL: "smtps://mail" }, "SMTP_URL is set without MAIL_FROM"],
  ["a sender that is two", { MAIL_FROM: "a@acme.example, b@acme.example" }, "MAIL_FROM must be an e-mail address"],
  [
    "a sender with a header in it",
    { MAIL_FROM: "A\r\nBcc: b@acme.example <a@acme.example>" },
    "MAIL_FROM must be an e-mail address",
  ],
  ["a log format", { LOG_FORMAT: "xml" }, "LOG_FORMAT must be json or pretty"],
  [
    "an API root without https",
    { GITHUB_API_URL: "api.github.com" },
    "GITHUB_API_URL must be a URL that begins with https:// or http://",
  ],
  [
    "a database of another kind",
    { DATABASE_URL: "mysql://root:hush@db" },
    "DATABASE_URL must be a URL that begins with postgres:// or postgresql://",
  ],
  [
    "a time limit",
    { SLIPWAY_REQUEST_TIMEOUT: "8s" },
    "SLIPWAY_REQUEST_TIMEOUT must be a whole number from 100 to 60000",
  ],
  ["days below a redelivery's", { SLIPWAY_KEEP_DAYS: "3" }, "SLIPWAY_KEEP_DAYS must be a whole number from 7 to 3650"],
  [
    "one Slack for several accounts",
    { ALLOWED_ACCOUNTS: "a, b", SLACK_BOT_TOKEN: "xoxb-1" },
    "SLACK_BOT_TOKEN would be used for every account in ALLOWED_ACCOUNTS",
  ],
  [
    "no accounts file",
    { SLIPWAY_ACCOUNTS: "/nowhere.yml" },
    "SLIPWAY_ACCOUNTS names /nowhere.yml, which cannot be read (ENOENT)",
  ],
  [
    "the accounts for their file",
    { SLIPWAY_ACCOUNTS: '{"acme": {"slack": {"token": "xoxb-1"}}}' },
    "SLIPWAY_ACCOUNTS must be the path of a file",
  ],
])("refuses %s", (_, env, problem) => {
  const problems = problemsOf(env)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(problem)
})

test("every problem is told at once", () => {
  expect(problemsOf({ WEBHOOK_SECRET: "", APP_ID: "x", PORT: "x", SLIPWAY_ACCOUNTS: "/nowhere.yml" })).toHaveLength(4)
})

test("each account has its own settings, and nobody else's", () => {
  const file = fileWith(`
Acme: { slack: { token: xoxb-acme, channel: "#ship" }, smtpUrl: "smtp://mail.acme", mailFrom: ship@acme.example }
beta: { prometheusUrl: "https://prom.beta" }
`)
  const { accounts } = settingsOf({ SLIPWAY_ACCOUNTS: file, ALLOWED_ACCOUNTS: "acme beta gamma" })
  expect(accounts("acme")).toEqual({
    slackToken: "xoxb-acme",
    slackChannel: "#ship",
    smtpUrl: "smtp://mail.acme",
    mailFrom: "ship@acme.example",
  })
  expect(accounts("BETA")).toEqual({ prometheusUrl: "https://prom.beta" })
  expect(accounts("gamma")).toEqual({})
  expect(accounts("__proto__")).toEqual({})
})

test("the accounts file may be JSON", () => {
  const file = fileWith(JSON.stringify({ acme: { slack: { token: "xoxb-acme" } } }))
  expect(settingsOf({ SLIPWAY_ACCOUNTS: file }).accounts("acme")).toEqual({ slackToken: "xoxb-acme" })
})

test.each([
  ["an unknown key", "acme:\n  slak: { token: xoxb-hush }", "line 2: a key that is not known here"],
  ["no token", "acme:\n  slack: {}", "line 2: this value must be text"],
  ["a number for a token", "acme: { slack: { token: 4711 } }", "line 1: this value must be text"],
  [
    "a password that nobody can decode",
    "acme: { prometheusUrl: 'http://u:100%zz@hush' }",
    "line 1: prometheusUrl must have",
  ],
  ["a URL of another kind", "acme: { smtpUrl: 'ftp://hush' }", "line 1: smtpUrl must be a URL"],
  ["a server without a sender", "acme: { smtpUrl: 'smtp://hush' }", "line 1: this value must have mailFrom beside it"],
  [
    "a network that is none",
    "acme: { probePrivate: '10.0.0.0/33' }",
    "line 1: probePrivate must be addresses or networks",
  ],
  ["no YAML", "acme: [xoxb-hush", "line 1: the file is not valid YAML or JSON"],
  ["a list", "- xoxb-hush", "line 1: this value must be a mapping"],
  ["an account's name", "'xoxb hush': {}", "line 1: an account's name must be a GitHub login"],
])("the accounts file with %s is refused by line, and shows nothing of it", (_, text, problem) => {
  const problems = problemsOf({ SLIPWAY_ACCOUNTS: fileWith(text) })
  expect(problems[0]).toContain(problem)
  expect(problems.join()).not.toMatch(/hush|4711/)
})

test("no message holds any value of a secret", () => {
  const secret = "s3cr3t-value"
  const names = [
    "APP_ID",
    "PRIVATE_KEY",
    "SLACK_BOT_TOKEN",
    "DATABASE_URL",
    "SMTP_URL",
    "PROMETHEUS_URL",
    "GITHUB_API_URL",
  ]
  const problems = problemsOf({ ...Object.fromEntries(names.map((name) => [name, secret])), ALLOWED_ACCOUNTS: "a b" })
  expect(problems.length).toBeGreaterThanOrEqual(5)
  expect(problems.join("\n")).not.toContain(secret)
})
