import type { z } from "zod"
import { clockText, DAY_MS, type Day, dayAfter, dayIn } from "./calendar-day.ts"
import type { deployWindow } from "./deploy-window.ts"
import { instantOf } from "./wall-clock.ts"

type Window = z.output<typeof deployWindow>

/** Whether a window is open, and until when; or when it opens next. ISO 8601; null: it never changes. */
export type Opening =
  | { readonly is: "open"; readonly until: string | null }
  | { readonly is: "closed"; readonly from: string }

const WHOLE_DAY = 24 * 60
/** Every weekday comes within a week; but all of them may be holidays. Looked at again then, at the latest. */
const AHEAD = 400

/**
 * Where a window stands at an instant, by the clocks of its zone: also on days with 23 or 25 hours.
 *
 * @param window one whose holidays are known
 */
export function openingAt(window: Window, now: Date): Opening {
  const { from, to } = window.hours
  const holidays = new Set(window.holidays?.dates)
  if (from === 0 && to === WHOLE_DAY && window.days.length === 7 && holidays.size === 0)
    return { is: "open", until: null }
  const at = now.toISOString()
  // From the day before: no day of the zone is missed, wherever midnight lies.
  let day = dayIn(window.zone, now.getTime() - DAY_MS)
  for (let ahead = 0; ahead <= AHEAD; ahead++, day = dayAfter(day)) {
    const { date, weekday } = day
    if (!window.days.includes(weekday) || holidays.has(date)) continue
    const begin = instantOf(`${date} ${clockText(from)}`, window.zone)
    const end = to === WHOLE_DAY ? midnightAfter(day, window.zone) : instantOf(`${date} ${clockText(to)}`, window.zone)
    if (at < begin) return { is: "closed", from: begin }
    if (at < end) return { is: "open", until: end }
  }
  return { is: "closed", from: new Date(now.getTime() + AHEAD * DAY_MS).toISOString() }
}

const midnightAfter = (day: Day, zone: string): string => instantOf(`${dayAfter(day).date} 00:00`, zone)
