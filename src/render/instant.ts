/**
 * An instant as people read it in checks, issues and terminals, always in UTC: `2026-11-21 09:14 UTC`. What is no
 * instant (a damaged record) comes out as words, never as it is: it may be anybody's text.
 * @param iso ISO 8601; a date alone stays a date
 */
export function showInstant(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return "an unknown time"
  const [day, time] = at.toISOString().split("T")
  return `${day} ${time?.slice(0, 5)} UTC`
}

/**
 * How long something took, from one instant to another: `4 min`, `1 h 12 min`; empty when either is no instant. Counted
 * in whole seconds of the clock: GitHub's times have no fraction, so what ends within the second would end too early.
 */
export function showSpan(from: string, to: string): string {
  const seconds = secondOf(to) - secondOf(from)
  if (Number.isNaN(seconds) || seconds < 0) return ""
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const secondOf = (iso: string): number => Math.floor(new Date(iso).getTime() / 1000)
