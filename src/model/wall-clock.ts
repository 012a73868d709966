/** A date, or a date and a time of day, as a plan states it; with `Z` or an offset it is an instant by itself. */
const WRITTEN =
  /^(2\d{3})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:(Z|z)|([+-])(\d{2}):?(\d{2}))?)?$/
/** A date without a time means this hour in its zone. */
const MORNING = 9
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** What was written, read: the wall clock in milliseconds as if it were UTC, and its offset where it names one. */
interface Reading {
  readonly wall: number
  /** In milliseconds east of UTC. */
  readonly offset?: number
}

/** Whether a text is a date (or date and time) of the calendar: not the 30th of February, not 25 o'clock. */
export const isDateText = (text: string): boolean => read(text) !== undefined

/** Whether the IANA time zone database, as this runtime has it, knows the zone. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * The instant that a written date means, in ISO 8601 and UTC.
 * Without a time: 09:00 in `zone`. Without an offset: the wall clock of `zone`. A time that the zone's clocks skip
 * moves forward by the skipped hour, and of a time that they show twice the first is meant (RFC 5545 section 3.3.5).
 * @param text one for which `isDateText` holds
 * @param zone one for which `isTimeZone` holds
 * @throws RangeError when `text` is no date
 */
export function instantOf(text: string, zone: string): string {
  const reading = read(text)
  if (!reading) throw new RangeError(`not a date: ${text}`)
  const { wall, offset } = reading
  return new Date(offset === undefined ? inZone(wall, zone) : wall - offset).toISOString()
}

function read(text: string): Reading | undefined {
  const found = WRITTEN.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second, utc, sign, offsetHours, offsetMinutes] = found
  const fields = [Number(year), Number(month), Number(day)] as const
  const clock =
    hour === undefined ? ([MORNING, 0, 0] as const) : ([+hour, Number(minute), Number(second ?? 0)] as const)
  const wall = Date.UTC(fields[0], fields[1] - 1, fields[2], ...clock)
  const same = new Date(wall)
  if (same.getUTCMonth() + 1 !== fields[1] || same.getUTCDate() !== fields[2]) return undefined
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined
  if (utc) return { wall, offset: 0 }
  if (sign === undefined) return { wall }
  const [hours, minutes] = [Number(offsetHours), Number(offsetMinutes)]
  if (hours > 14 || minutes > 59) return undefined
  return { wall, offset: (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * MINUTE }
}

/** The instant at which clocks in `zone` show `wall`: tried with the offsets of the day before and the day after. */
function inZone(wall: number, zone: string): number {
  const offsetAt = offsets(zone)
  const before = offsetAt(wall - DAY)
  const candidates = [wall - before, wall - offsetAt(wall + DAY)].sort((a, b) => a - b)
  return candidates.find((instant) => wall - offsetAt(instant) === instant) ?? wall - before
}

/** Making one takes a hundred times as long as using it, and calendars ask for one zone again and again. */
const clocks = new Map<string, Intl.DateTimeFormat>()
const CLOCKS_KEPT = 20

/** What shows an instant as the clocks of a zone do. */
export function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  if (clocks.size >= CLOCKS_KEPT) clocks.clear()
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  })
  clocks.set(zone, made)
  return made
}

/** Gives the zone's offset from UTC at an instant, in milliseconds. */
function offsets(zone: string): (instant: number) => number {
  const format = clockOf(zone)
  return (instant) => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
}
