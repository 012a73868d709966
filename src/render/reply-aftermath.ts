import type { AftermathReply } from "../model/reply-aftermath.ts"
import { linkButtons, type SlackMessage } from "./block-kit.ts"
import { at, code, line, type Renderers } from "./reply-parts.ts"
import { escapeSlack, linkSlack } from "./slack-text.ts"
import { count } from "./words.ts"

export const AFTERMATH_REPLIES: Renderers<AftermathReply> = {
  actions,
  mended: (reply) =>
    line(
      `🩹 *Mended*: ${code(reply.version)} was rolled back, and ${code(reply.by)} is out; ${escapeSlack(reply.because, 300)}`,
      [at(reply.at)],
    ),
}

/** What a post-mortem says that is to be done. Nobody is mentioned: who is to do it stands in the issue. */
function actions({
  state,
  version,
  open,
  left,
  all,
  number,
  url,
  at: when,
}: Extract<AftermathReply, { is: "actions" }>): SlackMessage {
  const issue = linkSlack(url, `#${number}`)
  const items = open.map((text) => `\n• ${escapeSlack(text, 200)}`).join("")
  const more = left > open.length ? `\n… and ${left - open.length} more` : ""
  const listed = left === 0 ? "" : `: ${left} of ${count(all, "action")} open${items}${more}`
  const says = {
    open: `🛠️ *Still to be done after ${code(version)}* (${issue})${listed}`,
    none: `🛠️ *No action is written down yet* in the post-mortem of ${code(version)} (${issue}): what is done, by whom, until when?`,
    done: `☑️ *All done*: ${count(all, "action")} of the post-mortem of ${code(version)} (${issue})`,
    ended: `⚠️ *The post-mortem of ${code(version)} is closed* (${issue})${listed === "" ? ", and no action was written down" : listed}`,
    gone: `⚠️ *The post-mortem of ${code(version)} is gone* (${issue}): nobody is reminded of its actions any more`,
  }
  return line(says[state], [at(when)], linkButtons([{ id: "open_post_mortem", text: "Open post-mortem", url }]))
}
