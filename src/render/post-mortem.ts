import { NO_ACTION_YET } from "../model/action-items.ts"
import type { AuditRecord } from "../model/audit-chain.ts"
import { type IncidentTimes, POST_MORTEM_MARK, type PostMortem, type Told } from "../model/post-mortem.ts"
import type { RollbackNotice } from "../model/reply-rollback.ts"
import { bullets, evidenceLink, type Markdown, page, table, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { GATE_STATES } from "./gate-state.ts"
import { showInstant, showSpan } from "./instant.ts"
import { entryIn, timelineIn, toldIn } from "./post-mortem-records.ts"
import { count, cut, shortSha } from "./words.ts"

/** GitHub's limits: a title of 256 characters, a body of 65,536. */
const TITLE_LIMIT = 256
const BODY_LIMIT = 65_536
const TEXT_LIMIT = 400

/** How many of each list are shown; where that is too long, a part of them, with how many are left out. */
const SHOWN = { timeline: 150, changes: 200, gates: 60, told: 60 }
const PARTS = [1, 0.5, 0.2, 0.08, 0.03, 0] as const

/**
 * The issue that a rollback opens: what happened by the clock, how long it took to see it and to be over it, what had
 * changed, what every gate had said, who was told, and what people are to fill in.
 *
 * @param records the audit trail of the release, oldest first
 */
export function renderPostMortem(
  report: PostMortem,
  marker: string,
  records: readonly AuditRecord[],
): { title: string; body: Markdown } {
  const bodies = PARTS.map((part) => () => bodyOf(report, marker, records, part))
  const fitting = bodies.find((body) => bytesOf(body()) <= BODY_LIMIT) ?? bodies.at(-1)
  return { title: titleOf(report), body: fitting?.() ?? "" }
}

function titleOf({ notice: { from, environment, ended }, failed }: PostMortem): string {
  const day = showInstant(ended).slice(0, 10)
  const what = failed === undefined ? "rolled back from" : "not rolled back from"
  return cut(`Post-mortem: ${from.version} ${what} ${environment} on ${day}`.replace(/\s+/g, " "), TITLE_LIMIT)
}

function bodyOf(report: PostMortem, marker: string, records: readonly AuditRecord[], part: number): Markdown {
  const most = (of: keyof typeof SHOWN) => Math.floor(SHOWN[of] * part)
  const told = timelineIn(records)
  return page([
    postMortemMarker(marker),
    whatHappened(report),
    `## How long it took\n\n${times(report.times)}`,
    `## Timeline\n\n${timeline(told.length > 0 ? told : report.timeline, most("timeline"))}`,
    `## What ${versionText(cut(report.notice.from.version, TEXT_LIMIT))} changed\n\n${changes(report, most("changes"))}`,
    `## What the gates said\n\n${gates(report, records, most("gates"))}`,
    `## Who was told\n\n${whoWasTold(report, records, most("told"))}`,
    "## Impact\n\n_Who noticed what, for how long?_",
    "## Causes\n\n_What made the failure possible? Ask why until the answer is something that can be changed._",
    `## Actions\n\n_Slipway follows these until each is ticked, or the issue that it names is closed._\n\n- [ ] ${NO_ACTION_YET}`,
  ])
}

/** By this a retry finds the issue again; invisible on GitHub. */
export const postMortemMarker = (marker: string): string =>
  `${POST_MORTEM_MARK}${marker.replace(/[^\w:./#-]/g, "")} -->`

const said = (text: string): Markdown => escapeMarkdown(cut(text, TEXT_LIMIT))

function whatHappened({ notice: it, issue, failed, releaseUrl }: PostMortem): Markdown {
  return page([
    outcomeSays(it, failed),
    it.how === undefined ? "" : `**How:** ${said(it.how)}`,
    `**Reason given:** ${said(it.because) || "none"}`,
    issue === undefined ? "" : `**Asked for in:** #${issue}`,
    `**Next step:** ${said(it.next)}`,
    `**Release:** ${evidenceLink(cut(`release ${it.from.version}`, TEXT_LIMIT), releaseUrl)}`,
  ])
}

/** Service, environment, from, to, by whom, begun and ended, and how long that took. */
export function outcomeSays(it: RollbackNotice, failed: string | undefined): Markdown {
  const took = showSpan(it.begun, it.ended)
  const release = (r: { version: string; sha: string }) =>
    `**${versionText(cut(r.version, TEXT_LIMIT))}** (\`${escapeMarkdown(shortSha(r.sha))}\`)`
  const did = failed === undefined ? "was rolled back" : "was **not** rolled back, though it was tried,"
  const why = failed === undefined ? "" : ` The rollback failed: ${said(failed)}`
  return (
    `**${said(it.service)}** in **${said(it.environment)}** ${did} from ${release(it.from)} to ${release(it.to)} ` +
    `by ${said(it.by)}, ${showInstant(it.begun)} – ${showInstant(it.ended)}${took ? ` (${took})` : ""}.${why}`
  )
}

function times({ live, sign, asked, over }: IncidentTimes): Markdown {
  const seen = live === undefined ? "" : showSpan(live, sign.at)
  const back = over ? showSpan(asked, over.at) : ""
  return table(
    ["", "From", "To", "Took"],
    [
      [
        "Detection",
        live === undefined ? "it never went live" : `live ${showInstant(live)}`,
        `${showInstant(sign.at)}: ${said(sign.what)}`,
        seen || "–",
      ],
      [
        "Recovery",
        `asked for ${showInstant(asked)}`,
        over
          ? `${showInstant(over.at)}: ${over.verified ? "shown to be well" : "back; nothing is asked that would show it to be well"}`
          : "not over: the rollback failed",
        back || "–",
      ],
    ],
  )
}

/** The newest stay: what came before the release was out is in the audit trail. */
function timeline(events: readonly Told[], most: number): Markdown {
  if (events.length === 0) return "_Nothing was recorded._"
  const shown = most === 0 ? [] : events.slice(-most)
  const left = events.length - shown.length
  return page([
    left > 0 ? `… ${count(left, "earlier event")} left out: \`slipway audit\` tells the whole story.` : "",
    table(
      ["When", "What"],
      shown.map((one) => [showInstant(one.at), said(one.what)]),
    ),
  ])
}

/** Authors are named without `@`: an issue is no summons. */
function changes({ changes: all }: PostMortem, most: number): Markdown {
  const lines = all.map((c) => {
    const number = c.number === undefined ? "" : ` (#${c.number})`
    return `${said(c.text)}${number}${c.author ? ` by ${said(c.author)}` : ""}`
  })
  return folded(lines, most, "change")
}

function gates({ gates: all, approvals }: PostMortem, records: readonly AuditRecord[], most: number): Markdown {
  const published = all.map((gate) => `${said(gate.name)}: ${GATE_STATES[gate.state]}, ${said(gate.because)}`)
  const approved = approvals.map((one) => `${said(one.by)} approved on ${showInstant(one.at)}: ${said(one.says)}`)
  const entries = entryIn(records).flatMap(({ at, what, gates: entered }) => [
    `${showInstant(at)}: ${said(what)}`,
    ...entered.map(said),
  ])
  return page([
    `When it was published:\n\n${folded([...published, ...approved], most, "line")}`,
    entries.length === 0 ? "" : `When it asked to enter:\n\n${folded(entries, most, "line")}`,
  ])
}

function whoWasTold({ channels }: PostMortem, records: readonly AuditRecord[], most: number): Markdown {
  const thread = channels.length === 0 ? [] : [`its thread, all along, in ${channels.map(said).join(", ")}`]
  const others = toldIn(records).map((one) => `${showInstant(one.at)}: ${said(one.what)}`)
  return folded([...thread, ...others], most, "line")
}

function folded(lines: readonly Markdown[], most: number, one: string): Markdown {
  if (lines.length === 0) return "_Nothing was recorded._"
  const shown = lines.slice(0, most)
  const left = lines.length - shown.length
  return bullets([...shown, ...(left > 0 ? [`… and ${count(left, `more ${one}`)}`] : [])])
}
