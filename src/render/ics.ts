import type { CalendarEntry } from "../model/calendar.ts"
import { printable } from "./terminal-text.ts"

/** RFC 5545 section 3.1: a line is at most 75 octets long, without its break. */
const LINE = 75

/**
 * A calendar as an iCalendar file (RFC 5545), which calendars of others subscribe to.
 *
 * @param name what the calendar is called
 * @param now when it was made: every event says so
 */
export function renderIcs(name: string, entries: readonly CalendarEntry[], now: Date): string {
  const stamp = utc(now.toISOString())
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Slipway//Calendar of releases//EN",
    "CALSCALE:GREGORIAN",
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    // RFC 7986 section 5.7: how often it is worth asking again.
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...entries.flatMap((one) => event(one, stamp)),
    "END:VCALENDAR",
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join("")
}

function event({ id, repository, kind, what, from, until, collides }: CalendarEntry, stamp: string): readonly string[] {
  const met = collides === undefined ? "" : `Planned for the same time as ${collides}.`
  return [
    "BEGIN:VEVENT",
    `UID:${id}@slipway`,
    `DTSTAMP:${stamp}`,
    `DTSTART:${utc(from)}`,
    // Section 3.6.1: without an end it takes no time.
    ...(until === undefined ? [] : [`DTEND:${utc(until)}`]),
    `SUMMARY:${escapeText(`${met === "" ? "" : "⚠ "}${repository}: ${what}`)}`,
    ...(met === "" ? [] : [`DESCRIPTION:${escapeText(met)}`]),
    `CATEGORIES:${kind.toUpperCase()}`,
    // It makes nobody busy.
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ]
}

/** `2026-11-24T09:00:00.000Z` → `20261124T090000Z` */
const utc = (iso: string): string => `${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`

/** Section 3.3.11; control characters have no place in a text. */
const escapeText = (text: string): string => printable(text).replaceAll(/[\\;,]/g, "\\$&")

/** How long a character is in UTF-8; half of a surrogate pair is written as U+FFFD, which is as long. */
function octetsOf(char: string): number {
  const point = char.codePointAt(0) ?? 0
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x1_0000 ? 3 : 4
}

/** Long lines go on after a break and a blank, between characters. */
function fold(line: string): string {
  const parts: string[] = []
  let [part, length] = ["", 0]
  for (const char of line) {
    const octets = octetsOf(char)
    // The blank that the next line begins with counts.
    if (length + octets > LINE) {
      parts.push(part)
      part = " "
      length = 1
    }
    part += char
    length += octets
  }
  return [...parts, part].join("\r\n")
}
