/** `1 change`, `12 changes`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  const last = words.at(-1)
  if (last === undefined) return ""
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`
}

/**
 * A text of at most `limit` UTF-16 units (of which there are never fewer than characters), with an ellipsis where
 * something is missing; no emoji is cut in two.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text
    .slice(0, limit - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`
}

/** How far back a text is cut so that it ends with a whole word. */
const LONGEST_WORD = 200

/** The same for text in which numbers are links: cut between words, so that `#123` does not end up as `#12`. */
export function cutWords(text: string, limit: number): string {
  if (text.length <= limit) return text
  const end = limit - 1
  const isBetween = /\s/.test(text.charAt(end))
  const back = isBetween ? 0 : /\S*$/.exec(text.slice(Math.max(0, end - LONGEST_WORD), end))?.[0].length
  const whole = back === undefined || back >= Math.min(LONGEST_WORD, end) ? end : end - back
  const kept = cut(text, whole + 1)
  return whole === end && !isBetween ? kept.replace(/[#\d]{1,20}…$/, "…") : kept
}

/** A commit as people name it. */
export const shortSha = (sha: string): string => sha.slice(0, 7)
