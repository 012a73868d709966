import type { Config } from "./config.ts"
import { type Judge, textOf } from "./floor-judge.ts"

type Window = NonNullable<Config["environments"][string]["window"]>

/** On some of its days, within its hours, by the same clocks. */
export const within: Judge<Window | undefined> = (floor, own) => {
  if (floor === undefined) return null
  return own !== undefined && liesWithin(floor, own) ? null : `must lie within ${windowOf(floor)}`
}

function liesWithin({ days, hours, holidays, ...rest }: Window, own: Window): boolean {
  const { days: ownDays, hours: ownHours, holidays: ownHolidays, ...ownRest } = own
  const closed = ownHolidays?.dates ?? []
  const isOpen =
    ownDays.every((day) => days.includes(day)) &&
    ownHours.from >= hours.from &&
    ownHours.to <= hours.to &&
    (holidays?.dates ?? []).every((date) => closed.includes(date))
  return isOpen && textOf(rest) === textOf(ownRest)
}

const HOUR = 60

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / HOUR)).padStart(2, "0")}:${String(minutes % HOUR).padStart(2, "0")}`

const windowOf = ({ days, hours, zone, holidays }: Window): string => {
  const count = holidays?.dates?.length ?? 0
  const without = count === 0 ? "" : `, without its ${count === 1 ? "holiday" : `${count} holidays`}`
  return `${days.join(", ")}, ${clock(hours.from)}-${clock(hours.to)} ${zone}${without}`
}
