import { firstOf } from "../model/storable.ts"
import type { SmtpServer } from "./smtp-server.ts"

/** What the server said to one letter. Nothing here holds a password. */
export type SmtpAnswer = { readonly is: "taken" } | SmtpFailure

export type SmtpFailure =
  /** It was not taken: `to` the receiver is refused, `from` the sender or the sign-in, `letter` what it says. */
  | { readonly is: "refused"; readonly what: "receiver" | "sender" | "letter"; readonly because: string }
  /** Asking again may help; with `certain` it is known that nothing was taken. */
  | { readonly is: "later"; readonly because: string; readonly certain: boolean }

/** The part of an error of nodemailer's that says what happened. https://nodemailer.com/errors */
interface SmtpError {
  readonly message: string
  readonly code?: string
  readonly originalCode?: string
  /** `CONN`, `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA` … */
  readonly command?: string
  /** The server's answer; without one, nobody answered. */
  readonly responseCode?: number
  readonly response?: string
}

/**
 * What it means for a letter that the conversation ended with an error. RFC 5321 section 4.2.1: what begins with a 4 may
 * go well another time, what begins with a 5 will not.
 * @param isDoubtful the letter was sent, at least in part, and the server's answer was never read
 */
export function smtpFailure(error: unknown, server: SmtpServer, isDoubtful: boolean): SmtpFailure {
  const { message, code, originalCode = "", command = "", responseCode, response } = asSmtpError(error)
  const says = shown(response ?? message, server)
  const where = `The SMTP server ${server.host}:${server.port}`
  if (responseCode === undefined) {
    if (isCertificate(originalCode))
      return {
        is: "refused",
        what: "sender",
        because: `${where} shows a certificate that is not trusted (${originalCode}). Where it is from a certificate authority of yours, name that in NODE_EXTRA_CA_CERTS.`,
      }
    if (code === "EAUTH") return { is: "refused", what: "sender", because: `${where} takes no sign-in: ${says}` }
    return { is: "later", because: `${where} did not answer: ${says}`, certain: !isDoubtful }
  }
  if (command === "STARTTLS")
    return {
      is: "refused",
      what: "sender",
      because: `${where} offers no STARTTLS, and a password is not sent in the clear: use smtps:// if it speaks that. (${says})`,
    }
  if (responseCode < 500) return { is: "later", because: `${where} cannot take it now: ${says}`, certain: true }
  if (command === "RCPT TO")
    return { is: "refused", what: "receiver", because: `${where} refused the receiver: ${says}` }
  if (command === "DATA") return { is: "refused", what: "letter", because: `${where} refused the e-mail: ${says}` }
  if (!command.startsWith("AUTH"))
    return { is: "refused", what: "sender", because: `${where} refused the sender: ${says}; look at MAIL_FROM` }
  const because = UNKNOWN_COMMAND.includes(responseCode)
    ? `${where} knows no sign-in: ${says}; take the name and the password out of SMTP_URL, or name another port`
    : `${where} refused the sign-in: ${says}; compare the name and the password in SMTP_URL`
  return { is: "refused", what: "sender", because }
}

/** RFC 5321 section 4.2.4. */
const UNKNOWN_COMMAND: readonly number[] = [500, 502]

const asSmtpError = (error: unknown): SmtpError =>
  error instanceof Error ? (error as SmtpError & Error) : { message: String(error) }

/** Node's names for what is wrong with a certificate. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const isCertificate = (code: string): boolean =>
  /CERT|UNABLE_TO_|CRL|^ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED/.test(code)

const LONGEST = 300

/** A server's own words: one line, not too long, and never with the password in them. */
function shown(text: string, { credentials }: SmtpServer): string {
  const line = withoutPassword(text, credentials?.pass ?? "")
    .slice(0, 4 * LONGEST)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim()
  return line.length <= LONGEST ? line : `${firstOf(line, LONGEST)}…`
}

/** What could be Base64: of a sign-in that a server says back, the password stands in the middle (RFC 4616). */
const ENCODED = /[A-Za-z0-9+/]{4,}={0,2}/g

function withoutPassword(text: string, pass: string): string {
  if (pass === "") return text
  const holds = (word: string) => Buffer.from(word, "base64").includes(pass)
  // Who says a command back may have cut its end off.
  const cut = text.replaceAll(pass, "…").replace(/(AUTH\s+[\w-]+\s+)[^\s"'>]+/gi, "$1…")
  return cut.replace(ENCODED, (word) => (holds(word) ? "…" : word))
}
