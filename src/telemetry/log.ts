import { type DestinationStream, type Logger, pino } from "pino"
import pretty from "pino-pretty"
import { logFields } from "./log-context.ts"
import { terminalLine } from "./terminal-line.ts"

/** The log of the whole process, as Probot wants it; rooms take as much of it as `model/log.ts` says. */
export type ProcessLog = Logger

export interface LogOptions {
  /** `LOG_LEVEL`: fatal, error, warn, info (default), debug, trace or silent. */
  readonly level?: string | undefined
  /** `LOG_FORMAT`: `pretty` for a person's terminal, `json` (default) for machines. */
  readonly format?: string | undefined
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream
}

/**
 * Names under which a secret may be logged by mistake: at the top, inside an error's request, and one level deeper.
 * What a name does not give away is caught by `withoutTokens`.
 */
const SECRET_NAMES = [
  "authorization",
  "Authorization",
  "cookie",
  "token",
  "password",
  "secret",
  "privateKey",
  "PRIVATE_KEY",
]
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])

/** GitHub's and Slack's token prefixes, JWTs, PEM keys, and the password of a URL. */
const SECRETS: readonly [RegExp, string][] = [
  [/\bgh[pousr]_[A-Za-z0-9_]{16,}/g, "[token]"],
  [/\bgithub_pat_[A-Za-z0-9_]{16,}/g, "[token]"],
  [/\bx(?:ox[abeprs]|app)-[A-Za-z0-9-]{10,}/g, "[token]"],
  // Bounded, the more so behind a dash: one word may seem to begin as many of them as it likes.
  [/(?:(?<![\w-])eyJ[\w-]{8,8000}|(?<=-)eyJ[\w-]{8,500})\.[\w-]{8,8000}\.[\w-]+/g, "[token]"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[private key]"],
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"]*):[^\s/@"]+@/gi, "$1:[password]@"],
]

/** Removes what looks like a credential from a text that is about to be shown. */
export const withoutTokens = (text: string): string =>
  SECRETS.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text)

/**
 * The process's logger. Whatever is logged, an error with the request that failed in it included, passes through
 * `withoutTokens` as the finished line, so no serializer can let a credential through.
 */
export function createLog({ level, format, destination }: LogOptions = {}): Logger {
  const out =
    destination ?? (format === "pretty" ? pretty({ colorize: true, ignore: "pid,hostname" }) : pino.destination(1))
  const whole = format === "pretty" ? terminalLine : (line: string) => line
  const stream: DestinationStream = { write: (line) => void out.write(whole(withoutTokens(line))) }
  return pino({ level: level ?? "info", mixin: logFields, redact: { paths: SECRET_PATHS, censor: "[secret]" } }, stream)
}
