import { RE2JS, RE2JSException } from "re2js"
import { quote } from "../model/quote.ts"
import { found, lineOf, missing } from "./located.ts"
import type { Locate, Source, Span } from "./manifest.ts"

/** Instructions of the compiled pattern times characters: what one look may cost at most. Measured: up to 50 ns each. */
const MOST_STEPS = 25_000_000
const MOST_MATCHES = 1_000

/**
 * A version by a regular expression, whose first group it is. `^` and `$` are those of a line. The expression is one of
 * RE2 (https://github.com/google/re2/wiki/Syntax): its time grows with the text, never faster.
 */
export const byRegex =
  (pattern: string): Locate =>
  (source) => {
    const regex = compile(pattern)
    if (typeof regex === "string") return missing(source, regex)
    if (regex.programSize() * source.text.length > MOST_STEPS)
      return missing(source, `the \`regex\` is too large for a file of this size; repeat less in it`)
    const spans = matches(regex, source.text)
    const [first, ...rest] = spans
    if (!first) return missing(source, `nothing matches the \`regex\` ${quote(pattern)}`)
    const said = ({ start, end }: Span): string => source.text.slice(start, end)
    const strange = spans.find((span) => !/^\d[\w.+-]*$/.test(said(span)))
    if (strange)
      return missing(
        source,
        `the \`regex\` finds ${quote(said(strange))}, which is no version; match exactly its characters in the group, without quotes or a \`v\``,
        strange.start,
      )
    const other = rest.find((span) => said(span) !== said(first))
    if (other)
      return missing(
        source,
        `the \`regex\` finds ${quote(said(first))} in line ${lineOf(source.text, first.start)} and ${quote(said(other))} here; make it match the release's version alone`,
        other.start,
      )
    return found(first, ...rest)
  }

/** Why a pattern can find nothing in any file; `undefined` where it can. */
export function regexProblem(pattern: string): string | undefined {
  const regex = compile(pattern)
  return typeof regex === "string" ? regex : undefined
}

/** Gives the reason where the pattern is refused. */
function compile(pattern: string): RE2JS | string {
  try {
    const regex = RE2JS.compile(pattern, RE2JS.MULTILINE)
    return regex.groupCount() === 0
      ? `the \`regex\` ${quote(pattern)} has no group; put the version's part in brackets, such as \`version = "(.*)"\``
      : regex
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return `the \`regex\` ${quote(pattern)} is not valid: ${quote(error.message.replace(/^error parsing regexp: /, "")).slice(1, -1)} (it is one of RE2, without look-around and back-references)`
  }
}

function matches(regex: RE2JS, text: Source["text"]): Span[] {
  // RE2 ends a line at LF alone: where CRLF ends it, `$` would never match, and `.` would take the CR in.
  const matcher = regex.matcher(text.replaceAll("\r", "\n"))
  const spans: Span[] = []
  while (spans.length < MOST_MATCHES && matcher.find()) {
    const start = matcher.start(1)
    if (start >= 0) spans.push({ start, end: matcher.end(1) })
  }
  return spans
}
