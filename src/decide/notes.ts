import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import type { Notes, NotesEntry, NotesSection } from "../model/notes.ts"
import type { Contributors } from "../model/state.ts"
import { withoutReverted } from "./classify-reverts.ts"
import { contributorsOf, newcomersOf } from "./contributors.ts"
import { foldUpdates, type Told } from "./dependency-updates.ts"
import { categoryOf } from "./github-categories.ts"
import { spokenBy } from "./notes-entry.ts"
import { byOrder, DEPENDENCIES, OTHER, type Section, sectionOf } from "./notes-sections.ts"
import { partsOf } from "./parts.ts"
import { loudestOf, type Sized, saidByEach } from "./rules.ts"
import { isBareMerge } from "./voices.ts"

export interface NotesInput {
  /** Since `previous`, oldest first. */
  readonly changes: readonly Change[]
  readonly version: string
  readonly previous: { readonly version: string; readonly tag: string } | null
  readonly tag: string
  /** `owner/name`; empty where nobody knows: then there is no compare link. */
  readonly repository: string
  readonly config: Config
  /** YYYY-MM-DD */
  readonly date?: string
  /** Where the repository is read by people; GitHub Enterprise has its own. */
  readonly webUrl?: string
  /** GitHub's own arrangement, where the repository has no slipway.yml: it stands for the rules. */
  readonly github?: GitHubNotes | undefined
  /** Who contributed to earlier releases; without it only GitHub's word makes somebody a first-time contributor. */
  readonly earlier?: Contributors | undefined
}

/**
 * Release notes: one line a change; a squash or an override that holds several messages has one for each. Breaking changes stand apart and first; every other change stands in
 * the section that the first matching rule names, else in that of its strongest voice. Updates of dependencies that a bot
 * made are one line a package. What cancels itself out within the release is left out, as it is for the version.
 */
export function buildNotes(input: NotesInput): Notes {
  const { config } = input
  const left = withoutReverted(input.changes)
  const said = saidByEach(left, config)
  const changes: Change[] = []
  const lines: Line[] = []
  left.forEach((change, at) => {
    if (isMergeAlone(change)) return
    changes.push(change)
    for (const line of linesOf(change, said[at] ?? [], input)) lines.push(line)
  })
  const { plain, updates } = foldUpdates(lines.filter((line) => line.breaking === undefined))
  const newcomers = config.notes.contributors ? newcomersOf(changes, input.earlier) : []
  return {
    version: input.version,
    previous: input.previous,
    tag: input.tag,
    repository: input.repository,
    ...(input.date === undefined ? {} : { date: input.date }),
    breaking: lines.flatMap(({ entry, breaking }) =>
      breaking === undefined ? [] : [breaking === "" ? entry : { ...entry, migration: breaking }],
    ),
    sections: sectionsOf([...plain, ...updates.map(amongDependencies)], named(input)),
    contributors: config.notes.contributors ? contributorsOf(changes) : [],
    ...(newcomers.length === 0 ? {} : { newcomers }),
    ...compareUrl(input),
    line: config.notes.line,
    changes: lines.filter(({ entry }) => entry.counts !== 0).length,
  }
}

/** A merge that git made up the message of: what it brought stands in lines of its own. */
const isMergeAlone = ({ pull, commits }: Change): boolean => !pull && commits.length > 0 && commits.every(isBareMerge)

/** The notes with lines that are no change's, such as releases that this one depends on. */
export function withLines(notes: Notes, entries: readonly NotesEntry[]): Notes {
  if (entries.length === 0) return notes
  const { title } = DEPENDENCIES
  const before = notes.sections.find((section) => section.title === title)
  const section = { title, folded: before?.folded ?? false, entries: [...entries, ...(before?.entries ?? [])] }
  const sections = before ? notes.sections.map((one) => (one === before ? section : one)) : [...notes.sections, section]
  return { ...notes, sections }
}

interface Line extends Told {
  readonly section: Section
  /** A rule names the section. */
  readonly ruled: boolean
  readonly breaking: string | undefined
}

/** One line as a rule; none for a change that a rule leaves out. */
function linesOf(change: Change, said: readonly Sized[], input: NotesInput): readonly Line[] {
  const category = input.github && categoryOf(change, input.github)
  if (category?.is === "excluded") return []
  // A file that only excludes arranges nothing.
  const arranged = (input.github?.categories.length ?? 0) > 0 ? category?.section : undefined
  const parts = partsOf(change, said)
  return parts.map((part, at) => {
    const line = lineOf(change, part, arranged, input)
    return at === 0 ? line : { ...line, entry: furtherEntry(line.entry) }
  })
}

/** The change counts in its first line, which also says what it closes. */
function furtherEntry({ closes: _, ...entry }: NotesEntry): NotesEntry {
  return { ...entry, counts: 0 }
}

function lineOf(change: Change, part: readonly Sized[], arranged: Section | undefined, input: NotesInput): Line {
  const { config, repository } = input
  const { entry, type, breaking } = spokenBy(
    change,
    part.map(({ voice }) => voice).filter((voice) => voice !== undefined),
    config,
    repository,
  )
  const { section: title, fold = false } = loudestOf(part)?.rule ?? {}
  const ruled = arranged ?? (title === undefined ? undefined : { title, folded: fold })
  return { change, entry, breaking, section: ruled ?? sectionOf(type), ruled: ruled !== undefined }
}

const amongDependencies = (line: Line): Line => (line.ruled ? line : { ...line, section: DEPENDENCIES })

/** The sections that somebody named, in their order. */
const named = ({ config, github }: NotesInput): readonly string[] =>
  github?.categories.map(({ title }) => title) ?? config.changes.flatMap(({ section }) => section ?? [])

/** The sections in the order in which they are named, then those of the preset. */
function sectionsOf(
  lines: readonly { readonly entry: NotesEntry; readonly section: Section }[],
  order: readonly string[],
): readonly NotesSection[] {
  const sections = Map.groupBy(lines, ({ section }) => section.title)
  return [...sections.values()]
    .map((of): NotesSection => ({ ...(of[0]?.section ?? OTHER), entries: of.map(({ entry }) => entry) }))
    .sort(byOrder(order))
}

function compareUrl({ previous, tag, repository, webUrl = "https://github.com" }: NotesInput): { compareUrl?: string } {
  if (!previous || repository === "") return {}
  const range = `${encodeURIComponent(previous.tag)}...${encodeURIComponent(tag)}`
  return { compareUrl: `${webUrl}/${repository}/compare/${range}` }
}
