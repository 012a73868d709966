import type { IncomingMessage, ServerResponse } from "node:http"
import { type Body, createBodyReader } from "./read-body.ts"
import { signedWith } from "./signature.ts"

export const WEBHOOK_PATH = "/api/github/webhooks"

export interface Webhook {
  /** `X-GitHub-Delivery`. */
  readonly id: string
  /** `X-GitHub-Event`. */
  readonly name: string
  readonly payload: { readonly [key: string]: unknown }
}

/** What became of a signed webhook. `refused`: it is not what its event promises. `failed`: it is not on disk. */
export type Answer =
  | { readonly is: "stored" | "duplicate" | "ignored" }
  | { readonly is: "refused"; readonly because: string }
  | { readonly is: "failed"; readonly because: string }

export interface WebhookOptions {
  /** The App's webhook secret, and while it is being changed the one before. */
  readonly secrets: readonly [now: string, ...before: string[]]
  /** The App's id: a webhook that says that it is another App's is not taken. */
  readonly appId: string
  /** A webhook came that was signed with the secret before. */
  readonly signedAsBefore?: () => void
  readonly deliver: (webhook: Webhook) => Promise<Answer>
  /** How long `deliver` may take; 8 s. GitHub gives up after 10 s, and then nobody hears our answer. */
  readonly withinMs?: number
  readonly count: (event: string, result: Answer["is"]) => void
}

interface Reply {
  readonly status: number
  readonly body: { readonly result: string } | { readonly error: string }
  readonly headers?: { readonly [name: string]: string }
}

/**
 * The door for webhooks. Size and headers are judged first, then the signature on the bytes as they came; nothing of
 * an unsigned body is parsed. 202 says that it is on disk, whatever it will be decided to mean; 503 that it is not,
 * and that GitHub should be asked to deliver it again.
 */
export function createWebhookRoute(
  options: WebhookOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const read = createBodyReader()
  return async (request, response) => {
    const reply = await admit(request, read, options)
    if (reply) send(response, reply)
  }
}

async function admit(
  request: IncomingMessage,
  read: (request: IncomingMessage) => Promise<Body>,
  { secrets, appId, signedAsBefore, deliver, count, withinMs = 8_000 }: WebhookOptions,
): Promise<Reply | undefined> {
  const refuse = (status: number, error: string, headers?: Reply["headers"]): Reply => {
    // Until the signature is known good the event's name is anybody's text, and no label of a metric.
    count("unverified", "refused")
    return { status, body: { error }, ...(headers ? { headers } : {}) }
  }
  if (request.method !== "POST") return refuse(405, "Webhooks come by POST.", { allow: "POST" })
  const head = readHead(request)
  if ("error" in head) return refuse(head.status, head.error)
  const body = await read(request)
  switch (body.is) {
    case "too large":
      return refuse(413, "The payload is larger than 25 MB, which GitHub never sends.")
    case "no room":
      return refuse(503, "Too many large payloads at once; deliver this one again later.", { "retry-after": "10" })
    case "broken off":
      count("unverified", "refused")
      return undefined
    case "whole":
      break
  }
  // guard: signature
  const signed = signedWith(
    secrets.filter((secret) => secret !== undefined),
    body.bytes,
    head.signature,
  )
  if (signed < 0)
    return refuse(401, "The signature does not fit. The App's webhook secret and WEBHOOK_SECRET must be the same text.")
  if (signed > 0) signedAsBefore?.()
  // guard: webhook-of-another-app
  if (head.app !== undefined && head.app !== appId)
    return refuse(
      403,
      `This webhook is of App ${head.app.slice(0, 20)}, and this Slipway is App ${appId}. Give each App a secret of its own.`,
    )
  const parsed = parse(body.bytes)
  if ("error" in parsed) {
    count(head.name, "refused")
    return { status: 400, body: parsed }
  }
  const answer = await inTime(deliver({ id: head.id, name: head.name, payload: parsed.payload }), withinMs)
  count(head.name, answer.is)
  return replyTo(answer)
}

/** What comes too late may be kept all the same: then what GitHub delivers again is a duplicate. */
async function inTime(answer: Promise<Answer>, withinMs: number): Promise<Answer> {
  const late = Promise.withResolvers<Answer>()
  const because = `It could not be kept within ${withinMs / 1000} s: the database is slow. Deliver it again later.`
  const timer = setTimeout(() => late.resolve({ is: "failed", because }), withinMs)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const REQUIRED = ["x-github-event", "x-github-delivery", "x-hub-signature-256"] as const

function readHead(
  request: IncomingMessage,
): { id: string; name: string; signature: string; app?: string } | { status: number; error: string } {
  const type = request.headers["content-type"] ?? ""
  if (!/^\s*application\/json\s*(?:;|$)/i.test(type))
    return {
      status: 415,
      error: `The content type is ${type.slice(0, 100) || "missing"}; choose application/json in the App's webhook settings.`,
    }
  const [name, id, signature] = REQUIRED.map((header) => String(request.headers[header] ?? ""))
  const missing = REQUIRED.filter((header) => !request.headers[header])
  if (!name || !id || !signature)
    return {
      status: 400,
      error: `Missing: ${missing.join(", ")}. Only webhooks signed by GitHub with the App's secret are taken.`,
    }
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers: of an App it is `integration` and its id.
  const isOfApp = request.headers["x-github-hook-installation-target-type"] === "integration"
  const app = request.headers["x-github-hook-installation-target-id"]
  return { id, name, signature, ...(isOfApp && { app: String(app) }) }
}

function parse(bytes: Buffer): { payload: Webhook["payload"] } | { error: string } {
  try {
    const payload: unknown = JSON.parse(bytes.toString("utf8"))
    if (typeof payload === "object" && payload !== null && !Array.isArray(payload))
      return { payload: payload as Webhook["payload"] }
    return { error: "The payload is JSON, but no object." }
  } catch (error) {
    return { error: `The payload is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "unreadable"}` }
  }
}

function replyTo(answer: Answer): Reply {
  switch (answer.is) {
    case "stored":
    case "duplicate":
    case "ignored":
      return { status: 202, body: { result: answer.is } }
    case "refused":
      return { status: 422, body: { error: answer.because } }
    case "failed":
      return { status: 503, body: { error: answer.because }, headers: { "retry-after": "60" } }
  }
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(text)
}
