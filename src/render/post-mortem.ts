import type { PostMortem } from "../model/message.ts"
import { evidenceLink, type Markdown, page, table, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { fitBytes } from "./fit-bytes.ts"
import { showInstant, showSpan } from "./instant.ts"
import { count, cut, shortSha } from "./words.ts"

/** GitHub's limits: a title of 256 characters, a body of 65,536. */
const TITLE_LIMIT = 256
const BODY_LIMIT = 65_536
const CHANGES_SHOWN = 200

/** The issue that a rollback opens: what happened by the clock, what had changed, and what people are to fill in. */
export function renderPostMortem(report: PostMortem, marker: string): { title: string; body: Markdown } {
  const { notice } = report
  const day = showInstant(notice.ended).slice(0, 10)
  const title = `Post-mortem: ${notice.from.version} rolled back from ${notice.environment} on ${day}`
  const body = page([
    postMortemMarker(marker),
    whatHappened(report),
    `## Timeline\n\n${timeline(report)}`,
    `## What ${versionText(notice.from.version)} changed\n\n${changes(report)}`,
    "## Impact\n\n_Who noticed what, for how long?_",
    "## Causes\n\n_What made the failure possible? Ask why until the answer is something that can be changed._",
    "## Actions\n\n- [ ] _What is done, by whom, until when?_",
  ])
  return {
    title: cut(title.replace(/\s+/g, " "), TITLE_LIMIT),
    body: fitBytes(body, BODY_LIMIT, "*The rest was too long for an issue.*"),
  }
}

/** By this a retry finds the issue again; invisible on GitHub. */
export const postMortemMarker = (marker: string): string =>
  `<!-- slipway:post-mortem ${marker.replace(/[^\w:./#-]/g, "")} -->`

function whatHappened({ notice: it, issue, releaseUrl }: PostMortem): Markdown {
  const took = showSpan(it.begun, it.ended)
  const release = (r: { version: string; sha: string }) =>
    `**${versionText(r.version)}** (\`${escapeMarkdown(shortSha(r.sha))}\`)`
  return page([
    `**${escapeMarkdown(it.service)}** in **${escapeMarkdown(it.environment)}** was rolled back from ${release(it.from)} ` +
      `to ${release(it.to)} by ${escapeMarkdown(it.by)}, ${showInstant(it.begun)} – ${showInstant(it.ended)}${took ? ` (${took})` : ""}.`,
    it.how === undefined ? "" : `**How:** ${escapeMarkdown(it.how)}`,
    `**Reason given:** ${escapeMarkdown(it.because) || "none"}`,
    issue === undefined ? "" : `**Asked for in:** #${issue}`,
    `**Next step:** ${escapeMarkdown(it.next)}`,
    `**Release:** ${evidenceLink(`release ${it.from.version}`, releaseUrl)}`,
  ])
}

const timeline = ({ timeline: events }: PostMortem): Markdown =>
  table(
    ["When", "What"],
    events.map((e) => [showInstant(e.at), escapeMarkdown(e.what)]),
  ) || "_Nothing was recorded._"

/** Authors are named without `@`: an issue is no summons. */
function changes({ changes: all }: PostMortem): Markdown {
  if (all.length === 0) return "_Nothing was recorded._"
  const lines = all.slice(0, CHANGES_SHOWN).map((c) => {
    const number = c.number === undefined ? "" : ` (#${c.number})`
    return `- ${escapeMarkdown(c.text)}${number}${c.author ? ` by ${escapeMarkdown(c.author)}` : ""}`
  })
  const left = all.length - lines.length
  return [...lines, ...(left > 0 ? [`- … and ${count(left, "more change")}`] : [])].join("\n")
}
