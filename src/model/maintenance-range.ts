const NAMED = /(?:^|[/-])v?((?:0|[1-9]\d{0,9})(?:\.(?:0|[1-9]\d{0,9}))?)(?:\.x){1,2}$/i

/**
 * The range that a maintenance branch's name says, as semantic-release reads it: `1.x`, `1.x.x`, `v1.4.x` and
 * `release/1.4.x` are `1.x` and `1.4.x`. Null: the name does not say it; `support-1` could mean anything.
 */
export function rangeInName(branch: string): string | null {
  const [, numbers] = NAMED.exec(branch.slice(-40)) ?? []
  return numbers === undefined ? null : `${numbers}.x`
}

/** Whether a text is such a range itself: `1.x` or `1.4.x`. */
export const isRange = (text: string): boolean => rangeInName(text) === text
