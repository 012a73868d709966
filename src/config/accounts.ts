import { z } from "zod"
import type { HostSecret } from "../model/http-call.ts"
import { mailboxOf } from "../model/mail-address.ts"
import { phrase } from "./explain.ts"
import { parseYaml } from "./parse-yaml.ts"
import { readNamedFile } from "./read-named-file.ts"

/** What Slipway may use on behalf of one account of GitHub (an organisation or a person), and no other. */
export interface Account {
  readonly slackToken?: string
  /** For repositories whose configuration names none. */
  readonly slackChannel?: string
  readonly smtpUrl?: string
  /** Whom e-mails come from: `releases@acme.example`, `Releases <releases@acme.example>`. */
  readonly mailFrom?: string
  readonly prometheusUrl?: string
  /** Networks that are not public and that HTTP probes may reach: `10.20.0.0/16, 10.1.2.3`. */
  readonly probePrivate?: string
  /** What calls that the configuration describes may name, by name, each for its own host. */
  readonly secrets?: { readonly [name: string]: HostSecret }
  /** Sent as a bearer token. */
  readonly prometheusToken?: string
}

export const urlOf = (name: string, ...protocols: readonly string[]) => {
  const must = `${name} must be a URL that begins with ${protocols.map((it) => `${it}//`).join(" or ")}`
  const decodable = `${name} must have every \`%\` of its user and password written as \`%25\``
  return z
    .string({ error: must })
    .refine((url) => URL.canParse(url) && protocols.includes(new URL(url).protocol), { error: must, abort: true })
    .refine((url) => canDecode(new URL(url)), decodable)
}

/** What else a URL could say (`?tls.rejectUnauthorized=false`) would turn checks off. */
export const smtpUrlOf = (name: string) =>
  urlOf(name, "smtp:", "smtps:").refine((url) => {
    const { pathname, search, hash, hostname } = new URL(url)
    return hostname !== "" && (pathname === "" || pathname === "/") && search === "" && hash === ""
  }, `${name} must be smtp://HOST:PORT or smtps://HOST:PORT, with a user and a password before the host where it takes some, and nothing behind the port`)

export const mailFromOf = (name: string) => {
  const must = `${name} must be an e-mail address such as \`releases@acme.example\` or \`Releases <releases@acme.example>\``
  return z.string({ error: must }).refine((text) => mailboxOf(text) !== undefined, must)
}

/** Whoever signs in with them decodes them: a `%` that begins no octet would fail there, at every use. */
function canDecode({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username)
    decodeURIComponent(password)
    return true
  } catch {
    return false
  }
}

/** Addresses and networks, with commas or spaces between them. */
export const networksOf = (name: string) => {
  const must = `${name} must be addresses or networks such as \`10.20.0.0/16\`, with commas between them`
  return z
    .string({ error: must })
    .refine((list) => list.split(/[\s,]+/).every((one) => one === "" || network.safeParse(one).success), must)
}
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

const login = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, "an account's name must be a GitHub login")

/** `api.pagerduty.com u7Kd…`: the host that may see a secret, with its port where it is not the usual one, and the secret. */
export function secretOf(written: string): HostSecret | undefined {
  const [, host = "", value = ""] = /^([A-Za-z0-9.-]{1,253}(?::\d{1,5})?) (\S.{0,9999})$/.exec(written) ?? []
  return host === "" ? undefined : { host, value }
}

const SECRET_MUST = "must be a host and the secret, with a space between, such as `api.pagerduty.com u7Kd…`"
const secret = z.string({ error: SECRET_MUST }).transform((written, context): HostSecret => {
  const read = secretOf(written)
  if (read) return read
  context.addIssue({ code: "custom", message: SECRET_MUST })
  return z.NEVER
})

const accountsFile = z.record(
  login,
  z
    .strictObject({
      slack: z.strictObject({ token: z.string().min(1), channel: z.string().min(1).exactOptional() }).exactOptional(),
      smtpUrl: smtpUrlOf("smtpUrl").exactOptional(),
      mailFrom: mailFromOf("mailFrom").exactOptional(),
      prometheusUrl: urlOf("prometheusUrl", "https:", "http:").exactOptional(),
      probePrivate: networksOf("probePrivate").exactOptional(),
      prometheusToken: z.string().min(1).exactOptional(),
      secrets: z
        .record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, "must be capitals, digits and underscores"), secret)
        .exactOptional(),
    })
    .refine(({ smtpUrl, mailFrom }) => smtpUrl === undefined || mailFrom !== undefined, {
      path: ["smtpUrl"],
      error: "must have mailFrom beside it, the address that e-mails come from",
    }),
)

/** By login in lower case: GitHub's logins do not differ by it. */
export type Accounts = ReadonlyMap<string, Account>

/**
 * Reads the file that `SLIPWAY_ACCOUNTS` names: YAML or JSON, account → settings.
 * @returns the settings, or every mistake with its line; neither keys nor values of the file, which holds secrets
 */
export function readAccounts(file: string): { ok: true; accounts: Accounts } | { ok: false; problems: string[] } {
  const named = readNamedFile("SLIPWAY_ACCOUNTS", file)
  if (!named.ok) return { ok: false, problems: [named.problem] }
  const at = (line: number, what: string) => `SLIPWAY_ACCOUNTS, ${file} line ${line}: ${what}`
  const parsed = parseYaml(named.text)
  if (!parsed.ok) return { ok: false, problems: [at(parsed.problem.line, "the file is not valid YAML or JSON")] }
  const read = accountsFile.safeParse(parsed.document.value ?? {}, { error: phrase })
  if (read.success) return { ok: true, accounts: byLogin(read.data) }
  const problems = read.error.issues.map((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
    const { line } = parsed.document.place(
      [...issue.path.map(String), ...unknown],
      unknown.length > 0 ? "key" : "value",
    )
    return at(line, wordsFor(issue))
  })
  return { ok: false, problems }
}

function wordsFor(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return "a key that is not known here; an account has slack (token, channel), smtpUrl, mailFrom, prometheusUrl, prometheusToken, probePrivate and secrets"
  const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message
  return message.startsWith("must ") ? `this value ${message}` : message
}

const byLogin = (file: z.output<typeof accountsFile>): Accounts =>
  new Map(
    Object.entries(file).map(([name, { slack, ...urls }]) => [
      name.toLowerCase(),
      { ...urls, ...(slack && { slackToken: slack.token }), ...(slack?.channel && { slackChannel: slack.channel }) },
    ]),
  )
