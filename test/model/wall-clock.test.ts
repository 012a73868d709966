import { expect, test } from "vitest"
import { instantOf, isDateText, isTimeZone } from "../../src/model/wall-clock.ts"

test.each([
  ["a date means nine in the morning", "2026-11-30", "Europe/Berlin", "2026-11-30T08:00:00.000Z"],
  ["a date in UTC", "2026-11-30", "UTC", "2026-11-30T09:00:00.000Z"],
  ["Z names the instant", "2026-11-23T00:00:00Z", "Europe/Berlin", "2026-11-23T00:00:00.000Z"],
  ["an offset names the instant", "2026-11-23T00:00:00+05:30", "Europe/Berlin", "2026-11-22T18:30:00.000Z"],
  ["a western offset without a colon", "2026-11-23 10:00-0800", "UTC", "2026-11-23T18:00:00.000Z"],
  ["a wall clock in winter", "2026-01-15T12:00", "Europe/Berlin", "2026-01-15T11:00:00.000Z"],
  ["a wall clock in summer", "2026-07-15T12:00", "Europe/Berlin", "2026-07-15T10:00:00.000Z"],
  ["the minute before spring forward", "2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00.000Z"],
  ["a time that is skipped moves forward", "2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["the first minute of summer time", "2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  ["nine on the day of spring forward", "2026-03-29", "Europe/Berlin", "2026-03-29T07:00:00.000Z"],
  ["a time that comes twice is the first", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["after the hour that comes twice", "2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ["spring forward in New York", "2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
  ["fall back in New York", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
  ["the southern half of the year", "2026-10-04T02:30", "Australia/Sydney", "2026-10-03T16:30:00.000Z"],
  ["half an hour of summer time", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00.000Z"],
  ["far east, next day", "2026-05-01T00:30", "Pacific/Kiritimati", "2026-04-30T10:30:00.000Z"],
  ["midnight that the clocks skip", "2018-11-04T00:30", "America/Sao_Paulo", "2018-11-04T03:30:00.000Z"],
  ["a fraction of a second is dropped", "2026-11-23T00:00:00.999Z", "UTC", "2026-11-23T00:00:00.000Z"],
])("%s: %s in %s", (_, text, zone, instant) => {
  expect(instantOf(text, zone)).toBe(instant)
})

test.each([
  "2026-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-11-31",
  "2026-11-30T24:00",
  "2026-11-30T10:60",
  "2026-11-30T10:00:60Z",
  "2026-11-30T10:00+15:00",
  "2026-11-30Z",
  "26-11-30",
  "30.11.2026",
  "tomorrow",
  "",
])("%j is no date", (text) => {
  expect(isDateText(text)).toBe(false)
  expect(() => instantOf(text, "UTC")).toThrow(RangeError)
})

test("29 February exists in a leap year", () => expect(instantOf("2028-02-29", "UTC")).toBe("2028-02-29T09:00:00.000Z"))

test.each([
  ["Europe/Berlin", true],
  ["UTC", true],
  ["Mars/Olympus", false],
  ["", false],
  ["\n", false],
])("time zone %j: %s", (zone, known) => expect(isTimeZone(zone)).toBe(known))
