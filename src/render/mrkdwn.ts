import type { Inline } from "./markdown-tree.ts"

const TOKEN =
  /<(https?:[^|>]+)(?:\|([^>]*))?>|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)(.*?\S)\4(?![\p{L}\p{N}])|<(?:@|!subteam\^)([A-Z0-9]+)>|\n/u

/** Slack's mrkdwn as a tree, as far as Slipway writes it. https://docs.slack.dev/messaging/formatting-message-text */
export function parseMrkdwn(source: string): readonly Inline[] {
  const found: Inline[] = []
  let rest = source
  for (let match = TOKEN.exec(rest); match; match = TOKEN.exec(rest)) {
    if (match.index > 0) found.push(text(rest.slice(0, match.index)))
    found.push(inlineOf(match))
    rest = rest.slice(match.index + match[0].length)
  }
  return rest === "" ? found : [...found, text(rest)]
}

function inlineOf([whole, url, label, code, mark, inside, member]: RegExpExecArray): Inline {
  if (url !== undefined) return { is: "link", url: unescaped(url), inside: [text(label ?? url)] }
  if (code !== undefined) return { is: "code", text: unescaped(code) }
  if (mark !== undefined) return { is: STYLES[mark] ?? "em", inside: parseMrkdwn(inside ?? "") }
  // Slack shows a name; which one, only the workspace knows.
  if (member !== undefined) return { is: "strong", inside: [text(`@${member}`)] }
  return whole === "\n" ? { is: "break" } : text(whole)
}

const STYLES: Readonly<Record<string, "strong" | "em" | "del">> = { "*": "strong", _: "em", "~": "del" }

const text = (escaped: string): Inline => ({ is: "text", text: unescaped(escaped) })

const unescaped = (escaped: string): string =>
  escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")
