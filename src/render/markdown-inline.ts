import type { Inline } from "./markdown-tree.ts"

/** Nested formatting beyond this is shown as it is written. */
const DEEPEST = 8

interface Step {
  readonly inline: Inline
  readonly length: number
}

/** A text and what is known of the whole of it: else each mark that opens would be followed to the end anew. */
interface Source {
  readonly text: string
  readonly depth: number
  /** By where their words begin. Links go before emphasis, as in CommonMark. */
  readonly links: ReadonlyMap<number, Link>
  /** Signs that nothing closes from here on. */
  readonly open: Set<string>
}

interface Link {
  readonly words: string
  readonly url: string
  readonly length: number
}

/**
 * Inline Markdown: escapes, entities, code, emphasis, links, addresses. Not all of CommonMark, but what Slipway emits;
 * anything else comes out as its text, never as markup.
 */
export function parseInline(text: string, depth = 0): readonly Inline[] {
  const source: Source = { text, depth, links: linksIn(text), open: new Set() }
  const found: Inline[] = []
  let plain = ""
  const flush = () => {
    if (plain !== "") found.push({ is: "text", text: plain })
    plain = ""
  }
  for (let at = 0; at < text.length; ) {
    const step = depth < DEEPEST ? stepAt(source, at) : undefined
    if (step?.inline.is === "text") plain += step.inline.text
    else if (step) {
      flush()
      found.push(step.inline)
    } else plain += text[at]
    at += step?.length ?? 1
  }
  flush()
  return found
}

function stepAt(source: Source, at: number): Step | undefined {
  const { text } = source
  switch (text[at]) {
    case "\\":
      return escaped(text, at)
    case "&":
      return entity(text, at)
    case "`":
      return code(text, at)
    case "[":
      return link(source, at)
    case "*":
    case "~":
    case "_":
      return emphasis(source, at)
    case "h":
      return address(text, at)
    case "\n":
      return { inline: { is: "text", text: " " }, length: 1 }
    default:
      return undefined
  }
}

function escaped(source: string, at: number): Step | undefined {
  const next = source[at + 1] ?? ""
  if (next === "\n") return { inline: { is: "break" }, length: 2 }
  return /[!-/:-@[-`{-~]/.test(next) ? { inline: { is: "text", text: next }, length: 2 } : undefined
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0" }

function entity(source: string, at: number): Step | undefined {
  const [whole, name = ""] = /^&(\w{2,8}|#\d{1,6});/.exec(source.slice(at, at + 12)) ?? []
  if (whole === undefined) return undefined
  const code = name.startsWith("#") ? Number(name.slice(1)) : 0
  const text = name.startsWith("#")
    ? code > 0 && code <= 0x10ffff
      ? String.fromCodePoint(code)
      : "\ufffd"
    : ENTITIES[name]
  return text === undefined ? undefined : { inline: { is: "text", text }, length: whole.length }
}

function code(source: string, at: number): Step | undefined {
  const [ticks = ""] = /^`+/.exec(source.slice(at)) ?? []
  const end = new RegExp(`(?<!\`)\`{${ticks.length}}(?!\`)`, "g")
  end.lastIndex = at + ticks.length
  const close = end.exec(source)
  if (!close) return { inline: { is: "text", text: ticks }, length: ticks.length }
  const text = source.slice(at + ticks.length, close.index)
  return { inline: { is: "code", text: text.replace(/^ (.*) $/, "$1") }, length: close.index + ticks.length - at }
}

function link({ links, depth }: Source, at: number): Step | undefined {
  const found = links.get(at)
  if (!found) return undefined
  const { words, url, length } = found
  return { inline: { is: "link", url, inside: parseInline(words, depth + 1) }, length }
}

const TARGET = /\((https?:\/\/[^\s()<>]*)\)/y

/** Brackets with an address behind them, outside of escapes and code. */
function linksIn(text: string): ReadonlyMap<number, Link> {
  const links = new Map<number, Link>()
  const open: number[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === "\\") at++
    else if (char === "`") at += (code(text, at)?.length ?? 1) - 1
    else if (char === "[") open.push(at)
    else if (char === "]") {
      const from = open.pop()
      TARGET.lastIndex = at + 1
      const [target, url = ""] = (from === undefined ? null : TARGET.exec(text)) ?? []
      if (from === undefined || target === undefined) continue
      links.set(from, { words: text.slice(from + 1, at), url, length: at + 1 + target.length - from })
    }
  }
  return links
}

const MARKS = [
  ["**", "strong"],
  ["~~", "del"],
  ["*", "em"],
  ["_", "em"],
] as const

function emphasis(source: Source, at: number): Step | undefined {
  const { text, depth, open } = source
  const mark = MARKS.find(([sign]) => text.startsWith(sign, at))
  if (!mark) return undefined
  const [sign, is] = mark
  const start = at + sign.length
  if (open.has(sign) || /\s/.test(text[start] ?? " ") || (sign === "_" && /\w/.test(text[at - 1] ?? " ")))
    return undefined
  const end = closing(source, start, sign)
  if (end < 0) open.add(sign)
  if (end <= start) return undefined
  const inside = parseInline(text.slice(start, end), depth + 1)
  return { inline: { is, inside }, length: end + sign.length - at }
}

/** Where `sign` next closes what it opened, outside of escapes, code and links; -1 where it does not. */
function closing({ text, links }: Source, from: number, sign: string): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === "\\") at++
    else if (char === "`") at += (code(text, at)?.length ?? 1) - 1
    else if (char === "[") at += (links.get(at)?.length ?? 1) - 1
    else if (sign === "*" && text.startsWith("**", at)) at++
    else if (text.startsWith(sign, at) && closes(text, at, sign)) return at
  }
  return -1
}

const closes = (text: string, end: number, sign: string): boolean =>
  !/\s/.test(text[end - 1] ?? " ") && (sign !== "_" || !/\w/.test(text[end + 1] ?? " "))

/** A bare address, without the punctuation of the sentence that it ends. */
function address(source: string, at: number): Step | undefined {
  if (/\w/.test(source[at - 1] ?? " ")) return undefined
  const [whole] = /^https?:\/\/[^\s<>"]+/.exec(source.slice(at)) ?? []
  const url = whole?.replace(/(?<![)\].,;:!?*_~])[)\].,;:!?*_~]+$/, "")
  return url === undefined
    ? undefined
    : { inline: { is: "link", url, inside: [{ is: "text", text: url }] }, length: url.length }
}
