import { type Config, gatesOf } from "../model/config.ts"
import type { GateChange } from "../model/gate-change.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import { CONFIG_DIRECTIONS, type Direction, PLAN_DIRECTIONS, shortly } from "./gate-directions.ts"
import { type Difference, differences } from "./json-diff.ts"
import { plain } from "./wording.ts"

/** What decides about the gates of releases. */
export interface Files {
  readonly config: Config
  /** The plan at `plan.path`. */
  readonly plan: Plan | null
  /** Those of `release-plans/`, by path. */
  readonly plans: { readonly [path: string]: Plan }
}

const THE_PLAN = "the plan"
const RANK = { weaker: 0, other: 1, stricter: 2 }

/**
 * What a change of `slipway.yml` and the plan does to what releases are asked for, in words; what asks for less comes
 * first. A key that no direction is known of is `other`: nothing is taken for harmless because nobody thought of it.
 *
 * @returns nothing where both ask for the same
 */
export function gatesDiff(from: Files, to: Files): readonly GateChange[] {
  const configs = differences(gatesOf(from.config), gatesOf(to.config))
  const paths = [...new Set([...Object.keys(from.plans), ...Object.keys(to.plans)])].sort()
  const plans = paths.flatMap((path) => planDiff(own(from.plans, path), own(to.plans, path), path))
  return [
    ...configs.map((it) => changeOf(it, CONFIG_DIRECTIONS, "")),
    ...planDiff(from.plan ?? undefined, to.plan ?? undefined, THE_PLAN),
    ...plans,
  ]
    .map(({ is, says }) => ({ is, says: plain(says) }))
    .sort((a, b) => RANK[a.is] - RANK[b.is])
}

function planDiff(from: Plan | undefined, to: Plan | undefined, name: string): readonly GateChange[] {
  if (from && to) return differences(asking(from), asking(to)).map((it) => changeOf(it, PLAN_DIRECTIONS, `${name}’s `))
  if (from) return [{ is: "weaker", says: `takes ${name} away, with all that it asks for` }]
  return to ? [{ is: "stricter", says: `brings ${name === THE_PLAN ? "a plan" : name}, with what it asks for` }] : []
}

/** The part of a plan that gates look at, features by their ids. A message, a name or a planned day asks for nothing. */
function asking(plan: Plan): object {
  const { release, timeline, features, communication: _, bug_fixes: __, timezone: ___, ...rest } = plan
  const { version, component } = release
  return {
    ...rest,
    release: { version, component },
    timeline: { code_freeze: timeline.code_freeze },
    features: Object.fromEntries(
      features.map(({ id, status, risk, issue, dependencies }) => [id, { status, risk, issue, dependencies }]),
    ),
  }
}

function changeOf(difference: Difference, directions: readonly Direction[], of: string): GateChange {
  const known = directions.find(({ at }) => fits(at, difference.path))
  const name = `${of}${difference.path.join(".")}`
  const says = known?.says?.(difference, name) ?? sentence(name, difference, known?.shown ?? shortly)
  return { is: known ? (known.is?.(difference) ?? wayOf(known, difference)) : "other", says }
}

const fits = (at: readonly string[], path: readonly string[]): boolean =>
  at.length === path.length && at.every((key, index) => key === "*" || key === path[index])

function wayOf({ up, came }: Direction, { from, to }: Difference): GateChange["is"] {
  if (from === undefined) return came ?? "other"
  if (to === undefined) return came ? reverse(came) : "other"
  const [before, after] = [rankOf(from), rankOf(to)]
  if (up === undefined || before === undefined || after === undefined || typeof from !== typeof to) return "other"
  return after > before ? up : reverse(up)
}

const reverse = (is: GateChange["is"]): GateChange["is"] =>
  is === "weaker" ? "stricter" : is === "stricter" ? "weaker" : "other"

/** Numbers, truth values and instants (text of one form) have an order. */
const rankOf = (value: unknown): number | string | undefined =>
  typeof value === "boolean"
    ? Number(value)
    : typeof value === "number" || typeof value === "string"
      ? value
      : undefined

function sentence(name: string, { from, to, inList }: Difference, shown: (value: unknown) => string): string {
  if (inList) return from === undefined ? `adds ${shown(to)} to ${name}` : `takes ${shown(from)} out of ${name}`
  if (from === undefined) return isPlain(to) ? `sets ${name} to ${shown(to)}` : `adds ${name}`
  if (to === undefined) return `removes ${name}${isPlain(from) ? ` (it was ${shown(from)})` : ""}`
  if (typeof from === "boolean" && typeof to === "boolean") return `turns ${name} ${to ? "on" : "off"}`
  if (typeof from === "number" && typeof to === "number")
    return `${to < from ? "lowers" : "raises"} ${name} from ${shown(from)} to ${shown(to)}`
  return `changes ${name} from ${shown(from)} to ${shown(to)}`
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null
