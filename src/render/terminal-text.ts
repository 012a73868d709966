import type { Inline } from "./markdown-tree.ts"

/** How a piece of text looks in a terminal. */
export interface Style {
  readonly bold?: boolean
  readonly faint?: boolean
  readonly struck?: boolean
  readonly colour?: "red" | "green" | "yellow" | "blue" | "cyan"
}

interface Span {
  readonly text: string
  readonly style: Style
}

export type Line = readonly Span[]

const COLOURS = { red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 }

/** A line as it is written to the terminal; without `colour` plain text. */
export const paint = (line: Line, colour: boolean): string =>
  line
    .map(({ text, style }) => (colour ? sgr(text, style) : text))
    .join("")
    .trimEnd()

function sgr(text: string, { bold, faint, struck, colour }: Style): string {
  const codes = [
    ...(bold ? [1] : []),
    ...(faint ? [2] : []),
    ...(struck ? [9] : []),
    ...(colour ? [COLOURS[colour]] : []),
  ]
  return codes.length === 0 ? text : `\u001b[${codes.join(";")}m${text}\u001b[0m`
}

/** Control characters (a terminal obeys them) and invisible ones are taken out. */
export const printable = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, " ")
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")

/** Inline text as lines of spans: breaks begin a new line. Struck text without colour keeps its marks. */
export function spansOf(inlines: readonly Inline[], style: Style = {}): Line[] {
  const lines: Span[][] = [[]]
  const add = (more: readonly Line[]) => {
    for (const [at, line] of more.entries()) {
      if (at > 0) lines.push([])
      lines.at(-1)?.push(...line)
    }
  }
  for (const inline of inlines) {
    if (inline.is === "break") lines.push([])
    else add(oneOf(inline, style))
  }
  return lines
}

function oneOf(inline: Exclude<Inline, { is: "break" }>, style: Style): readonly Line[] {
  switch (inline.is) {
    case "text":
      return [[{ text: printable(inline.text), style }]]
    case "code":
      return [[{ text: printable(inline.text), style: { ...style, colour: "cyan" } }]]
    case "strong":
      return spansOf(inline.inside, { ...style, bold: true })
    case "em":
      return spansOf(inline.inside, style)
    case "del":
      return [
        [
          { text: "~", style },
          ...spansOf(inline.inside, { ...style, struck: true, faint: true }).flat(),
          { text: "~", style },
        ],
      ]
    case "link":
      return spansOf(inline.inside, { ...style, colour: "blue" })
  }
}

/** Columns that a text takes: emoji and wide scripts take two, joiners and marks none. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += NARROW.test(char) ? 1 : ZERO.test(char) ? 0 : WIDE.test(char) ? 2 : 1
  return width + (text.match(/[^\p{Emoji_Presentation}]\ufe0f/gu)?.length ?? 0)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII, which is most of what comes
const NARROW = /[\u0000-\u007f]/
const ZERO = /\u200b|\u200c|\u200d|\p{M}/u
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0)

/** Breaks a line between words; a word that is longer than the width is broken where it must be. */
export function wrap(line: Line, width: number): Line[] {
  const lines: Span[][] = [[]]
  let used = 0
  for (const { text, style } of line) {
    for (const word of text.match(/ +|[^ ]+/g) ?? []) {
      for (const piece of piecesOf(word, width)) {
        const wide = widthOf(piece)
        if (used + wide > width && used > 0) {
          lines.push([])
          used = 0
        }
        if (used === 0 && piece.startsWith(" ") && lines.length > 1) continue
        lines.at(-1)?.push({ text: piece, style })
        used += wide
      }
    }
  }
  return lines
}

function piecesOf(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word]
  const pieces: string[] = [""]
  for (const char of word) {
    const last = pieces.length - 1
    if (widthOf(pieces[last] + char) > width) pieces.push(char)
    else pieces[last] += char
  }
  return pieces
}
