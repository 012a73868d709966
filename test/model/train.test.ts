import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cutoffOf, departureAfter, departureUpTo, train, trainText } from "../../src/model/train.ts"

const read = (every: string, zone = "UTC", cutoff?: string) =>
  train.parse({ every, zone, ...(cutoff === undefined ? {} : { cutoff }) })

describe("departures", () => {
  test.each<[string, string, string, string, string]>([
    ["on the same day", "tue,thu 10:00", "Europe/Berlin", "2026-11-24T08:59:59.000Z", "2026-11-24T09:00:00.000Z"],
    [
      "never the instant itself",
      "tue,thu 10:00",
      "Europe/Berlin",
      "2026-11-24T09:00:00.000Z",
      "2026-11-26T09:00:00.000Z",
    ],
    ["over the weekend", "tue,thu 10:00", "Europe/Berlin", "2026-11-26T09:00:00.000Z", "2026-12-01T09:00:00.000Z"],
    ["in summer", "tue 10:00", "Europe/Berlin", "2026-07-01T00:00:00.000Z", "2026-07-07T08:00:00.000Z"],
    [
      "a time that the clocks skip: an hour later",
      "sun 02:30",
      "Europe/Berlin",
      "2026-03-28T00:00:00.000Z",
      "2026-03-29T01:30:00.000Z",
    ],
    [
      "a time that they show twice: the first",
      "sun 02:30",
      "Europe/Berlin",
      "2026-10-24T00:00:00.000Z",
      "2026-10-25T00:30:00.000Z",
    ],
    [
      "… and not the second after it",
      "sun 02:30",
      "Europe/Berlin",
      "2026-10-25T00:30:00.000Z",
      "2026-11-01T01:30:00.000Z",
    ],
    [
      "midnight that is skipped",
      "sun 00:00",
      "America/Asuncion",
      "2023-09-30T00:00:00.000Z",
      "2023-10-01T04:00:00.000Z",
    ],
    ["far in the east", "mon 09:00", "Pacific/Kiritimati", "2026-11-22T00:00:00.000Z", "2026-11-22T19:00:00.000Z"],
    ["far in the west", "mon 23:30", "Pacific/Pago_Pago", "2026-11-24T10:00:00.000Z", "2026-11-24T10:30:00.000Z"],
  ])("%s", (_, every, zone, after, expected) => {
    expect(departureAfter(read(every, zone), after)).toBe(expected)
  })

  test("the last one, itself included", () => {
    const it = read("tue,thu 10:00", "Europe/Berlin")
    expect(departureUpTo(it, "2026-11-24T09:00:00.000Z")).toBe("2026-11-24T09:00:00.000Z")
    expect(departureUpTo(it, "2026-11-24T08:59:59.999Z")).toBe("2026-11-19T09:00:00.000Z")
  })

  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
  ]
  const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const

  test("over a year, in any zone: each on one of its days, at its time, none left out and none twice", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.subarray([...WEEK], { minLength: 1 }),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        (zone, days, minute) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`
          const it = read(`${days.join(",")} ${time}`, zone)
          const found: string[] = []
          for (let at = "2026-01-01T12:00:00.000Z"; at < "2027-01-01T12:00:00.000Z"; ) {
            const next = departureAfter(it, at)
            expect(next > at).toBe(true)
            expect(departureUpTo(it, next)).toBe(next)
            expect(departureUpTo(it, new Date(Date.parse(next) - 1).toISOString())).toBe(
              found.at(-1) ?? departureUpTo(it, at),
            )
            found.push(next)
            at = next
          }
          expect(Math.abs(found.length - (365 / 7) * days.length)).toBeLessThanOrEqual(days.length + 1)
          const shown = found.map((at) => clockIn(zone, at))
          expect(new Set(shown.map(({ date }) => date)).size).toBe(found.length)
          expect(shown.every(({ weekday }) => (days as readonly string[]).includes(weekday))).toBe(true)
          // Two days a year have a time that clocks do not show.
          expect(shown.filter((one) => one.time !== time).length).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 20 },
    )
  }, 30_000)
})

function clockIn(zone: string, at: string) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" })
  const weekday = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short" }).format(new Date(at))
  const [date = "", time = ""] = format.format(new Date(at)).split(", ")
  return { date, time, weekday: weekday.toLowerCase() }
}

describe("as it is written", () => {
  test.each([
    ["tue,thu 10:00", "tue, thu 10:00 (UTC)"],
    ["mon-fri 16:30", "mon, tue, wed, thu, fri 16:30 (UTC)"],
    ["sat-mon 00:00", "mon, sat, sun 00:00 (UTC)"],
    ["thu,tue 09:05", "tue, thu 09:05 (UTC)"],
  ])("%s", (every, said) => {
    expect(trainText(read(every))).toBe(said)
  })

  test.each([
    "tue",
    "10:00",
    "tue 25:00",
    "tue,  thu 10:00",
    "Tue 10:00",
    "tue 9:00",
    "day 10:00",
    "",
    "tue-thu-fri 10:00",
  ])("“%s” is none", (every) => {
    expect(train.safeParse({ every }).error?.issues[0]?.message).toMatch(/must be days and a time/)
  })

  test.each([
    ["tue,thu 10:00", "46h", true],
    ["tue,thu 10:00", "47h", false],
    ["mon-fri 10:00", "22h", true],
    ["mon-fri 10:00", "1d", false],
    ["sat,sun 10:00", "23h", false],
    ["tue 10:00", "6d", true],
    ["tue 10:00", "7d", false],
  ])("%s with a cutoff of %s: %s", (every, cutoff, fits) => {
    expect(train.safeParse({ every, cutoff }).success).toBe(fits)
  })

  test("the cutoff counts back in hours that pass, not in those that clocks show", () => {
    const it = read("sun 03:30", "Europe/Berlin", "2h")
    expect(cutoffOf(it, departureAfter(it, "2026-03-28T00:00:00.000Z"))).toBe("2026-03-28T23:30:00.000Z")
  })
})
