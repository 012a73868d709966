import type { Notes } from "../model/notes.ts"
import { plural } from "./wording.ts"

/** A tag says what a release is about; all of it stands in the release's own notes. */
const LINES = 30
const LINE_LENGTH = 200

/**
 * The message of the annotated tag: the tag's name, how much is in the release, and its changes section by section, as
 * plain text. Lines that `git tag` would take for comments cannot begin one, since each is a list item.
 */
export function tagMessage(tag: string, { breaking, sections, changes, previous }: Notes): string {
  const since = previous === null ? "" : ` since ${previous.tag}`
  const parts = [{ title: "Breaking Changes", entries: breaking }, ...sections]
  const lines = parts.flatMap(({ title, entries }) =>
    entries.length === 0 ? [] : ["", `${plainLine(title)}:`, ...entries.map((entry) => `- ${entryLine(entry)}`)],
  )
  const more = lines.length > LINES ? ["- …"] : []
  return [tag, "", `${plural(changes, "change")}${since}.`, ...lines.slice(0, LINES), ...more].join("\n")
}

const entryLine = ({ text, scope, number }: Notes["breaking"][number]): string =>
  plainLine(`${scope === undefined ? "" : `${scope}: `}${text}${number === undefined ? "" : ` (#${number})`}`)

/** One line without control characters. */
const plainLine = (text: string): string =>
  text
    .slice(0, LINE_LENGTH * 2)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, LINE_LENGTH)
    .toWellFormed()
