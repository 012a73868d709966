import { type DayTimes, timeAfter, timeUpTo } from "./day-times.ts"
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
export const drillAfter = (times: DrillTimes, instant: string): string => timeAfter(dayTimes(times), instant)

/** The last one up to an instant, itself included. */
export const drillUpTo = (times: DrillTimes, instant: string): string => timeUpTo(dayTimes(times), instant)

const dayTimes = ({ every, on, minute, zone }: DrillTimes): DayTimes => ({
  zone,
  minute,
  around: AROUND,
  has: ({ date, weekday }) => weekday === on && (every === "weekly" || Number(date.slice(-2)) <= WEEK_DAYS),
})
