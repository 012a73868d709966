import { afterEach, expect, test, vi } from "vitest"
import { showCalendar } from "../../src/cli/show-calendar.ts"
import type { CalendarEntry } from "../../src/model/calendar.ts"
import { feedPath } from "../../src/web/calendar-feed.ts"
import { call } from "./call.ts"

afterEach(() => vi.unstubAllEnvs())

test.each<[string, string[], string]>([
  ["two forms", ["--json", "--ics"], "take one"],
  ["no days", ["--days", "0"], "--days takes a whole number from 1 to 366, not 0"],
  ["years", ["--days", "367"], "--days takes a whole number"],
  ["a word for days", ["--days", "week"], "--days takes a whole number"],
  ["no repository", ["acme/shop/main"], "it takes accounts and repositories"],
  ["a feed of several", ["--feed", "acme", "other"], "--feed takes one account"],
  ["a feed of a repository", ["--feed", "acme/shop"], "--feed takes an account"],
])("wrong usage: %s", async (_, args, said) => {
  vi.stubEnv("WEBHOOK_SECRET", "a secret")
  const { code, err } = await call(".", "calendar", ...args)
  expect(err).toContain(said)
  expect(code).toBe(2)
})

test("the path of a feed; without the secret there is none", async () => {
  vi.stubEnv("WEBHOOK_SECRET", "a secret")
  expect(await call(".", "calendar", "--feed", "acme")).toEqual({
    code: 0,
    out: `${feedPath("a secret", "acme")}\n`,
    err: "",
  })
  vi.stubEnv("WEBHOOK_SECRET", "")
  expect(await call(".", "calendar", "--feed", "acme")).toMatchObject({
    code: 1,
    err: expect.stringContaining("not set"),
  })
})

const SPAN = { from: "2026-11-21T12:00:00.000Z", until: "2026-12-21T12:00:00.000Z" }
const entry = (kind: CalendarEntry["kind"], from: string, what: string, more: Partial<CalendarEntry> = {}) => ({
  id: from,
  repository: "acme/shop",
  kind,
  what,
  from: `2026-${from}:00.000Z`,
  ...more,
})
const terminal = { out: () => {}, err: () => {}, colours: false, directory: ".", now: new Date(SPAN.from) }

test("day by day: what holds already first, ends on other days with their date, collisions marked", () => {
  const entries = [
    entry("freeze", "11-20T08:00", "code freeze of 1.2.0 on main", { until: "2026-11-24T10:00:00.000Z" }),
    entry("cut", "11-24T07:00", "cut for the train of 2026-11-24 09:00 UTC", { repository: "acme/a" }),
    entry("plan", "11-24T10:00", "deployment to production: 1.2.0", { collides: "api-v2.0.0" }),
    entry("window", "11-24T12:00", "production is \u001b[31mopen", { until: "2026-11-24T16:00:00.000Z" }),
  ]
  expect(showCalendar(entries, SPAN, terminal)).toBe(`Releases from 2026-11-21 to 2026-12-21 (UTC)

Sat 2026-11-21
    …    freeze  acme/shop  code freeze of 1.2.0 on main (until 2026-11-24 10:00)

Tue 2026-11-24
  07:00  cut     acme/a     cut for the train of 2026-11-24 09:00 UTC
  10:00  plan    acme/shop  deployment to production: 1.2.0  ⚠ at the same time as api-v2.0.0
  12:00  window  acme/shop  production is  [31mopen (until 16:00)
`)
  expect(showCalendar([], SPAN, terminal)).toContain("Nothing is planned")
})
