import type { Change, Person } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Notes, NotesEntry } from "../model/notes.ts"
import { strongestVoice, subjectOf, type Voice, voicesOf, wholeSubject } from "./classify.ts"
import { withoutReverted } from "./classify-reverts.ts"
import { bySection, isPresetType, OTHER, type Section, sectionOf } from "./notes-sections.ts"

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
}

/**
 * Release notes: one line a change, never two. Breaking changes stand apart and first; every other change stands in
 * the section of its strongest voice. What cancels itself out within the release is left out, as it is for the version.
 */
export function buildNotes(input: NotesInput): Notes {
  const changes = withoutReverted(input.changes)
  const lines = changes.map((change) => lineOf(change, input.config))
  const plain = lines.filter((line) => line.breaking === undefined)
  const sections = Map.groupBy(plain, (line) => line.section.title)
  return {
    version: input.version,
    previous: input.previous,
    tag: input.tag,
    repository: input.repository,
    ...(input.date === undefined ? {} : { date: input.date }),
    breaking: lines.flatMap(({ entry, breaking }) =>
      breaking === undefined ? [] : [breaking === "" ? entry : { ...entry, migration: breaking }],
    ),
    sections: [...sections.values()]
      .map((of) => ({ ...(of[0]?.section ?? OTHER), entries: of.map((line) => line.entry) }))
      .sort(bySection),
    contributors: input.config.notes.contributors ? contributors(changes) : [],
    ...compareUrl(input),
    line: input.config.notes.line,
    changes: lines.length,
  }
}

interface Line {
  readonly entry: NotesEntry
  readonly section: Section
  readonly breaking: string | undefined
}

function lineOf(change: Change, config: Config): Line {
  const voices = voicesOf(change, config.version.from)
  const loudest = strongestVoice(voices)
  const voice = speaker(change, voices, loudest)
  const said = voice?.said
  const author = change.pull?.author.login || change.commits.at(-1)?.author
  const authorName = change.commits.at(-1)?.authorName
  const number = change.pull?.number ?? said?.number
  const entry: NotesEntry = {
    ...wordsOf(voice, change, config),
    ...(number === undefined ? {} : { number }),
    ...(author ? { author } : {}),
    ...(authorName ? { authorName } : {}),
    sha: change.sha,
  }
  return { entry, section: sectionOf(loudest?.said.type ?? said?.type ?? null), breaking: migrationOf(voices) }
}

/** A word before a colon is a type only where it means one: in `Build: faster` it may, in `Gates: mind the gap` not. */
function wordsOf(
  voice: Voice | undefined,
  change: Change,
  config: Config,
): Pick<NotesEntry, "text" | "type" | "scope"> {
  if (!voice) return { text: subjectOf(change) }
  const { type, scope, description } = voice.said
  if (type !== null && !isKnown(type, config)) return { text: wholeSubject(voice) }
  return {
    text: description || subjectOf(change),
    ...(type === null ? {} : { type }),
    ...(scope === undefined ? {} : { scope }),
  }
}

const isKnown = (type: string, { changes }: Config): boolean =>
  isPresetType(type) || changes.some(({ when }) => when.type?.some((it) => it.toLowerCase() === type))

/** Whose words stand in the notes: the title's where it is conventional, else the strongest commit's, else the title's. */
function speaker(change: Change, voices: readonly Voice[], loudest: Voice | undefined): Voice | undefined {
  const title = change.pull ? voices[0] : undefined
  if (title?.said.type) return title
  return loudest?.said.type ? loudest : (title ?? loudest)
}

/** What the breaking footers say, each text once; empty where only a `!` says it, undefined: nothing breaks. */
function migrationOf(voices: readonly Voice[]): string | undefined {
  const texts = voices.flatMap(({ said }) => (said.breaking === undefined ? [] : [said.breaking]))
  return texts.length === 0 ? undefined : [...new Set(texts.filter((text) => text !== ""))].join("\n\n")
}

/** Logins of the people who wrote the changes, each once, bots left out. */
function contributors(changes: readonly Change[]): readonly string[] {
  const logins = new Map<string, string>()
  for (const { pull, commits } of changes) {
    const authors = [
      ...(pull && isPerson(pull.author) ? [pull.author.login] : []),
      ...commits.map((c) => c.author ?? ""),
    ]
    for (const login of authors) if (login !== "" && !isBot(login)) logins.set(login.toLowerCase(), login)
  }
  return [...logins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, login]) => login)
}

const isPerson = (person: Person): boolean => person.type === "User" || person.type === "Mannequin"

/** Logins of Apps end so; GitHub lets no person take such a name. */
const isBot = (login: string): boolean => login.endsWith("[bot]")

function compareUrl({ previous, tag, repository, webUrl = "https://github.com" }: NotesInput): { compareUrl?: string } {
  if (!previous || repository === "") return {}
  const range = `${encodeURIComponent(previous.tag)}...${encodeURIComponent(tag)}`
  return { compareUrl: `${webUrl}/${repository}/compare/${range}` }
}
