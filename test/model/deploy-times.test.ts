import { expect, test } from "vitest"
import { openingAt } from "../../src/model/deploy-times.ts"
import { deployWindow } from "../../src/model/deploy-window.ts"

const OFFICE = { days: "mon-thu", hours: "09:00-16:00", zone: "Europe/Berlin" }
const dayAt = (first: string, later: number): string =>
  new Date(Date.parse(first) + later * 86_400_000).toISOString().slice(0, 10)
const NIGHT = { days: "sat", hours: "22:00-24:00", zone: "America/New_York" }

test.each<[string, object, string, object]>([
  ["before it opens", OFFICE, "2026-11-23T07:59:59Z", { is: "closed", from: "2026-11-23T08:00:00.000Z" }],
  ["on its first minute", OFFICE, "2026-11-23T08:00:00Z", { is: "open", until: "2026-11-23T15:00:00.000Z" }],
  ["on its last second", OFFICE, "2026-11-23T14:59:59Z", { is: "open", until: "2026-11-23T15:00:00.000Z" }],
  ["when it closes", OFFICE, "2026-11-23T15:00:00Z", { is: "closed", from: "2026-11-24T08:00:00.000Z" }],
  ["over the weekend", OFFICE, "2026-11-26T20:00:00Z", { is: "closed", from: "2026-11-30T08:00:00.000Z" }],
  ["over the end of summer time", OFFICE, "2026-10-22T15:00:00Z", { is: "closed", from: "2026-10-26T08:00:00.000Z" }],
  ["over the end of winter time", OFFICE, "2026-03-26T16:00:00Z", { is: "closed", from: "2026-03-30T07:00:00.000Z" }],
  [
    "on the day whose date differs in UTC",
    NIGHT,
    "2026-11-29T04:30:00Z",
    { is: "open", until: "2026-11-29T05:00:00.000Z" },
  ],
  ["just after midnight there", NIGHT, "2026-11-29T05:00:00Z", { is: "closed", from: "2026-12-06T03:00:00.000Z" }],
  [
    "one day a week, a week before",
    { days: "wed", zone: "UTC" },
    "2026-11-26T00:00:00Z",
    { is: "closed", from: "2026-12-02T00:00:00.000Z" },
  ],
  [
    "a whole day of 23 hours",
    { days: "sun", zone: "Europe/Berlin" },
    "2026-03-28T23:00:00Z",
    { is: "open", until: "2026-03-29T22:00:00.000Z" },
  ],
  [
    "far in the east",
    { days: "mon", zone: "Pacific/Kiritimati" },
    "2026-11-22T09:59:59Z",
    { is: "closed", from: "2026-11-22T10:00:00.000Z" },
  ],
  [
    "on a holiday, and over the days on which it is closed after that",
    { ...OFFICE, holidays: ["2026-12-24", "2026-12-28"] },
    "2026-12-24T10:00:00Z",
    { is: "closed", from: "2026-12-29T08:00:00.000Z" },
  ],
  [
    "the day before a holiday it closes at its hour",
    { ...OFFICE, holidays: ["2026-12-24"] },
    "2026-12-23T10:00:00Z",
    { is: "open", until: "2026-12-23T15:00:00.000Z" },
  ],
  [
    "a holiday is one by the clocks of the zone",
    { zone: "Pacific/Kiritimati", holidays: ["2026-12-25"] },
    "2026-12-24T10:00:00Z",
    { is: "closed", from: "2026-12-25T10:00:00.000Z" },
  ],
  [
    "every day with holidays, on another one, until midnight",
    { holidays: ["2026-12-25"] },
    "2026-11-22T09:59:59Z",
    { is: "open", until: "2026-11-23T00:00:00.000Z" },
  ],
  [
    "nothing but holidays: looked at again in time",
    { days: "wed", holidays: Array.from({ length: 70 }, (_, week) => dayAt("2026-11-25", week * 7)) },
    "2026-11-22T00:00:00Z",
    { is: "closed", from: "2027-12-27T00:00:00.000Z" },
  ],
  ["always", {}, "2026-11-22T09:59:59Z", { is: "open", until: null }],
])("%s", (_, window, at, expected) => {
  expect(openingAt(deployWindow.parse(window), new Date(at))).toEqual(expected)
})
