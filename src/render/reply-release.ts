import type { ReleaseReply } from "../model/reply-release.ts"
import { linkButtons, type SlackMessage } from "./block-kit.ts"
import { at, code, line, people, type Renderers, sha, who } from "./reply-parts.ts"
import { escapeSlack } from "./slack-text.ts"

export const RELEASE_REPLIES: Renderers<ReleaseReply> = {
  "approval asked": asked,
  approved: (reply) =>
    line(`✅ *Approved* by ${who(reply.by)}`, [sha(reply.sha), escapeSlack(reply.covers), at(reply.at)]),
  "stood in": (reply) =>
    line(
      `🪪 *An admin stands in*: ${who(reply.by)} approved in the place of ${escapeSlack(reply.for, 300)}, of whom too few are left who can`,
      [at(reply.at)],
    ),
  held: (reply) =>
    line(`✋ *Held* by ${who(reply.by)}: nothing is published until they, or another approver, approve`, [
      at(reply.at),
    ]),
  "nobody left": (reply) => {
    const asked = people(reply.asks, 0)
    const whom = asked === "" ? "" : `\n${asked} can change that.`
    const what = reply.environment === undefined ? "approve" : `let it into ${escapeSlack(reply.environment, 100)}`
    return line(
      `🙅 *Nobody can ${what}*: ${escapeSlack(reply.because, 500)}. Either ${escapeSlack(reply.waysOut.join(", or "), 800)}.${whom}`,
      [],
    )
  },
  waits,
  cut: (reply) =>
    line(`✂️ *Cut* by ${who(reply.by)}: ${code(reply.version)} is now pinned; later merges go into the next release`, [
      sha(reply.sha),
      at(reply.at),
    ]),
  recut: (reply) =>
    line(`✂️ *Re-cut* by ${who(reply.by)}: ${code(reply.version)} moved; earlier approvals no longer count`, [
      sha(reply.sha),
      at(reply.at),
    ]),
  ready: (reply) =>
    line(`🟢 *Ready*: every gate of ${code(reply.version)} is passed; it can be published`, [sha(reply.sha)]),
  published: (reply) =>
    line(
      `🚀 *Published* ${code(reply.version)} by ${who(reply.by)}`,
      [sha(reply.sha), at(reply.at)],
      linkButtons([{ id: "release_notes", text: "Release notes", url: reply.url }]),
    ),
  due: (reply) => {
    const waits = reply.open.length === 0 ? "" : `\nIt still waits for ${escapeSlack(reply.open.join("; "), 800)}`
    return line(`⏰ *Due now*: ${escapeSlack(reply.what, 200)} (${code(reply.version)})${waits}`, [
      `planned for ${at(reply.at)}`,
    ])
  },
  "missed the train": (reply) =>
    line(`🚉 *Missed the train*: ${code(reply.version)} was not published, since ${escapeSlack(reply.because, 800)}`, [
      `departed ${at(reply.due)}`,
      ...(reply.next === null ? [] : [`next ${at(reply.next)}`]),
    ]),
  collides: (reply) => line(`📅 *Two at once*: ${escapeSlack(reply.says, 500)}`, []),
  stopped: (reply) => {
    const by = reply.by === undefined ? "" : ` by ${who(reply.by)}`
    return line(
      `🛑 *Stopped*${by}: ${escapeSlack(reply.because, 500)}\nNothing is published until the stop is lifted.`,
      [escapeSlack(reply.organisation), at(reply.at)],
    )
  },
  "stop lifted": (reply) =>
    line("▶️ *The stop is lifted*: the release goes on by its own gates", [
      escapeSlack(reply.organisation),
      at(reply.at),
    ]),
}

/** Who may approve is mentioned; a reminder says since when it waits. */
function asked(reply: Extract<ReleaseReply, { is: "approval asked" }>): SlackMessage {
  const names = people(reply.asks, reply.more)
  const where = reply.environment === undefined ? "" : ` before it enters ${escapeSlack(reply.environment)}`
  const begin = reply.again === 0 ? "🙋 *Waits for approval*" : "⏰ *Still waits for approval*"
  return line(
    `${begin}: ${code(reply.version)}${where}, ${escapeSlack(reply.because, 500)}${names === "" ? "" : `\n${names} may approve.`}`,
    [`since ${at(reply.since)}`],
    linkButtons([{ id: "open_check", text: "Review & approve", url: reply.check }]),
  )
}

/** Each gate that holds it up, in a line of its own. */
function waits(reply: Extract<ReleaseReply, { is: "waits" }>): SlackMessage {
  const gates = reply.gates.map(({ name, because }) => `• ${escapeSlack(name, 60)}: ${escapeSlack(because, 200)}`)
  const more = reply.more > 0 ? [`… and ${reply.more} more`] : []
  const begin =
    reply.environment === undefined
      ? `🚧 *Blocked*: ${code(reply.version)} cannot be published as it is`
      : `⏳ *Waits to enter ${escapeSlack(reply.environment)}*: ${code(reply.version)}`
  return line(
    [begin, ...gates, ...more].join("\n"),
    [at(reply.at)],
    linkButtons([{ id: "open_check", text: "Open check", url: reply.check }]),
  )
}
