import { z } from "zod"
import type { DrillTimes } from "./drill-times.ts"
import { duration, matching, text, timeZone } from "./field.ts"
import { WEEK } from "./weekdays.ts"

const MUST = 'must be `monthly`, `weekly`, `on-demand`, or `{ every: monthly, on: tue, at: "10:00" }`'
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/

/** Whether the way back is practised in an environment, and when by itself. The short form stays a word. */
export const drill = z.union(
  [
    z.enum(["monthly", "weekly", "on-demand"]),
    z.strictObject({
      every: z.enum(["monthly", "weekly"]),
      on: z.enum(WEEK).exactOptional().describe("The day; of a month the first such one; without it `tue`"),
      at: matching(CLOCK, "must be a time such as `10:00`").exactOptional().describe("Without it `10:00`"),
      zone: timeZone.exactOptional().describe("By whose clocks; without it UTC"),
    }),
  ],
  { error: MUST },
)

/** A drill that has to have passed before anything enters. */
export const drilled = z.strictObject({
  in: text.describe("The environment where it was"),
  within: duration.describe("How long ago it may have been at most"),
})

const HOUR = 60
const AT = "10:00"

/** When drills are due; undefined: only when somebody asks for one. */
export function drillTimes(written: z.output<typeof drill>): DrillTimes | undefined {
  if (written === "on-demand") return undefined
  const { every, on = "tue", at = AT, zone = "UTC" } = typeof written === "string" ? { every: written } : written
  const [hour = 0, minute = 0] = at.split(":").map(Number)
  return { every, on, minute: hour * HOUR + minute, zone }
}
