import type { Change } from "../model/change.ts"
import { type Component, componentsOf, sharedPaths } from "../model/component.ts"
import { type Track, trackOf } from "../model/component-ledger.ts"
import { changesOf, holds, type Ledger } from "../model/ledger.ts"
import type { Line } from "../model/state.ts"
import { configOf } from "./plan-of.ts"

/** The components that are released from a line; one with an empty name where it is released as a whole. */
export const componentsOn = (line: Line): readonly Component[] => componentsOf(configOf(line), line.workspace)

/** The component that a release is of; undefined: the configuration has it no more. */
export const componentOf = (line: Line, { component }: OfComponent): Component | undefined =>
  componentsOn(line).find(({ name }) => name === component)

interface OfComponent {
  readonly component: string
}

/** What a component sees of its line; undefined where history, or where its own begins, is not known. */
export function trackFor(line: Line, { component }: OfComponent): Track | undefined {
  const division = { components: componentsOn(line), shared: sharedPaths(configOf(line)) }
  return line.ledger && trackOf(line.ledger, division, component)
}

/** The ledger of a component: it begins at the component's own last release, and ends where something concerns it. */
export const ledgerFor = (line: Line, of: OfComponent): Ledger | undefined => trackFor(line, of)?.ledger

/**
 * The changes of a component from `after` (exclusive; undefined: from its last release) to `upTo` (inclusive). Empty
 * where a commit of another history is named.
 *
 * @param which `own`: what is released and noted; `covered`: also what lies outside all components and ships with it
 */
export function changesBetween(
  track: Track,
  which: "own" | "covered",
  after: string | undefined,
  upTo: string | undefined,
): readonly Change[] {
  const { ledger, own, shared } = track
  if (upTo !== undefined && !holds(ledger, upTo)) return []
  const from = after !== undefined && holds(ledger, after) ? after : undefined
  const all = changesOf(ledger, from, upTo)
  if (own === null) return all
  return all.filter(({ id }) => own.has(id) || (which === "covered" && shared.has(id)))
}
