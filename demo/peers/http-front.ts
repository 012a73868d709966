import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A request as a front sees it: decoded once, before any routing. */
export type PeerRequest = {
  method: string
  /** Path without the query, still percent-encoded. */
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  /** The body as it came. */
  text: string
  /** The body as JSON object; empty where there is none or where it is not a JSON object. */
  body: Record<string, unknown>
}

/** What a front answers. `body` is sent as JSON, `raw` (a file's content) as it is; without either the answer is empty. */
export type Answer = { status: number; body?: unknown; raw?: Buffer; headers?: Record<string, string> }

/** A page for a person with a browser, in place of an API's answer: its status and HTML. */
export type Page = { status: number; html: string }

/** What people see at the addresses of a peer; takes a path, still percent-encoded, and the query. */
export type Website = (path: string, query: URLSearchParams) => Promise<Page>

/** Thrown by a handler that refuses; the front sends its answer. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}: ${JSON.stringify(answer.body)}`)
    this.name = "Refusal"
    this.answer = answer
  }
}

/** A listening front. */
export type Front = { origin: string; close(): Promise<void> }

/**
 * Listens on a free port of 127.0.0.1 and answers each request with `handle`, and a browser's with `website`.
 * `isGone` says whether whoever asked has hung up since. An error of `handle` is a defect of the front: it is answered
 * with 599, which no peer sends, and given to `onDefect`.
 */
export async function startFront(
  handle: (request: PeerRequest, isGone: () => boolean) => Promise<Answer>,
  onDefect: (error: unknown) => void,
  website: () => Website | undefined = () => undefined,
): Promise<Front> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const request = await read(incoming)
      const site = isVisit(request) ? website() : undefined
      if (site) show(outgoing, await site(request.path, request.query))
      else send(outgoing, await handle(request, () => outgoing.destroyed || incoming.socket.destroyed))
    } catch (error) {
      onDefect(error)
      send(outgoing, { status: 599, body: { message: `the fake peer failed: ${String(error)}` } })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(incoming: IncomingMessage): Promise<PeerRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString("utf8")
  const [path, search] = splitOnce(incoming.url ?? "/", "?")
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  const method = incoming.method ?? "GET"
  return { method, path, query: new URLSearchParams(search), headers, text, body: jsonObject(text) }
}

/** `text` as a JSON object, or an empty one. */
export function jsonObject(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {}
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** `text` before and after the first `separator`; the second part is empty where there is none. */
export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** Browsers ask for HTML by name, API clients never do. */
const isVisit = ({ method, headers }: PeerRequest): boolean =>
  method === "GET" && (headers.accept ?? "").includes("text/html")

function show(outgoing: ServerResponse, { status, html }: Page): void {
  outgoing.writeHead(status, { "content-type": "text/html; charset=utf-8" })
  outgoing.end(html)
}

function send(outgoing: ServerResponse, answer: Answer): void {
  if (outgoing.destroyed) return
  if (answer.raw) {
    outgoing.writeHead(answer.status, answer.headers)
    outgoing.end(answer.raw)
    return
  }
  const text = answer.body === undefined ? "" : JSON.stringify(answer.body)
  outgoing.writeHead(answer.status, {
    ...(text ? { "content-type": "application/json; charset=utf-8" } : {}),
    ...answer.headers,
  })
  outgoing.end(text)
}
