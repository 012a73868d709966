import { firstOf } from "./storable.ts"

/**
 * A word that a person wrote, in backticks, fit to stand in a message: on one line, of at most 60 characters, and
 * without a backtick that would end its code span; with no half of a character, which no database keeps.
 */
export const quote = (word: string): string => {
  const line = word.replaceAll("`", "'").replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
  return `\`${(line.length > 60 ? `${firstOf(line, 59)}…` : line).toWellFormed()}\``
}

/** `a`, `b`, `c`: at most twenty, and how many there are more. */
export const quoteAll = (words: readonly string[]): string => {
  const more = words.length > 20 ? [`${words.length - 20} more`] : []
  return [...words.slice(0, 20).map(quote), ...more].join(", ")
}
