import type { Mail } from "../model/bulletin.ts"
import { type Sheet, sheetOf } from "./bulletin-sheet.ts"
import { escapeHtml } from "./html-text.ts"
import { oneLine } from "./one-line.ts"
import { cut } from "./words.ts"

export interface RenderedMail {
  /** One line. */
  readonly subject: string
  readonly text: string
  /** A page that stands alone: no script, no picture, nothing that is fetched when it is opened. */
  readonly html: string
}

/** GitHub and mail clients show less; a header of a mile is asked for by nobody. */
const SUBJECT_LIMIT = 200

/** The e-mail as text and as HTML. Mail clients know little of CSS, so that each element has its own. */
export function renderMail({ subject, event, bulletin }: Pick<Mail, "subject" | "event" | "bulletin">): RenderedMail {
  const sheet = sheetOf(bulletin)
  const about = cut(oneLine(subject), SUBJECT_LIMIT)
  return {
    subject: event === "announced" ? about : `Re: ${about}`,
    text: textOf(sheet),
    html: htmlOf(sheet),
  }
}

const FOOTER = "Slipway sent this, because the plan or the configuration of the repository names this address."

function textOf({ heading, says, facts, lists, links }: Sheet): string {
  const blocks = [
    heading,
    says,
    facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
    ...lists.map(({ title, items, more }) =>
      [`${title}:`, ...items.map((item) => `  - ${item}`), ...moreOf(more).map((last) => `  ${last}`)].join("\n"),
    ),
    links.map(({ text, url }) => `${text}: ${url}`).join("\n"),
    `-- \n${FOOTER}`,
  ]
  return blocks.filter((block) => block !== "").join("\n\n")
}

const moreOf = (more: number): readonly string[] => (more > 0 ? [`… and ${more} more`] : [])

const INK = "color:#1c2128"
const QUIET = "color:#59636e"
const FONT = "font-family:-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"
const BUTTON =
  "display:inline-block;padding:8px 16px;border-radius:6px;background:#0757ba;color:#ffffff;text-decoration:none"

function htmlOf({ heading, says, facts, lists, links }: Sheet): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td style="padding:3px 16px 3px 0;vertical-align:top;${QUIET}">${escapeHtml(label)}</td><td style="padding:3px 0">${escapeHtml(value)}</td></tr>`,
  )
  const sections = lists.map(({ title, items, more }) => {
    const entries = [...items, ...moreOf(more)].map((item) => `<li style="margin:3px 0">${escapeHtml(item)}</li>`)
    return `<h2 style="margin:24px 0 6px;font-size:16px">${escapeHtml(title)}</h2><ul style="margin:0;padding-left:22px">${entries.join("")}</ul>`
  })
  const buttons = links.map(({ text, url }) => `<a href="${escapeHtml(url)}" style="${BUTTON}">${escapeHtml(text)}</a>`)
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light"><title>${escapeHtml(heading)}</title></head>`,
    `<body style="margin:0;padding:24px;background:#ffffff;${INK};${FONT};font-size:15px;line-height:1.5"><div style="max-width:600px">`,
    `<h1 style="margin:0 0 8px;font-size:22px;line-height:1.3">${escapeHtml(heading)}</h1>`,
    `<p style="margin:0 0 16px">${escapeHtml(says)}</p>`,
    `<table role="presentation" style="border-collapse:collapse;font-size:15px">${rows.join("")}</table>`,
    ...sections,
    ...(buttons.length > 0 ? [`<p style="margin:24px 0 0">${buttons.join(" ")}</p>`] : []),
    `<p style="margin:32px 0 0;font-size:13px;${QUIET}">${escapeHtml(FOOTER)}</p>`,
    "</div></body></html>",
  ].join("\n")
}
