import type { Change } from "../model/change.ts"
import type { NotesEntry } from "../model/notes.ts"
import { firstLine } from "./classify.ts"
import { isBot, isPerson } from "./contributors.ts"

/** One package that a bot's pull request brings to another version. */
interface Update {
  /** With the folder, where the title names one: `lodash in /docs`. */
  readonly name: string
  /** Absent where the title does not say it (Renovate's does not). */
  readonly from?: string
  readonly to: string
}

/** A line, and the change that stands behind it. */
export interface Told {
  readonly entry: NotesEntry
  readonly change: Change
}

/** Of the packages that one grouped update lists. */
const PACKAGES_READ = 100
const READ_LIMIT = 64_000

/** Dependabot: `Bump lodash from 4.17.20 to 4.17.21 in /docs`, `Update rails requirement from ~> 6.0 to ~> 7.0`. */
const FROM_TO =
  /\b(?:bump|update) (\S{1,200})(?: requirement)? from (\S{1,50}(?: \S{1,50}){0,3}?) to ((?:[~^<>=]+ ?)?\S{1,100})(?: in (\/\S{0,200}))?/i
/** Renovate: `Update dependency lodash to v4.17.21`, `update actions/checkout action to v6`. */
const TO =
  /\b(?:update|pin) (?:(?:dependency|module|plugin|package|crate|rust crate|helm release|gem) )?(\S{1,200}(?: \S{1,50})?) to (v?\d[\w.+-]{0,100})/i
const KIND = / (?:action|docker tag|docker digest|digest|monorepo|orb|tag)$/
/** In the message of a grouped update of Dependabot's: one line a package. */
const GROUPED = /^Updates `([^`\n]{1,200})` from (\S{1,100}) to (\S{1,100})\s*$/gm

const NONE: readonly Update[] = []

/** What a change updates, if a bot made it and says so in one of the known forms; else nothing. */
function updatesOf({ pull, commits }: Change): readonly Update[] {
  const author = pull
    ? isPerson(pull.author) && !isBot(pull.author.login)
      ? ""
      : pull.author.login
    : commits.at(-1)?.author
  if (!author || (!pull && !isBot(author))) return NONE
  const title = firstLine(pull?.title ?? commits.at(-1)?.message ?? "")
  const grouped = /\bgroup\b|\band\b/i.test(title) ? commits.flatMap(({ message }) => listed(message)) : []
  if (grouped.length > 0) return grouped.slice(0, PACKAGES_READ)
  const [, name, from, to, folder] = FROM_TO.exec(title) ?? []
  if (name !== undefined && from !== undefined && to !== undefined)
    return [{ name: folder === undefined || folder === "/" ? name : `${name} in ${folder}`, from, to }]
  const [, updated, version] = TO.exec(title) ?? []
  return updated === undefined || version === undefined ? [] : [{ name: updated.replace(KIND, ""), to: version }]
}

const listed = (message: string): readonly Update[] =>
  [...message.slice(0, READ_LIMIT).matchAll(GROUPED)].map(([, name = "", from = "", to = ""]) => ({ name, from, to }))

/**
 * Updates of dependencies as one line a package, from the version that the last release had to the newest one, with the
 * numbers of all their pull requests. A change that brings several packages stands in the line of each, and counts in
 * the first. What is none comes back as it came.
 */
export function foldUpdates<Line extends Told>(lines: readonly Line[]): Folded<Line> {
  const plain: Line[] = []
  const packages = new Map<string, Package<Line>>()
  for (const line of lines) {
    const updates = updatesOf(line.change)
    if (updates.length === 0) {
      plain.push(line)
      continue
    }
    updates.forEach((update, index) => {
      const known = packages.get(update.name)
      const of = known ?? { first: update, last: update, line, told: [], counts: 0 }
      if (of.told.at(-1) !== line.entry) of.told.push(line.entry)
      packages.set(update.name, { ...of, last: update, counts: of.counts + (index === 0 ? 1 : 0) })
    })
  }
  return { plain, updates: [...packages].map(([name, of]) => ({ ...of.line, entry: updateEntry(name, of) })) }
}

interface Folded<Line> {
  readonly plain: readonly Line[]
  /** One a package, as its first line is but for the entry. */
  readonly updates: readonly Line[]
}

interface Package<Line> {
  readonly first: Update
  readonly last: Update
  readonly line: Line
  /** What the pull requests of the package say, oldest first. */
  readonly told: NotesEntry[]
  readonly counts: number
}

function updateEntry(name: string, { first, last, told, counts }: Package<unknown>): NotesEntry {
  const [entry, ...more] = told
  return {
    text: first.from === undefined ? `${name} → ${last.to}` : `${name} ${first.from} → ${last.to}`,
    ...(entry?.number === undefined ? {} : { number: entry.number }),
    sha: entry?.sha ?? "",
    ...(entry?.date === undefined ? {} : { date: entry.date }),
    package: name,
    ...(more.length === 0
      ? {}
      : { also: more.map(({ sha, number }) => ({ sha, ...(number === undefined ? {} : { number }) })) }),
    ...(counts === 1 ? {} : { counts }),
  }
}
