import { clockOf } from "./wall-clock.ts"
import { WEEK, type Weekday } from "./weekdays.ts"

export const DAY_MS = 24 * 60 * 60_000

/** A day of the calendar. */
export interface Day {
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly weekday: Weekday
}

/** The day that it is in a zone at an instant, in milliseconds since 1970. */
export function dayIn(zone: string, instant: number): Day {
  const parts = clockOf(zone).formatToParts(instant)
  const [year = "", month = "", day = ""] = (["year", "month", "day"] as const).map(
    (type) => parts.find((part) => part.type === type)?.value,
  )
  return dayOf(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`)
}

/** The next day of the calendar, however many hours this one has anywhere. */
export const dayAfter = ({ date }: Day): Day =>
  dayOf(new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10))

/** @param date `YYYY-MM-DD` */
const dayOf = (date: string): Day => ({
  date,
  weekday: WEEK[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "mon",
})

/** Minutes since midnight → `09:05`. */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
