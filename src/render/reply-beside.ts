import type { BesideReply } from "../model/reply-beside.ts"
import { linkButtons, type SlackMessage } from "./block-kit.ts"
import { at, code, line, type Renderers, sha, who } from "./reply-parts.ts"
import { escapeSlack } from "./slack-text.ts"

export const BESIDE_REPLIES: Renderers<BesideReply> = {
  row,
  followed,
  back,
  "tag strayed": (reply) => {
    const did = reply.to === null ? "deleted" : "moved"
    const places = reply.to === null ? sha(reply.from) : `${sha(reply.from)} → ${sha(reply.to)}`
    return line(
      `⚠️ *The tag ${code(reply.tag)} was ${did}* by ${who(reply.by)}: what people fetch as ${code(reply.version)} is not what was approved`,
      [places, at(reply.at)],
    )
  },
  "went round": (reply) => {
    const by = reply.by === undefined ? "" : ` (${who(reply.by)})`
    return line(`🚧 *Went round Slipway*${by}: ${escapeSlack(reply.says, 500)}\n${escapeSlack(reply.todo, 500)}`, [
      at(reply.at),
    ])
  },
  "way round ended": (reply) => line(`☑️ ${escapeSlack(reply.says, 500)}`, [at(reply.at)]),
}

/** Several repositories' releases, one after the other: what is out, and what is not. */
function row({ what, by, out, left, because = "", at: when }: Extract<BesideReply, { is: "row" }>): SlackMessage {
  const small = [
    out.length > 0 ? `Out: ${escapeSlack(out.join(", "), 1_000)}` : "",
    left.length > 0 ? `Not out: ${escapeSlack(left.join(", "), 1_000)}` : "",
    at(when),
  ]
  if (what === "begun")
    return line(`🧭 *Publishing together*, pressed by ${who(by)}: every repository looks at its gates once more`, small)
  if (what === "out") return line("🎉 *All are out*", small)
  return line(
    `🛑 *Stopped*: ${escapeSlack(because, 1_000)}\nNothing more is published. Mend it and press Publish again: it goes on where it stopped.`,
    small,
  )
}

const FOLLOWED = {
  succeeded: "📦 *{what} succeeded*",
  failed: "🔴 *{what} failed*",
  "not started": "🔴 *{what} was not started*",
  late: "⏱️ *{what} takes too long*",
} as const

/** How that went which was started when the release came out. */
function followed(reply: Extract<BesideReply, { is: "followed" }>): SlackMessage {
  const begin = FOLLOWED[reply.state].replace("{what}", () => escapeSlack(reply.what))
  const why = reply.because === undefined ? "" : `: ${escapeSlack(reply.because, 500)}`
  return line(
    `${begin} for ${code(reply.version)}${why}`,
    [at(reply.at)],
    linkButtons([{ id: "view_run", text: "View run", url: reply.url }]),
  )
}

/** Whether what a hotfix mended reaches the branch that the next releases come from. */
function back(reply: Extract<BesideReply, { is: "back" }>): SlackMessage {
  const [version, to] = [code(reply.version), escapeSlack(reply.to)]
  const pull = reply.number === undefined ? "its pull request" : `#${reply.number}`
  const says = {
    opened: `🔁 *The hotfix ${version} has to reach ${to}*: ${pull} brings it there; until it is merged nothing is released from ${to}`,
    waits: `🔁 *The hotfix ${version} has not reached ${to} yet*: merge ${pull}`,
    closed: `⚠️ *The hotfix ${version} has not reached ${to}*, and ${pull} was closed without a merge`,
    refused: `⚠️ *The hotfix ${version} has not reached ${to}*, and no pull request could be opened: ${escapeSlack(reply.because ?? "", 500)}`,
    reached: `☑️ *The hotfix ${version} has reached ${to}*`,
  }
  return line(
    says[reply.state],
    [at(reply.at)],
    linkButtons([{ id: "view_pull_request", text: "View pull request", url: reply.url }]),
  )
}
