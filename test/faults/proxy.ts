import { setImmediate } from "node:timers/promises"
import { type Answer, type Front, type PeerRequest, startFront } from "../../demo/peers/http-front.ts"

/** A write that the app sent and that stands in the proxy. */
export interface Write {
  readonly peer: "github" | "slack"
  readonly request: PeerRequest
}

/**
 * What happens to a write: it passes; it never reaches the peer and the app dies; or the peer does it and the app dies
 * before it hears of it.
 */
export type Fate = "pass" | "die before" | "die after"

export interface PeerProxy {
  /** What the app gets as the peer's address. */
  readonly url: string
  /** Requests that have come and are not answered. */
  underWay(): number
  close(): Promise<void>
}

export interface ProxyOptions {
  readonly peer: Write["peer"]
  /** The peer's address, with whatever path it has. */
  readonly target: string
  /** Decides on a write, and has killed the app when it resolves with "die before". */
  readonly before: (write: Write) => Promise<Fate>
  /** The peer has done the write of which `before` said "die after". */
  readonly after: (write: Write) => Promise<void>
}

/** Stands before a peer and shows each write of the app before it is forwarded, and before it is answered. */
export async function startProxy({ peer, target, before, after }: ProxyOptions): Promise<PeerProxy> {
  const { origin, pathname } = new URL(target)
  let underWay = 0
  const front: Front = await startFront(
    async (request, isGone) => {
      underWay++
      try {
        // Whoever gave up waiting must not see it done much later, only because this machine is slow: what hung up in
        // the meantime is noticed in the next turn of the event loop.
        await setImmediate()
        if (isGone()) return NOBODY_LISTENS
        const write = isWrite(peer, request) ? { peer, request } : undefined
        const fate = write ? await before(write) : "pass"
        if (fate === "die before") return NOBODY_LISTENS
        const answer = await forward(origin, front.origin, request)
        if (write && fate === "die after") await after(write)
        return answer
      } finally {
        underWay--
      }
    },
    (error) => {
      throw error
    },
  )
  return {
    url: `${front.origin}${pathname === "/" ? "" : pathname}`,
    underWay: () => underWay,
    close: () => front.close(),
  }
}

/** The app that asked is dead, or has hung up: its socket is closed. */
const NOBODY_LISTENS: Answer = { status: 502 }

/** Slack's reads come as POST too; a method that is not known for a read counts as a write. */
const SLACK_READS = /\/api\/(?:auth\.test|chat\.getPermalink|\w+\.(?:history|replies|list|info|lookupByEmail))$/

/** Tokens are no effect: asking for one twice changes nothing that anybody sees. */
function isWrite(peer: Write["peer"], { method, path }: PeerRequest): boolean {
  if (peer === "slack") return !SLACK_READS.test(path)
  return method !== "GET" && method !== "HEAD" && !path.endsWith("/access_tokens")
}

const OF_THE_CONNECTION = ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "date"]

/** @param here where the app finds the proxy: files are uploaded to an address that GitHub names, which is there too */
async function forward(
  origin: string,
  here: string,
  { method, path, query, headers, text }: PeerRequest,
): Promise<Answer> {
  const sent = new Headers(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)))
  // Without a body of its own, `fetch` refuses one with GET.
  const body = method === "GET" || method === "HEAD" ? {} : { body: text }
  const response = await fetch(`${origin}${path}${query.size > 0 ? `?${query}` : ""}`, {
    method,
    headers: sent,
    ...body,
  })
  const content = Buffer.from(await response.arrayBuffer())
  const kept = [...response.headers].filter(([name]) => ![...OF_THE_CONNECTION, "content-encoding"].includes(name))
  const said = { status: response.status, headers: Object.fromEntries(kept) }
  if (content.length === 0) return said
  if (!response.headers.get("content-type")?.includes("json")) return { ...said, raw: content }
  const answered = content.toString().replaceAll(`"upload_url":"${origin}/`, `"upload_url":"${here}/`)
  return { ...said, body: JSON.parse(answered) as unknown }
}
