import { parseMarkdown } from "./markdown-blocks.ts"
import type { Inline, MarkdownBlock } from "./markdown-tree.ts"
import { type Line, lineWidth, type Style, spansOf, wrap } from "./terminal-text.ts"

/** Markdown as lines for a terminal of so many columns. */
export const markdownLines = (markdown: string, width: number): Line[] => linesOf(parseMarkdown(markdown), width)

function linesOf(blocks: readonly MarkdownBlock[], width: number): Line[] {
  return blocks.flatMap((it, at) => [...(at > 0 ? [[]] : []), ...block(it, width)])
}

function block(it: MarkdownBlock, width: number): Line[] {
  switch (it.is) {
    case "heading":
      return paragraph(it.inside, width, { bold: true, ...(it.level <= 2 ? { colour: "cyan" as const } : {}) })
    case "paragraph":
      return paragraph(it.inside, width)
    case "list":
      return it.items.flatMap((item, at) => hang(it.ordered ? `${at + 1}. ` : "• ", tight(item, width - 3)))
    case "table":
      return table(it, width)
    case "quote":
      return [
        ...(it.alert ? [[span(`! ${it.alert}`, { bold: true, colour: "red" })]] : []),
        ...hang("│ ", linesOf(it.blocks, width - 2), "│ "),
      ]
    case "details":
      return [
        ...paragraph(it.summary, width, { bold: true }).map((line) => [span("▾ "), ...line]),
        ...hang("  ", linesOf(it.blocks, width - 2)),
      ]
    case "code":
      // Broken where it is too long: a frame is drawn around it.
      return it.text
        .split("\n")
        .flatMap((text) => wrap([span(text, { colour: "cyan" })], Math.max(1, width - 2)))
        .map((line) => [span("  "), ...line])
    case "rule":
      return [[span("─".repeat(width), { faint: true })]]
  }
}

const span = (text: string, style: Style = {}) => ({ text, style })

const paragraph = (inlines: readonly Inline[], width: number, style: Style = {}): Line[] =>
  spansOf(inlines, style).flatMap((line) => wrap(line, width))

/** Items of a list stand without blank lines between their blocks. */
const tight = (blocks: readonly MarkdownBlock[], width: number): Line[] => blocks.flatMap((it) => block(it, width))

const hang = (mark: string, lines: readonly Line[], rest = " ".repeat(mark.length)): Line[] =>
  lines.map((line, at) => [span(at === 0 ? mark : rest, { faint: true }), ...line])

const GAP = 2
const NARROWEST = 8

/** Columns as wide as they need to be; where they do not fit, the widest give way and their cells wrap. */
function table({ head, rows }: Extract<MarkdownBlock, { is: "table" }>, width: number): Line[] {
  const all = [
    head.map((cell) => spansOf(cell, { bold: true }).flat()),
    ...rows.map((row) => head.map((_, at) => spansOf(row[at] ?? []).flat())),
  ]
  const wanted = head.map((_, at) => Math.max(1, ...all.map((row) => lineWidth(row[at] ?? []))))
  const widths = shrink(wanted, width - GAP * (head.length - 1))
  const lines = all.map((row) => rowLines(row, widths))
  const under: Line = [
    span(
      "─".repeat(
        Math.min(
          width,
          widths.reduce((a, b) => a + b + GAP, -GAP),
        ),
      ),
      { faint: true },
    ),
  ]
  return [...(lines[0] ?? []), under, ...lines.slice(1).flat()]
}

function shrink(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted]
  while (widths.reduce((a, b) => a + b, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function rowLines(row: readonly Line[], widths: readonly number[]): Line[] {
  const cells = row.map((cell, at) => wrap(cell, widths[at] ?? NARROWEST))
  const height = Math.max(...cells.map((cell) => cell.length))
  return Array.from({ length: height }, (_, line) =>
    cells.flatMap((cell, at) => {
      const text = cell[line] ?? []
      const pad = (widths[at] ?? 0) - lineWidth(text) + (at < cells.length - 1 ? GAP : 0)
      return [...text, span(" ".repeat(Math.max(0, pad)))]
    }),
  )
}
