import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { startSmtp, type TakenMail } from "../../demo/peers/smtp/server.ts"
import type { Fate } from "./proxy.ts"

/** A call that an HTTP receiver took. */
export interface TakenCall {
  readonly path: string
  readonly key: string
  readonly body: string
}

export interface Receivers {
  /** What the app needs to know of them. */
  readonly env: { readonly [name: string]: string }
  /** `http://HOST:PORT` of the HTTP receiver. */
  readonly url: string
  readonly mails: readonly TakenMail[]
  readonly calls: readonly TakenCall[]
  readonly deaths: readonly { readonly at: "mail" | "call"; readonly fate: Fate }[]
  close(): Promise<void>
}

const POINTS = ["die before", "die after"] as const

/**
 * A mail server and an HTTP receiver at which the app dies twice each: over the first thing that it sends there, before that
 * is taken, and over the second, when it was and nobody has said so. A call is answered with 404: no help.
 */
export async function openReceivers(
  app: () => { kill(): Promise<void>; readonly isDead: boolean },
): Promise<Receivers> {
  const deaths: { at: "mail" | "call"; fate: Fate }[] = []
  const calls: TakenCall[] = []
  const fateOf = (at: "mail" | "call"): Fate => {
    const fate = POINTS[deaths.filter((death) => death.at === at).length]
    if (!fate || app().isDead) return "pass"
    deaths.push({ at, fate })
    return fate
  }
  const smtp = await startSmtp({
    letter: async () => {
      const fate = fateOf("mail")
      if (fate !== "pass") await app().kill()
      return fate === "die before" ? "451 4.3.0 nobody listens" : undefined
    },
  })
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += String(chunk)
    const fate = fateOf("call")
    if (fate !== "die before")
      calls.push({ path: request.url ?? "", key: String(request.headers["idempotency-key"]), body })
    if (fate !== "pass") await app().kill()
    response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  return {
    env: {
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      MAIL_FROM: "releases@acme.example",
      SLIPWAY_PROBE_PRIVATE: "127.0.0.0/8",
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails: smtp.mails,
    calls,
    deaths,
    async close() {
      server.closeAllConnections()
      await Promise.all([smtp.stop(), new Promise((closed) => server.close(closed))])
    },
  }
}
