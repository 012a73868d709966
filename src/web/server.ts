import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Log } from "../model/log.ts"
import { isReportPath } from "./report-route.ts"
import { WEBHOOK_PATH } from "./webhook.ts"

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
  readonly webhook: Route
  /** Deployments that systems outside of GitHub report: the path, and those below it. */
  readonly reports: Route
  readonly pages: { fetch(request: Request): Response | Promise<Response> }
  readonly log: Log
}

/** The port cannot be listened on. `message` says what to do. */
export class CannotListen extends Error {
  override readonly name = "CannotListen"
}

/**
 * Listens. A sender has 10 s for its headers and 30 s for everything: GitHub itself gives up after 10 s, so that who
 * is slower is nobody we wait for. Idle connections are kept longer than a load balancer keeps them (60 s is usual),
 * since the side that closes first must not be ours.
 *
 * @throws CannotListen when the port is taken or not allowed
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, log } = options
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 },
    (request, response) => {
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
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address
  return { url: `http://${shown}:${address.port}`, stop: (withinMs) => stop(server, withinMs) }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { webhook, reports, pages }: WebServerOptions,
): Promise<void> {
  const path = pathOf(request)
  if (path === WEBHOOK_PATH) return await webhook(request, response)
  if (isReportPath(path)) return await reports(request, response)
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
