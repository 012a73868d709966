import type { RollbackNotice, RollbackReply } from "../model/reply-rollback.ts"
import { fields, header, linkButtons, type SlackMessage, section } from "./block-kit.ts"
import { showSpan } from "./instant.ts"
import { at, code, line, people, type Renderers, sha, who } from "./reply-parts.ts"
import { escapeSlack, linkSlack } from "./slack-text.ts"

export const ROLLBACK_REPLIES: Renderers<RollbackReply> = {
  "rolling back": rollingBack,
  "rollback left": rollbackLeft,
  "rollback step": rollbackStep,
  "second asked": secondAsked,
  "rolled back": notice,
  "rollback failed": rollbackFailed,
  "post-mortem": (reply) =>
    line(
      `📋 *Post-mortem*: ${linkSlack(reply.url, `#${reply.number}`)} asks why ${code(reply.version)} had to be rolled back from ${escapeSlack(reply.environment)}`,
      [at(reply.at)],
      linkButtons([{ id: "open_post_mortem", text: "Open post-mortem", url: reply.url }]),
    ),
}

function rollingBack(reply: Extract<RollbackReply, { is: "rolling back" }>): SlackMessage {
  const { because, does = [], stays = [] } = reply
  const why = because === undefined ? "" : `: ${escapeSlack(because, 500)}`
  const order = does.map((one, index) => `\n${index + 1}. ${escapeSlack(one, 300)}`).join("")
  const not = stays.length === 0 ? "" : `\n⚠️ It does not undo everything: ${escapeSlack(stays.join("; "), 1_000)}`
  return line(
    `↩️ *Rolling back ${escapeSlack(reply.environment)}* from ${code(reply.from)} to ${code(reply.to)}, by ${who(reply.by)}${why}${order}${not}`,
    [at(reply.at)],
    linkButtons([{ id: "open_incident", text: "Open issue", url: reply.issue }]),
  )
}

function rollbackLeft(reply: Extract<RollbackReply, { is: "rollback left" }>): SlackMessage {
  const stays = escapeSlack(reply.stays.join("; "), 1_000)
  return line(
    `🙋 *${escapeSlack(reply.environment)} is not rolled back by itself*: ${escapeSlack(reply.because, 500)}, ` +
      `and ${code(reply.to)} would not undo what ${code(reply.from)} did: ${stays}\n` +
      `Somebody has to decide: ${escapeSlack(reply.who, 300)}.`,
    [`asked for by ${escapeSlack(reply.by, 100)}`, at(reply.at)],
    linkButtons([{ id: "open_rollback", text: "Review & roll back", url: reply.check, style: "danger" }]),
  )
}

function rollbackStep(reply: Extract<RollbackReply, { is: "rollback step" }>): SlackMessage {
  const { environment, state, says, at: when, until, url, drill } = reply
  const what = drill ? "DRILL in" : "Rollback of"
  const sign = { failed: "⚠️", running: "⏳", verifying: "🔎", worked: "🔎" }[state]
  const link =
    state === "running"
      ? { id: "view_run", text: "View run", url }
      : { id: "view_pull", text: "View pull request", url }
  const end = until === undefined ? "" : ` until ${at(until)}`
  return line(
    `${sign} *${what} ${escapeSlack(environment, 100)}*: ${escapeSlack(says, 1_000)}${end}`,
    [at(when)],
    linkButtons([link]),
  )
}

/** Who may be the second is mentioned: until somebody is, the bad release stays. */
function secondAsked(reply: Extract<RollbackReply, { is: "second asked" }>): SlackMessage {
  const names = people(reply.asks, reply.more)
  const whom = names === "" ? "somebody else who may" : names
  return line(
    `✌️ *${escapeSlack(reply.environment)} waits for a second person*: ${who(reply.by)} wants ${code(reply.version)} rolled back.\n` +
      `It begins when one of them presses *Roll back* as well, until ${at(reply.until)}: ${whom}`,
    [at(reply.at)],
    linkButtons([{ id: "open_rollback", text: "Review & roll back", url: reply.check, style: "danger" }]),
  )
}

function rollbackFailed(reply: Extract<RollbackReply, { is: "rollback failed" }>): SlackMessage {
  const good = reply.lastKnownGood
  const offer = good
    ? `The next older good release is ${code(good.version)} (${sha(good.sha)}): press *Roll back* on the check to go back to it.`
    : "There is no older release that was live and well there: somebody has to look now."
  return line(
    `🚨 *The rollback of ${escapeSlack(reply.environment)} failed* (${code(reply.from)} → ${code(reply.to)}): ${escapeSlack(reply.because, 1_000)}\n${offer}`,
    [at(reply.at)],
    linkButtons([
      { id: "open_rollback", text: "Review & roll back", url: good ? reply.check : undefined, style: "danger" },
      { id: "view_log", text: "View log", url: reply.url },
    ]),
  )
}

/** Service, environment, from, to, by whom, when, why, and what comes next. */
function notice(it: RollbackNotice): SlackMessage {
  const took = showSpan(it.begun, it.ended)
  const time = `${at(it.begun)} – ${at(it.ended)}${took ? ` (${took})` : ""}`
  const release = (r: { version: string; sha: string }) => `${code(r.version)} (${sha(r.sha)})`
  return {
    text:
      `↩️ Rollback: ${escapeSlack(it.service)} in ${escapeSlack(it.environment)} was rolled back from ` +
      `${escapeSlack(it.from.version)} to ${escapeSlack(it.to.version)} by ${who(it.by)}, ${time}. ` +
      `Next: ${escapeSlack(it.next, 500)}`,
    blocks: [
      header(`↩️ Rolled back: ${it.service} in ${it.environment}`),
      fields([
        `*Service*\n${escapeSlack(it.service)}`,
        `*Environment*\n${escapeSlack(it.environment)}`,
        `*Rolled back from*\n${release(it.from)}`,
        `*Rolled back to*\n${release(it.to)}`,
        `*Executed by*\n${who(it.by)}`,
        `*Time*\n${time}`,
      ]),
      ...(it.how === undefined ? [] : [section(`*How*\n${escapeSlack(it.how, 500)}`)]),
      section(`*Reason*\n${escapeSlack(it.because, 500) || "none given"}`),
      section(`*Next step*\n${escapeSlack(it.next, 500)}`),
    ],
  }
}
