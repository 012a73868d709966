import type { Reply } from "../model/message.ts"
import { context, type SlackMessage } from "./block-kit.ts"
import { AFTERMATH_REPLIES } from "./reply-aftermath.ts"
import { BESIDE_REPLIES } from "./reply-beside.ts"
import { DRILL_REPLIES } from "./reply-drill.ts"
import { ENVIRONMENT_REPLIES } from "./reply-environment.ts"
import type { Renderers } from "./reply-parts.ts"
import { RELEASE_REPLIES } from "./reply-release.ts"
import { ROLLBACK_REPLIES } from "./reply-rollback.ts"
import { escapeSlack, linkSlack } from "./slack-text.ts"

const RENDERERS: Renderers<Reply> = {
  ...RELEASE_REPLIES,
  ...ENVIRONMENT_REPLIES,
  ...ROLLBACK_REPLIES,
  ...DRILL_REPLIES,
  ...AFTERMATH_REPLIES,
  ...BESIDE_REPLIES,
  elsewhere,
}

/** One reply in the thread of a release. */
export function renderReply(reply: Reply): SlackMessage {
  // What stands under a kind's name takes that kind.
  const render = RENDERERS[reply.is] as (reply: Reply) => SlackMessage
  return render(reply)
}

function elsewhere({ place, url, told }: Extract<Reply, { is: "elsewhere" }>): SlackMessage {
  const { text, blocks } = renderReply(told)
  const name = linkSlack(url, place)
  return { text: `${escapeSlack(place)}: ${text}`, blocks: [context([name]), ...(blocks ?? [])] }
}
