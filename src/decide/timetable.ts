import { hashOf } from "../model/hash.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { cutoffOf, departureAfter, type Train } from "../model/train.ts"
import type { TrainSeen } from "../model/train-ticket.ts"
import { configOf } from "./plan-of.ts"

const HASH_LENGTH = 12

/**
 * The train by which a component of a line departs; undefined: there is none. What is urgent waits for no train: hotfix
 * branches have none.
 */
export function trainOf(line: Line, component: string): Train | undefined {
  if (line.kind?.is === "hotfix" || line.retired !== undefined) return undefined
  const { train, components } = configOf(line)
  return own(components, component)?.train ?? train
}

/** How far the train was followed; a train that is new, or has another timetable, is followed from now on. */
export function seenOf(line: Line, component: string, train: Train, now: string): TrainSeen {
  const of = hashOf(train).slice(0, HASH_LENGTH)
  const known = own(line.trains, component)
  return known?.of === of ? known : { of, after: now }
}

/** The next departure that was not dealt with, and when the release is cut for it. ISO 8601 */
export interface Departure {
  readonly due: string
  readonly cutoff: string
}

/**
 * The departure that an open release is for: what is drafted after the cut for one is for the next. Undefined: its line
 * has no train, or nothing was decided on it yet.
 */
export function departureOf(
  line: Line,
  { component, phase }: Pick<Release, "component" | "phase">,
): Departure | undefined {
  const train = trainOf(line, component)
  const seen = own(line.trains, component)
  if (!train || !seen) return undefined
  const next = departureAfter(train, seen.after)
  const due = phase.is === "drafted" && seen.cut === next ? departureAfter(train, next) : next
  return { due, cutoff: cutoffOf(train, due) }
}
