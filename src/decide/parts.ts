import type { Change } from "../model/change.ts"
import type { Sized } from "./rules.ts"
import { isBareMerge, wholeSubject } from "./voices.ts"

/** Further messages of one change count, but have no line of their own: a text from outside must not fill the notes. */
const LINES = 50

/**
 * What of a change stands in a line of its own.
 *
 * Where somebody wrote several messages out, in the body of a squash or in an override, each is one: that is what the
 * markers and paragraphs are for. The commits of a branch, and the list of them that GitHub puts into a squash's body,
 * are the way to one change, and share its line.
 *
 * @param said what is left of the change's texts; the first part has all that is no message of its own
 */
export function partsOf(change: Change, said: readonly Sized[]): readonly (readonly Sized[])[] {
  const [first] = said
  if (!first) return []
  if (countOf(said) < 2 || !isOneText(change)) return [said]
  const own = eachOnce(said.filter(isWritten)).slice(0, LINES)
  if (own.length < 2) return [said]
  // A title is GitHub's copy of the first message, unless only it was put right.
  const isCopied = said.find(({ voice }) => voice?.written) === own[0]
  const isTitled = !first.voice?.written && first.voice?.said.type
  const apart = isTitled && !isCopied ? own : own.slice(1)
  const isApart = new Set(apart)
  return [said.filter((one) => !isApart.has(one)), ...apart.map((one) => [one])]
}

const isWritten = ({ voice }: Sized): boolean => voice?.written === true && voice.said.type !== null

const countOf = (said: readonly Sized[]): number => said.reduce((sum, one) => (isWritten(one) ? sum + 1 : sum), 0)

/** Bodies begin with their own title at times. */
function eachOnce(said: readonly Sized[]): readonly Sized[] {
  const subjects = said.map(({ voice }) => voice && wholeSubject(voice))
  return said.filter((_, at) => subjects.indexOf(subjects[at]) === at)
}

const isOneText = ({ pull, commits }: Change): boolean =>
  pull?.says?.override !== undefined || commits.filter((commit) => !isBareMerge(commit)).length === 1
