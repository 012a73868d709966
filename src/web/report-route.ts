import type { IncomingMessage, ServerResponse } from "node:http"
import { createBodyReader } from "./read-body.ts"

/** By the path it is known who speaks: in our own words, or an event of Flux as it is. */
const FORMS: Readonly<Record<string, ReportForm>> = {
  "/api/deployed": "slipway",
  "/api/deployed/flux": "flux",
  "/api/drill": "drill",
}

/** `drill`: no report, but somebody who wants a drill. */
export type ReportForm = "slipway" | "flux" | "drill"

export const REPORT_PATHS: readonly string[] = Object.keys(FORMS)

/** Flux tells what a reconciliation changed; what we ask for ourselves is a few hundred bytes. */
const BODY_LIMIT = 64 * 1024

/** What became of a report. `refused`: it is not as it has to be, or not this token's to say. `failed`: it is not on disk. */
export type ReportAnswer =
  | { readonly is: "stored" | "duplicate" | "ignored" }
  | { readonly is: "refused"; readonly as: "malformed" | "forbidden"; readonly because: string }
  | { readonly is: "failed"; readonly because: string }

export interface ReportRouteOptions<Token> {
  /** Whose token it is; undefined: nobody's that counts. */
  readonly authenticate: (token: string) => Promise<Token | undefined>
  readonly deliver: (token: Token, form: ReportForm, body: string) => Promise<ReportAnswer>
  readonly count: (result: ReportAnswer["is"]) => void
}

interface Reply {
  readonly status: number
  readonly body: { readonly result: string } | { readonly error: string }
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The door for systems outside of GitHub that say what they deployed. The token is judged before a byte of the body is read.
 * 202 says that it is on disk, whatever it will be decided to mean; 503 that it is not, and should be sent again.
 */
export function createReportRoute<Token>(
  options: ReportRouteOptions<Token>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const read = createBodyReader(BODY_LIMIT)
  return async (request, response) => {
    const reply = await admit(request, read, options)
    if (!reply) return
    response.writeHead(reply.status, {
      "content-type": "application/json",
      // What was not read of a body is not waited for.
      ...(reply.status === 202 ? {} : { connection: "close" }),
      ...reply.headers,
    })
    response.end(`${JSON.stringify(reply.body)}\n`)
  }
}

async function admit<Token>(
  request: IncomingMessage,
  read: ReturnType<typeof createBodyReader>,
  { authenticate, deliver, count }: ReportRouteOptions<Token>,
): Promise<Reply | undefined> {
  const refuse = (status: number, error: string, headers: Reply["headers"] = {}): Reply => {
    count(status === 503 ? "failed" : "refused")
    return { status, body: { error }, headers }
  }
  if (request.method !== "POST") return refuse(405, "Reports come by POST.", { allow: "POST" })
  const [, given = ""] = /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? "") ?? []
  const token = await authenticate(given).catch(() => null)
  if (token === null) return refuse(503, AWAY, { "retry-after": "60" })
  if (token === undefined)
    return refuse(401, "The token does not count: it is none, was revoked, or its time is over.", {
      "www-authenticate": 'Bearer realm="slipway"',
    })
  const body = await read(request)
  if (body.is === "too large") return refuse(413, "A report is at most 64 kB.")
  if (body.is === "no room")
    return refuse(503, "Too many reports at once; send this one again.", { "retry-after": "10" })
  if (body.is === "broken off") {
    count("refused")
    return undefined
  }
  const form = FORMS[new URL(request.url ?? "/", "http://slipway").pathname] ?? "slipway"
  const answer = await deliver(token, form, body.bytes.toString("utf8")).catch(
    (): ReportAnswer => ({ is: "failed", because: AWAY }),
  )
  if (answer.is === "refused") return refuse(answer.as === "forbidden" ? 403 : 422, answer.because)
  if (answer.is === "failed") return refuse(503, answer.because, { "retry-after": "60" })
  count(answer.is)
  return { status: 202, body: { result: answer.is } }
}

const AWAY = "It could not be kept: the database does not answer. Send it again later."
