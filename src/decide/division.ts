import { type Component, componentsOf, sharedPaths } from "../model/component.ts"
import { type Track, trackOf } from "../model/component-ledger.ts"
import type { Ledger } from "../model/ledger.ts"
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
