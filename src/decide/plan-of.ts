import { compare, lte } from "semver"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import { type Start, startOf } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import { type ValidPlan, validPlans } from "../model/plan-folder.ts"
import { isBeside, type Release } from "../model/release.ts"
import { type Seen, seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { misfit } from "./version-on-line.ts"

/**
 * The configuration that counts on a line: the branch's own, the defaults where there is none. Where it is invalid the
 * last one that was in force is used for what has to go on (names, channels); the gate `configuration` fails meanwhile.
 */
export function configOf(line: Line): Config {
  if (line.config.is === "valid") return line.config.value
  return line.config.is === "invalid" ? (line.inForce.config?.value ?? DEFAULT_CONFIG) : DEFAULT_CONFIG
}

/** GitHub's own arrangement of notes: it counts where the repository says nothing to Slipway itself. */
export const githubNotesOf = ({ config, githubNotes }: Line): GitHubNotes | undefined =>
  config.is === "absent" && githubNotes?.is === "valid" ? githubNotes.value : undefined

/**
 * The plan as far as it speaks of this release; null: there is none, it cannot be read, or it is spent. Where several of
 * `release-plans/` do, none of them counts: the gate `configuration` names them.
 */
export function planOf(state: State, line: Line, release: Release): Plan | null {
  const chosen = chosenPlan(state, line, release)
  return chosen.is === "one" ? chosen.plan.value : null
}

/** The plan of a release, among those that its branch has. */
export type Chosen =
  | { readonly is: "none" }
  | { readonly is: "one"; readonly plan: ValidPlan }
  | { readonly is: "several"; readonly plans: readonly ValidPlan[] }

/** A plan of `release-plans/` comes before the one at `plan.path`, which stands for releases that have none of their own. */
export function chosenPlan(state: State, line: Line, release: Release): Chosen {
  const plans = plansFor(state, line, release, validPlans(line.plans ?? []))
  if (plans.length > 1) return { is: "several", plans }
  if (plans[0]) return { is: "one", plan: plans[0] }
  const { plan } = line
  return plan.is === "valid" && speaksOf(state, line, plan, release) ? { is: "one", plan } : { is: "none" }
}

/** The plan that is in force for a release; of several that are, the first. */
export function oldPlan(state: State, line: Line, release: Release): ValidPlan | undefined {
  const [first] = plansFor(state, line, release, line.inForce.plans ?? [])
  const { plan } = line.inForce
  if (first || !plan) return first
  const at = plan.hash.lastIndexOf("@")
  const single: ValidPlan = {
    is: "valid",
    path: plan.hash.slice(0, at),
    blob: plan.hash.slice(at + 1),
    value: plan.value,
  }
  return speaksOf(state, line, single, release) ? single : undefined
}

/**
 * Which of some plans of the folder are a release's. Of those that name a version it is the one that is due next, the
 * lowest that is not out and that this branch can make; as with a single plan, that states the release's version.
 */
function plansFor(state: State, line: Line, release: Release, plans: readonly ValidPlan[]): readonly ValidPlan[] {
  const found = plans.filter((plan) => speaksOf(state, line, plan, release) && fitsLine(line, plan, release))
  const due = found.flatMap(({ value }) => statedFor(value, release) ?? []).sort(compare)[0]
  return found.filter(({ value }) => {
    const version = statedFor(value, release)
    return version === undefined || version === due
  })
}

/** A maintenance branch has the plans of the branch that it was made from, too: what it cannot make is not meant for it. */
function fitsLine({ kind }: Line, { value }: ValidPlan, release: Release): boolean {
  const version = statedFor(value, release)
  return version === undefined || !kind || misfit(version, kind, release.previous?.version ?? null) === undefined
}

/**
 * Whether a plan speaks of a release. In a repository of several components it speaks of the one that it names, or, where
 * it names none, of each until that one is out.
 */
function speaksOf(state: State, line: Line, seen: ValidPlan, release: Release): boolean {
  const { component } = seen.value.release
  if (component !== undefined && component !== release.component) return false
  const version = statedFor(seen.value, release)
  if (version !== undefined) return !isBehind(version, vouchedBefore(line, release))
  if (isSpent(line, seen, release.component)) return false
  const open = state.releases.find((r) => isBeside(r, release) && r.phase.is !== "published")
  return !open || open.id === release.id
}

/**
 * The version that a plan states for a release. Of several components it has to say which one it means: a version that
 * is meant for one must not become that of the others.
 */
export const statedFor = ({ release: { version, component } }: Plan, release: Release): string | undefined =>
  (component ?? "") === release.component ? version : undefined

/** Whether the line's plan is not spent: it names a version that is not out, or has not been used up by one. */
export const planInForce = (line: Line, state: State): boolean => isUnspent(line, state, line.plan)

/** The same of any plan of the line. */
export function isUnspent(line: Line, state: State, seen: Seen<Plan>): seen is ValidPlan {
  if (seen.is !== "valid") return false
  const { version, component } = seen.value.release
  const names = component === undefined ? Object.keys(line.ledger?.starts ?? { "": null }) : [component]
  if (version === undefined || (component === undefined && line.ledger?.starts))
    return names.some((name) => !isSpent(line, seen, name))
  const of = { branch: line.branch, component: component ?? "" }
  const out = state.releases.filter((r) => isBeside(r, of) && r.phase.is === "published").at(-1)
  const start = startIn(line, of.component)
  const current =
    out?.phase.is === "published" && !out.phase.outside ? out.phase.candidate.version : start && startOf(start)?.version
  return !isBehind(version, current)
}

function isSpent(line: Line, seen: ValidPlan, component: string): boolean {
  const hash = seenHash(seen)
  const by = component === "" ? line.spent : own(line.spentBy, component)
  return by === hash || own(line.spentBefore, component)?.includes(hash) === true
}

const startIn = ({ ledger }: Line, component: string): Start | undefined =>
  component === "" ? ledger : own(ledger?.starts, component)

/** The version before a release as far as Slipway made it: a tag that somebody pushes spends no plan. */
function vouchedBefore(line: Line, { previous, component }: Release): string | undefined {
  const start = startIn(line, component)
  const isForeign = start?.vouched !== undefined && previous?.sha === start.base?.sha
  return isForeign ? start.vouched?.version : previous?.version
}

/** A plan is spent when the release that it names is out. */
const isBehind = (version: string, current: string | undefined): boolean =>
  current !== undefined && lte(version, current)
