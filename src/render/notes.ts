import type { Notes, NotesEntry, NotesSection } from "../model/notes.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { DEFAULT_LINE, isLogin, noteLine } from "./note-line.ts"
import { count, cut } from "./words.ts"

/**
 * GitHub refuses a longer release body with 422. The limit is not documented; GitHub's support named it:
 * https://github.com/angular/dev-infra/pull/174
 */
export const BODY_LIMIT = 125_000

const CONTRIBUTORS_SHOWN = 100
/** Of a migration text, in notes that do not fit. */
const MIGRATION_KEPT = 500

/** Notes as GitHub-flavoured Markdown, whole. Breaking changes first; folded sections closed, below the open ones. */
export const renderNotes = (notes: Notes): string => assemble(notes, blocksOf(notes, Number.POSITIVE_INFINITY), [])

/**
 * Notes as Markdown that fits. What does not fit is counted, section by section from the bottom up, and a line says
 * so and where the whole list is.
 * @param limit UTF-8 bytes. GitHub counts characters, of which there are never more, so it holds either way. Below
 *   about 2,000 there may be no room for the headings alone; then one line is left.
 */
export function fitNotes(notes: Notes, limit = BODY_LIMIT): string {
  const whole = renderNotes(notes)
  if (bytesOf(whole) <= limit) return whole
  const blocks = blocksOf(notes, MIGRATION_KEPT)
  const frame = bytesOf(assemble(notes, blocks.map(emptied), [shortened(notes, notes.changes)]))
  if (frame > limit) return shortened(notes, notes.changes)
  const kept = keep(blocks, limit - frame)
  const missing = kept.reduce((sum, block) => sum + block.missing, 0)
  return assemble(notes, kept, [shortened(notes, missing)])
}

/** One section on its way into Markdown. */
interface Block {
  readonly title: string
  readonly folded: boolean
  /** One an entry. */
  readonly items: readonly string[]
  readonly missing: number
}

function blocksOf(notes: Notes, migrationKept: number): readonly Block[] {
  const template = notes.line ?? DEFAULT_LINE
  const item = (entry: NotesEntry & { readonly migration?: string }) =>
    `- ${noteLine(entry, template)}${quoted(cut(entry.migration ?? "", migrationKept))}`
  const block = ({ title, folded, entries }: NotesSection): Block => ({
    title,
    folded,
    items: entries.map(item),
    missing: 0,
  })
  const breaking = { title: "⚠ Breaking Changes", folded: false, entries: notes.breaking }
  return [...(notes.breaking.length > 0 ? [block(breaking)] : []), ...notes.sections.map(block)]
}

/** A quotation inside a list item, line by line as it was written. */
const quoted = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => escapeMarkdown(line))
    .filter((line, index, lines) => line !== "" || (index > 0 && lines[index - 1] !== ""))
    .map((line, index, lines) => (line === "" ? "\n  >" : `\n  > ${line}${lines[index + 1] ? "\\" : ""}`))
    .join("")
    .replace(/(?:\n {2}>)+$/, "")

const emptied = (block: Block): Block => ({ ...block, items: [], missing: block.items.length })

/** As many items as there is room for, from the top. */
function keep(blocks: readonly Block[], room: number): readonly Block[] {
  let left = room
  return blocks.map((block) => {
    const fits: string[] = []
    for (const item of block.items) {
      left -= bytesOf(item) + 1
      if (left < 0) break
      fits.push(item)
    }
    return { ...block, items: fits, missing: block.items.length - fits.length }
  })
}

function assemble(notes: Notes, blocks: readonly Block[], remarks: readonly string[]): string {
  // Where all is folded, nothing would be seen.
  const allFolded = blocks.every((block) => block.folded)
  const open = blocks.filter((block) => allFolded || !block.folded)
  const folded = blocks.filter((block) => !allFolded && block.folded)
  const parts = [
    ...(blocks.length === 0 ? ["No changes."] : []),
    ...open.map((block) => section(block, "###")),
    ...(folded.length > 0 ? [details(folded)] : []),
    ...remarks,
    ...contributors(notes.contributors),
    ...(notes.compareUrl === undefined ? [] : [`**Full changelog:** ${notes.compareUrl}`]),
  ]
  return `${parts.join("\n\n")}\n`
}

function section({ title, items, missing }: Block, level: string): string {
  const more = missing > 0 ? [`- … and ${count(missing, "more change")}`] : []
  return `${level} ${escapeMarkdown(title)}\n\n${[...items, ...more].join("\n")}`
}

/** The blank lines are what makes GitHub read Markdown inside of HTML. */
function details(blocks: readonly Block[]): string {
  const changes = blocks.reduce((sum, { items, missing }) => sum + items.length + missing, 0)
  const inside = blocks.map((block) => section(block, "####")).join("\n\n")
  return `<details>\n<summary>${count(changes, "other change")}</summary>\n\n${inside}\n\n</details>`
}

function contributors(logins: readonly string[]): readonly string[] {
  const known = logins.filter(isLogin)
  if (known.length === 0) return []
  const shown = known.slice(0, CONTRIBUTORS_SHOWN).map((login) => `@${login}`)
  const more = known.length - shown.length
  return [`**Contributors:** ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`]
}

function shortened({ changes, compareUrl }: Notes, missing: number): string {
  const what = missing > 0 ? `${missing} of ${count(changes, "change")} are only counted` : "long texts are cut"
  const where = compareUrl === undefined ? "`slipway notes` prints all of them" : `All of them: ${compareUrl}`
  return `_These notes are shortened to fit into a release on GitHub: ${what}. ${where}_`
}
