import { lte } from "semver"
import { issuesIn, itemsOf } from "../model/checklist.ts"
import { componentsOf, sharedPaths } from "../model/component.ts"
import { type Track, trackOf } from "../model/component-ledger.ts"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import { issuesNeeded } from "../model/foreign-feature.ts"
import { kindOf } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import { type ValidPlan, validPlans } from "../model/plan-folder.ts"
import type { Repository } from "../model/repository.ts"
import type { Seen } from "../model/seen.ts"
import type { InForce, Line, State } from "../model/state.ts"

/** A line's files, as far as they are known by now. */
export type LineFiles = Pick<Line, "config" | "plan" | "plans" | "inForce" | "workspace">

/** The configuration by which to read: the branch's own; where it is invalid, the one in force; the defaults. */
export function configFor({ config, inForce }: Pick<LineFiles, "config" | "inForce">): Config {
  if (config.is === "valid") return config.value
  return (config.is === "invalid" ? inForce.config?.value : undefined) ?? DEFAULT_CONFIG
}

/** What a component sees of a line; undefined where history, or where its own begins, is not known. */
export function trackIn(line: LineFiles & Pick<Line, "ledger">, component: string): Track | undefined {
  const config = configFor(line)
  const division = { components: componentsOf(config, line.workspace), shared: sharedPaths(config) }
  return line.ledger && trackOf(line.ledger, division, component)
}

/** The commits on which something may be drafted: the head; of components the newest landing of each. */
export function headsOf(line: LineFiles & Pick<Line, "ledger">): readonly string[] {
  const components = componentsOf(configFor(line), line.workspace)
  const heads = components.flatMap(({ name }) => trackIn(line, name)?.ledger.head ?? [])
  return [...new Set([...(line.ledger ? [line.ledger.head] : []), ...heads])]
}

/**
 * The branches that releases are made from, as the default branch's configuration names them; of the patterns for
 * hotfix branches, what `present` has of them.
 */
export function releaseBranches(
  { defaultBranch }: Repository,
  config: Config | undefined,
  present: Iterable<string>,
): readonly string[] {
  if (!config) return [defaultBranch]
  const named = config.branches?.map(({ name }) => name) ?? [defaultBranch]
  const hotfixes = [...present].filter((branch) => kindOf(config, branch, defaultBranch)?.is === "hotfix")
  return [...new Set([...named, ...hotfixes])]
}

/** The configuration of the default branch as it is known; undefined: nothing is. */
export function ruling(repo: Repository, state: State | undefined): Config | undefined {
  const line = own(state?.lines, repo.defaultBranch)
  return line && configFor(line)
}

/** Teams (`org/slug`) that the configuration or the plan names for an approval. */
export const namedTeams = (lines: readonly LineFiles[]): readonly string[] =>
  named(lines).filter((name) => name.includes("/"))

/** People (logins) whom the configuration or the plan names for an approval. */
export const namedPeople = (lines: readonly LineFiles[]): readonly string[] =>
  named(lines).filter((name) => !name.includes("/"))

/** Those that are in force are among them: until a change of the gates is approved, the old ones decide. */
function named(lines: readonly LineFiles[]): readonly string[] {
  const names = lines.flatMap(({ config, plan, plans = [], inForce }) => [
    ...approversIn(validIn(config)),
    ...approversIn(inForce.config?.value),
    ...validPlans([plan, ...plans, ...(inForce.plans ?? [])]).flatMap(({ value }) => stakeholdersIn(value)),
    ...stakeholdersIn(inForce.plan?.value),
  ])
  return [...new Set(names.filter((name) => /^@[^/]+(?:\/.+)?$/.test(name)).map((name) => name.slice(1)))].sort()
}

function approversIn(config: Config | undefined): readonly string[] {
  if (!config) return []
  const environments = [...Object.values(config.environments), ...Object.values(config.hotfix.environments)]
  const asked = [
    config.approvals,
    ...[...Object.values(config.components), ...environments].flatMap(({ approvals }) => approvals ?? []),
  ]
  const groups = asked.flatMap((one) => [...(one["all-of"] ?? []), ...(one["any-of"] ?? [])])
  const onCall = environments.flatMap((one) => one["on-call"] ?? [])
  return [...[...asked, ...groups].flatMap(({ from }) => from), ...onCall]
}

const stakeholdersIn = (plan: Plan | undefined): readonly string[] => Object.values(plan?.stakeholders ?? {}).flat()

const validIn = <T>(seen: Seen<T>): T | undefined => (seen.is === "valid" ? seen.value : undefined)

/** The files that plans name: rollback procedures, and what ticks an item. */
export const filesNamed = (line: Planned): readonly string[] => [
  ...new Set(
    openPlans(line).flatMap(({ rollback_plan, checklist }) => [
      ...(rollback_plan ? [rollback_plan.procedure] : []),
      ...itemsOf(checklist).flatMap(({ by }) => (by.is === "file" ? [by.file] : [])),
    ]),
  ),
]

/** Issues and pull requests that plans' features are bound to, and that tick an item. */
export const issuesOf = (line: Planned): readonly string[] => [
  ...new Set(
    openPlans(line).flatMap(({ features, checklist }) => [
      ...features.flatMap((feature) => feature.issue ?? []),
      ...issuesNeeded(features),
      ...issuesIn(itemsOf(checklist)),
    ]),
  ),
]

type Planned = Pick<Line, "plan" | "plans" | "ledger">

/** The plan, and those of `release-plans/` whose version is not out: of the others nothing is asked any more. */
function openPlans({ plan, plans = [], ledger }: Planned): readonly Plan[] {
  const isOut = ({ value: { release } }: ValidPlan) => {
    const start = release.component === undefined ? ledger : own(ledger?.starts, release.component)
    const out = start?.base?.version
    return release.version !== undefined && out !== undefined && lte(release.version, out)
  }
  return [...validPlans([plan]), ...validPlans(plans).filter((one) => !isOut(one))].map(({ value }) => value)
}

export const NO_FILES: { readonly config: Seen<Config>; readonly plan: Seen<Plan>; readonly inForce: InForce } = {
  config: { is: "absent" },
  plan: { is: "absent" },
  inForce: {},
}
