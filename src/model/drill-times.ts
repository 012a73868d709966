import { clockText, DAY_MS, type Day, dayAfter, dayIn } from "./calendar-day.ts"
import { instantOf } from "./wall-clock.ts"
import type { Weekday } from "./weekdays.ts"

/** When drills are due, by the clocks of a zone: on a day of every week, or on the first such day of every month. */
export interface DrillTimes {
  readonly every: "weekly" | "monthly"
  readonly on: Weekday
  /** Of the day. */
  readonly minute: number
  readonly zone: string
}

const WEEK_DAYS = 7
/** From one first Tuesday to the next it is 35 days at most; a day more on either side. */
const AROUND = 37

/** The first one after an instant. ISO 8601, as is what comes in; a time that the clocks skip moves forward. */
export function drillAfter(times: DrillTimes, instant: string): string {
  const days = daysFrom(times.zone, Date.parse(instant) - DAY_MS)
  return found(times, days, (at) => at > instant) ?? instant
}

/** The last one up to an instant, itself included. */
export function drillUpTo(times: DrillTimes, instant: string): string {
  const days = daysFrom(times.zone, Date.parse(instant) - AROUND * DAY_MS).toReversed()
  return found(times, days, (at) => at <= instant) ?? instant
}

function found(
  { every, on, minute, zone }: DrillTimes,
  days: readonly Day[],
  is: (at: string) => boolean,
): string | undefined {
  for (const { date, weekday } of days) {
    const isFirst = Number(date.slice(-2)) <= WEEK_DAYS
    if (weekday !== on || (every === "monthly" && !isFirst)) continue
    const at = instantOf(`${date} ${clockText(minute)}`, zone)
    if (is(at)) return at
  }
  return undefined
}

function daysFrom(zone: string, instant: number): readonly Day[] {
  const all: Day[] = [dayIn(zone, instant)]
  for (let day = all[0]; day && all.length < AROUND + 2; day = all.at(-1)) all.push(dayAfter(day))
  return all
}
