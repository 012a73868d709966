import { oneLine } from "./one-line.ts"
import { cut } from "./words.ts"

/**
 * Characters that open or close Slack's formatting. Slack has no escape for them, so where they could have an effect
 * (not between two letters or digits, as in `snake_case`) their twins stand in.
 */
const TWINS: Readonly<Record<string, string>> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" }
const FORMATTING = /(?<![\p{L}\p{N}])[*_~]|[*_~](?![\p{L}\p{N}])|`/gu

/**
 * Text from outside, for a `mrkdwn` object or for a message's fallback text. `&`, `<` and `>` are escaped, and with
 * them every mention, `<!channel>` and link. https://docs.slack.dev/messaging/formatting-message-text#escaping
 * @param limit characters of `text` that are kept, counted before escaping
 */
export function escapeSlack(text: string, limit = 300): string {
  return cut(oneLine(text), limit)
    .replace(FORMATTING, (mark) => TWINS[mark] ?? mark)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
}

/**
 * Text from outside, for a `plain_text` object (headers, buttons), where Slack reads no formatting and no entities.
 * Angle brackets are replaced all the same: nothing that looks like `<!channel>` leaves this house.
 */
export const plainSlack = (text: string, limit: number): string =>
  cut(oneLine(text).replaceAll("<", "‹").replaceAll(">", "›"), limit)

/** Outside text as code; a backtick inside would end it. */
export const codeSlack = (text: string): string => `\`${escapeSlack(text)}\``

/**
 * A link that Slack shows as `text`. Only web addresses become links: anything else is shown as its text alone.
 * @param text outside text; it is escaped here
 */
export function linkSlack(url: string | undefined, text: string): string {
  const safe = webAddress(url)
  if (safe === undefined) return escapeSlack(text)
  return `<${safe.replaceAll("&", "&amp;")}|${escapeSlack(text).replaceAll("|", "¦")}>`
}

/** The address, when it is `https:` or `http:`, with what Slack's link syntax reserves percent-encoded. */
export function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, href } = new URL(url)
  if (protocol !== "https:" && protocol !== "http:") return undefined
  return href.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E")
}
