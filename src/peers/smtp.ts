import type { FindAddresses } from "./name-lookup.ts"
import { converse, type Letter } from "./smtp-conversation.ts"
import type { SmtpAnswer } from "./smtp-errors.ts"
import { smtpServerOf } from "./smtp-server.ts"

/** A server that takes e-mail. */
export interface SmtpClient {
  /**
   * Hands over one letter to one receiver. An attempt that `signal` ends gives no answer; the conversation goes on, and
   * the next attempt for the same letter and receiver hears how it ended, instead of sending it once more: servers that
   * look for spam take longer over a letter than a request of ours may. A process that dies takes this with it.
   */
  send(letter: Letter, signal: AbortSignal): Promise<SmtpAnswer>
}

interface SmtpOptions {
  readonly requestTimeoutMs: number
  readonly find: FindAddresses
}

/** RFC 5321 section 4.5.3.2 asks a client to wait five minutes for most answers, and ten for that to a letter. */
const ANSWER_WITHIN_MS = 10 * 60_000
/** What nobody asked for again is not kept for ever. */
const KEPT_MOST = 1_000

/** One client a server, kept: it knows which letters are on their way. */
export function createSmtp({ requestTimeoutMs, find }: SmtpOptions): (url: string) => SmtpClient {
  const clients = new Map<string, SmtpClient>()
  return (url) => {
    const known = clients.get(url)
    if (known) return known
    const made = clientOf(url, { requestTimeoutMs, find })
    clients.set(url, made)
    return made
  }
}

function clientOf(url: string, { requestTimeoutMs, find }: SmtpOptions): SmtpClient {
  const server = smtpServerOf(url)
  const underWay = new Map<string, Promise<SmtpAnswer>>()
  return {
    async send(letter, signal) {
      signal.throwIfAborted()
      const key = `${letter.id} ${letter.to}`
      const speaking = { server, find, connectWithinMs: requestTimeoutMs, answerWithinMs: ANSWER_WITHIN_MS }
      const talk = underWay.get(key) ?? converse(letter, { ...speaking, unwatched: signal })
      underWay.set(key, talk)
      for (const oldest of underWay.keys()) {
        if (underWay.size <= KEPT_MOST) break
        underWay.delete(oldest)
      }
      const answer = await until(talk, signal)
      underWay.delete(key)
      return answer
    },
  }
}

async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const given = Promise.withResolvers<never>()
  const give = () => given.reject(signal.reason)
  signal.addEventListener("abort", give, { once: true })
  try {
    return await Promise.race([promise, given.promise])
  } finally {
    signal.removeEventListener("abort", give)
  }
}
