import { type Answer, jsonObject, type PeerRequest } from "../http-front.ts"
import { blockProblems, metadataProblems, textProblems } from "./blocks.ts"
import { METHODS } from "./methods.ts"

type Json = Record<string, unknown>

/** A call of a Web API method. */
type SlackRequest = { at: string; method: string; args: Json; ok: boolean; error: string | undefined }

/** A message as tests look at it; `replies` are the rest of its thread, in order. */
export type SlackMessage = {
  ts: string
  text: string
  blocks: Json[]
  metadata: { event_type: string; event_payload: Json } | undefined
  edited: boolean
  replies: SlackMessage[]
}

/** Answers in Slack's place; undefined lets the call through. */
export type SlackIntercept = (call: { method: string; args: Json }) => Answer | undefined | Promise<Answer | undefined>

/** Slack's refusal by name, such as `channel_not_found`, `not_in_channel` or `invalid_auth`. */
export const slackError = (error: string, more: Json = {}): Answer => ({
  status: 200,
  body: { ok: false, error, ...more },
})

/** Slack's answer to too many calls. */
export const rateLimited = (seconds: number): Answer => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { ok: false, error: "ratelimited" },
})

/** The part of the peer that answers calls: faults, limits, membership, paging and the record of what was asked. */
export class SlackServer {
  readonly problems: string[] = []
  readonly requests: SlackRequest[] = []
  intercept: SlackIntercept | undefined
  /** Where people reach it; messages have their addresses below it. */
  origin = ""
  readonly #emulator: string
  readonly #token: string
  readonly #scopes: string[]
  readonly #channels = new Map<string, { id: string; botIsMember: boolean }>()

  constructor(emulator: string, token: string, scopes: string[]) {
    this.#emulator = emulator
    this.#token = token
    this.#scopes = scopes
  }

  async handle(request: PeerRequest): Promise<Answer> {
    const method = request.path.replace(/^\/api\//, "")
    const args = this.#named(method, argumentsOf(request))
    const answer = await this.#answer(method, args, request)
    const { ok, error } = answer.body as { ok: boolean; error?: string }
    this.requests.push({ at: new Date().toISOString(), method, args, ok, error })
    const known = error !== "invalid_auth" && error !== "not_authed"
    return known ? { ...answer, headers: { "x-oauth-scopes": this.#scopes.join(","), ...answer.headers } } : answer
  }

  /** `chat.postMessage` takes a channel by name too, and it alone. https://docs.slack.dev/reference/methods/chat.postMessage */
  #named(method: string, args: Json): Json {
    if (method !== "chat.postMessage" || typeof args.channel !== "string") return args
    const known = this.#channels.get(args.channel.replace(/^#/, ""))
    return known ? { ...args, channel: known.id } : args
  }

  async #answer(method: string, args: Json, request: PeerRequest): Promise<Answer> {
    const instead = await this.intercept?.({ method, args })
    if (instead) return instead
    const known = METHODS[method]
    if (!known) {
      this.problems.push(`${method} is no method that Slipway uses; see demo/peers/slack/methods.ts`)
      return slackError("unknown_method", { req_method: method })
    }
    const unknown = Object.keys(args).filter((name) => name !== "token" && !known.includes(name))
    for (const name of unknown) this.problems.push(`${method}: unknown argument ${name}`)
    const token = (request.headers.authorization ?? "").replace(/^bearer\s+/i, "") || String(args.token ?? "")
    if (!token) return slackError("not_authed")
    if (token !== this.#token) return slackError("invalid_auth")
    return this.#refusal(method, args) ?? this.#forward(method, args)
  }

  /** What Slack refuses and the emulator lets through. */
  #refusal(method: string, args: Json): Answer | undefined {
    if (method === "chat.postMessage" || method.startsWith("conversations.h") || method === "conversations.replies") {
      const channel = [...this.#channels.values()].find((item) => item.id === args.channel)
      if (channel && !channel.botIsMember) return slackError("not_in_channel")
    }
    if (method === "users.lookupByEmail" && !this.#scopes.includes("users:read.email"))
      return slackError("missing_scope", { needed: "users:read.email" })
    if (method !== "chat.postMessage" && method !== "chat.update") return undefined
    const long = textProblems(args.text)
    if (long.length > 0) return this.#invalid(method, "msg_too_long", long)
    if (args.blocks !== undefined) {
      if (!args.text) this.problems.push(`${method}: blocks without text; notifications would be empty`)
      const wrong = blockProblems(args.blocks)
      if (wrong.length > 0) return this.#invalid(method, "invalid_blocks", wrong)
    }
    if (args.metadata !== undefined) {
      const wrong = metadataProblems(args.metadata)
      if (wrong.length > 0) return this.#invalid(method, "invalid_metadata_format", wrong)
    }
    return undefined
  }

  #invalid(method: string, error: string, wrong: string[]): Answer {
    this.problems.push(...wrong.map((problem) => `${method}: ${problem}`))
    return slackError(error, { response_metadata: { messages: wrong.map((problem) => `[ERROR] ${problem}`) } })
  }

  async #forward(method: string, args: Json): Promise<Answer> {
    if (method === "conversations.history" || method === "conversations.replies") return this.#page(method, args)
    const body = await this.ask(method, args)
    if (typeof body.permalink === "string") body.permalink = `${this.origin}${new URL(body.permalink).pathname}`
    if (method === "conversations.join" && body.ok) this.#setMember(String(args.channel))
    return { status: 200, body }
  }

  /** The emulator knows neither the limits of time nor metadata on demand, and pages one of the two lists only. */
  async #page(method: string, args: Json): Promise<Answer> {
    const body = await this.ask(method, { channel: args.channel, ts: args.ts, limit: 1000 })
    if (!body.ok) return { status: 200, body }
    const all = body.messages as Json[]
    if (method === "conversations.replies" && all.length === 0) return slackError("thread_not_found")
    const [oldest, latest] = [Number(args.oldest ?? 0), Number(args.latest ?? Number.POSITIVE_INFINITY)]
    const inclusive = isTrue(args.inclusive)
    const within = all.filter(({ ts }) => {
      const at = Number(ts)
      return (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest))
    })
    const start = Number(args.cursor ?? 0)
    const end = start + Math.min(1000, Number(args.limit ?? 100))
    const messages = within.slice(start, end).map((message) => {
      if (isTrue(args.include_all_metadata)) return message
      const { metadata: _, ...rest } = message
      return rest
    })
    const next = end < within.length ? String(end) : ""
    return {
      status: 200,
      body: { ok: true, messages, has_more: next !== "", response_metadata: { next_cursor: next } },
    }
  }

  /** Calls the emulator. */
  async ask(method: string, args: Json, token = this.#token): Promise<Json & { ok: boolean }> {
    const response = await fetch(`${this.#emulator}/api/${method}`, {
      method: "POST",
      // A kept connection may be closed by the emulator while it is taken for the next call.
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", connection: "close" },
      body: JSON.stringify(args),
    })
    return (await response.json()) as Json & { ok: boolean }
  }

  async createChannel(name: string, token: string, botIsMember: boolean): Promise<string> {
    const body = await this.ask("conversations.create", { name }, token)
    if (!body.ok) throw new Error(`Slack made no channel ${name}: ${String(body.error)}`)
    const { id } = body.channel as { id: string }
    this.#channels.set(name, { id, botIsMember })
    return id
  }

  #setMember(id: string): void {
    for (const channel of this.#channels.values()) if (channel.id === id) channel.botIsMember = true
  }

  channelId(name: string): string {
    const channel = this.#channels.get(name.replace(/^#/, ""))
    if (!channel) throw new Error(`the fake Slack has no channel ${name}; create it with createChannel`)
    return channel.id
  }

  /** The messages of a channel (by name or id), oldest first, threads in them. */
  async messages(channel: string): Promise<SlackMessage[]> {
    const named = this.#channels.get(channel.replace(/^#/, ""))
    const id = named?.id ?? channel
    const { messages = [] } = (await this.ask("conversations.history", { channel: id, limit: 1000 })) as Json
    const tops = (messages as Json[]).toReversed().filter((message) => message.subtype === undefined)
    return Promise.all(
      tops.map(async (top) => {
        const thread = await this.ask("conversations.replies", { channel: id, ts: top.ts })
        const replies = (thread.messages as Json[]).filter((message) => message.ts !== top.ts)
        return seen(
          top,
          replies.map((reply) => seen(reply, [])),
        )
      }),
    )
  }
}

function seen(message: Json, replies: SlackMessage[]): SlackMessage {
  return {
    ts: String(message.ts),
    text: String(message.text),
    blocks: (message.blocks ?? []) as Json[],
    metadata: message.metadata as SlackMessage["metadata"],
    edited: message.edited !== undefined,
    replies,
  }
}

const isTrue = (value: unknown): boolean => value === true || value === "true" || value === "1" || value === 1

/** A call's arguments: JSON, or a form whose structured values are JSON, as Slack's clients send them. */
function argumentsOf(request: PeerRequest): Json {
  if (request.headers["content-type"]?.includes("json")) return jsonObject(request.text)
  const form = new URLSearchParams(request.text || request.query.toString())
  return Object.fromEntries([...form].map(([name, value]) => [name, structured(name, value)]))
}

function structured(name: string, value: string): unknown {
  if (!["blocks", "metadata", "attachments"].includes(name)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
