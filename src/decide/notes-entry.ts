import type { Change, Commit } from "../model/change.ts"
import { closedIn } from "../model/closes.ts"
import type { Config } from "../model/config.ts"
import type { NotesEntry } from "../model/notes.ts"
import type { Voice } from "../model/voice.ts"
import { isPresetType } from "./notes-sections.ts"
import { strongestVoice, subjectOf, wholeSubject } from "./voices.ts"

/** What one change says in the notes. */
export interface Spoken {
  readonly entry: NotesEntry
  /** The commit type that its section goes by; null: it follows no convention. */
  readonly type: string | null
  /** The text of its breaking footers; empty where only a `!` says it. Undefined: nothing breaks. */
  readonly breaking: string | undefined
}

/**
 * What some of a change's voices say, as one line.
 * @param repository `owner/name`, by which its issues are told from others'
 */
export function spokenBy(change: Change, voices: readonly Voice[], config: Config, repository: string): Spoken {
  const loudest = strongestVoice(voices)
  const voice = speaker(change, voices, loudest)
  const said = voice?.said
  const author = change.pull?.author.login || change.commits.at(-1)?.author
  const authorName = change.commits.at(-1)?.authorName
  const number = change.pull?.number ?? said?.number
  const words = wordsOf(voice, change, config)
  if (number !== undefined) words.number = number
  if (author) words.author = author
  if (authorName) words.authorName = authorName
  const entry = Object.assign(words, { sha: change.sha })
  const issues = closes(change, repository, number)
  if (issues.length > 0) entry.closes = issues
  if (config.notes.line.includes("{date}")) entry.date = dateOf(change)
  return { entry, type: loudest?.said.type ?? said?.type ?? null, breaking: migrationOf(voices) }
}

/** The day on which it was merged, or committed: YYYY-MM-DD in UTC. */
const dateOf = ({ pull, commits }: Change): string => (pull?.mergedAt ?? commits.at(-1)?.at ?? "").slice(0, 10)

/** What the description or a commit says that it closes, but for the number that the line bears already. */
function closes({ pull, commits }: Change, repository: string, number: number | undefined): readonly number[] {
  const told = pull?.says?.closes ?? NONE
  const named = commits.length === 1 ? closedIn(commits[0]?.message ?? "", repository) : closedBy(commits, repository)
  if (named.length + told.length === 0) return NONE
  return [...new Set([...told, ...named])].filter((issue) => issue !== number).sort((a, b) => a - b)
}

const NONE: readonly number[] = []

const closedBy = (commits: readonly Commit[], repository: string): readonly number[] =>
  commits.flatMap(({ message }) => closedIn(message, repository))

/** One object for one line, which a whole history has many of. */
type Draft = { -readonly [key in keyof Omit<NotesEntry, "sha">]: NotesEntry[key] }

/** A word before a colon is a type only where it means one: in `Build: faster` it may, in `Gates: mind the gap` not. */
function wordsOf(voice: Voice | undefined, change: Change, config: Config): Draft {
  if (!voice) return { text: subjectOf(change) }
  const { type, scope, description } = voice.said
  if (type !== null && !isKnown(type, config)) return { text: wholeSubject(voice) }
  const entry: Draft = { text: description || subjectOf(change) }
  if (type !== null) entry.type = type
  if (scope !== undefined) entry.scope = scope
  return entry
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
  if (voices.every(({ said }) => said.breaking === undefined)) return undefined
  const texts = voices.flatMap(({ said }) => (said.breaking === undefined ? [] : [said.breaking]))
  return texts.length === 0 ? undefined : [...new Set(texts.filter((text) => text !== ""))].join("\n\n")
}
