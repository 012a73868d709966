import type { Change, Commit, Pull } from "../model/change.ts"
import type { Bump } from "../model/version.ts"
import type { Said, Voice } from "../model/voice.ts"
import { classifyText, firstLine, splitNumber, strength } from "./classify.ts"
import { type LabelWord, labelWords } from "./label-words.ts"
import { messagesIn } from "./messages.ts"

/** The subject without a trailing ` (#12)`, whatever stands before its first colon. */
export const wholeSubject = ({ subject }: Voice): string => splitNumber(subject).header

const MERGE = /^Merge (?:pull request #\d+ from |(?:remote-tracking )?branch(?:es)? |tags? |commits? )/

/** A merge commit with the message that git or GitHub makes up: what it merges speaks for itself. */
export const isBareMerge = (commit: Commit): boolean =>
  (commit.parents === undefined || commit.parents.length > 1) && MERGE.test(commit.message)

/**
 * A change's voices: its title, then its commits, oldest first, then its labels, as far as `from` listens to them. A
 * squash speaks with every message that its body holds. Merge commits that nobody wrote a message for are left out, and
 * where there is no pull request the commit is what there is.
 *
 * An override in the pull request's description stands in the place of title and commits, whatever `from` says: somebody
 * put them right after the merge.
 */
export function voicesOf(change: Change, from: readonly string[]): readonly Voice[] {
  const { pull } = change
  const spoken = pull?.says?.override === undefined ? spokenIn(change, from) : overrideOf(change.sha, pull)
  return pull && from.includes("labels") ? [...spoken, ...labelVoice(change.sha, pull, spoken.length > 0)] : spoken
}

function spokenIn({ sha, pull, commits }: Change, from: readonly string[]): readonly Voice[] {
  const title = pull && from.includes("titles") ? titleVoice(sha, pull) : []
  if (pull && !from.includes("commits")) return title
  if (title.length === 0 && commits[0] && commits.length === 1)
    return isBareMerge(commits[0]) ? [] : heardIn(commits[0])
  return [...title, ...commits.flatMap((commit) => (isBareMerge(commit) ? [] : heardIn(commit)))]
}

const voiceIn = (sha: string, text: string, written = false): Voice => ({
  sha,
  subject: firstLine(text),
  said: classifyText(text),
  written,
})

/** The messages that a text holds, and what each of them says. */
export const heardOf = (sha: string, text: string): readonly Voice[] =>
  messagesIn(text).map((message) => voiceIn(sha, message.text, !message.listed))

const titleVoice = (sha: string, pull: Pull): readonly Voice[] => pull.heard ?? heardInTitle(sha, pull.title)

/** What a title says: one message, whatever it holds. */
export const heardInTitle = (sha: string, title: string): readonly Voice[] =>
  title.trim() === "" ? [] : [voiceIn(sha, firstLine(title))]

const heardIn = (commit: Commit): readonly Voice[] => commit.heard ?? heardOf(commit.sha, commit.message)

const overrideOf = (sha: string, pull: Pull): readonly Voice[] => heardOf(sha, pull.says?.override ?? "")

/** What the labels say, in the title's words. Labels that say nothing are no voice, unless there is no other. */
function labelVoice(sha: string, pull: Pull, others: boolean): readonly Voice[] {
  const words = labelWords(pull.labels)
  const first = words[0]
  if (first === undefined && others) return []
  const [{ subject, said } = voiceIn(sha, "")] = titleVoice(sha, pull)
  const most = words.reduce(
    (a: LabelWord | undefined, b) => (strength(b.asks) > strength(a?.asks ?? null) ? b : a),
    first,
  )
  const type = words.find((word) => word.type !== null && word.asks === most?.asks)?.type ?? null
  const { description, number } = said
  const says: Said = {
    type: said.type ?? type,
    ...(said.scope === undefined ? {} : { scope: said.scope }),
    description,
    ...(number === undefined ? {} : { number }),
    ...(most?.asks === "major" ? { breaking: said.breaking ?? "" } : {}),
    asks: most?.asks ?? null,
  }
  return subject === "" ? [] : [{ sha, subject, said: says, written: false }]
}

/** The voice that asks for the most, conventional before other ones; of equals the first. Undefined: nothing speaks. */
export const strongestVoice = (voices: readonly Voice[]): Voice | undefined =>
  voices.length === 1
    ? voices[0]
    : voices.reduce<Voice | undefined>((most, voice) => (most && rank(most) >= rank(voice) ? most : voice), undefined)

const rank = (voice: Voice): number => loudness(voice.said.asks, voice)

/** Orders voices by what they ask for, conventional before other ones. */
export const loudness = (asks: Bump | null, voice: Voice | undefined): number =>
  2 * strength(asks) + (voice === undefined || voice.said.type === null ? 0 : 1)

/** What a person would call the change: its title, else its commit's first line. */
export const subjectOf = (change: Change): string =>
  firstLine(change.pull?.title ?? "") || firstLine(change.commits.at(-1)?.message ?? "")
