export const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const
export type Weekday = (typeof WEEK)[number]

/** `mon-thu` → its days; a range may go over Sunday. Undefined: it is none. */
export function daysOf(written: string): Weekday[] | undefined {
  const [first, last = first, ...more] = written.split("-").map((day) => (WEEK as readonly string[]).indexOf(day))
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return undefined
  const count = ((last - first + 7) % 7) + 1
  return Array.from({ length: count }, (_, step) => WEEK[(first + step) % 7] ?? "mon")
}
