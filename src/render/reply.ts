import type { Reply, RollbackNotice } from "../model/message.ts"
import {
  type Block,
  context,
  fallbackText,
  fields,
  header,
  linkButtons,
  type SlackMessage,
  section,
} from "./block-kit.ts"
import { showInstant, showSpan } from "./instant.ts"
import { codeSlack, escapeSlack, linkSlack } from "./slack-text.ts"
import { shortSha } from "./words.ts"

/**
 * People and groups of Slack by their IDs, which the configuration has checked; who has none there is named only.
 * https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
 */
function mention(login: string, slack: string | undefined): string {
  if (slack === undefined || !/^[UWS][A-Z0-9]{5,20}$/.test(slack)) return who(login)
  return slack.startsWith("S") ? `<!subteam^${slack}>` : `<@${slack}>`
}

const PEOPLE_SHOWN = 10

/** People by name, with the true count of those that are not shown. Nobody but they is mentioned. */
function people(asks: readonly { readonly login: string; readonly slack?: string }[], more: number): string {
  const names = asks.slice(0, PEOPLE_SHOWN).map(({ login, slack }) => mention(login, slack))
  const left = asks.length - names.length + more
  return `${names.join(", ")}${left > 0 && names.length > 0 ? ` and ${left} more` : ""}`
}

/** One reply in the thread of a release. */
export function renderReply(reply: Reply): SlackMessage {
  switch (reply.is) {
    case "approved":
      return line(`✅ *Approved* by ${who(reply.by)}`, [sha(reply.sha), escapeSlack(reply.covers), at(reply.at)])
    case "held":
      return line(`✋ *Held* by ${who(reply.by)}: nothing is published until they, or another approver, approve`, [
        at(reply.at),
      ])
    case "cut":
      return line(
        `✂️ *Cut* by ${who(reply.by)}: ${code(reply.version)} is now pinned; later merges go into the next release`,
        [sha(reply.sha), at(reply.at)],
      )
    case "recut":
      return line(`✂️ *Re-cut* by ${who(reply.by)}: ${code(reply.version)} moved; earlier approvals no longer count`, [
        sha(reply.sha),
        at(reply.at),
      ])
    case "ready":
      return line(`🟢 *Ready*: every gate of ${code(reply.version)} is passed; it can be published`, [sha(reply.sha)])
    case "published":
      return line(
        `🚀 *Published* ${code(reply.version)} by ${who(reply.by)}`,
        [sha(reply.sha), at(reply.at)],
        linkButtons([{ id: "release_notes", text: "Release notes", url: reply.url }]),
      )
    case "deployed":
      return line(
        `🟢 *Live in ${escapeSlack(reply.environment)}*: ${code(reply.version)}${
          reply.verifiedFrom === undefined ? "" : `, being verified until ${at(reply.verifiedFrom)}`
        }`,
        [sha(reply.sha), at(reply.at)],
        linkButtons([{ id: "view_deployment", text: "View deployment", url: reply.url }]),
      )
    case "verified":
      return line(`✅ *Verified in ${escapeSlack(reply.environment)}*: ${code(reply.version)}`, [
        sha(reply.sha),
        `live since ${at(reply.since)}`,
        at(reply.at),
      ])
    case "failed":
      return failed(reply)
    case "criterion":
      return criterion(reply)
    case "rolling back":
      return rollingBack(reply)
    case "rollback left":
      return rollbackLeft(reply)
    case "rolled back":
      return notice(reply)
    case "tag strayed": {
      const did = reply.to === null ? "deleted" : "moved"
      const places = reply.to === null ? sha(reply.from) : `${sha(reply.from)} → ${sha(reply.to)}`
      return line(
        `⚠️ *The tag ${code(reply.tag)} was ${did}* by ${who(reply.by)}: what people fetch as ${code(reply.version)} is not what was approved`,
        [places, at(reply.at)],
      )
    }
    case "went round": {
      const by = reply.by === undefined ? "" : ` (${who(reply.by)})`
      return line(`🚧 *Went round Slipway*${by}: ${escapeSlack(reply.says, 500)}\n${escapeSlack(reply.todo, 500)}`, [
        at(reply.at),
      ])
    }
    case "stood in":
      return line(
        `🪪 *An admin stands in*: ${who(reply.by)} approved in the place of ${escapeSlack(reply.for, 300)}, of whom too few are left who can`,
        [at(reply.at)],
      )
    case "stopped": {
      const by = reply.by === undefined ? "" : ` by ${who(reply.by)}`
      return line(
        `🛑 *Stopped*${by}: ${escapeSlack(reply.because, 500)}\nNothing is published until the stop is lifted.`,
        [escapeSlack(reply.organisation), at(reply.at)],
      )
    }
    case "stop lifted":
      return line("▶️ *The stop is lifted*: the release goes on by its own gates", [
        escapeSlack(reply.organisation),
        at(reply.at),
      ])
    case "approval asked":
      return asked(reply)
    case "nobody left": {
      const asked = people(reply.asks, 0)
      const whom = asked === "" ? "" : `\n${asked} can change that.`
      const what = reply.environment === undefined ? "approve" : `let it into ${escapeSlack(reply.environment, 100)}`
      return line(
        `🙅 *Nobody can ${what}*: ${escapeSlack(reply.because, 500)}. Either ${escapeSlack(reply.waysOut.join(", or "), 800)}.${whom}`,
        [],
      )
    }
    case "waits":
      return waits(reply)
    case "let in":
      return line(`🚪 *Let into ${escapeSlack(reply.environment)}*: every gate of ${code(reply.version)} is passed`, [
        sha(reply.sha),
        at(reply.at),
      ])
    case "turned away":
      return line(
        `⛔ *Turned away at ${escapeSlack(reply.environment)}*: ${code(reply.version)}, ${escapeSlack(reply.because, 500)}`,
        [sha(reply.sha), at(reply.at)],
      )
    case "post-mortem":
      return line(
        `📋 *Post-mortem*: ${linkSlack(reply.url, `#${reply.number}`)} asks why ${code(reply.version)} had to be rolled back from ${escapeSlack(reply.environment)}`,
        [at(reply.at)],
        linkButtons([{ id: "open_post_mortem", text: "Open post-mortem", url: reply.url }]),
      )
    case "collides":
      return line(`📅 *Two at once*: ${escapeSlack(reply.says, 500)}`, [])
    case "due": {
      const waits = reply.open.length === 0 ? "" : `\nIt still waits for ${escapeSlack(reply.open.join("; "), 800)}`
      return line(`⏰ *Due now*: ${escapeSlack(reply.what, 200)} (${code(reply.version)})${waits}`, [
        `planned for ${at(reply.at)}`,
      ])
    }
    case "missed the train":
      return line(
        `🚉 *Missed the train*: ${code(reply.version)} was not published, since ${escapeSlack(reply.because, 800)}`,
        [`departed ${at(reply.due)}`, ...(reply.next === null ? [] : [`next ${at(reply.next)}`])],
      )
    case "row":
      return row(reply)
    case "elsewhere":
      return elsewhere(reply)
    case "back":
      return back(reply)
    case "locked":
      return line(
        `🔒 *${escapeSlack(reply.environment)} is locked* by ${who(reply.by)}: ${escapeSlack(reply.because, 500)}\nNothing enters until it is unlocked on the check.`,
        [at(reply.at)],
      )
    case "unlocked":
      return line(
        `🔓 *${escapeSlack(reply.environment)} is unlocked* by ${who(reply.by)}; ${who(reply.lockedBy)} had locked it: ${escapeSlack(reply.because, 500)}`,
        [at(reply.at)],
      )
    case "way round ended":
      return line(`☑️ ${escapeSlack(reply.says, 500)}`, [at(reply.at)])
    case "followed":
      return followed(reply)
    case "rollback step":
      return rollbackStep(reply)
    case "rollback failed":
      return rollbackFailed(reply)
  }
}

/** Several repositories' releases, one after the other: what is out, and what is not. */
function row({ what, by, out, left, because = "", at: when }: Extract<Reply, { is: "row" }>): SlackMessage {
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

function elsewhere({ place, url, told }: Extract<Reply, { is: "elsewhere" }>): SlackMessage {
  const { text, blocks } = renderReply(told)
  const name = linkSlack(url, place)
  return { text: `${escapeSlack(place)}: ${text}`, blocks: [context([name]), ...(blocks ?? [])] }
}

function failed(reply: Extract<Reply, { is: "failed" }>): SlackMessage {
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

function rollingBack(reply: Extract<Reply, { is: "rolling back" }>): SlackMessage {
  const { because, does = [], stays = [] } = reply
  const why = because === undefined ? "" : `: ${escapeSlack(because, 500)}`
  const order = does.map((one, index) => `\n${index + 1}. ${escapeSlack(one, 300)}`).join("")
  const not = stays.length === 0 ? "" : `\n⚠️ It does not undo everything: ${escapeSlack(stays.join("; "), 1_000)}`
  return line(
    `↩️ *Rolling back ${escapeSlack(reply.environment)}* from ${code(reply.from)} to ${code(reply.to)}, by ${who(reply.by)}${why}${order}${not}`,
    [at(reply.at)],
  )
}

function rollbackLeft(reply: Extract<Reply, { is: "rollback left" }>): SlackMessage {
  const stays = escapeSlack(reply.stays.join("; "), 1_000)
  return line(
    `🙋 *${escapeSlack(reply.environment)} is not rolled back by itself*: ${escapeSlack(reply.because, 500)}, ` +
      `and ${code(reply.to)} would not undo what ${code(reply.from)} did: ${stays}\n` +
      `Somebody has to decide: ${escapeSlack(reply.who, 300)}.`,
    [`asked for by ${escapeSlack(reply.by, 100)}`, at(reply.at)],
    linkButtons([{ id: "open_rollback", text: "Review & roll back", url: reply.check, style: "danger" }]),
  )
}

function rollbackStep(reply: Extract<Reply, { is: "rollback step" }>): SlackMessage {
  const { environment, state, says, at: when, until, url } = reply
  const sign = state === "failed" ? "⚠️" : "🔎"
  const end = until === undefined ? "" : ` until ${at(until)}`
  return line(
    `${sign} *Rollback of ${escapeSlack(environment, 100)}*: ${escapeSlack(says, 1_000)}${end}`,
    [at(when)],
    linkButtons([{ id: "view_pull", text: "View pull request", url }]),
  )
}

function rollbackFailed(reply: Extract<Reply, { is: "rollback failed" }>): SlackMessage {
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

/** Each gate that holds it up, in a line of its own. */
function waits(reply: Extract<Reply, { is: "waits" }>): SlackMessage {
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

const CRITERION = {
  investigate: "🔎 *Look into {where}*",
  pause: "⏸️ *Paused after {where}*",
  rollback: "🚨 *Rolling {where} back by itself*",
} as const

/** A criterion that is broken: who is on call is mentioned, and has the button one click away. */
function criterion(reply: Extract<Reply, { is: "criterion" }>): SlackMessage {
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

/** Who may approve is mentioned; a reminder says since when it waits. */
function asked(reply: Extract<Reply, { is: "approval asked" }>): SlackMessage {
  const names = people(reply.asks, reply.more)
  const where = reply.environment === undefined ? "" : ` before it enters ${escapeSlack(reply.environment)}`
  const begin = reply.again === 0 ? "🙋 *Waits for approval*" : "⏰ *Still waits for approval*"
  return line(
    `${begin}: ${code(reply.version)}${where}, ${escapeSlack(reply.because, 500)}${names === "" ? "" : `\n${names} may approve.`}`,
    [`since ${at(reply.since)}`],
    linkButtons([{ id: "open_check", text: "Review & approve", url: reply.check }]),
  )
}

const FOLLOWED = {
  succeeded: "📦 *{what} succeeded*",
  failed: "🔴 *{what} failed*",
  "not started": "🔴 *{what} was not started*",
  late: "⏱️ *{what} takes too long*",
} as const

/** Whether what a hotfix mended reaches the branch that the next releases come from. */
function back(reply: Extract<Reply, { is: "back" }>): SlackMessage {
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

/** How that went which was started when the release came out. */
function followed(reply: Extract<Reply, { is: "followed" }>): SlackMessage {
  const begin = FOLLOWED[reply.state].replace("{what}", () => escapeSlack(reply.what))
  const why = reply.because === undefined ? "" : `: ${escapeSlack(reply.because, 500)}`
  return line(
    `${begin} for ${code(reply.version)}${why}`,
    [at(reply.at)],
    linkButtons([{ id: "view_run", text: "View run", url: reply.url }]),
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
      section(`*Reason*\n${escapeSlack(it.because, 500) || "none given"}`),
      section(`*Next step*\n${escapeSlack(it.next, 500)}`),
    ],
  }
}

/** One sentence with a grey line below; the fallback text says both. */
function line(sentence: string, small: readonly string[], buttons?: Block): SlackMessage {
  const grey = small.filter((part) => part !== "")
  const blocks = [section(sentence), ...(grey.length > 0 ? [context(grey)] : []), ...(buttons ? [buttons] : [])]
  return { text: fallbackText([sentence, ...grey].join(" · ")), blocks }
}

const code = (version: string): string => codeSlack(version)
const sha = (commit: string): string => codeSlack(shortSha(commit))
const at = (iso: string): string => escapeSlack(showInstant(iso))
/** A login holds no blank; what is done by no person (the plan's code freeze) is named in words. */
const who = (by: string): string => (by.includes(" ") ? escapeSlack(by) : `@${escapeSlack(by)}`)
