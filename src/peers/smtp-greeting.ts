import type { FindAddresses } from "./name-lookup.ts"
import type { SmtpFailure } from "./smtp-errors.ts"
import { smtpServerOf } from "./smtp-server.ts"
import { speak } from "./smtp-session.ts"

interface Greeted {
  readonly is: "greeted"
  /** `HOST:PORT`. */
  readonly server: string
  /** Whether the session was encrypted. */
  readonly isSecure: boolean
  readonly signedIn: boolean
}

/**
 * Whether the server would take e-mail of ours: connects, begins TLS, and signs in, each as the URL says. No letter is
 * begun. Never throws.
 * @param url as {@link smtpServerOf} takes it
 */
export async function greet(
  url: string,
  { requestTimeoutMs, find }: { readonly requestTimeoutMs: number; readonly find: FindAddresses },
): Promise<Greeted | SmtpFailure> {
  const server = smtpServerOf(url)
  const said = await speak(
    {
      server,
      find,
      connectWithinMs: requestTimeoutMs,
      answerWithinMs: requestTimeoutMs,
      unwatched: new AbortController().signal,
    },
    { say: async (connection) => connection.secure, isDoubtful: () => false },
  )
  if (said.is !== "said") return said
  const signedIn = server.credentials !== undefined
  return { is: "greeted", server: `${server.host}:${server.port}`, isSecure: said.value, signedIn }
}
