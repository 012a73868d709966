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
/** Every weekday comes within a week; a day more, since the first one may be over. */
const AHEAD = 8

/** Where a window stands at an instant, by the clocks of its zone: also on days with 23 or 25 hours. */
export function openingAt(window: Window, now: Date): Opening {
  const { from, to } = window.hours
  if (from === 0 && to === WHOLE_DAY && window.days.length === 7) return { is: "open", until: null }
  const at = now.toISOString()
  // The day before, too: no date of the zone is missed, wherever midnight lies.
  for (let ahead = -1; ahead <= AHEAD; ahead++) {
    const { date, weekday } = dayIn(window.zone, now.getTime() + ahead * DAY_MS)
    if (!(window.days as readonly string[]).includes(weekday)) continue
    const begin = instantOf(`${date} ${clock(from)}`, window.zone)
    const end = to === WHOLE_DAY ? midnightAfter(date, window.zone) : instantOf(`${date} ${clock(to)}`, window.zone)
    if (at < begin) return { is: "closed", from: begin }
    if (at < end) return { is: "open", until: end }
  }
  // Not reached while a window has a day.
  return { is: "closed", from: new Date(now.getTime() + DAY_MS).toISOString() }
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`

const midnightAfter = (date: string, zone: string): string => {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
  return instantOf(`${next} 00:00`, zone)
}

function dayIn(zone: string, instant: number): { readonly date: string; readonly weekday: string } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  })
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  return { date: `${part.year}-${part.month}-${part.day}`, weekday: (part.weekday ?? "").toLowerCase() }
}
