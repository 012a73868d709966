import { isIP } from "node:net"

/** The server that `SMTP_URL` names, and how it is spoken to. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `at once`: TLS from the first byte. `before anything`: STARTTLS, or nothing is said. `if offered`: STARTTLS. */
  readonly tls: "at once" | "before anything" | "if offered"
  readonly credentials?: { readonly user: string; readonly pass: string }
}

/**
 * `smtps://` is TLS from the start (port 465, RFC 8314), `smtp://` begins in the clear (port 587) and goes on by STARTTLS
 * where the server offers it. What has a password insists on that: the password is sent in the clear to this machine
 * alone. Whatever the way, the server's certificate is checked.
 * @param url one that the process's environment or the accounts' file was read with
 */
export function smtpServerOf(url: string): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isSecure = protocol === "smtps:"
  const host = hostname.replace(/^\[(.*)\]$/, "$1")
  const credentials =
    username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  return {
    host,
    port: port === "" ? (isSecure ? 465 : 587) : Number(port),
    tls: isSecure ? "at once" : credentials && !isThisMachine(host) ? "before anything" : "if offered",
    ...(credentials ? { credentials } : {}),
  }
}

const isThisMachine = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
