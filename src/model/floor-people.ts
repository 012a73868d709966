import { CODEOWNERS } from "./codeowners.ts"
import type { Config } from "./config.ts"
import {
  atLeast,
  containsAll,
  type Judge,
  judged,
  type Known,
  type Loosening,
  same,
  staysFalse,
} from "./floor-judge.ts"
import { quoteAll } from "./quote.ts"

/** Whom approvals come from: nobody is added, and not everybody where some are named. */
export const fromAmong: Judge<readonly string[] | undefined> = (floor = [], own = []) => {
  // Owners are asked for what is theirs, and whoever else is named for the rest: neither takes the other's place.
  if (floor.includes(CODEOWNERS) && !own.includes(CODEOWNERS)) return `must name ${quoteAll([CODEOWNERS])} as well`
  const isOpen = (names: readonly string[]) => names.every((who) => who === CODEOWNERS)
  if (!isOpen(floor) && own.length > 0 && isOpen(own)) return `must name somebody of ${quoteAll(floor)}`
  const allowed = new Set(floor.map((who) => who.toLowerCase()))
  const isAmong = own.length > 0 && own.every((who) => allowed.has(who.toLowerCase()))
  return floor.length === 0 || isAmong ? null : `must name nobody but ${quoteAll(floor)}`
}

/** More groups ask more people; of those of which one is enough, another one would be another way in. */
const GROUPS: Pick<Known<Config["approvals"]>, "high" | "all-of" | "any-of"> = {
  high: atLeast,
  "all-of": containsAll,
  "any-of": (floor, own) => (floor === undefined ? null : same(floor, own)),
}

export const APPROVALS: Known<Config["approvals"]> = {
  required: atLeast,
  from: fromAmong,
  stakeholders: staysFalse,
  ...GROUPS,
}

export const PEOPLE: Known<NonNullable<Config["environments"][string]["approvals"]>> = {
  required: atLeast,
  from: fromAmong,
  ...GROUPS,
}

/** A component's own people stand in the place of the repository's: they are held to the same floor. */
export function componentPeople({ approvals }: Config, own: Config): readonly Loosening[] {
  const { stakeholders: _, ...floor } = approvals
  return Object.entries(own.components).flatMap(([name, component]) =>
    component.approvals
      ? judged<typeof floor>(PEOPLE, floor, component.approvals, ["components", name, "approvals"])
      : [],
  )
}
