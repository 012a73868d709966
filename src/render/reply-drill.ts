import type { DrillReply } from "../model/reply-drill.ts"
import type { SlackMessage } from "./block-kit.ts"
import { at, code, line, type Renderers, who } from "./reply-parts.ts"
import { escapeSlack } from "./slack-text.ts"

export const DRILL_REPLIES: Renderers<DrillReply> = { drill }

const WAYS_SHOWN = 10

/** Marked as what it is in its first word: who reads it over a shoulder must not think that something broke. */
function drill(reply: DrillReply): SlackMessage {
  const where = escapeSlack(reply.environment)
  const [from, to] = [code(reply.from), code(reply.to)]
  const because = escapeSlack(reply.because ?? "", 900)
  const does = (reply.does ?? [])
    .slice(0, WAYS_SHOWN)
    .map((one) => `\n• ${escapeSlack(one, 200)}`)
    .join("")
  const took = [
    ...(reply.back ? [`back on ${to} ${seconds(reply.back)}`] : []),
    ...(reply.return ? [`on ${from} again ${seconds(reply.return)}`] : []),
  ].join(", ")
  const says = {
    begun: `🧪 *DRILL in ${where}*: from ${from} back to ${to}, for practice, and then to ${from} again. Nothing is wrong.${does}`,
    back:
      reply.because === undefined
        ? `🧪 *DRILL in ${where}*: ${to} is back; ${from} is being deployed again`
        : `🧪 *DRILL in ${where}*: the way back did not work: ${because}\n${from} is being deployed again`,
    passed: `✅ *DRILL passed in ${where}*: ${took}`,
    failed: `❌ *DRILL failed in ${where}*: ${because}\nMend the way back before somebody needs it.`,
    "broken off": `✋ *DRILL broken off in ${where}*: ${because}`,
    missed: `⏰ *DRILL missed in ${where}*: ${because}`,
  }
  const when = reply.state === "missed" ? `due on ${at(reply.at)}` : at(reply.at)
  return line(says[reply.state], [reply.state === "begun" ? `asked for by ${who(reply.by)}` : "", when])
}

/** `in 72 s (shown to be well after 372 s)` */
const seconds = ({ live, ended }: { readonly live?: number; readonly ended: number }): string =>
  live === undefined || live === ended ? `in ${ended} s` : `in ${live} s (shown to be well after ${ended} s)`
