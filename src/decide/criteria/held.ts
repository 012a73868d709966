import type { Held, Span } from "../../model/watch.ts"

/** What was measured of a criterion, at an instant (ISO 8601). */
export interface Reading {
  readonly is: Held["is"]
  readonly at: string
}

/** In milliseconds: how long it has to be broken, and how often it is measured. */
export interface Pace {
  readonly lasts: number
  readonly every: number
}

/** Between two measurements there is a gap where one of them is left out, and some seconds more. */
const GAP = 2.5
/** After more that is missing than this nobody can say that it was broken all along: the count begins anew. */
const LOST = 3.5

/**
 * How it goes with a criterion after one more measurement. Time counts between two measurements that follow each other and
 * say the same. What gave no number counts for nothing: it ends nothing, and the time around it lasts for nothing.
 */
export function afterReading(held: Held | undefined, { is, at }: Reading, pace: Pace): Held {
  const acted = held?.acted === undefined ? {} : { acted: held.acted }
  switch (is) {
    case "unknown":
      return { ...held, at, is }
    case "broken": {
      const before = held?.broken
      const isOld = before !== undefined && timeFrom(before.last, at) > LOST * pace.every
      const broken = longer(isOld ? undefined : before, at, held?.is === is, pace)
      return { at, is, broken, ...acted }
    }
    case "kept": {
      if (held?.acted === undefined) return { at, is }
      const kept = longer(held.kept, at, held.is === is, pace)
      return kept.lasted >= pace.lasts ? { at, is } : { at, is, kept, ...acted }
    }
  }
}

/** Whether what the criterion asks for is to be done now: never on a guess, and once until it was kept to again. */
export const isDue = ({ is, broken, acted }: Held, { lasts }: Pace): boolean =>
  is === "broken" && acted === undefined && broken !== undefined && broken.lasted >= lasts

function longer(span: Span | undefined, at: string, isNext: boolean, { every }: Pace): Span {
  if (!span) return { since: at, last: at, lasted: 0 }
  const time = timeFrom(span.last, at)
  return { since: span.since, last: at, lasted: span.lasted + (isNext && time <= GAP * every ? time : 0) }
}

const timeFrom = (from: string, to: string): number => Date.parse(to) - Date.parse(from)
