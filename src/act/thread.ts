import type { Envelope } from "../model/decision.ts"
import type { Handles, Outcome, Refusal } from "../model/outcome.ts"
import type { SlackAnswer } from "../peers/slack.ts"
import { renderAnnouncement } from "../render/announcement.ts"
import { type Family, type OnSlack, refused } from "./context.ts"
import { metadataOf, sentBefore } from "./slack-key.ts"

interface Place {
  readonly channel: string
  readonly ts: string
}

/** The first message of a release's thread: posted once, then kept true to the present state. */
export const thread: Family<"thread", OnSlack> = async (effect, context) => {
  const known = context.handle && placeOf(context.handle)
  const { channel: named } = effect.content
  const before = known ?? (context.mayHaveHappened ? await find(effect, named, context) : undefined)
  if (before && "is" in before) return before
  const message = {
    ...renderAnnouncement(effect.content.announcement),
    metadata: metadataOf(context.repo, effect),
  }
  const answer: SlackAnswer<Place> = before
    ? await context.slack
        .update({ ...message, ...before })
        .then((it) => (it.is === "ok" ? { is: "ok", value: before } : it))
    : await context.slack.post({ ...message, channel: named })
  if (answer.is !== "ok") return answer
  const { channel, ts } = answer.value
  const url = context.handle?.url ?? (await permalink(answer.value, context))
  // Where it stands is known by the name that it was posted to, whatever channel is named since.
  const posted = known && context.handle?.extra?.named !== undefined ? context.handle.extra.named : named
  return { is: "done", handle: { id: ts, ...(url ? { url } : {}), extra: { channel, named: posted } } }
}

/** For the check's page. The message stands, so a failure here is none of the effect's. */
async function permalink({ channel, ts }: Place, { slack }: OnSlack): Promise<string | undefined> {
  const answer = await slack.permalink(channel, ts)
  return answer.is === "ok" ? answer.value : undefined
}

/** Where a message of ours stands; Slack updates by channel id, never by name. */
export function placeOf({ id, extra }: { id: string; extra?: Handles[string]["extra"] }): Place | undefined {
  const channel = extra?.channel
  return typeof channel === "string" ? { channel, ts: id } : undefined
}

/**
 * A message that an earlier attempt may have left. One request for the newest messages, since an App outside Slack's
 * Marketplace gets one a minute and 15 messages: enough for an attempt minutes ago, and an accepted loss beyond.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
export async function find(effect: Envelope, named: string, context: OnSlack): Promise<Place | Outcome | undefined> {
  const channel = await channelIdOf(named, context)
  if (channel.is !== "ok") return unseen(channel)
  // Private channels take messages by their names, and are not listed; nor is more than a part of very many channels.
  if (channel.value === null)
    return unseen(
      failure(
        "forbidden",
        `Slack lists no channel ${named} to the bot: name it by its ID, as in \`slack.channel: C024BE91L\``,
      ),
    )
  const messages = await context.slack.recent(channel.value)
  if (messages.is !== "ok") return unseen(messages)
  const ts = sentBefore(messages.value, context.repo, effect)
  return ts === undefined ? undefined : { channel: channel.value, ts }
}

async function channelIdOf(named: string, { handles, slack }: OnSlack): Promise<SlackAnswer<string | null>> {
  if (/^[CG][A-Z0-9]{6,}$/.test(named)) return { is: "ok", value: named }
  const used = Object.values(handles).find(({ extra }) => extra?.named === named)?.extra?.channel
  return typeof used === "string" ? { is: "ok", value: used } : slack.channelId(named)
}

const failure = (code: Refusal, because: string) => ({ is: "refused", code, because }) as const

/** Without looking, it could be said twice: better not said, and reported. */
export const unseen = (answer: Exclude<SlackAnswer<never>, { is: "ok" }>): Outcome =>
  answer.is === "retry"
    ? answer
    : refused(
        answer.code,
        `Whether the message was posted before a crash cannot be seen, so it is not posted again: ${answer.because}`,
      )
