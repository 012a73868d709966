import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Log } from "../model/log.ts"

export interface WebServer {
  /** Where it really listens, e.g. `http://127.0.0.1:41873`. */
  readonly url: string
  /** Takes no new connection, lets what is under way end within `withinMs`, then cuts it. */
  stop(withinMs: number): Promise<void>
}

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface WebServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** What takes a body, by its path: each of them asks who speaks before it does anything. */
  readonly doors: ReadonlyMap<string, Route>
  readonly pages: { fetch(request: Request): Response | Promise<Response> }
  readonly log: Log
  readonly limits?: Partial<Limits>
}

/** What one sender may take of us; all times in milliseconds. */
interface Limits {
  /** For the headers. */
  readonly headersMs: number
  /** For the whole request. */
  readonly requestMs: number
  /** How often the two above are looked at. */
  readonly checkMs: number
  /** Between two requests on one connection. */
  readonly keepAliveMs: number
  /** Without a byte in either direction: who does not read our answer. */
  readonly idleMs: number
  /** All headers together; more is answered 431. */
  readonly headerBytes: number
  /** Headers by count; more are not read. */
  readonly headers: number
  /** Open at once; more are closed as they come. */
  readonly connections: number
}

/**
 * A sender has 10 s for its headers and 30 s for everything: GitHub itself gives up after 10 s, so that who is slower is
 * nobody we wait for. Idle connections are kept longer than a load balancer keeps them (60 s is usual), since the side that
 * closes first must not be ours.
 */
const LIMITS: Limits = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 5_000,
  keepAliveMs: 65_000,
  idleMs: 75_000,
  headerBytes: 16 * 1024,
  headers: 100,
  connections: 2_000,
}

/** On every answer, whoever gives it; pages add what browsers want to be told of them. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  ["cache-control", "no-store"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
  ["referrer-policy", "no-referrer"],
]

/** The port cannot be listened on. `message` says what to do. */
export class CannotListen extends Error {
  override readonly name = "CannotListen"
}

/**
 * Listens.
 *
 * @throws CannotListen when the port is taken or not allowed
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, log } = options
  const limits = { ...LIMITS, ...options.limits }
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: limits.headerBytes,
    },
    (request, response) => {
      for (const [name, value] of HEADERS) response.setHeader(name, value)
      answer(request, response, options).catch((err: unknown) => {
        log.error({ err, method: request.method, path: pathOf(request) }, "a request could not be answered")
        if (response.headersSent) response.destroy()
        else
          response
            .writeHead(500, { "content-type": "text/plain" })
            .end("Something went wrong here; the log says what.\n")
      })
    },
  )
  server.maxHeadersCount = limits.headers
  server.maxConnections = limits.connections
  server.setTimeout(limits.idleMs)
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address
  return { url: `http://${shown}:${address.port}`, stop: (withinMs) => stop(server, withinMs) }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { doors, pages }: WebServerOptions,
): Promise<void> {
  const path = pathOf(request)
  const door = doors.get(path)
  if (door) return await door(request, response)
  // Pages take no body: what comes with such a request is never read.
  const page = await pages.fetch(new Request(`http://slipway${path}`, { method: methodOf(request) }))
  response.writeHead(page.status, Object.fromEntries(page.headers))
  response.end(request.method === "HEAD" ? undefined : Buffer.from(await page.arrayBuffer()))
}

/** Without the query. Of an absolute URL (what proxies are sent) only the path: we are one host. */
function pathOf({ url = "/" }: IncomingMessage): string {
  const absolute = url.startsWith("/") ? `http://slipway${url}` : url
  return URL.canParse(absolute) ? new URL(absolute).pathname : "/"
}

/** `Request` refuses methods such as TRACE, for which our answer is that of any other wrong one. */
function methodOf({ method = "GET" }: IncomingMessage): string {
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].includes(method) ? method : "POST"
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new CannotListen(`Cannot listen on ${host}:${port}: ${reasonOf(cause)}`, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return "the port is taken. Set PORT to another one, or to 0 for any free one."
    case "EACCES":
      return "this user may not use the port. Set PORT to one above 1023."
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "this machine has no such address. Set HOST to one of its own, or to 0.0.0.0 for all."
    default:
      return message
  }
}

async function stop(server: Server, withinMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), withinMs)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(cut)
}
