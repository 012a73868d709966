import { isIP, Socket } from "node:net"
import { Readable } from "node:stream"
import type { Mailbox } from "../model/mail-address.ts"
import type { FindAddresses } from "./name-lookup.ts"
import { type SmtpAnswer, smtpFailure } from "./smtp-errors.ts"
import type { SmtpServer } from "./smtp-server.ts"

/** One e-mail to one receiver. Header injection is refused below: nothing here becomes a header as it is. */
export interface Letter {
  /** With its angle brackets; the same for every attempt. */
  readonly id: string
  /** The letters that it follows, the first one of the thread first. */
  readonly follows: readonly string[]
  readonly from: Mailbox
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly date: Date
}

interface Speaking {
  readonly server: SmtpServer
  readonly find: FindAddresses
  /** For connecting, and for the greeting. */
  readonly connectWithinMs: number
  /** For each answer after that. */
  readonly answerWithinMs: number
  /** From then on nobody waits for the end: it must not keep the process alive. */
  readonly unwatched: AbortSignal
}

/** A host's first addresses are tried one after the other; more of them are not worth the wait. */
const ADDRESSES_TRIED = 3

/** Hands one letter to the server, over a connection of its own. Never throws. */
export async function converse(letter: Letter, speaking: Speaking): Promise<SmtpAnswer> {
  const { server, find, connectWithinMs } = speaking
  try {
    const source = await sourceOf(letter)
    const found = await find(server.host, AbortSignal.timeout(connectWithinMs))
    let answer: SmtpAnswer | undefined
    for (const { address } of found.slice(0, ADDRESSES_TRIED)) {
      const said = await speakTo(address, letter, source, speaking)
      if (said.is !== "unreachable") return said
      answer = said.answer
    }
    return answer ?? { is: "later", because: `${server.host} has no address`, certain: true }
  } catch (error) {
    return smtpFailure(error, server, false)
  }
}

/** The letter as it goes over the wire: the same for every attempt, but for the boundaries between its parts. */
async function sourceOf({ id, follows, from, to, subject, text, html, date }: Letter): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer")
  const composed = new MailComposer({
    messageId: id,
    ...(follows.length > 0 ? { inReplyTo: follows.at(-1) ?? "", references: [...follows] } : {}),
    from: { name: from.name, address: from.address },
    to: { name: "", address: to },
    subject,
    text,
    html,
    date,
    // RFC 3834: nobody's absence note is an answer to it.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return await composed.compile().build()
}

type Said = SmtpAnswer | { readonly is: "unreachable"; readonly answer: SmtpAnswer }

async function speakTo(address: string, letter: Letter, source: Buffer, speaking: Speaking): Promise<Said> {
  const { server, connectWithinMs, answerWithinMs, unwatched } = speaking
  const { default: SMTPConnection } = await import("nodemailer/lib/smtp-connection")
  const socket = new Socket()
  const release = () => socket.unref()
  unwatched.addEventListener("abort", release, { once: true })
  if (unwatched.aborted) release()
  const connection = new SMTPConnection({
    host: address,
    port: server.port,
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    socket,
    secure: server.tls === "at once",
    requireTLS: server.tls === "before anything",
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
    socketCloseTimeout: 1_000,
    tls: { host: server.host, minVersion: "TLSv1.2", rejectUnauthorized: true },
  })
  const message = new Watched(source)
  let isConnected = false
  try {
    await ending(connection, async () => {
      await called((done) => connection.connect(done))
      isConnected = true
      if (server.credentials) await called((done) => connection.login({ ...server.credentials }, done))
      const envelope = { from: letter.from.address, to: [letter.to], size: source.length }
      await called((done) => connection.send(envelope, message, done))
    })
    connection.quit()
    return { is: "taken" }
  } catch (error) {
    const answer = smtpFailure(error, server, message.isBegun)
    connection.close()
    return !isConnected && answer.is === "later" ? { is: "unreachable", answer } : answer
  } finally {
    unwatched.removeEventListener("abort", release)
  }
}

/** What goes wrong between two commands is no command's end: the connection says it as an event. */
async function ending(
  connection: { on(event: "error", heard: (error: unknown) => void): unknown },
  talk: () => Promise<void>,
): Promise<void> {
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => undefined)
  connection.on("error", (error) => broken.reject(error))
  await Promise.race([talk(), broken.promise])
}

const called = (ask: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => ask((error) => (error ? reject(error) : resolve())))

/** The letter's bytes, and whether any of them were asked for: the server has said that it wants them. */
class Watched extends Readable {
  isBegun = false
  #left: Buffer | null

  constructor(source: Buffer) {
    super()
    this.#left = source
  }

  override _read(): void {
    this.isBegun = true
    const all = this.#left
    this.#left = null
    if (all) this.push(all)
    this.push(null)
  }
}
