import { z } from "zod"
import { timeZone } from "./field.ts"

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const
type Weekday = (typeof WEEK)[number]

const DAYS = "must be days such as `mon-thu`, `sat` or `[mon, wed]`"
const HOURS = "must be hours such as `09:00-16:00`, the second later than the first"

/** `mon-thu` → its days; a range may go over Sunday. */
function daysOf(written: string): Weekday[] | undefined {
  const [first, last = first, ...more] = written.split("-").map((day) => (WEEK as readonly string[]).indexOf(day))
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return undefined
  const count = ((last - first + 7) % 7) + 1
  return Array.from({ length: count }, (_, step) => WEEK[(first + step) % 7] ?? "mon")
}

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

/** When deployments may begin: on which days, between which minutes of the day, by the clocks of which zone. */
export const deployWindow = z.strictObject({
  days: days.default([...WEEK]),
  hours: hours.default({ from: 0, to: 24 * 60 }),
  zone: timeZone.default("UTC"),
})
