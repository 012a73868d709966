import type { Notes, NotesEntry, NotesSection } from "../model/notes.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { blank, type Keyed, linesOf } from "./keyed.ts"
import { DEFAULT_LINE, noteLine } from "./note-line.ts"
import { count, cutWords } from "./words.ts"

/** One section on its way into Markdown. */
export interface Block {
  readonly title: string
  readonly folded: boolean
  /** One an entry. */
  readonly items: readonly Item[]
  /** How many changes are only counted. */
  readonly missing: number
}

interface Item {
  readonly key: string
  readonly text: string
  /** How many changes it stands for. */
  readonly changes: number
}

/** How many changes a section accounts for. */
export const sizeOf = ({ items, missing }: Block): number => changesIn(items) + missing

const changesIn = (items: readonly Item[]): number => items.reduce((sum, { changes }) => sum + changes, 0)

/** The sections of notes, breaking changes first. `migrationKept`: UTF-16 units of each migration text. */
export function blocksOf(notes: Notes, migrationKept: number): readonly Block[] {
  const template = notes.line ?? DEFAULT_LINE
  const item = (entry: NotesEntry & { readonly migration?: string }): Item => ({
    key: keyOf(entry),
    text: `- ${noteLine(entry, template)}${entry.migration ? quoted(cutWords(entry.migration, migrationKept)) : ""}`,
    changes: entry.counts ?? 1,
  })
  const block = ({ title, folded, entries }: NotesSection): Block => ({
    title,
    folded,
    items: entries.map(item),
    missing: 0,
  })
  const breaking = { title: "⚠ Breaking Changes", folded: false, entries: notes.breaking }
  return [...(notes.breaking.length > 0 ? [block(breaking)] : []), ...notes.sections.map(block)]
}

/** What a line speaks of; of a change that has several, the further ones are known by their words. */
function keyOf({ package: name, number, sha, counts, text }: NotesEntry): string {
  if (name !== undefined) return name
  const change = number === undefined ? sha : `#${number}`
  return counts === 0 ? `${change}:${text}` : change
}

/** A quotation inside a list item, line by line as it was written. */
const quoted = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => escapeMarkdown(line))
    .filter((line, index, lines) => line !== "" || (index > 0 && lines[index - 1] !== ""))
    .map((line, index, lines) => (line === "" ? "\n  >" : `\n  > ${line}${lines[index + 1] ? "\\" : ""}`))
    .join("")
    .replace(/(?<!\n {2}>)(?:\n {2}>)+$/, "")

/** The section with its heading alone. */
export const emptied = (block: Block): Block => ({ ...block, items: [], missing: sizeOf(block) })

/** As many items as there is room for, from the top. `room`: UTF-8 bytes. */
export function keep(blocks: readonly Block[], room: number): readonly Block[] {
  let left = room
  return blocks.map((block) => {
    const fits: Item[] = []
    for (const item of block.items) {
      left -= bytesOf(item.text) + 1
      if (left < 0) break
      fits.push(item)
    }
    return { ...block, items: fits, missing: sizeOf(block) - changesIn(fits) }
  })
}

/** A section as lines; `level` is its heading's, such as `###`. */
export function blockLines({ title, items, missing }: Block, level: string): readonly Keyed[] {
  const more = missing > 0 ? [{ key: `more:${title}`, text: `- … and ${count(missing, "more change")}` }] : []
  return [
    { key: `heading:${title}`, text: `${level} ${escapeMarkdown(title)}` },
    blank,
    ...items.flatMap(({ key, text }) => linesOf(key, text)),
    ...more,
  ]
}
