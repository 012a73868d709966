/**
 * A word that a person wrote, in backticks, fit to stand in a message: on one line, of at most 60 characters, and
 * without a backtick that would end its code span.
 */
export const quote = (word: string): string => {
  const line = word.replaceAll("`", "'").replace(/\p{Cc}+/gu, " ")
  return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``
}

/** `a`, `b`, `c`: at most twenty, and how many there are more. */
export const quoteAll = (words: readonly string[]): string => {
  const more = words.length > 20 ? [`${words.length - 20} more`] : []
  return [...words.slice(0, 20).map(quote), ...more].join(", ")
}
