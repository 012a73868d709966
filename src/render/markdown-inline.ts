import type { Inline } from "./markdown-tree.ts"

/** Nested formatting beyond this is shown as it is written. */
const DEEPEST = 8

interface Step {
  readonly inline: Inline
  readonly length: number
}

/**
 * Inline Markdown: escapes, entities, code, emphasis, links, addresses. Not all of CommonMark, but what Slipway emits;
 * anything else comes out as its text, never as markup.
 */
export function parseInline(source: string, depth = 0): readonly Inline[] {
  const found: Inline[] = []
  let text = ""
  const flush = () => {
    if (text !== "") found.push({ is: "text", text })
    text = ""
  }
  for (let at = 0; at < source.length; ) {
    const step = depth < DEEPEST ? stepAt(source, at, depth) : undefined
    if (step?.inline.is === "text") text += step.inline.text
    else if (step) {
      flush()
      found.push(step.inline)
    } else text += source[at]
    at += step?.length ?? 1
  }
  flush()
  return found
}

function stepAt(source: string, at: number, depth: number): Step | undefined {
  switch (source[at]) {
    case "\\":
      return escaped(source, at)
    case "&":
      return entity(source, at)
    case "`":
      return code(source, at)
    case "[":
      return link(source, at, depth)
    case "<":
      return comment(source, at)
    case "*":
    case "~":
    case "_":
      return emphasis(source, at, depth)
    case "h":
      return address(source, at)
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

const comment = (source: string, at: number): Step | undefined => {
  const end = source.startsWith("<!--", at) ? source.indexOf("-->", at) : -1
  return end < 0 ? undefined : { inline: { is: "text", text: "" }, length: end + 3 - at }
}

function link(source: string, at: number, depth: number): Step | undefined {
  const close = closing(source, at + 1, "]")
  const [whole, url = ""] = /^\((https?:\/\/[^\s()<>]*)\)/.exec(close < 0 ? "" : source.slice(close + 1)) ?? []
  if (whole === undefined) return undefined
  const inside = parseInline(source.slice(at + 1, close), depth + 1)
  return { inline: { is: "link", url, inside }, length: close + 1 + whole.length - at }
}

const MARKS = [
  ["**", "strong"],
  ["~~", "del"],
  ["*", "em"],
  ["_", "em"],
] as const

function emphasis(source: string, at: number, depth: number): Step | undefined {
  const mark = MARKS.find(([sign]) => source.startsWith(sign, at))
  if (!mark) return undefined
  const [sign, is] = mark
  const start = at + sign.length
  if (/\s/.test(source[start] ?? " ") || (sign === "_" && /\w/.test(source[at - 1] ?? " "))) return undefined
  let end = closing(source, start, sign)
  while (end >= 0 && !closes(source, end, sign)) end = closing(source, end + 1, sign)
  if (end <= start) return undefined
  const inside = parseInline(source.slice(start, end), depth + 1)
  return { inline: { is, inside }, length: end + sign.length - at }
}

const closes = (source: string, end: number, sign: string): boolean =>
  !/\s/.test(source[end - 1] ?? " ") && (sign !== "_" || !/\w/.test(source[end + 1] ?? " "))

/** Where `sign` next stands outside of escapes, code and nested brackets; -1 where it does not. */
function closing(source: string, from: number, sign: string): number {
  let nested = 0
  for (let at = from; at < source.length; at++) {
    const char = source[at]
    if (char === "\\") at++
    else if (char === "`") at += (code(source, at)?.length ?? 1) - 1
    else if (char === "[") nested++
    else if (char === "]" && nested > 0) nested--
    else if (nested === 0 && source.startsWith(sign, at)) {
      if (sign !== "*" || source[at + 1] !== "*") return at
      at++
    }
  }
  return -1
}

/** A bare address, without the punctuation of the sentence that it ends. */
function address(source: string, at: number): Step | undefined {
  if (/\w/.test(source[at - 1] ?? " ")) return undefined
  const [whole] = /^https?:\/\/[^\s<>"]+/.exec(source.slice(at)) ?? []
  const url = whole?.replace(/(?<![)\].,;:!?*_~])[)\].,;:!?*_~]+$/, "")
  return url === undefined
    ? undefined
    : { inline: { is: "link", url, inside: [{ is: "text", text: url }] }, length: url.length }
}
