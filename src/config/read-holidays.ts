import type { Problem } from "../model/problem.ts"
import { isDateText } from "../model/wall-clock.ts"

type ReadHolidays =
  | { readonly ok: true; readonly dates: readonly string[] }
  | { readonly ok: false; readonly problems: Problem[] }

/** More is no list of holidays. */
const LONGEST = 256 * 1024
const MOST_DAYS = 1000
const MOST_PROBLEMS = 50
const DAY_MS = 24 * 60 * 60_000

/** A line as it is meant: RFC 5545 section 3.1 lets long ones go on on the next line, after a blank. */
interface ContentLine {
  readonly number: number
  readonly name: string
  readonly value: string
}

/**
 * Reads the holidays of an iCalendar file (RFC 5545): the days of its events of whole days. Events that repeat by a rule
 * or have a time of day are mistakes, not overlooked: what looks like a holiday has to be one.
 *
 * @param file its path in the repository, for the problems
 * @returns `YYYY-MM-DD`, in order, each once; or every mistake with its line; never throws
 */
export function readHolidays(text: string, file: string): ReadHolidays {
  const problem = (line: number, message: string): Problem => ({
    file,
    line,
    column: 1,
    endLine: line,
    path: "",
    message,
  })
  if (text.length > LONGEST)
    return { ok: false, problems: [problem(1, `a file of holidays has at most ${LONGEST / 1024} KB`)] }
  const lines = contentLines(text)
  const [first, last] = [lines[0], lines.at(-1)]
  if (first?.name !== "BEGIN" || !isCalendar(first) || last?.name !== "END" || !isCalendar(last))
    return {
      ok: false,
      problems: [
        problem(1, "this is no iCalendar file: it begins with `BEGIN:VCALENDAR` and ends with `END:VCALENDAR`"),
      ],
    }
  const found = eventsIn(lines).map(daysOf)
  const problems = found.flatMap((one) => (one.is === "wrong" ? [problem(one.line, one.because)] : []))
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) }
  const spans = found.flatMap((one) => (one.is === "days" ? [one] : []))
  // Counted before any day is written out, each as often as it is named: what overlaps must not cost more than it is.
  const tooMany = firstOver(spans, MOST_DAYS)
  if (tooMany) return { ok: false, problems: [problem(tooMany.line, `it names more than ${MOST_DAYS} days`)] }
  return { ok: true, dates: [...new Set(spans.flatMap(datesIn))].sort() }
}

/** The span by which the sum of all days is over a limit. */
function firstOver(spans: readonly Span[], most: number): Span | undefined {
  let sum = 0
  return spans.find(({ count }) => {
    sum += count
    return sum > most
  })
}

const datesIn = ({ from, count }: Span): readonly string[] =>
  Array.from({ length: count }, (_, day) => new Date(from + day * DAY_MS).toISOString().slice(0, 10))

const isCalendar = ({ value }: ContentLine): boolean => value.trim().toUpperCase() === "VCALENDAR"

function contentLines(text: string): readonly ContentLine[] {
  const lines: { number: number; parts: string[] }[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (/^[ \t]/.test(line)) lines.at(-1)?.parts.push(line.slice(1))
    else if (line !== "") lines.push({ number: index + 1, parts: [line] })
  }
  return lines.map(({ number, parts }) => ({ number, ...split(parts.join("")) }))
}

/** `DTSTART;VALUE=DATE:20261224`: the name ends at the first `;` or `:`, the value begins after the first `:` outside of quotes. */
function split(line: string): Pick<ContentLine, "name" | "value"> {
  const name = (/^[^;:]*/.exec(line)?.[0] ?? "").toUpperCase()
  let isQuoted = false
  for (let at = name.length; at < line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted
    else if (line[at] === ":" && !isQuoted) return { name, value: line.slice(at + 1) }
  }
  return { name, value: "" }
}

interface Event {
  readonly line: number
  readonly lines: readonly ContentLine[]
}

/** The events, without what stands inside of them (an alarm has a time of its own). */
function eventsIn(lines: readonly ContentLine[]): readonly Event[] {
  const events: { line: number; lines: ContentLine[] }[] = []
  const open: string[] = []
  for (const line of lines) {
    const what = line.value.trim().toUpperCase()
    if (line.name === "BEGIN") {
      open.push(what)
      if (what === "VEVENT") events.push({ line: line.number, lines: [] })
    } else if (line.name === "END") open.pop()
    else if (open.at(-1) === "VEVENT") events.at(-1)?.lines.push(line)
  }
  return events
}

/** Whole days one after the other, from a midnight in UTC, in milliseconds. */
interface Span {
  readonly line: number
  readonly from: number
  readonly count: number
}

type Days =
  | ({ readonly is: "days" } & Span)
  | { readonly is: "none" }
  | { readonly is: "wrong"; readonly line: number; readonly because: string }

const REPEATS = ["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"]

/** Section 3.6.1: an event of whole days ends before `DTEND`; without an end it lasts one day. */
function daysOf({ line, lines }: Event): Days {
  const value = (name: string) => lines.find((one) => one.name === name)?.value.trim()
  const wrong = (name: string, because: string): Days => ({
    is: "wrong",
    line: lines.find((one) => one.name === name)?.number ?? line,
    because,
  })
  if (value("STATUS")?.toUpperCase() === "CANCELLED") return { is: "none" }
  const rule = lines.find(({ name }) => REPEATS.includes(name))
  if (rule)
    return wrong(
      rule.name,
      `this event repeats by \`${rule.name}\`, which is not read: write each of its days as an event of its own`,
    )
  const [start, end, duration] = [value("DTSTART"), value("DTEND"), value("DURATION")]
  if (start === undefined) return wrong("DTSTART", "this event has no `DTSTART`")
  const from = dayOf(start)
  if (from === undefined) return wrong("DTSTART", NO_DAY)
  const last = end === undefined ? from + lengthOf(duration) : dayOf(end)
  if (last === undefined) return wrong("DTEND", NO_DAY)
  if (Number.isNaN(last)) return wrong("DURATION", "the length of a holiday must be whole days, such as `P2D`")
  const count = (last - from) / DAY_MS
  if (count < 1) return wrong("DTEND", "this event ends before it begins")
  if (count > MOST_DAYS) return wrong("DTEND", `this event lasts longer than ${MOST_DAYS} days`)
  return { is: "days", line, from, count }
}

const NO_DAY = "a holiday is a whole day, such as `DTSTART;VALUE=DATE:20261224`; this event has another time"

/** Midnight UTC of a date, in milliseconds. */
function dayOf(value: string): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? []
  const date = `${year}-${month}-${day}`
  return isDateText(date) ? Date.parse(`${date}T00:00:00Z`) : undefined
}

/** `P1D`, `P2W` in milliseconds; nothing is a day. */
function lengthOf(duration: string | undefined): number {
  if (duration === undefined) return DAY_MS
  const [, count, unit] = /^\+?P(\d{1,4})([DW])$/.exec(duration) ?? []
  return count === undefined ? Number.NaN : Number(count) * (unit === "W" ? 7 : 1) * DAY_MS
}
