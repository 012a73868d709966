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
  const fields = fieldsOf(entry, template)
  const [before = "", ...rest] = template.split(/\{(\w+)\}/)
  let line = ""
  let pending = before
  for (let at = 0; at < rest.length; at += 2) {
    const value = fields[rest[at] ?? ""]
    const [closers, next] = splitClosers(rest[at + 1] ?? "")
    if (value !== undefined) line += `${join(pending, value)}${closers}`
    // Where nothing stands yet, nothing has to be separated from what follows.
    pending = line === "" ? next.replace(/^[\s:;,–—-]+/, "") : next
  }
  return (line + pending).trim()
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

function fieldsOf(entry: NotesEntry, template: string): { readonly [field: string]: Field | undefined } {
  const scope = entry.scope === undefined ? undefined : escapeMarkdown(entry.scope)
  const own = template.includes("{scope}")
  return {
    title: { text: `${scope && !own ? `**${scope}:** ` : ""}${escapeMarkdown(entry.text)}` },
    number: numbersOf(entry, template),
    issues: entry.closes ? { text: entry.closes.map((issue) => `#${issue}`).join(", ") } : undefined,
    date: entry.date ? { text: entry.date } : undefined,
    author: authorOf(entry),
    type: entry.type === undefined ? undefined : { text: escapeMarkdown(entry.type) },
    sha: { text: entry.sha.slice(0, 7) },
    scope: scope === undefined ? undefined : { text: scope },
  }
}

/** A line that stands for several changes names them all. */
function numbersOf({ number, also = [] }: NotesEntry, template: string): Field | undefined {
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
