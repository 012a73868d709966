import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { renderBulletin } from "../render/bulletin.ts"
import type { Family, OnSlack } from "./context.ts"
import { metadataOf, sentBefore } from "./slack-key.ts"
import { find, placeOf, unseen } from "./thread.ts"

interface Place {
  readonly channel: string
  readonly ts: string
}

/** A message for those who follow no thread, posted once; what comes of it later stands below it, if it can be found. */
export const post: Family<"post", OnSlack> = async (effect, context): Promise<Outcome> => {
  if (context.handle) return { is: "done", handle: context.handle }
  const { channel, bulletin, under } = effect.content
  const first = under === undefined ? undefined : context.handles[under]
  const above = first && placeOf(first)
  const before = context.mayHaveHappened ? await look(effect, channel, above, context) : undefined
  if (before) return "is" in before ? before : done(before)
  const answer = await context.slack.post({
    ...renderBulletin(bulletin),
    channel: above?.channel ?? channel,
    ...(above ? { thread: above.ts, broadcast: true } : {}),
    metadata: metadataOf(context.repo, effect),
  })
  return answer.is === "ok" ? done(answer.value) : answer
}

const done = ({ channel, ts }: Place): Outcome => ({ is: "done", handle: { id: ts, extra: { channel } } })

/** What an earlier attempt may have left: below its first message, or among the newest ones of the channel. */
async function look(
  effect: EffectOf<"post">,
  named: string,
  above: Place | undefined,
  context: OnSlack,
): Promise<Place | Outcome | undefined> {
  if (!above) return find(effect, named, context)
  const { channel, ts: first } = above
  const messages = await context.slack.replies(channel, first, first)
  if (messages.is !== "ok") return unseen(messages)
  const ts = sentBefore(messages.value, context.repo, effect)
  return ts === undefined ? undefined : { channel, ts }
}
