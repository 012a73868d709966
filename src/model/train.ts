import { z } from "zod"
import { clockText } from "./calendar-day.ts"
import { type DayTimes, timeAfter, timeUpTo } from "./day-times.ts"
import { duration, timeZone } from "./field.ts"
import { daysOf, WEEK, type Weekday } from "./weekdays.ts"

const EVERY = "must be days and a time such as `tue,thu 10:00` or `mon-fri 16:30`"
const DAY_MINUTES = 24 * 60
/** Days that clocks are put forward on are an hour shorter. */
const CLOCK_CHANGE = 60

/** `tue,thu 10:00` → its days in the order of the week, and the minute of the day. */
const every = z
  .string({ error: EVERY })
  .max(40, { error: EVERY, abort: true })
  .transform((written, context) => {
    const [, listed = "", hour, minute] =
      /^([a-z]{3}(?:[-,][a-z]{3}){0,6}) ([01]\d|2[0-3]):([0-5]\d)$/.exec(written) ?? []
    const found = listed.split(",").map(daysOf)
    const days = WEEK.filter((day) => found.some((some) => some?.includes(day)))
    if (hour !== undefined && found.every((some) => some !== undefined))
      return { days, minute: Number(hour) * 60 + Number(minute) }
    context.addIssue({ code: "custom", message: EVERY })
    return z.NEVER
  })

/** When releases go out by themselves, if every gate is passed. */
export const train = z
  .strictObject({
    every: every.describe("The days and the time at which it departs, such as `tue,thu 10:00`"),
    zone: timeZone.default("UTC").describe("By whose clocks"),
    cutoff: duration
      .exactOptional()
      .describe("How long before the departure the release is cut; without it, it is cut at the departure"),
  })
  .superRefine(({ every: { days }, cutoff = 0 }, context) => {
    const between = shortest(days) - CLOCK_CHANGE
    if (cutoff >= between)
      context.addIssue({
        code: "custom",
        path: ["cutoff"],
        message: `must be shorter than the time between two departures, at most \`${Math.floor((between - 1) / 60)}h\``,
      })
  })

export type Train = z.output<typeof train>

/** From one departure to the next, in minutes, on days of 24 hours. */
function shortest(days: readonly Weekday[]): number {
  const at = days.map((day) => WEEK.indexOf(day))
  const gaps = at.map((day, index) => ((at[index + 1] ?? (at[0] ?? 0) + 7) - day) * DAY_MINUTES)
  return Math.min(...gaps)
}

/** Every weekday comes within a week; a day more on either side, since the first and the last may be over or not begun. */
const AROUND = 8

/**
 * The first departure after an instant, by the clocks of the train's zone: a time that they skip moves forward by the
 * skipped hour, and of one that they show twice the first counts. ISO 8601, as is what comes in.
 */
export const departureAfter = (it: Train, instant: string): string => timeAfter(dayTimes(it), instant)

/** The last departure up to an instant, itself included. */
export const departureUpTo = (it: Train, instant: string): string => timeUpTo(dayTimes(it), instant)

const dayTimes = ({ every: { days, minute }, zone }: Train): DayTimes => ({
  zone,
  minute,
  around: AROUND,
  has: ({ weekday }) => days.includes(weekday),
})

/** When a release is cut for a departure. */
export const cutoffOf = ({ cutoff = 0 }: Train, departure: string): string =>
  new Date(Date.parse(departure) - cutoff * 60_000).toISOString()

/** `tue, thu 10:00 (Europe/Berlin)` */
export const trainText = ({ every: { days, minute }, zone }: Train): string =>
  `${days.join(", ")} ${clockText(minute)} (${zone})`
