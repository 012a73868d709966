import { z } from "zod"
import { listOf, path, timeZone } from "./field.ts"
import { isDateText } from "./wall-clock.ts"
import { daysOf, WEEK } from "./weekdays.ts"

const DAYS = "must be days such as `mon-thu`, `sat` or `[mon, wed]`"
const HOURS = "must be hours such as `09:00-16:00`, the second later than the first"

const days = z
  .union([z.string().transform((one) => [one]), z.array(z.string()).min(1)], DAYS)
  .transform((list, context) => {
    const found = list.flatMap((written) => daysOf(written) ?? [undefined])
    const known = WEEK.filter((day) => found.includes(day))
    if (found.every((day) => day !== undefined)) return known
    context.addIssue({ code: "custom", message: DAYS })
    return z.NEVER
  })

/** `09:00-16:00` → minutes since midnight; `24:00` is the end of the day. */
const hours = z
  .string({ error: HOURS })
  .max(11, { error: HOURS, abort: true })
  .transform((written, context) => {
    const found = /^(\d{2}):([0-5]\d)-(\d{2}):([0-5]\d)$/.exec(written)?.slice(1).map(Number) ?? []
    const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = found
    const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
    if (from < to && to <= 24 * 60) return { from, to }
    context.addIssue({ code: "custom", message: HOURS })
    return z.NEVER
  })

const HOLIDAYS =
  "must be a list of dates such as `[2026-12-24, 2026-12-25]`, or an .ics file such as `docs/holidays.ics`"
const holiday = z
  .string(HOLIDAYS)
  .max(10, { error: HOLIDAYS, abort: true })
  .refine((written) => /^\d{4}-\d{2}-\d{2}$/.test(written) && isDateText(written), {
    error: "must be a date such as `2026-12-24`",
  })

/** Days on which a window does not open. `dates` is absent while the file that holds them is not read. */
export interface Holidays {
  readonly file?: string
  /** `YYYY-MM-DD` by the clocks of the window's zone, in order, each once. */
  readonly dates?: readonly string[]
}

const holidays = z.union(
  [
    listOf(holiday).transform((dates): Holidays => ({ dates: [...new Set(dates)].sort() })),
    path.refine((file) => /\.ics$/i.test(file), { error: HOLIDAYS }).transform((file): Holidays => ({ file })),
  ],
  HOLIDAYS,
)

/** When deployments may begin: on which days, between which minutes of the day, by the clocks of which zone. */
export const deployWindow = z.strictObject({
  days: days.default([...WEEK]),
  hours: hours.default({ from: 0, to: 24 * 60 }),
  zone: timeZone.default("UTC"),
  holidays: holidays
    .exactOptional()
    .describe("Days on which it does not open: dates, or an .ics file of the repository with events of whole days"),
})
