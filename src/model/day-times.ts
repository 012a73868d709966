import { clockText, DAY_MS, type Day, dayAfter, dayIn } from "./calendar-day.ts"
import { instantOf } from "./wall-clock.ts"

/** A time of certain days, by the clocks of a zone: one that they skip moves forward, and of one that they show twice the first counts. */
export interface DayTimes {
  readonly zone: string
  /** Of the day. */
  readonly minute: number
  readonly has: (day: Day) => boolean
  /** In how many days such a day comes for certain; a day more, since the first and the last may be over or not begun. */
  readonly around: number
}

/** The first such time after an instant. ISO 8601, as is what comes in. */
export const timeAfter = (times: DayTimes, instant: string): string =>
  found(times, daysFrom(times, Date.parse(instant) - DAY_MS), (at) => at > instant) ?? instant

/** The last such time up to an instant, itself included. */
export const timeUpTo = (times: DayTimes, instant: string): string =>
  found(times, daysFrom(times, Date.parse(instant) - times.around * DAY_MS).toReversed(), (at) => at <= instant) ??
  instant

function found({ has, minute, zone }: DayTimes, days: readonly Day[], is: (at: string) => boolean): string | undefined {
  for (const day of days) {
    if (!has(day)) continue
    const at = instantOf(`${day.date} ${clockText(minute)}`, zone)
    if (is(at)) return at
  }
  return undefined
}

function daysFrom({ zone, around }: DayTimes, instant: number): readonly Day[] {
  const all: Day[] = [dayIn(zone, instant)]
  for (let day = all[0]; day && all.length < around + 3; day = all.at(-1)) all.push(dayAfter(day))
  return all
}
