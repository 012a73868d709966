import type { NotesEntry } from "../model/notes.ts"
import { escapeMarkdown } from "./escape-markdown.ts"

/** How a line of the notes looks unless `notes.line` in slipway.yml says otherwise. */
export const DEFAULT_LINE = "{title} (#{number}) by @{author}, closes {issues}"

/**
 * One entry as one line. What the template has around a field that the entry lacks goes with the field:
 * `{title} (#{number}) by @{author}` without a number is `{title} by @{author}`.
 * @param template Markdown of the repository's own configuration, with the fields title, number, author,
 *   issues, sha, date, type, scope
 */
export function noteLine(entry: NotesEntry, template: string): string {
  const { before, places } = partsOf(template)
  let line = ""
  let pending = before
  for (const { field, closers, next } of places) {
    const value = fieldOf(entry, field, template)
    if (value !== undefined) line += `${join(pending, value)}${closers}`
    // Where nothing stands yet, nothing has to be separated from what follows.
    pending = line === "" ? next.replace(/^[\s:;,–—-]+/, "") : next
  }
  return (line + pending).trim()
}

interface Parts {
  readonly before: string
  readonly places: readonly { readonly field: string; readonly closers: string; readonly next: string }[]
}

/** One template makes all lines of a release. */
let lastParts: { readonly template: string; readonly parts: Parts } | undefined

function partsOf(template: string): Parts {
  if (lastParts?.template === template) return lastParts.parts
  const [before = "", ...rest] = template.split(/\{(\w+)\}/)
  const places = Array.from({ length: rest.length / 2 }, (_, at) => {
    const [closers, next] = splitClosers(rest[2 * at + 1] ?? "")
    return { field: rest[2 * at] ?? "", closers, next }
  })
  lastParts = { template, parts: { before, places } }
  return lastParts.parts
}

/** A closing bracket belongs to the field before it, the rest to the field behind. */
function splitClosers(text: string): [string, string] {
  const closers = /^[)\]}]*/.exec(text)?.[0] ?? ""
  return [closers, text.slice(closers.length)]
}

/** A person without a login gets no `@`. */
const join = (text: string, value: Field): string =>
  value.mention === false ? `${text.replace(/@$/, "")}${value.text}` : `${text}${value.text}`

interface Field {
  readonly text: string
  readonly mention?: boolean
}

function fieldOf(entry: NotesEntry, field: string, template: string): Field | undefined {
  switch (field) {
    case "title":
      return { text: `${scopeBefore(entry, template)}${titleOf(entry)}` }
    case "number":
      return numbersOf(entry, template)
    case "issues":
      return entry.closes && { text: entry.closes.map((issue) => `#${issue}`).join(", ") }
    case "date":
      return entry.date ? { text: entry.date } : undefined
    case "author":
      return authorOf(entry)
    case "type":
      return entry.type === undefined ? undefined : { text: escapeMarkdown(entry.type) }
    case "sha":
      return { text: entry.sha.slice(0, 7) }
    case "scope":
      return entry.scope === undefined ? undefined : { text: escapeMarkdown(entry.scope) }
    default:
      return undefined
  }
}

/** Git takes commits without a message, and one may hold nothing that can be seen. */
const titleOf = ({ text }: NotesEntry): string => (CAN_BE_SEEN.test(text) ? escapeMarkdown(text) : "(no message)")

const CAN_BE_SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A template that names the scope has its own place for it. */
const scopeBefore = ({ scope }: NotesEntry, template: string): string =>
  scope && !template.includes("{scope}") ? `**${escapeMarkdown(scope)}:** ` : ""

/** A line that stands for several changes names them all. */
function numbersOf({ number, also = [] }: NotesEntry, template: string): Field | undefined {
  if (also.length === 0) return number === undefined ? undefined : { text: `${number}` }
  const all = [number, ...also.map((other) => other.number)].filter((it) => it !== undefined)
  return all.length === 0 ? undefined : { text: all.join(template.includes("#{number}") ? ", #" : ", ") }
}

/** The one mention that is meant: GitHub's own alphabet for logins, with the `[bot]` of Apps. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?$/

export const isLogin = (login: string): boolean => LOGIN.test(login)

function authorOf({ author, authorName }: NotesEntry): Field | undefined {
  if (author && isLogin(author)) return { text: author.replace(/[[\]]/g, "\\$&"), mention: true }
  return authorName ? { text: escapeMarkdown(authorName), mention: false } : undefined
}
