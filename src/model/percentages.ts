/**
 * The percentages that a report states of itself, each once, ascending, at most two: whoever asks for one needs to know no
 * more than that there are several. GitHub has no field for coverage; tools say it in the description of a status
 * (`85.32% (+0.10%) compared to 1a2b3c4`) or in a check run's title (`Coverage increased (+0.1%) to 85.3%`).
 *
 * A change (`+0.1%`), what stands in brackets, and what is named as a goal (`target 80%`, `below 80%`) is no statement.
 *
 * @param text anything that somebody wrote; only its first 64 KB, GitHub's limit for a summary, are looked at
 */
export function percentagesIn(text: string): readonly number[] {
  const plain = text.slice(0, LONGEST).replaceAll(/\([^()]{0,200}\)/g, " ")
  const found = new Set<number>()
  for (const { 1: number = "", index } of plain.matchAll(PERCENTAGE)) {
    if (!GOAL.test(plain.slice(Math.max(0, index - NEAR), index))) found.add(Number(number))
    if (found.size === 2) break
  }
  return [...found].sort((a, b) => a - b)
}

/**
 * What a report says of itself; the first of its texts with a percentage counts.
 * @param texts title or description first, then what is longer
 */
export function percentOf(...texts: readonly (string | null | undefined)[]): { readonly percent?: readonly number[] } {
  for (const text of texts) {
    const found = percentagesIn(text ?? "")
    if (found.length > 0) return { percent: found }
  }
  return {}
}

const LONGEST = 65_535
/** A number of its own, without a sign and not the beginning of a range. */
const PERCENTAGE = /(?<![\w.,+\-−–±])(\d{1,3}(?:\.\d{1,9})?)\s?%(?!\s?[-–]\s?\d)/g
/** What makes a goal of the number behind it stands right before it. */
const GOAL =
  /(?:[<>≤≥~≈]=?|\b(?:below|under|above|over|least|most|than|target|goal|threshold|minimum|min|maximum|max|required|requires|needs))[\s:=]{0,4}(?:of|is|by)?[\s:=]{0,4}$/i
const NEAR = 24
