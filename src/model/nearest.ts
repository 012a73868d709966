/**
 * The known word that was probably meant: the one with the fewest typing mistakes (optimal string alignment, letter
 * case aside), if they are at most a third of the letters. `undefined` when nothing is near.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined
  const wanted = word.toLowerCase()
  let best: { readonly word: string; readonly mistakes: number } | undefined
  for (const candidate of known) {
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))
    if (Math.abs(wanted.length - candidate.length) > allowed) continue
    const mistakes = distance(wanted, candidate.toLowerCase())
    if (mistakes <= allowed && (!best || mistakes < best.mistakes)) best = { word: candidate, mistakes }
  }
  return best?.word
}

/** Insertions, deletions, substitutions and swapped neighbours that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost, swap))
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
