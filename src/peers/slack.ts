import { type Logger, type LogLevel, WebAPIPlatformError, WebClient } from "@slack/web-api"
import { throwIfLate } from "../model/in-time.ts"
import { findChannels } from "./slack-channels.ts"
import { type SlackFailure, toSlackFailure } from "./slack-errors.ts"
import { rows, textOf } from "./slack-fields.ts"

/** What Slack answered; what it did not do says why, and whether asking again could help. */
export type SlackAnswer<T> = { readonly is: "ok"; readonly value: T } | SlackFailure

interface SlackPost {
  /** Id or `#name`. */
  readonly channel: string
  readonly text: string
  readonly blocks: readonly { readonly type: string }[]
  /** Found again by it: returned only to the App that sent it, and only when it is asked for. */
  readonly metadata: SlackMetadata
  readonly thread?: string
  /** A reply that the channel sees too. */
  readonly broadcast?: boolean
}

export interface SlackMetadata {
  readonly event_type: string
  readonly event_payload: { readonly [key: string]: string }
}

export interface SlackFound {
  readonly ts: string
  readonly metadata?: SlackMetadata
}

/** What Slipway asks of one Slack workspace. Nothing here throws: every answer is a value. */
export interface SlackClient {
  /** @returns channel id and `ts` of the new message. https://docs.slack.dev/reference/methods/chat.postMessage */
  post(message: SlackPost): Promise<SlackAnswer<{ readonly channel: string; readonly ts: string }>>
  /** Replaces a message of ours. https://docs.slack.dev/reference/methods/chat.update */
  update(message: Omit<SlackPost, "thread" | "broadcast"> & { readonly ts: string }): Promise<SlackAnswer<null>>
  /** The newest messages of a channel, one request. https://docs.slack.dev/reference/methods/conversations.history */
  recent(channel: string): Promise<SlackAnswer<readonly SlackFound[]>>
  /** Replies of a thread newer than `after`, one request. https://docs.slack.dev/reference/methods/conversations.replies */
  replies(channel: string, thread: string, after: string): Promise<SlackAnswer<readonly SlackFound[]>>
  /** The id behind `#name`; null when the bot sees no such channel. */
  channelId(name: string): Promise<SlackAnswer<string | null>>
  /** The ids behind several names, by the names without `#`: of those that the bot sees. */
  channelIds(names: readonly string[]): Promise<SlackAnswer<ReadonlyMap<string, string>>>
  /** Whether the token may look people up by e-mail. https://docs.slack.dev/reference/scopes/users.read.email */
  mayReadEmails(): Promise<SlackAnswer<boolean>>
  /** The ID of a person; null where nobody is known by it. https://docs.slack.dev/reference/methods/users.lookupByEmail */
  memberByEmail(email: string): Promise<SlackAnswer<string | null>>
  /** The same, but its requests end with `signal`, and none begins after it. */
  until(signal: AbortSignal): SlackClient
  /** An address at which a person sees the message. https://docs.slack.dev/reference/methods/chat.getPermalink */
  permalink(channel: string, ts: string): Promise<SlackAnswer<string>>
}

export interface Slack {
  /** One client a token, kept: it holds the connection pool and the queue of requests. */
  client(token: string): SlackClient
}

/** The shape of a log that this room writes to; pino's fits. */
interface Log {
  warn(fields: object, message: string): void
}

export interface SlackOptions {
  /** Default: Slack's own. Ends with `/api/`. */
  readonly apiUrl?: string
  readonly log: Log
  readonly requestTimeoutMs: number
}

/** Apps outside Slack's Marketplace get at most 15 messages a request, whatever is asked for; others get all of these. */
const PAGE = 200

/**
 * Clients without retries of their own: a request that fails ends at once with its reason, and the engine asks again
 * after its own backoff, so that no lease is outlived.
 */
export function createSlack(options: SlackOptions): Slack {
  const clients = new Map<string, SlackClient>()
  return {
    client(token) {
      const known = clients.get(token)
      if (known) return known
      const made = clientOf((signal) => webClient(token, options, signal))
      clients.set(token, made)
      return made
    },
  }
}

/**
 * The bare client, for what only `slipway doctor` asks. Slack's takes no signal for a call: one that has to end with it
 * gets a `fetch` that does.
 */
export const webClient = (
  token: string,
  { apiUrl, log, requestTimeoutMs }: SlackOptions,
  signal?: AbortSignal,
): WebClient =>
  new WebClient(token, {
    ...(signal ? { fetch: until(signal) } : {}),
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    logger: quiet(log),
    timeout: requestTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  })

const until =
  (signal: AbortSignal): typeof fetch =>
  async (url, init) => {
    throwIfLate(signal)
    return await fetch(url, { ...init, signal: both(signal, init?.signal) })
  }

const both = (signal: AbortSignal, other: AbortSignal | null | undefined): AbortSignal =>
  other ? AbortSignal.any([signal, other]) : signal

function clientOf(make: (signal?: AbortSignal) => WebClient, until?: AbortSignal): SlackClient {
  const web = make(until)
  return {
    until: (signal) => clientOf(make, signal),
    post: ({ channel, text, blocks, metadata, thread, broadcast }) =>
      answer(channel, async () => {
        const sent = await web.apiCall("chat.postMessage", {
          channel,
          text,
          blocks,
          metadata,
          ...PLAINLY,
          ...(thread === undefined ? {} : { thread_ts: thread }),
          ...(broadcast ? { reply_broadcast: true } : {}),
        })
        return { channel: textOf(sent, "channel"), ts: textOf(sent, "ts") }
      }),
    update: ({ channel, ts, text, blocks, metadata }) =>
      answer(channel, async () => {
        await web.apiCall("chat.update", { channel, ts, text, blocks, metadata, parse: "none", link_names: false })
        return null
      }),
    recent: (channel) =>
      answer(channel, async () =>
        messagesOf(await web.apiCall("conversations.history", { channel, limit: PAGE, include_all_metadata: true })),
      ),
    replies: (channel, thread, after) =>
      answer(channel, async () =>
        messagesOf(
          await web.apiCall("conversations.replies", {
            channel,
            ts: thread,
            oldest: after,
            limit: PAGE,
            include_all_metadata: true,
          }),
        ),
      ),
    permalink: (channel, ts) =>
      answer(channel, async () =>
        textOf(await web.apiCall("chat.getPermalink", { channel, message_ts: ts }), "permalink"),
      ),
    mayReadEmails: () =>
      answer("", async () => (await web.auth.test()).response_metadata?.scopes?.includes("users:read.email") ?? false),
    memberByEmail: (email) => answer("", () => findMember(web, email)),
    channelId: (name) =>
      answer(name, async () => (await findChannels(web, new Set([bare(name)]))).get(bare(name)) ?? null),
    channelIds: (names) => answer("", () => findChannels(web, new Set(names.map(bare)))),
  }
}

const bare = (name: string): string => name.replace(/^#/, "")

/** Slack adds nothing of its own: no mentions from names, no previews of links. */
const PLAINLY = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false }

/** Somebody who left, and a bot, answer no mention. */
async function findMember(web: WebClient, email: string): Promise<string | null> {
  try {
    const { user } = (await web.apiCall("users.lookupByEmail", { email })) as { user?: unknown }
    const { id, deleted, is_bot } = (user ?? {}) as { id?: unknown; deleted?: unknown; is_bot?: unknown }
    return typeof id === "string" && deleted !== true && is_bot !== true ? id : null
  } catch (error) {
    if (error instanceof WebAPIPlatformError && error.data.error === "users_not_found") return null
    throw error
  }
}

async function answer<T>(channel: string, ask: () => Promise<T>): Promise<SlackAnswer<T>> {
  try {
    return { is: "ok", value: await ask() }
  } catch (error) {
    return toSlackFailure(error, channel)
  }
}

const messagesOf = (answer: object): SlackFound[] =>
  rows(answer, "messages").flatMap((message): SlackFound[] => {
    const { ts, metadata } = message
    if (typeof ts !== "string") return []
    const known = readMetadata(metadata)
    return [known ? { ts, metadata: known } : { ts }]
  })

function readMetadata(value: unknown): SlackMetadata | undefined {
  if (typeof value !== "object" || value === null) return undefined
  const { event_type, event_payload } = value as { event_type?: unknown; event_payload?: unknown }
  if (typeof event_type !== "string" || typeof event_payload !== "object" || event_payload === null) return undefined
  const texts = Object.entries(event_payload).filter((entry): entry is [string, string] => typeof entry[1] === "string")
  return { event_type, event_payload: Object.fromEntries(texts) }
}

/** The client's own log: its warnings go to ours; nothing finer, since that shows whole requests. */
const quiet = (log: Log): Logger => ({
  debug() {},
  info() {},
  warn: (...parts: unknown[]) => log.warn({ peer: "slack" }, parts.map(String).join(" ")),
  error: (...parts: unknown[]) => log.warn({ peer: "slack" }, parts.map(String).join(" ")),
  setLevel() {},
  getLevel: () => "warn" as LogLevel,
  setName() {},
})
