import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { RiskRule } from "../model/config-risk.ts"
import type { Feature } from "../model/feature.ts"
import { own } from "../model/own.ts"
import { matchesPath } from "../model/path-glob.ts"
import type { Plan } from "../model/plan.ts"
import { alwaysHigh } from "../model/risk-paths.ts"
import type { State } from "../model/state.ts"
import type { Voice } from "../model/voice.ts"
import { issueRef } from "./gates/features.ts"
import { unknownBecause } from "./gates/subject.ts"
import { anyFits } from "./rule-conditions.ts"
import { voicesOf } from "./voices.ts"
import { plain } from "./wording.ts"

/** By what a change is classed. */
export interface RiskRules {
  readonly config: Pick<Config, "risk" | "plan">
  readonly plan: Plan | null
}

/** Only `low` is low: what was not read is of high risk like what was. */
export type Risk =
  | { readonly is: "low"; readonly because: string }
  | { readonly is: "high"; readonly because: string }
  | { readonly is: "unread"; readonly because: string }

/**
 * The risk of a change. What the rules say of high risk, what touches a database's migrations or what guards the
 * repository, and what says that it breaks something is of high risk; of low risk is only what a `low` rule matches as a
 * whole. Pull requests alone are reviewed, so that nothing else is of low risk.
 */
export function riskOf(state: State, change: Change, { config, plan }: RiskRules): Risk {
  const high = (because: string): Risk => ({ is: "high", because: plain(because) })
  const brought = own(state.brought, change.id)
  const found = brought?.paths?.map((path) => ({ path, why: alwaysHigh(path, config) })).find(({ why }) => why)
  if (found?.why) return high(found.why === "a migration" ? `${found.path} is a migration` : `${found.path} is guarded`)
  if (!change.pull) return high("it came without a pull request, so that nobody reviewed it")
  if (config.risk.low.length === 0) return high("slipway.yml calls nothing low (risk.low)")
  const voices = voicesIn(change)
  if (voices.some(({ said }) => said.breaking !== undefined)) return high("it says that it breaks something")
  const unread = unknownBecause(state, `brought:${change.id}`)
  if (unread !== undefined) return { is: "unread", because: plain(unread) }
  if (!brought || brought.to !== change.sha)
    return { is: "unread", because: "what it touches is read at the first Approve" }
  if (brought.paths === null)
    return high("it touches more files than are looked at, or files that GitHub does not list")
  const it: Classed = {
    paths: brought.paths,
    lines: brought.lines,
    labels: change.pull.labels,
    types: voices.map(({ said }) => said.type ?? ""),
    risks: featuresOf(change, plan).map(({ risk }) => risk ?? ""),
  }
  const isHigh = config.risk.high.findIndex((rule) => touches(rule, it))
  if (isHigh >= 0) return high(`risk.high ${isHigh + 1} matches: ${sayRule(config.risk.high[isHigh] ?? {})}`)
  const low = config.risk.low.find((rule) => holdsAll(rule, it))
  return low ? { is: "low", because: plain(sayRule(low)) } : high("no rule of risk.low matches all of it")
}

interface Classed {
  readonly paths: readonly string[]
  readonly lines: number
  readonly labels: readonly string[]
  /** One for each text that speaks for the change; empty where it follows no convention. */
  readonly types: readonly string[]
  /** Of the features that it is bound to; empty where the plan gives none. */
  readonly risks: readonly string[]
}

/** Whether a `low` rule matches the whole of a change: every path, every type, every feature. */
function holdsAll(rule: RiskRule, it: Classed): boolean {
  const all = (items: readonly string[], fits: (item: string) => boolean) => items.length > 0 && items.every(fits)
  const { paths, labels, types, size, features } = rule
  if (paths && !all(it.paths, (path) => paths.some((pattern) => matchesPath(path, pattern)))) return false
  if (labels && !anyFits(labels, it.labels)) return false
  if (types && !all(it.types, (type) => anyFits(types, [type]))) return false
  if (features && !all(it.risks, (risk) => features.some((one) => one === risk))) return false
  return size === undefined || it.lines <= size
}

/** Whether a `high` rule matches any part of a change. */
function touches(rule: RiskRule, it: Classed): boolean {
  const { paths, labels, types, size, features } = rule
  if (paths && !it.paths.some((path) => paths.some((pattern) => matchesPath(path, pattern)))) return false
  if (labels && !anyFits(labels, it.labels)) return false
  if (types && !anyFits(types, it.types)) return false
  if (features && !it.risks.some((risk) => features.some((one) => one === risk))) return false
  return size === undefined || it.lines > size
}

/** Title and commits as they landed: an override in the description is somebody's word about them. */
function voicesIn(change: Change): readonly Voice[] {
  if (!change.pull?.says) return voicesOf(change, ["titles", "commits"])
  const { says: _, ...pull } = change.pull
  return voicesOf({ ...change, pull }, ["titles", "commits"])
}

/** The features of a plan that are bound to the pull request, or to an issue that it closes. */
function featuresOf({ pull }: Change, plan: Plan | null): readonly Feature[] {
  const refs = pull ? [pull.number, ...(pull.says?.closes ?? [])].map((number) => `#${number}`) : []
  return (plan?.features ?? []).filter((one) => one.status !== "dropped" && refs.includes(issueRef(one) ?? ""))
}

const SHOWN = 3

function sayRule({ paths, labels, types, size, features }: RiskRule): string {
  const said = [
    ...(paths ? [`paths ${some(paths)}`] : []),
    ...(labels ? [`label ${some(labels)}`] : []),
    ...(types ? [`type ${some(types)}`] : []),
    ...(features ? [`features of risk ${some(features)}`] : []),
    ...(size === undefined ? [] : [`size ${size}`]),
  ]
  return said.join(", ")
}

const some = (items: readonly string[]): string =>
  items.length > SHOWN ? `${items.slice(0, SHOWN).join(", ")} …` : items.join(", ")
