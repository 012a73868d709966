import type { Notes } from "../model/notes.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { blank, type Keyed, textOf } from "./keyed.ts"
import { isLogin } from "./note-line.ts"
import { type Block, blockLines, blocksOf, emptied, keep, sizeOf } from "./notes-blocks.ts"
import { count } from "./words.ts"

/**
 * GitHub refuses a longer release body with 422. The limit is not documented; GitHub's support named it:
 * https://github.com/angular/dev-infra/pull/174
 */
export const BODY_LIMIT = 125_000

const CONTRIBUTORS_SHOWN = 100
/** Of a migration text, in notes that do not fit. */
const MIGRATION_KEPT = 500

/** Notes as GitHub-flavoured Markdown, whole. Breaking changes first; folded sections closed, below the open ones. */
export const renderNotes = (notes: Notes): string => textOf(wholeNotes(notes))

const wholeNotes = (notes: Notes): readonly Keyed[] => assemble(notes, blocksOf(notes, Number.POSITIVE_INFINITY), [])

/**
 * Notes as Markdown that fits. What does not fit is counted, section by section from the bottom up, and a line says
 * so and where the whole list is.
 * @param limit UTF-8 bytes. GitHub counts characters, of which there are never more, so it holds either way. Below
 *   about 2,000 there may be no room for the headings alone; then one line is left.
 */
export const fitNotes = (notes: Notes, limit = BODY_LIMIT): string => textOf(fittedNotes(notes, limit))

/** The lines of `fitNotes`, each with what it speaks of. */
export function fittedNotes(notes: Notes, limit: number): readonly Keyed[] {
  const whole = wholeNotes(notes)
  if (bytesOf(textOf(whole)) <= limit) return whole
  const blocks = blocksOf(notes, MIGRATION_KEPT)
  const frame = bytesOf(textOf(assemble(notes, blocks.map(emptied), [shortened(notes, notes.changes)])))
  if (frame > limit) return [shortened(notes, notes.changes)]
  const kept = keep(blocks, limit - frame)
  const missing = kept.reduce((sum, block) => sum + block.missing, 0)
  return assemble(notes, kept, [shortened(notes, missing)])
}

function assemble(notes: Notes, blocks: readonly Block[], remarks: readonly Keyed[]): readonly Keyed[] {
  // Where all is folded, nothing would be seen.
  const allFolded = blocks.every((block) => block.folded)
  const open = blocks.filter((block) => allFolded || !block.folded)
  const folded = blocks.filter((block) => !allFolded && block.folded)
  const parts: readonly (readonly Keyed[])[] = [
    ...(blocks.length === 0 ? [[{ key: "none", text: "No changes." }]] : []),
    ...open.map((block) => blockLines(block, "###")),
    ...(folded.length > 0 ? [details(folded)] : []),
    ...remarks.map((remark) => [remark]),
    ...newcomers(notes.newcomers ?? []),
    ...contributors(notes.contributors),
    ...sums(notes.sums),
    ...(notes.compareUrl === undefined ? [] : [[{ key: "compare", text: `**Full changelog:** ${notes.compareUrl}` }]]),
  ]
  return paragraphs(parts)
}

const paragraphs = (parts: readonly (readonly Keyed[])[]): readonly Keyed[] =>
  parts.flatMap((part, index) => (index === 0 ? part : [blank, ...part]))

/** The blank lines are what makes GitHub read Markdown inside of HTML. */
function details(blocks: readonly Block[]): readonly Keyed[] {
  const changes = blocks.reduce((sum, block) => sum + sizeOf(block), 0)
  return [
    { key: "details", text: "<details>" },
    { key: "summary", text: `<summary>${changes === 0 ? "More" : count(changes, "other change")}</summary>` },
    blank,
    ...paragraphs(blocks.map((block) => blockLines(block, "####"))),
    blank,
    { key: "end of details", text: "</details>" },
  ]
}

function newcomers(all: Notes["newcomers"] = []): readonly (readonly Keyed[])[] {
  const known = all.filter(({ login }) => isLogin(login)).slice(0, CONTRIBUTORS_SHOWN)
  if (known.length === 0) return []
  const lines = known.map(({ login, number }) => ({
    key: `new:${login}`,
    text: `- @${login} made their first contribution in #${number}`,
  }))
  return [[{ key: "newcomers", text: "### New Contributors" }, blank, ...lines]]
}

function contributors(logins: readonly string[]): readonly (readonly Keyed[])[] {
  const known = logins.filter(isLogin)
  if (known.length === 0) return []
  const shown = known.slice(0, CONTRIBUTORS_SHOWN).map((login) => `@${login}`)
  const more = known.length - shown.length
  const text = `**Contributors:** ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
  return [[{ key: "contributors", text }]]
}

/** As `sha256sum -c` reads them. A name keeps what GitHub lets a file be called, so that nothing ends the block. */
function sums(all: Notes["sums"] = []): readonly (readonly Keyed[])[] {
  if (all.length === 0) return []
  const lines = all.map(({ name, sha256 }) => ({
    key: `sum:${name}`,
    text: `${sha256}  ${name.replaceAll(/[^\p{L}\p{N}.+@~ _-]/gu, ".")}`,
  }))
  return [
    [
      { key: "sums", text: "<details>" },
      { key: "sums summary", text: `<summary>SHA-256 of ${count(all.length, "file")}</summary>` },
      blank,
      { key: "sums fence", text: "```text" },
      ...lines,
      { key: "sums end of fence", text: "```" },
      blank,
      { key: "sums end", text: "</details>" },
    ],
  ]
}

const SHORTENED = "shortened"

/** Whether lines of `fittedNotes` are less than the whole. */
export const areShortened = (lines: readonly Keyed[]): boolean => lines.some(({ key }) => key === SHORTENED)

function shortened(notes: Notes, missing: number): Keyed {
  const what = missing > 0 ? `${missing} of ${count(notes.changes, "change")} are only counted` : "long texts are cut"
  return {
    key: SHORTENED,
    text: `_These notes are shortened to fit into a release on GitHub: ${what}. ${whereWhole(notes)}_`,
  }
}

function whereWhole({ changelog, attached, compareUrl }: Notes): string {
  if (changelog !== undefined) return `All of them are in ${escapeMarkdown(changelog)}`
  if (attached !== undefined) return `All of them are in \`${attached}\`, among the files of this release`
  return compareUrl === undefined ? "`slipway notes` prints all of them" : `All of them: ${compareUrl}`
}
