import { z } from "zod"
import {
  type Account,
  type Accounts,
  mailFromOf,
  networksOf,
  readAccounts,
  secretOf,
  smtpUrlOf,
  urlOf,
} from "./accounts.ts"
import { type AppCredentials, findAppCredentials } from "./app-credentials.ts"

/** What the process was told by its environment, checked. */
export interface Settings {
  readonly app: AppCredentials
  /** The App's webhook secret, and while it is being changed the one before. */
  readonly webhookSecrets: readonly [now: string, ...before: string[]]
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Where pages and metrics have a listener of their own; absent: they are beside the webhooks. */
  readonly pages?: { readonly host: string; readonly port: number }
  readonly logLevel: z.output<typeof logLevel>
  readonly logFormat: z.output<typeof logFormat>
  /** Without a slash at its end. */
  readonly githubApiUrl: string
  /** With a slash at its end, as Slack's client wants it. */
  readonly slackApiUrl: string
  readonly database:
    | { readonly is: "server"; readonly url: string }
    | { readonly is: "embedded"; readonly dataDir: string }
  /** The file of whom attestations are trusted to be signed by; absent: none can be verified. */
  readonly trustedRoots?: string
  /** How long one request to a peer may take. */
  readonly requestTimeoutMs: number
  /** How many days deliveries and effects are kept that are done. */
  readonly keepDays: number
  /** Logins in lower case; absent: only the account that owns the App is served. */
  readonly allowedAccounts?: readonly string[]
  /** What may be used for an account of GitHub that is served; empty when nothing was set for it. */
  readonly accounts: (login: string) => Account
}

export type Environment = { readonly [name: string]: string | undefined }

/** What can be known without being the App. */
export type SettingsWithoutApp = Omit<Settings, "app" | "webhookSecrets">

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const
const logLevel = z.enum(LEVELS, `LOG_LEVEL must be one of ${LEVELS.join(", ")}`)
const logFormat = z.enum(["json", "pretty"], "LOG_FORMAT must be json or pretty")

const number = (name: string, least: number, most: number) => {
  const must = `${name} must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,9}$/, must)
    .transform(Number)
    .refine((value) => value >= least && value <= most, must)
}

const NO_SECRET =
  "WEBHOOK_SECRET is not set: without it anybody could send webhooks. Choose one (`openssl rand -hex 32`), and enter the same under Webhook secret on the App's page on GitHub"

const variables = z.object({
  APP_ID: z.string().optional(),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: z.string({ error: NO_SECRET }),
  WEBHOOK_SECRET_BEFORE: z.string().exactOptional(),
  HOST: z.string().default("0.0.0.0"),
  PORT: number("PORT", 0, 65_535).default(3000),
  SLIPWAY_PAGES_PORT: number("SLIPWAY_PAGES_PORT", 0, 65_535).exactOptional(),
  SLIPWAY_PAGES_HOST: z.string().exactOptional(),
  LOG_LEVEL: logLevel.default("info"),
  LOG_FORMAT: logFormat.default("json"),
  GITHUB_API_URL: urlOf("GITHUB_API_URL", "https:", "http:").default("https://api.github.com"),
  SLACK_BOT_TOKEN: z.string().exactOptional(),
  SLACK_API_URL: urlOf("SLACK_API_URL", "https:", "http:").default("https://slack.com/api/"),
  SLACK_CHANNEL: z.string().exactOptional(),
  DATABASE_URL: urlOf("DATABASE_URL", "postgres:", "postgresql:").optional(),
  SLIPWAY_DATA_DIR: z.string().default("./data"),
  SMTP_URL: smtpUrlOf("SMTP_URL").exactOptional(),
  MAIL_FROM: mailFromOf("MAIL_FROM").exactOptional(),
  PROMETHEUS_URL: urlOf("PROMETHEUS_URL", "https:", "http:").exactOptional(),
  SLIPWAY_TRUSTED_ROOT: z.string().exactOptional(),
  SLIPWAY_PROBE_PRIVATE: networksOf("SLIPWAY_PROBE_PRIVATE").exactOptional(),
  PROMETHEUS_TOKEN: z.string().exactOptional(),
  ALLOWED_ACCOUNTS: z
    .string()
    .transform((list) =>
      list
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((login) => login !== ""),
    )
    .optional(),
  SLIPWAY_ACCOUNTS: z.string().optional(),
  SLIPWAY_REQUEST_TIMEOUT: number("SLIPWAY_REQUEST_TIMEOUT", 100, 60_000).default(8000),
  // GitHub delivers again what is 3 days old, and content that was never written is kept for a week.
  SLIPWAY_KEEP_DAYS: number("SLIPWAY_KEEP_DAYS", 7, 3_650).default(30),
})

type Variables = Omit<z.output<typeof variables>, "WEBHOOK_SECRET">

/**
 * Reads the process's environment; an empty variable counts as one that is not set. Reads the files that
 * `PRIVATE_KEY_PATH` and `SLIPWAY_ACCOUNTS` name, and nothing else.
 * @returns the settings, or one message for each mistake that says what to do, and `rest` where only the App's
 *   credentials are wrong; no message holds a secret
 */
export function readEnvironment(
  env: Environment,
): { ok: true; settings: Settings } | { ok: false; problems: string[]; rest?: SettingsWithoutApp } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  )
  const read = variables.safeParse(given)
  const credentials = findAppCredentials(given)
  const file = given.SLIPWAY_ACCOUNTS
  const accounts = file === undefined ? { ok: true as const, accounts: new Map<string, Account>() } : readAccounts(file)
  const secrets = readSecrets(given)
  const problems = [
    ...secrets.problems,
    ...(read.success
      ? [...shared(read.data), ...senderless(read.data)]
      : read.error.issues.map(({ message }) => message)),
    ...(credentials.ok ? [] : credentials.problems),
    ...(accounts.ok ? [] : accounts.problems),
  ]
  if (read.success && credentials.ok && accounts.ok && problems.length === 0) {
    const { app } = credentials
    const rest = settingsOf(read.data, accounts.accounts, secrets.secrets)
    const { WEBHOOK_SECRET: now, WEBHOOK_SECRET_BEFORE: before } = read.data
    return { ok: true, settings: { app, webhookSecrets: before === undefined ? [now] : [now, before], ...rest } }
  }
  const others = variables.omit({ WEBHOOK_SECRET: true }).safeParse(given)
  const isWhole = others.success && accounts.ok && [...shared(others.data), ...secrets.problems].length === 0
  return { ok: false, problems, ...(isWhole && { rest: settingsOf(others.data, accounts.accounts, secrets.secrets) }) }
}

const SECRET = "SLIPWAY_SECRET_"

/** `SLIPWAY_SECRET_NAME="host value"`: calls that the configuration describes name them, each for its own host. */
function readSecrets(given: Environment): { readonly secrets?: Account["secrets"]; readonly problems: string[] } {
  const named = Object.entries(given).filter(([name]) => name.startsWith(SECRET))
  const several = (given.ALLOWED_ACCOUNTS ?? "").split(/[\s,]+/).filter((login) => login !== "").length > 1
  const read = named.map(([name, written = ""]) => ({ name, secret: secretOf(written.trim()) }))
  const problems = read.flatMap(({ name, secret }) => {
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name.slice(SECRET.length)))
      return [`${name}: its name must be capitals, digits and underscores`]
    if (several) return [ofSeveral(name)]
    return secret
      ? []
      : [`${name} must be a host and the secret, with a space between, such as \`api.pagerduty.com u7Kd…\``]
  })
  const secrets = read.flatMap(({ name, secret }) => (secret ? [[name.slice(SECRET.length), secret] as const] : []))
  return { problems, ...(secrets.length > 0 && { secrets: Object.fromEntries(secrets) }) }
}

const OWNED = [
  "SLACK_BOT_TOKEN",
  "SLACK_CHANNEL",
  "SMTP_URL",
  "MAIL_FROM",
  "PROMETHEUS_URL",
  "PROMETHEUS_TOKEN",
  "SLIPWAY_PROBE_PRIVATE",
] as const

/** Slack, mail, metrics and networks belong to one account: with several, the process's own would reach across them. */
function shared(read: Variables): string[] {
  if ((read.ALLOWED_ACCOUNTS?.length ?? 0) < 2) return []
  return OWNED.filter((name) => read[name] !== undefined).map(ofSeveral)
}

const ofSeveral = (name: string): string =>
  `${name} would be used for every account in ALLOWED_ACCOUNTS: take it out, and give each account its own in the file that SLIPWAY_ACCOUNTS names`

const senderless = (read: Variables): string[] =>
  read.SMTP_URL !== undefined && read.MAIL_FROM === undefined
    ? [
        "SMTP_URL is set without MAIL_FROM: set that to the address that e-mails come from, such as `Releases <releases@acme.example>`",
      ]
    : []

function settingsOf(read: Variables, accounts: Accounts, secrets: Account["secrets"]): SettingsWithoutApp {
  const allowed = read.ALLOWED_ACCOUNTS?.length ? read.ALLOWED_ACCOUNTS : undefined
  const own = { ...ownAccount(read), ...(secrets && { secrets }) }
  return {
    host: read.HOST,
    port: read.PORT,
    ...(read.SLIPWAY_PAGES_PORT !== undefined && {
      pages: { host: read.SLIPWAY_PAGES_HOST ?? read.HOST, port: read.SLIPWAY_PAGES_PORT },
    }),
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT,
    githubApiUrl: read.GITHUB_API_URL.replace(/\/+$/, ""),
    slackApiUrl: `${read.SLACK_API_URL.replace(/\/+$/, "")}/`,
    database: read.DATABASE_URL
      ? { is: "server", url: read.DATABASE_URL }
      : { is: "embedded", dataDir: read.SLIPWAY_DATA_DIR },
    requestTimeoutMs: read.SLIPWAY_REQUEST_TIMEOUT,
    keepDays: read.SLIPWAY_KEEP_DAYS,
    ...(read.SLIPWAY_TRUSTED_ROOT !== undefined && { trustedRoots: read.SLIPWAY_TRUSTED_ROOT }),
    ...(allowed && { allowedAccounts: allowed }),
    accounts: (login) => {
      const name = login.toLowerCase()
      return accounts.get(name) ?? (allowed === undefined || allowed.includes(name) ? own : {})
    },
  }
}

const ownAccount = (read: Variables): Account => ({
  ...(read.SLACK_BOT_TOKEN !== undefined && { slackToken: read.SLACK_BOT_TOKEN }),
  ...(read.SLACK_CHANNEL !== undefined && { slackChannel: read.SLACK_CHANNEL }),
  ...(read.SMTP_URL !== undefined && { smtpUrl: read.SMTP_URL }),
  ...(read.MAIL_FROM !== undefined && { mailFrom: read.MAIL_FROM }),
  ...(read.PROMETHEUS_URL !== undefined && { prometheusUrl: read.PROMETHEUS_URL }),
  ...(read.SLIPWAY_PROBE_PRIVATE !== undefined && { probePrivate: read.SLIPWAY_PROBE_PRIVATE }),
  ...(read.PROMETHEUS_TOKEN !== undefined && { prometheusToken: read.PROMETHEUS_TOKEN }),
})
