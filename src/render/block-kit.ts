import { plainSlack, webAddress } from "./slack-text.ts"

/** A Slack message: blocks, and a text that stands alone in notifications and where blocks are not shown. */
export interface SlackMessage {
  readonly text: string
  readonly blocks: Block[]
}

/** The part of Block Kit that Slipway uses. https://docs.slack.dev/reference/block-kit/blocks */
export type Block =
  | { type: "header"; text: PlainText }
  | { type: "section"; text: Mrkdwn }
  | { type: "section"; fields: Mrkdwn[] }
  | { type: "context"; elements: Mrkdwn[] }
  | { type: "divider" }
  | { type: "actions"; elements: Button[] }

export interface PlainText {
  type: "plain_text"
  text: string
  emoji: false
}

export interface Mrkdwn {
  type: "mrkdwn"
  text: string
  /** Slack turns no `@here`, `#channel` or bare address into a mention or link of its own accord. */
  verbatim: true
}

export interface Button {
  type: "button"
  text: PlainText
  url: string
  action_id: string
  style?: "primary" | "danger"
}

const HEADER_LIMIT = 150
const SECTION_LIMIT = 3000
const FIELD_LIMIT = 2000
const BUTTON_LIMIT = 75
const URL_LIMIT = 3000

/** @param text outside text; it is made safe here */
export const header = (text: string): Block => ({ type: "header", text: plain(text, HEADER_LIMIT) })

/** @param text `mrkdwn`, its outside parts already escaped */
export const section = (text: string): Block => ({ type: "section", text: mrkdwn(text, SECTION_LIMIT) })

/** Two columns; at most ten fields. */
export const fields = (texts: readonly string[]): Block => ({
  type: "section",
  fields: texts.slice(0, 10).map((text) => mrkdwn(text, FIELD_LIMIT)),
})

/** A small grey line; its parts are set apart by dots. */
export const context = (parts: readonly string[]): Block => ({
  type: "context",
  elements: [mrkdwn(parts.join("  ·  "), SECTION_LIMIT)],
})

/** Buttons that lead to a page; one without a proper web address is left out. Undefined when none is left. */
export function linkButtons(
  buttons: readonly { id: string; text: string; url: string | undefined; style?: "primary" | "danger" }[],
): Block | undefined {
  const elements = buttons.flatMap(({ id, text, url, style }): Button[] => {
    const address = webAddress(url)
    if (address === undefined || address.length > URL_LIMIT) return []
    const button: Button = { type: "button", text: plain(text, BUTTON_LIMIT), url: address, action_id: id }
    return [style ? { ...button, style } : button]
  })
  return elements.length > 0 ? { type: "actions", elements } : undefined
}

/**
 * As many lines as fit, and a last one with the true count of those that do not.
 * @param lines `mrkdwn`, their outside parts already escaped, each far shorter than `limit`
 * @param limit characters, of the text as sent
 */
export function foldLines(
  lines: readonly string[],
  most: number,
  more: (left: number) => string,
  limit = 1800,
): string {
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (kept.length >= most || length > limit) break
    kept.push(line)
  }
  return [...kept, ...(kept.length < lines.length ? [more(lines.length - kept.length)] : [])].join("\n")
}

const plain = (text: string, limit: number): PlainText => ({
  type: "plain_text",
  text: plainSlack(text, limit) || "–",
  emoji: false,
})

/**
 * What stands alone in notifications: Slack advises 4,000 characters, and cuts 40,000 off wherever that is.
 * https://docs.slack.dev/reference/methods/chat.postMessage#truncating
 */
export const fallbackText = (text: string): string => cutMrkdwn(text, SECTION_LIMIT)

const mrkdwn = (text: string, limit: number): Mrkdwn => ({
  type: "mrkdwn",
  text: cutMrkdwn(text, limit),
  verbatim: true,
})

/** The cut is a last resort: callers fold long lists by lines, and a cut could end inside an entity or a link. */
const cutMrkdwn = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/(?:<[^>]*|&[a-z]*)$/, "")}…`
