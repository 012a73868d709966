import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { isForTheChannel } from "../model/thread-event.ts"
import { renderReply } from "../render/reply.ts"
import { type Family, type OnSlack, refused } from "./context.ts"
import { withMembers } from "./members.ts"
import { metadataOf, sentBefore } from "./slack-key.ts"
import { placeOf, unseen } from "./thread.ts"

/** Something that happened, said once in the thread of its release. */
export const reply: Family<"reply", OnSlack> = async (effect, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const first = context.handles[effect.content.thread]
  const under = first && placeOf(first)
  // Replies stand behind the announcement in their lane: when they are due, it has ended one way or the other.
  if (!under) return refused("unavailable", "The release was not announced, so there is no thread to reply in.")
  const said = context.mayHaveHappened ? await find(effect, under, context) : undefined
  if (said && typeof said !== "string") return said
  if (said !== undefined) return done(said, under)
  const answer = await context.slack.post({
    ...renderReply(await withMembers(effect.content.reply, context.member)),
    channel: under.channel,
    thread: under.ts,
    broadcast: isForTheChannel(effect.content.reply),
    metadata: metadataOf(context.repo, effect),
  })
  return answer.is === "ok" ? done(answer.value.ts, under) : answer
}

const done = (ts: string, under: { channel: string; ts: string }): Outcome => ({
  is: "done",
  handle: { id: ts, extra: { channel: under.channel, thread: under.ts } },
})

/**
 * A reply that an earlier attempt may have left. A thread is listed from its start, so the look begins at the newest
 * reply that is known: a lane keeps its order, and what may have been said stands behind it. What was put back after it
 * had ended has been overtaken by later ones: it is looked for from the start, too. One request, or two.
 * https://docs.slack.dev/reference/methods/conversations.replies
 */
async function find(
  effect: EffectOf<"reply">,
  under: { channel: string; ts: string },
  context: OnSlack,
): Promise<string | Outcome | undefined> {
  const known = Object.values(context.handles).flatMap(({ id, extra }) => (extra?.thread === under.ts ? [id] : []))
  const after = known.reduce((newest, ts) => (Number(ts) > Number(newest) ? ts : newest), under.ts)
  for (const from of new Set([after, under.ts])) {
    const messages = await context.slack.replies(under.channel, under.ts, from)
    if (messages.is !== "ok") return unseen(messages)
    const said = sentBefore(messages.value, context.repo, effect)
    if (said !== undefined) return said
  }
  return undefined
}
