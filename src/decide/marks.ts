import type { Bump } from "../model/version.ts"

/*
 * A second reading of commit messages, apart from classify.ts: a replay that judged Slipway's answers by Slipway's own
 * reading could find no fault in it. `marked` takes what is beyond doubt, `hinted` all that could be meant; a judgement
 * that something is there asks the first, one that it is not asks the second.
 */

const TYPES = /^(\w+)(?:\([^()\r\n]{1,200}\))?(!)?: \S/
const BREAKING_FOOTER = /^BREAKING[ -]CHANGE: \S/m

/** What a message asks for beyond doubt, by the letter of Conventional Commits 1.0.0; null: nothing. */
export function marked(message: string): Bump | null {
  const [, type, bang] = TYPES.exec(message) ?? []
  if (!type) return null
  if (bang || BREAKING_FOOTER.test(message)) return "major"
  return type.toLowerCase() === "feat" ? "minor" : type.toLowerCase() === "fix" ? "patch" : null
}

const BREAKS = /\bBREAKING\b|^\W{0,4}\w{1,30}(?:\([^()\r\n]{0,200}\))?\s?!\s?:/m
const BREAKS_IN_WORDS = /\bbreaking[ -]changes?\s?:/i
const FEATURE = /^\W{0,4}feat(?:ures?)?\b/im
const MENDS = /^\W{0,4}(?:fix|perf|bug)/im
const STATED = /^\W{0,4}release[ -]as\b/im

/** The most that somebody could have meant with a message, in whatever wording, in any of its lines. */
export function hinted(message: string): Bump | "stated" | null {
  if (STATED.test(message)) return "stated"
  if (BREAKS.test(message) || BREAKS_IN_WORDS.test(message)) return "major"
  if (FEATURE.test(message)) return "minor"
  return MENDS.test(message) ? "patch" : null
}

/** What `Release-As:` footers of a message state, as written. */
export const statedIn = (message: string): readonly string[] =>
  [...message.matchAll(/^Release-As: v?(\d[\w.+-]{0,100})\s*$/gim)].map(([, version = ""]) => version)

/** Whether a message takes something back, or brings it back: then the other messages do not say all. */
export const isUndoing = (message: string): boolean =>
  /^\W{0,4}re(?:vert|apply)|\breverts? (?:commit|#|\w+\/)/im.test(message)
