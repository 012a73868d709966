import { describe, expect, test } from "vitest"
import { drillTimes } from "../../src/model/config-drill.ts"
import { type DrillTimes, drillAfter, drillUpTo } from "../../src/model/drill-times.ts"

const BERLIN: DrillTimes = { every: "weekly", on: "wed", minute: 14 * 60, zone: "Europe/Berlin" }
const UTC: DrillTimes = { every: "monthly", on: "tue", minute: 10 * 60, zone: "UTC" }

test.each<[string, DrillTimes, string, string, string]>([
  ["each week", BERLIN, "2026-11-04T12:59:59.000Z", "2026-10-28T13:00:00.000Z", "2026-11-04T13:00:00.000Z"],
  ["at the very instant", BERLIN, "2026-11-04T13:00:00.000Z", "2026-11-04T13:00:00.000Z", "2026-11-11T13:00:00.000Z"],
  [
    "over the end of summer time",
    BERLIN,
    "2026-10-24T00:00:00.000Z",
    "2026-10-21T12:00:00.000Z",
    "2026-10-28T13:00:00.000Z",
  ],
  [
    "the first Tuesday of a month",
    UTC,
    "2026-11-22T00:00:00.000Z",
    "2026-11-03T10:00:00.000Z",
    "2026-12-01T10:00:00.000Z",
  ],
  ["on the first day itself", UTC, "2026-12-01T10:00:00.000Z", "2026-12-01T10:00:00.000Z", "2027-01-05T10:00:00.000Z"],
  ["five weeks apart", UTC, "2026-09-30T00:00:00.000Z", "2026-09-01T10:00:00.000Z", "2026-10-06T10:00:00.000Z"],
  [
    "at a time that the clocks skip",
    { every: "weekly", on: "sun", minute: 2 * 60 + 30, zone: "Europe/Berlin" },
    "2027-03-28T12:00:00.000Z",
    "2027-03-28T01:30:00.000Z",
    "2027-04-04T00:30:00.000Z",
  ],
])("%s", (_, times, at, last, next) => {
  expect(drillUpTo(times, at)).toBe(last)
  expect(drillAfter(times, at)).toBe(next)
})

test("for ten years the last one and the next one are never more than they may be apart", () => {
  for (let day = 0; day < 3650; day += 3) {
    const at = new Date(Date.parse("2026-01-01T03:07:00Z") + day * 86_400_000).toISOString()
    for (const [times, most] of [
      [BERLIN, 7],
      [UTC, 35],
    ] as const) {
      const [last, next] = [drillUpTo(times, at), drillAfter(times, at)]
      expect(last <= at && at < next).toBe(true)
      expect(Date.parse(next) - Date.parse(last)).toBeLessThanOrEqual((most * 24 + 1) * 3_600_000)
    }
  }
})

describe("as it is written", () => {
  test.each<[Parameters<typeof drillTimes>[0], DrillTimes | undefined]>([
    ["on-demand", undefined],
    ["monthly", { every: "monthly", on: "tue", minute: 600, zone: "UTC" }],
    ["weekly", { every: "weekly", on: "tue", minute: 600, zone: "UTC" }],
    [
      { every: "weekly", on: "wed", at: "14:05", zone: "Europe/Berlin" },
      { every: "weekly", on: "wed", minute: 845, zone: "Europe/Berlin" },
    ],
  ])("%j", (written, times) => {
    expect(drillTimes(written)).toEqual(times)
  })
})
