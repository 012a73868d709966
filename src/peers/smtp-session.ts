import { isIP, Socket } from "node:net"
import type SMTPConnection from "nodemailer/lib/smtp-connection"
import type { FindAddresses } from "./name-lookup.ts"
import { type SmtpFailure, smtpFailure } from "./smtp-errors.ts"
import type { SmtpServer } from "./smtp-server.ts"

/** With whom a session is held, and for how long it is waited for an answer. */
export interface Speaking {
  readonly server: SmtpServer
  readonly find: FindAddresses
  /** For connecting, and for the greeting. */
  readonly connectWithinMs: number
  /** For each answer after that. */
  readonly answerWithinMs: number
  /** From then on nobody waits for the end: it must not keep the process alive. */
  readonly unwatched: AbortSignal
}

/** What is said once the server has greeted and taken the sign-in. */
interface Talk<T> {
  say(to: SMTPConnection): Promise<T>
  /** Whether the server may have taken something, should the session end now without its answer. */
  isDoubtful(): boolean
}

/** A host's first addresses are tried one after the other; more of them are not worth the wait. */
const ADDRESSES_TRIED = 3

/**
 * Connects to the first address of the server that answers, with TLS and a sign-in as its URL says, and talks to it.
 * Never throws.
 */
export async function speak<T>(
  speaking: Speaking,
  talk: Talk<T>,
): Promise<{ readonly is: "said"; readonly value: T } | SmtpFailure> {
  const { server, find, connectWithinMs } = speaking
  try {
    const found = await find(server.host, AbortSignal.timeout(connectWithinMs))
    let answer: SmtpFailure | undefined
    for (const { address } of found.slice(0, ADDRESSES_TRIED)) {
      const said = await speakTo(address, speaking, talk)
      if (said.is !== "unreachable") return said
      answer = said.answer
    }
    return answer ?? { is: "later", because: `${server.host} has no address`, certain: true }
  } catch (error) {
    return smtpFailure(error, server, false)
  }
}

async function speakTo<T>(address: string, speaking: Speaking, talk: Talk<T>) {
  const { server, unwatched } = speaking
  const socket = new Socket()
  const release = () => socket.unref()
  unwatched.addEventListener("abort", release, { once: true })
  if (unwatched.aborted) release()
  const connection = await connectionTo(address, socket, speaking)
  let isConnected = false
  try {
    const value = await ending(connection, async () => {
      await called((done) => connection.connect(done))
      isConnected = true
      if (server.credentials) await called((done) => connection.login({ ...server.credentials }, done))
      return await talk.say(connection)
    })
    connection.quit()
    return { is: "said", value } as const
  } catch (error) {
    const answer = smtpFailure(error, server, talk.isDoubtful())
    connection.close()
    return !isConnected && answer.is === "later" ? ({ is: "unreachable", answer } as const) : answer
  } finally {
    unwatched.removeEventListener("abort", release)
  }
}

async function connectionTo(address: string, socket: Socket, speaking: Speaking): Promise<SMTPConnection> {
  const { server, connectWithinMs, answerWithinMs } = speaking
  const { default: Connection } = await import("nodemailer/lib/smtp-connection")
  return new Connection({
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
}

/** What goes wrong between two commands is no command's end: the connection says it as an event. */
async function ending<T>(connection: SMTPConnection, talk: () => Promise<T>): Promise<T> {
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => undefined)
  connection.on("error", (error) => broken.reject(error))
  return await Promise.race([talk(), broken.promise])
}

/** A command as a promise: nodemailer's take a function that they call at their end. */
export const called = (ask: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => ask((error) => (error ? reject(error) : resolve())))
