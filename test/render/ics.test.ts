import fc from "fast-check"
import { expect, test } from "vitest"
import type { CalendarEntry } from "../../src/model/calendar.ts"
import { renderIcs } from "../../src/render/ics.ts"
import { printable } from "../../src/render/terminal-text.ts"

const NOW = new Date("2026-11-21T12:00:00Z")
const entry = (more: Partial<CalendarEntry> = {}): CalendarEntry => ({
  id: "a1",
  repository: "acme/shop",
  kind: "train",
  what: "train departs (tue, thu 10:00 (Europe/Berlin))",
  from: "2026-11-24T09:00:00.000Z",
  ...more,
})
/** As a reader of RFC 5545 puts lines together again (section 3.1), and takes escapes out (section 3.3.11). */
const unfolded = (text: string): readonly string[] =>
  text
    .replaceAll(/\r\n[ \t]/g, "")
    .split("\r\n")
    .slice(0, -1)
const fieldOf = (text: string, name: string): string | undefined =>
  unfolded(text)
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .replaceAll(/\\([\\;,nN])/g, (_, char: string) => (char.toLowerCase() === "n" ? "\n" : char))

test("a calendar as RFC 5545 has it", () => {
  const until = "2026-11-25T09:00:00.000Z"
  const text = renderIcs(
    "Releases of acme",
    [entry(), entry({ id: "b2", kind: "freeze", what: "code freeze", until, collides: "v2" })],
    NOW,
  )
  expect(text.split("\r\n")).toEqual([
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Slipway//Calendar of releases//EN",
    "CALSCALE:GREGORIAN",
    "NAME:Releases of acme",
    "X-WR-CALNAME:Releases of acme",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "BEGIN:VEVENT",
    "UID:a1@slipway",
    "DTSTAMP:20261121T120000Z",
    "DTSTART:20261124T090000Z",
    "SUMMARY:acme/shop: train departs (tue\\, thu 10:00 (Europe/Berlin))",
    "CATEGORIES:TRAIN",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "UID:b2@slipway",
    "DTSTAMP:20261121T120000Z",
    "DTSTART:20261124T090000Z",
    "DTEND:20261125T090000Z",
    "SUMMARY:⚠ acme/shop: code freeze",
    "DESCRIPTION:Planned for the same time as v2.",
    "CATEGORIES:FREEZE",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ])
})

test("whatever is written in it: no line over 75 octets, no event more, and the text comes out as it was", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.stringMatching(/^[\\;,: \r\nnN"ÄÖ日🎉-]{0,200}$/u),
  )
  fc.assert(
    fc.property(text, (what) => {
      const made = renderIcs("Releases", [entry({ what })], NOW)
      const lines = made.split("\r\n")
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
      expect(made.isWellFormed()).toBe(true)
      expect(unfolded(made).filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1)
      expect(unfolded(made)).toHaveLength(16)
      expect(fieldOf(made, "SUMMARY")).toBe(`acme/shop: ${printable(what)}`)
    }),
    { numRuns: 300 },
  )
})
