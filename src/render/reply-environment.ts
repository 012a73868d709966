import type { EnvironmentReply } from "../model/reply-environment.ts"
import { linkButtons, type SlackMessage } from "./block-kit.ts"
import { at, code, line, people, type Renderers, sha, who } from "./reply-parts.ts"
import { escapeSlack } from "./slack-text.ts"

export const ENVIRONMENT_REPLIES: Renderers<EnvironmentReply> = {
  "let in": (reply) =>
    line(`🚪 *Let into ${escapeSlack(reply.environment)}*: every gate of ${code(reply.version)} is passed`, [
      sha(reply.sha),
      at(reply.at),
    ]),
  "turned away": (reply) =>
    line(
      `⛔ *Turned away at ${escapeSlack(reply.environment)}*: ${code(reply.version)}, ${escapeSlack(reply.because, 500)}`,
      [sha(reply.sha), at(reply.at)],
    ),
  deployed: (reply) =>
    line(
      `🟢 *Live in ${escapeSlack(reply.environment)}*: ${code(reply.version)}${
        reply.verifiedFrom === undefined ? "" : `, being verified until ${at(reply.verifiedFrom)}`
      }`,
      [sha(reply.sha), at(reply.at)],
      linkButtons([{ id: "view_deployment", text: "View deployment", url: reply.url }]),
    ),
  verified: (reply) =>
    line(`✅ *Verified in ${escapeSlack(reply.environment)}*: ${code(reply.version)}`, [
      sha(reply.sha),
      `live since ${at(reply.since)}`,
      at(reply.at),
    ]),
  failed,
  criterion,
  locked: (reply) =>
    line(
      `🔒 *${escapeSlack(reply.environment)} is locked* by ${who(reply.by)}: ${escapeSlack(reply.because, 500)}\nNothing enters until it is unlocked on the check.`,
      [at(reply.at)],
    ),
  unlocked: (reply) =>
    line(
      `🔓 *${escapeSlack(reply.environment)} is unlocked* by ${who(reply.by)}; ${who(reply.lockedBy)} had locked it: ${escapeSlack(reply.because, 500)}`,
      [at(reply.at)],
    ),
}

function failed(reply: Extract<EnvironmentReply, { is: "failed" }>): SlackMessage {
  const good = reply.lastKnownGood
  const offer = good
    ? `The last known good release is ${code(good.version)} (${sha(good.sha)}): press *Roll back* on the check to return to it.`
    : "No earlier release was live and well there: there is nothing to roll back to."
  const why = reply.because === undefined ? "" : `: ${escapeSlack(reply.because, 500)}`
  return line(
    `🔴 *Failed in ${escapeSlack(reply.environment)}*: ${code(reply.version)}${why}\n${offer}`,
    [sha(reply.sha), at(reply.at)],
    linkButtons([
      { id: "open_rollback", text: "Review & roll back", url: good ? reply.check : undefined, style: "danger" },
      { id: "view_log", text: "View log", url: reply.url },
    ]),
  )
}

const CRITERION = {
  investigate: "🔎 *Look into {where}*",
  pause: "⏸️ *Paused after {where}*",
  rollback: "🚨 *Rolling {where} back by itself*",
} as const

/** A criterion that is broken: who is on call is mentioned, and has the button one click away. */
function criterion(reply: Extract<EnvironmentReply, { is: "criterion" }>): SlackMessage {
  const where = escapeSlack(reply.environment, 200)
  if (reply.state === "kept")
    return line(
      `▶️ *${escapeSlack(reply.name, 200)} is kept to again in ${where}*: ${code(reply.version)}${reply.does === "pause" ? " may go on" : ""}`,
      [at(reply.at)],
    )
  const begin = CRITERION[reply.does].replace("{where}", () => where)
  const names = people(reply.asks, 0)
  return line(
    `${begin}: ${code(reply.version)}, ${escapeSlack(reply.because, 900)}${names === "" ? "" : `\n${names}`}`,
    [at(reply.at)],
    linkButtons([{ id: "open_rollback", text: "Review & roll back", url: reply.check, style: "danger" }]),
  )
}
