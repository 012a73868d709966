import type { AddressInfo } from "node:net"
import { SMTPServer } from "smtp-server"
import { CERTIFICATE, KEY } from "./certificate.ts"
import { type ReadMail, readMail } from "./read-mail.ts"

/** What the server took, in the order in which it did. */
export interface TakenMail extends ReadMail {
  readonly from: string
  readonly to: readonly string[]
  readonly secure: boolean
  readonly user: string | undefined
  readonly source: string
}

export interface SmtpPeer {
  readonly port: number
  readonly mails: readonly TakenMail[]
  /** How many conversations were begun. */
  readonly connections: () => number
  stop(): Promise<void>
}

interface SmtpBehaviour {
  /** TLS: from the start, offered, or not there (default). */
  readonly tls?: "at once" | "offered"
  readonly password?: string
  /** What it says to a receiver, such as `550 no such mailbox`; undefined: it is fine. */
  readonly receiver?: (address: string) => string | undefined
  readonly sender?: (address: string) => string | undefined
  /** Comes before the answer to the letter: `550 spam`; undefined: it is taken. */
  readonly letter?: (mail: TakenMail) => Promise<string | undefined> | string | undefined
  readonly port?: number
}

/** A real SMTP server on the loopback, which keeps what it takes. */
export async function startSmtp(behaviour: SmtpBehaviour = {}): Promise<SmtpPeer> {
  const { tls, password, receiver, sender, letter } = behaviour
  const mails: TakenMail[] = []
  let connections = 0
  const server = new SMTPServer({
    secure: tls === "at once",
    key: KEY,
    cert: CERTIFICATE,
    disableReverseLookup: true,
    logger: false,
    disabledCommands: [...(tls === undefined ? ["STARTTLS"] : []), ...(password === undefined ? ["AUTH"] : [])],
    allowInsecureAuth: true,
    authOptional: password === undefined,
    onConnect: (_, done) => {
      connections += 1
      done()
    },
    onAuth: (auth, _, done) => {
      if (auth.password === password) done(null, { user: auth.username ?? "" })
      else done(refusal(`535 5.7.8 not with ${auth.password}`))
    },
    onMailFrom: ({ address }, _, done) => done(refusal(sender?.(address))),
    onRcptTo: ({ address }, _, done) => done(refusal(receiver?.(address))),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        const source = Buffer.concat(chunks).toString("utf8")
        const { mailFrom, rcptTo } = session.envelope
        const mail: TakenMail = {
          ...readMail(source),
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: typeof session.user === "string" ? session.user : undefined,
          source,
        }
        Promise.resolve(letter?.(mail)).then(
          (said) => {
            if (said === undefined) mails.push(mail)
            done(refusal(said))
          },
          (error: Error) => done(error),
        )
      })
    },
  })
  // A client that goes away, or does not like our certificate, is none of the server's mistakes.
  server.on("error", () => undefined)
  await new Promise<void>((resolve) => server.listen(behaviour.port ?? 0, "127.0.0.1", () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    mails,
    connections: () => connections,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function refusal(said: string | undefined): (Error & { responseCode: number }) | null {
  if (said === undefined) return null
  return Object.assign(new Error(said.slice(4)), { responseCode: Number(said.slice(0, 3)) })
}
