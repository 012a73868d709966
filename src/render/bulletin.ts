import type { Bulletin } from "../model/bulletin.ts"
import { type Block, context, foldLines, header, linkButtons, type SlackMessage, section } from "./block-kit.ts"
import { sheetOf } from "./bulletin-sheet.ts"
import { escapeSlack, linkSlack } from "./slack-text.ts"

/** The lists of a sheet are short; their lines may not be. */
const LINES_SHOWN = 15

/** A bulletin for a channel of Slack's: the same words as in the e-mail. */
export function renderBulletin(bulletin: Bulletin): SlackMessage {
  const { symbol, heading, says, facts, lists, links } = sheetOf(bulletin)
  const blocks: (Block | undefined)[] = [
    header(`${symbol} ${heading}`),
    section(escapeSlack(says, 800)),
    ...lists.map(({ title, items, more }) => {
      const lines = items.map((item) => `• ${escapeSlack(item, 200)}`)
      const all = [...lines, ...(more > 0 ? [`… and ${more} more`] : [])]
      return section(`*${title}*\n${foldLines(all, LINES_SHOWN + 1, (left) => `… and ${left} more lines`)}`)
    }),
    context(facts.map(([label, value]) => `${escapeSlack(label, 100)}: ${escapeSlack(value, 200)}`)),
    linkButtons(links.map(({ text, url }) => ({ id: "view_release", text, url }))),
  ]
  const link = links.map(({ text, url }) => ` ${linkSlack(url, text)}`).join("")
  return {
    text: `${symbol} ${escapeSlack(says, 800)}${link}`,
    blocks: blocks.filter((block) => block !== undefined),
  }
}
