import type { CalendarEntry, Span } from "../model/calendar.ts"
import type { Terminal } from "./command.ts"
import { paint, plain } from "./paint.ts"

const COLOURS = { freeze: "cyan", cut: "dim", train: "green", plan: "bold", window: "dim" } as const
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

/** A calendar for a terminal: day by day, in UTC. */
export function showCalendar(entries: readonly CalendarEntry[], span: Span, terminal: Terminal): string {
  const head = paint(terminal, "bold", `Releases from ${dayOf(span.from)} to ${dayOf(span.until)} (UTC)`)
  if (entries.length === 0) return `${head}\n\nNothing is planned, no train departs, and no freeze holds.\n`
  const width = Math.max(...entries.map(({ repository }) => plain(repository).length))
  // What began before and still holds comes first, on the first day.
  const days = Map.groupBy(entries, ({ from }) => [dayOf(from), dayOf(span.from)].toSorted().at(-1) ?? "")
  const blocks = [...days].map(([day, all]) => {
    const lines = all.map((one) => line(one, day, width, terminal))
    return [paint(terminal, "bold", `${DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${day}`), ...lines].join("\n")
  })
  return `${[head, ...blocks].join("\n\n")}\n`
}

const dayOf = (instant: string): string => instant.slice(0, 10)

function line(
  { kind, repository, what, from, until, collides }: CalendarEntry,
  day: string,
  width: number,
  terminal: Terminal,
) {
  const begin = dayOf(from) === day ? from.slice(11, 16) : "  …  "
  const end =
    until === undefined ? "" : ` (until ${dayOf(until) === day ? "" : `${dayOf(until)} `}${until.slice(11, 16)})`
  const met = collides === undefined ? "" : paint(terminal, "yellow", `  ⚠ at the same time as ${plain(collides)}`)
  const mark = paint(terminal, COLOURS[kind], kind.padEnd(6))
  return `  ${begin}  ${mark}  ${plain(repository).padEnd(width)}  ${plain(what)}${end}${met}`
}
