import { describe, expect, test } from "vitest"
import { readHolidays } from "../../src/config/read-holidays.ts"

const FILE = "docs/holidays.ics"
const calendar = (...lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//acme//holidays//EN", ...lines, "END:VCALENDAR", ""].join("\r\n")
const event = (...lines: readonly string[]): readonly string[] => ["BEGIN:VEVENT", "UID:1", ...lines, "END:VEVENT"]
const datesOf = (text: string) => {
  const read = readHolidays(text, FILE)
  return read.ok ? read.dates : read.problems.map(({ line, message }) => `${line}: ${message}`)
}

describe("days", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["one without an end", event("DTSTART;VALUE=DATE:20261224"), ["2026-12-24"]],
    [
      "one with an end, which is no part of it",
      event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"),
      ["2026-12-24", "2026-12-25", "2026-12-26"],
    ],
    ["one with a length", event("DTSTART;VALUE=DATE:20261231", "DURATION:P2D"), ["2026-12-31", "2027-01-01"]],
    [
      "a week",
      event("DTSTART;VALUE=DATE:20260227", "DURATION:P1W"),
      ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"],
    ],
    ["over the 29th of February", event("DTSTART;VALUE=DATE:20280228", "DURATION:P2D"), ["2028-02-28", "2028-02-29"]],
    [
      "several, in any order and twice",
      [...event("DTSTART;VALUE=DATE:20261225"), ...event("DTSTART;VALUE=DATE:20261224", "DURATION:P2D")],
      ["2026-12-24", "2026-12-25"],
    ],
    [
      "a folded line, and a value in quotes with a colon",
      event('DTSTART;X="a:b";VALUE=', " DATE:2026", "\t1224"),
      ["2026-12-24"],
    ],
    ["without the kind of value, in small letters", event("dtstart:20261224"), ["2026-12-24"]],
    ["what is called off", event("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED"), []],
    [
      "an alarm of its own time inside",
      event(
        "DTSTART;VALUE=DATE:20261224",
        "BEGIN:VALARM",
        "TRIGGER;VALUE=DATE-TIME:20261223T080000Z",
        "DURATION:PT5M",
        "END:VALARM",
      ),
      ["2026-12-24"],
    ],
    ["what is no event", ["BEGIN:VTODO", "DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=DAILY", "END:VTODO"], []],
    ["nothing", [], []],
  ])("%s", (_, lines, expected) => {
    expect(datesOf(calendar(...lines))).toEqual(expected)
  })

  test("with line ends of Unix and a byte order mark", () => {
    expect(datesOf(`\uFEFF${calendar(...event("DTSTART;VALUE=DATE:20261224")).replaceAll("\r\n", "\n")}`)).toEqual([
      "2026-12-24",
    ])
  })
})

describe("mistakes, with their line", () => {
  test.each<[string, string, RegExp]>([
    ["no calendar", "2026-12-24\n", /^1: this is no iCalendar file/],
    ["an empty file", "", /^1: this is no iCalendar file/],
    ["half a calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\n", /^1: this is no iCalendar file/],
    ["a rule", calendar(...event("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY")), /^7: .*repeats by `RRULE`/],
    ["more dates", calendar(...event("DTSTART;VALUE=DATE:20261224", "RDATE:20261226")), /^7: .*repeats by `RDATE`/],
    ["a time of day", calendar(...event("DTSTART:20261224T120000Z")), /^6: a holiday is a whole day/],
    ["a day that is none", calendar(...event("DTSTART;VALUE=DATE:20260230")), /^6: a holiday is a whole day/],
    ["an end at a time", calendar(...event("DTSTART:20261224", "DTEND:20261225T000000")), /^7: a holiday is a whole/],
    ["an end before it begins", calendar(...event("DTSTART:20261224", "DTEND:20261224")), /^7: .*ends before/],
    ["hours", calendar(...event("DTSTART:20261224", "DURATION:PT36H")), /^7: the length of a holiday/],
    ["no begin", calendar(...event("DTEND:20261224")), /^4: this event has no `DTSTART`/],
    ["an age", calendar(...event("DTSTART:20260101", "DTEND:20360101")), /^7: this event lasts longer than 1000 days/],
  ])("%s", (_, text, expected) => {
    expect(datesOf(text)).toEqual([expect.stringMatching(expected)])
  })

  test("each of several is said, a bounded number", () => {
    const wrong = Array.from({ length: 80 }, () => event("DTSTART:20261224T120000Z")).flat()
    expect(datesOf(calendar(...wrong))).toHaveLength(50)
  })

  test("too many days, and too large a file", () => {
    const many = [0, 3].flatMap((part) => event(`DTSTART:202${part}0101`, "DURATION:P600D"))
    expect(datesOf(calendar(...many))).toEqual(["9: it names more than 1000 days"])
    // The same days again and again are no fewer lines to go through.
    const again = Array.from({ length: 3 }, () => event("DTSTART:20260101", "DURATION:P400D")).flat()
    expect(datesOf(calendar(...again))).toEqual([expect.stringMatching(/^\d+: it names more than 1000 days/)])
    expect(datesOf(calendar(`X-A:${"a".repeat(300_000)}`))).toEqual(["1: a file of holidays has at most 256 KB"])
  })
})
