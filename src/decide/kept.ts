import { issuesIn, itemsOf } from "../model/checklist.ts"
import type { Environment } from "../model/deployment.ts"
import { issuesNeeded } from "../model/foreign-feature.ts"
import type { Plan } from "../model/plan.ts"
import { validPlans } from "../model/plan-folder.ts"
import type { State } from "../model/state.ts"
import { issueRef } from "./gates/features.ts"
import { configOf } from "./plan-of.ts"

const ENVIRONMENTS_KEPT = 40
const STANDINGS_KEPT = 50

/**
 * The environments that releases are still spoken of in: those that a configuration names, and of each component those
 * that something happened in last. Where every release has a preview of its own they would keep every release for ever.
 */
export function keptEnvironments({ environments, lines }: State): State["environments"] {
  const named = new Set(Object.values(lines).flatMap((line) => Object.keys(configOf(line).environments)))
  const all = Object.entries(environments)
  const byComponent = Map.groupBy(all, ([, { component = "" }]) => component)
  const kept = [...byComponent.values()].flatMap((some) => {
    const others = some.filter(([, { name }]) => !named.has(name))
    const newest = others.toSorted(([, a], [, b]) => (lastIn(a) < lastIn(b) ? -1 : 1)).slice(-ENVIRONMENTS_KEPT)
    return [...some.filter(([, { name }]) => named.has(name)), ...newest].map(([place]) => place)
  })
  const isKept = new Set(kept)
  return all.length === isKept.size ? environments : Object.fromEntries(all.filter(([place]) => isKept.has(place)))
}

/** ISO 8601, and so comparable as text; a rollback that runs is not forgotten before it has ended. */
const lastIn = ({ live, failed, rollback }: Environment): string =>
  rollback?.is === "running" ? "9999" : [live?.since, failed?.at, rollback?.ended].reduce<string>(later, "")

const later = (a: string, b: string | undefined): string => (b !== undefined && b > a ? b : a)

/** What those may do whose word counts for what is open, and those who pressed a button last: anybody may press. */
export function keptStandings({ standings, releases, requests = {}, verdicts = {} }: State): State["standings"] {
  const spoken = new Set([
    ...Object.values(requests).flatMap(({ approvals, end }) => (end ? [] : approvals.map(({ by }) => by.login))),
    ...Object.values(verdicts).flatMap(({ approvals }) => approvals.map(({ by }) => by.login)),
    ...releases.flatMap(({ phase, approvals, hold }) =>
      phase.is === "published" ? [] : [...approvals.map(({ by }) => by.login), ...(hold ? [hold.by.login] : [])],
    ),
  ])
  const all = Object.entries(standings).toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1))
  const newest = new Set(all.slice(-STANDINGS_KEPT).map(([login]) => login))
  const isKept = ([login]: readonly [string, unknown]) => spoken.has(login) || newest.has(login)
  return all.every(isKept) ? standings : Object.fromEntries(Object.entries(standings).filter(isKept))
}

/** Issues that a feature of a plan is bound to, or that tick an item of a checklist, also of what is out. */
export function keptIssues({ issues, issueSigns = {}, lines, releases }: State): Pick<State, "issues" | "issueSigns"> {
  const plans = Object.values(lines).flatMap(({ plan, plans = [], inForce }): readonly Plan[] => [
    ...validPlans([plan, ...plans, ...(inForce.plans ?? [])]).map(({ value }) => value),
    ...(inForce.plan ? [inForce.plan.value] : []),
  ])
  const bound = new Set([
    ...plans.flatMap(({ features }) => features.flatMap((feature) => issueRef(feature) ?? [])),
    ...plans.flatMap(({ features }) => issuesNeeded(features)),
    ...plans.flatMap(({ checklist }) => issuesIn(itemsOf(checklist))),
    ...releases.flatMap(({ phase }) =>
      phase.is === "published" && phase.checklist ? issuesIn(itemsOf({ before: [], ...phase.checklist })) : [],
    ),
  ])
  // A plan that cannot be read may be bound to any.
  if (Object.values(lines).some(({ plan, plans = [] }) => [plan, ...plans].some(({ is }) => is === "invalid")))
    return { issues }
  const all = Object.entries(issues)
  if (all.every(([ref]) => bound.has(ref))) return { issues }
  const signs = Object.entries(issueSigns).filter(([ref]) => bound.has(ref))
  return {
    issues: Object.fromEntries(all.filter(([ref]) => bound.has(ref))),
    ...(signs.length > 0 ? { issueSigns: Object.fromEntries(signs) } : {}),
  }
}
