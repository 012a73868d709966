import type { z } from "zod"
import type { deployWindow } from "./deploy-window.ts"
import { instantOf } from "./wall-clock.ts"

type Window = z.output<typeof deployWindow>

/** Whether a window is open, and until when; or when it opens next. ISO 8601; null: it never changes. */
export type Opening =
  | { readonly is: "open"; readonly until: string | null }
  | { readonly is: "closed"; readonly from: string }

const DAY_MS = 24 * 60 * 60_000
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
  const dayAt = days(window.zone)
  // The day before, too: no date of the zone is missed, wherever midnight lies.
  for (let ahead = -1; ahead <= AHEAD; ahead++) {
    const { date, weekday } = dayAt(now.getTime() + ahead * DAY_MS)
    if (!(window.days as readonly string[]).includes(weekday) || holidays.has(date)) continue
    const begin = instantOf(`${date} ${clock(from)}`, window.zone)
    const end = to === WHOLE_DAY ? midnightAfter(date, window.zone) : instantOf(`${date} ${clock(to)}`, window.zone)
    if (at < begin) return { is: "closed", from: begin }
    if (at < end) return { is: "open", until: end }
  }
  return { is: "closed", from: new Date(now.getTime() + AHEAD * DAY_MS).toISOString() }
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`

const midnightAfter = (date: string, zone: string): string => instantOf(`${dateAfter(date)} 00:00`, zone)

/** The next date of the calendar. @param date `YYYY-MM-DD` */
const dateAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)

interface Day {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** `mon` … `sun` */
  readonly weekday: string
}

/** Which day it is in a zone at an instant, in milliseconds since 1970. */
function days(zone: string): (instant: number) => Day {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  })
  return (instant) => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
    return { date: `${part.year}-${part.month}-${part.day}`, weekday: (part.weekday ?? "").toLowerCase() }
  }
}
