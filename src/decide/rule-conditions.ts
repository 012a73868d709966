import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import { matchesGlob } from "../model/glob.ts"
import { matchesPath } from "../model/path-glob.ts"
import type { Voice } from "../model/voice.ts"
import { subjectOf } from "./voices.ts"

export type Rule = Config["changes"][number]

/**
 * Whether what a rule asks of the change as a whole holds: its labels, its title, who wrote it, what it touched. Every
 * condition must, and any word of a condition suffices. Words are patterns in which `*` stands for any text, and case
 * does not count.
 *
 * Where nobody told which files a change touched, a rule that asks for paths does not match.
 */
export function fitsChange({ when }: Rule, change: Change): boolean {
  const { label, title, author, path } = when
  if (label && !anyFits(label, change.pull?.labels ?? [])) return false
  if (title && !anyFits(title, [subjectOf(change)])) return false
  if (author && !anyFits(author.map(withoutAt), authorsOf(change).flatMap(namesOf))) return false
  return !path || filesOf(change).some((file) => path.some((pattern) => matchesPath(file, pattern)))
}

/** Whether what a rule asks of one text of the change holds: type and scope. */
export function fitsVoice({ when: { type, scope } }: Rule, voice: Voice | undefined): boolean {
  if (type && !anyFits(type, one(voice?.said.type))) return false
  return !scope || anyFits(scope, scopesOf(voice))
}

/** Whether any word fits any pattern. Words are patterns in which `*` stands for any text, and case does not count. */
export const anyFits = (patterns: readonly string[], words: readonly string[]): boolean =>
  words.some((word) => patterns.some((pattern) => matchesGlob(word.toLowerCase(), pattern.toLowerCase())))

const one = (word: string | null | undefined): readonly string[] => (word ? [word] : [])

/** `fix(api, web)` has two scopes: the specification leaves it open, and people write it so. */
const scopesOf = (voice: Voice | undefined): readonly string[] => {
  const scope = voice?.said.scope
  return scope === undefined ? [] : [scope, ...scope.split(/[,/]/).map((part) => part.trim())]
}

/** The pull request's author; without one who wrote the commits. */
const authorsOf = ({ pull, commits }: Change): readonly string[] =>
  pull ? [pull.author.login] : commits.flatMap(({ author, authorName }) => [author ?? authorName])

/** An App's login ends with `[bot]`, which people leave out. */
const namesOf = (login: string): readonly string[] => [login, login.replace(/\[bot\]$/, "")]

const withoutAt = (name: string): string => name.replace(/^@/, "")

const filesOf = ({ commits }: Change): readonly string[] => commits.flatMap(({ files }) => files ?? [])
