import type { Notes } from "../model/notes.ts"
import { type ChangelogFile, type Heading, readChangelog } from "./changelog-file.ts"
import { blank, type Keyed, textOf } from "./keyed.ts"
import { blockLines, blocksOf } from "./notes-blocks.ts"

export type Changelog =
  | { readonly is: "written"; readonly text: string }
  /** The version has its heading already; the file stays as it is. */
  | { readonly is: "present" }
  | { readonly is: "refused"; readonly because: string }

/** Of the file as it is. A longer changelog is a book that nobody reads whole, or no changelog. UTF-16 units. */
const LARGEST = 4_000_000

const PREAMBLE = `# Changelog

All notable changes to this project are documented in this file. Its form is that of
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/), its versions follow
[Semantic Versioning](https://semver.org/spec/v2.0.0.html).
`

/**
 * A changelog with a release added: newest first, below `Unreleased` where the file has it, in the file's own style of
 * headings, links, dates and line ends. What stands in it already is untouched, byte for byte.
 *
 * A new file follows https://keepachangelog.com/en/1.1.0/
 *
 * @param existing null: there is no such file yet
 * @param date YYYY-MM-DD
 */
export function withRelease(existing: string | null, notes: Notes, date: string): Changelog {
  const text = existing === null || existing.trim() === "" ? `${existing ?? ""}${PREAMBLE}` : existing
  const because = unfit(text)
  if (because !== undefined) return { is: "refused", because }
  const file = readChangelog(text)
  if (file.releases.some(({ version }) => sameVersion(version, notes.version))) return { is: "present" }
  if (isOldestFirst(file.releases))
    return {
      is: "refused",
      because: "its oldest release stands first; Slipway adds a release at the top, so turn the file round once",
    }
  return { is: "written", text: insert(text, file, notes, date) }
}

function unfit(text: string): string | undefined {
  if (text.includes("\0")) return "it holds NUL bytes, so it is no text in UTF-8"
  if (text.length > LARGEST) return `it is longer than ${LARGEST} characters; move old releases to a file of their own`
  if (/^<{7} /m.test(text) && /^>{7} /m.test(text)) return "it holds the marks of a merge conflict; resolve it first"
  return undefined
}

/** Build metadata tells no two releases apart. https://semver.org/#spec-item-10 */
const sameVersion = (a: string, b: string): boolean => a.replace(/\+.*/, "") === b.replace(/\+.*/, "")

/** At least three releases, each newer than the one above it. Prereleases say nothing of the order. */
function isOldestFirst(releases: readonly Heading[]): boolean {
  const stable = releases.filter(({ version }) => !version.includes("-")).map(({ version }) => version.split("."))
  return stable.length >= 3 && stable.every((version, at) => at === 0 || isNewer(version, stable[at - 1] ?? []))
}

function isNewer(version: readonly string[], than: readonly string[]): boolean {
  const at = version.findIndex((part, index) => Number.parseInt(part, 10) !== Number.parseInt(than[index] ?? "", 10))
  return at >= 0 && Number.parseInt(version[at] ?? "", 10) > Number.parseInt(than[at] ?? "", 10)
}

function insert(text: string, file: ChangelogFile, notes: Notes, date: string): string {
  const end = file.lineEnd
  const section = textOf(sectionOf(file, notes, date)).replaceAll("\n", end)
  const before = text.slice(0, file.at)
  const after = text.slice(file.at, file.linksAt)
  const links = text.slice(file.linksAt)
  const link = linkOf(file, notes)
  // Exactly one blank line before the new section, and one behind it; those that are there count.
  const above = before === "" || before === "\ufeff" ? "" : missingBreaks(before, end)
  const between = after === "" && (links === "" || link === "") && links === "" ? "" : end
  return `${before}${above}${section}${between}${after}${joined(after || section, link, links, end)}${links}`
}

/** A link reference goes to the others, or behind everything where there are none. */
function joined(before: string, link: string, links: string, end: string): string {
  if (link === "") return ""
  if (links !== "") return `${link}${end}`
  return `${missingBreaks(before, end)}${link}${end}`
}

/** What is missing for a blank line at the end. */
function missingBreaks(text: string, end: string): string {
  const breaks = /(?:\r?\n[ \t]*)*$/.exec(text.slice(-20))?.[0].match(/\n/g)?.length ?? 0
  return end.repeat(Math.max(0, 2 - breaks))
}

/** Everything is shown: a changelog has room, and nobody opens a fold in a file. */
function sectionOf(file: ChangelogFile, notes: Notes, date: string): readonly Keyed[] {
  const level = "#".repeat(file.style.level)
  const blocks = blocksOf(notes, Number.POSITIVE_INFINITY)
  const parts = blocks.flatMap((block) => [blank, ...blockLines(block, `${level}#`)])
  const none = blocks.length === 0 ? [blank, { key: "none", text: "No changes." }] : []
  return [{ key: "release", text: `${level} ${headingOf(file, notes, date)}` }, ...parts, ...none]
}

function headingOf({ style }: ChangelogFile, { version, compareUrl }: Notes, date: string): string {
  const label = `${style.prefix}${version}`
  const url = compareUrl?.replaceAll("(", "%28").replaceAll(")", "%29")
  const name = {
    reference: url === undefined && !style.bracketed ? label : `[${label}]`,
    inline: url === undefined ? label : `[${label}](${url})`,
    plain: label,
  }[style.link]
  return `${name}${{ dash: ` - ${date}`, brackets: ` (${date})`, slash: ` / ${date}`, none: "" }[style.date]}`
}

const linkOf = ({ style }: ChangelogFile, { version, compareUrl }: Notes): string =>
  style.link === "reference" && compareUrl !== undefined ? `[${style.prefix}${version}]: ${compareUrl}` : ""
