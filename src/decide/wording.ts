const SHOWN = 3

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function list(items: readonly string[], shown: number = SHOWN): string {
  const head = items.slice(0, shown)
  const more = items.length - head.length
  const parts = more > 0 ? [...head, `${more} more`] : head
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** Reasons are plain text: code in what somebody else wrote stands in quotes, since its backticks would be shown. */
export const plain = (text: string): string => text.replaceAll(/`([^`]*)`/g, "“$1”").replaceAll("`", "'")

export const short = (sha: string): string => sha.slice(0, 7)

/** `2026-11-23 09:00 UTC`, to the minute. */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
