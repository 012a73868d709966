import type { Outcome } from "../model/outcome.ts"
import { renderBulletin } from "../render/bulletin.ts"
import type { Family, OnSlack } from "./context.ts"
import { metadataOf } from "./slack-key.ts"
import { find } from "./thread.ts"

/** A message for those who follow no thread, posted once. */
export const post: Family<"post", OnSlack> = async (effect, context): Promise<Outcome> => {
  const { channel, bulletin } = effect.content
  const before = context.mayHaveHappened ? await find(effect, channel, context) : undefined
  if (before) return "is" in before ? before : { is: "done" }
  const answer = await context.slack.post({
    ...renderBulletin(bulletin),
    channel,
    metadata: metadataOf(context.repo, effect),
  })
  return answer.is === "ok" ? { is: "done" } : answer
}
