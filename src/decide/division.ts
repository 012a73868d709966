import { type Component, componentsOf, isWhole, sharedPaths } from "../model/component.ts"
import { type Track, trackOf } from "../model/component-ledger.ts"
import { hashOf } from "../model/hash.ts"
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

/** What a component is built with: what it depends on, and what that depends on in its turn. */
export function builtWith(components: readonly Component[], names: readonly string[]): ReadonlySet<string> {
  const all = new Map(components.map((one) => [one.name, one]))
  const found = new Set<string>()
  const open = [...names]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    open.push(...(all.get(name)?.dependsOn ?? []))
  }
  return found
}

/**
 * Identifies what says which changes count for a component: its paths, and those of what it goes with. A page that shows
 * it speaks of no other changes. Undefined: the repository is released as a whole.
 */
export function divisionOf(line: Line, of: OfComponent): string | undefined {
  const components = componentsOn(line)
  const component = componentOf(line, of)
  if (!component || isWhole(components)) return undefined
  const others = builtWith(components, [...component.dependsOn, ...component.linked])
  const concerned = components.filter(({ name }) => name === component.name || others.has(name))
  return hashOf(concerned.map(({ name, paths }) => ({ name, paths })))
}

/** What a component sees of its line; undefined where history, or where its own begins, is not known. */
export function trackFor(line: Line, { component }: OfComponent): Track | undefined {
  const division = { components: componentsOn(line), shared: sharedPaths(configOf(line)) }
  return line.ledger && trackOf(line.ledger, division, component)
}

/** The ledger of a component: it begins at the component's own last release, and ends where something concerns it. */
export const ledgerFor = (line: Line, of: OfComponent): Ledger | undefined => trackFor(line, of)?.ledger
