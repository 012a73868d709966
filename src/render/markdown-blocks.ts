import { withoutBetween } from "../model/without-between.ts"
import { parseInline } from "./markdown-inline.ts"
import type { Inline, MarkdownBlock } from "./markdown-tree.ts"

/** What one kind of block took from the lines, and how many. */
type Taken = { readonly block: MarkdownBlock | undefined; readonly lines: number }
type Reader = (lines: readonly string[]) => Taken | undefined

/** Nested lists and quotes beyond this are shown as text. */
const DEEPEST = 6

/**
 * Markdown as a tree, for the two places where Slipway itself has to show it: the terminal and `demo.html`. It knows
 * what Slipway emits; HTML other than `<details>` and comments comes out as text.
 */
export const parseMarkdown = (markdown: string): readonly MarkdownBlock[] =>
  parseLines(withoutBetween(markdown.replaceAll("\r\n", "\n"), "<!--", "-->").split("\n"), 0)

function parseLines(lines: readonly string[], depth: number): readonly MarkdownBlock[] {
  const readers: readonly Reader[] =
    depth < DEEPEST ? [fence, heading, rule, details(depth), table, quote(depth), list(depth), paragraph] : [paragraph]
  const blocks: MarkdownBlock[] = []
  for (let at = 0; at < lines.length; ) {
    if (lines[at]?.trim() === "") {
      at++
      continue
    }
    const rest = lines.slice(at, at + MOST_LINES_OF_A_BLOCK)
    const taken = firstOf(readers, rest)
    if (taken.block) blocks.push(taken.block)
    at += taken.lines
  }
  return blocks
}

const MOST_LINES_OF_A_BLOCK = 5000

function firstOf(readers: readonly Reader[], lines: readonly string[]): Taken {
  for (const read of readers) {
    const taken = read(lines)
    if (taken) return taken
  }
  return { block: undefined, lines: 1 }
}

const heading: Reader = ([line = ""]) => {
  const [, marks = "", text = ""] = /^(#{1,6})\s+(.*)$/s.exec(line) ?? []
  return marks ? { block: { is: "heading", level: marks.length, inside: parseInline(text) }, lines: 1 } : undefined
}

const rule: Reader = ([line = ""]) =>
  /^ {0,3}([-*_])(?: *\1){2,} *$/.test(line) ? { block: { is: "rule" }, lines: 1 } : undefined

const fence: Reader = (lines) => {
  const [, mark = ""] = /^ {0,3}(`{3,}|~{3,})/.exec(lines[0] ?? "") ?? []
  if (!mark) return undefined
  const end = lines.findIndex((line, at) => at > 0 && line.trim().startsWith(mark))
  const last = end < 0 ? lines.length : end
  return { block: { is: "code", text: lines.slice(1, last).join("\n") }, lines: Math.min(last + 1, lines.length) }
}

const details =
  (depth: number): Reader =>
  (lines) => {
    if (!/^<details>/.test(lines[0] ?? "")) return undefined
    const end = endOfDetails(lines)
    const inner = lines.slice(1, end)
    const summaryAt = inner.findIndex((line) => line.startsWith("<summary>"))
    const summary = summaryAt < 0 ? "Details" : (inner[summaryAt] ?? "").replace(/<\/?summary>/g, "")
    const blocks = parseLines(inner.slice(summaryAt + 1), depth + 1)
    return { block: { is: "details", summary: parseInline(summary), blocks }, lines: Math.min(end + 1, lines.length) }
  }

function endOfDetails(lines: readonly string[]): number {
  let open = 0
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("<details>")) open++
    if (line.startsWith("</details>") && --open === 0) return at
  }
  return lines.length
}

const table: Reader = (lines) => {
  const [head = "", under = ""] = lines
  if (!head.startsWith("|") || !/^\|(?: *:?-+:? *\|)+ *$/.test(under)) return undefined
  const end = lines.findIndex((line, at) => at > 1 && !line.startsWith("|"))
  const rows = lines.slice(2, end < 0 ? lines.length : end)
  return { block: { is: "table", head: cells(head), rows: rows.map(cells) }, lines: rows.length + 2 }
}

/** Split at bars that no backslash precedes. */
const cells = (line: string): readonly (readonly Inline[])[] =>
  line
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|\s*$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim().replaceAll("\\|", "|")))

const quote =
  (depth: number): Reader =>
  (lines) => {
    const end = lines.findIndex((line) => !/^ {0,3}>/.test(line))
    const count = end < 0 ? lines.length : end
    if (count === 0) return undefined
    const inner = lines.slice(0, count).map((line) => line.replace(/^ {0,3}> ?/, ""))
    const [, alert = ""] = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$/.exec(inner[0] ?? "") ?? []
    const blocks = parseLines(alert ? inner.slice(1) : inner, depth + 1)
    return { block: { is: "quote", ...(alert ? { alert: alert.toLowerCase() } : {}), blocks }, lines: count }
  }

/** Two blanks and more belong to the item above. */
const ITEM = /^( ?)([-*+]|\d{1,9}[.)])( +)(.*)$/s

const list =
  (depth: number): Reader =>
  (lines) => {
    const first = ITEM.exec(lines[0] ?? "")
    if (!first) return undefined
    const ordered = /\d/.test(first[2] ?? "")
    const items: string[][] = []
    let at = 0
    for (; at < lines.length; at++) {
      const line = lines[at] ?? ""
      const item = ITEM.exec(line)
      if (item && /\d/.test(item[2] ?? "") === ordered) items.push([item[4] ?? ""])
      else if (/^ {2,}\S/.test(line)) items.at(-1)?.push(line.replace(/^ {2,3}/, ""))
      else break
    }
    return { block: { is: "list", ordered, items: items.map((item) => parseLines(item, depth + 1)) }, lines: at }
  }

const paragraph: Reader = (lines) => {
  const end = lines.findIndex(
    (line, at) => at > 0 && (line.trim() === "" || /^(?:#{1,6} |>|<\/?details>|\||```|[-*+] |\d{1,9}[.)] )/.test(line)),
  )
  const own = lines.slice(0, end < 0 ? lines.length : end)
  return {
    block: { is: "paragraph", inside: parseInline(own.map((line) => line.trim()).join("\n")) },
    lines: own.length,
  }
}
