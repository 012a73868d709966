import { DEFAULT_CONFIG } from "../model/config.ts"
import { withReading } from "../model/evidence.ts"
import type { Facts, Learned, Unknown } from "../model/facts.ts"
import { formerDefault } from "../model/former-default.ts"
import type { Ledger } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { type ValidPlan, validPlans } from "../model/plan-folder.ts"
import type { Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { stakeholdersOf } from "./approvals.ts"
import { gatesHash } from "./candidate.ts"
import { isUnspent, planInForce } from "./plan-of.ts"

export const emptyState: State = {
  schema: 1,
  lines: {},
  releases: [],
  lastRelease: 0,
  evidence: {},
  authorship: {},
  standings: {},
  issues: {},
  files: {},
  environments: {},
  announcements: { is: "off", because: "nothing was announced yet" },
  lastRollback: 0,
  refused: {},
  unknown: [],
  stale: {},
}

/** Takes in what was newly read. `at` is when (ISO 8601). */
export function learn(known: State, facts: Facts, at: string, defaultBranch: string): State {
  const state = adopt(known, facts, defaultBranch)
  const { learned } = facts
  const next: State = {
    ...state,
    authorship: { ...state.authorship, ...learned.authorship },
    ...(learned.owners ? { owners: { ...state.owners, ...learned.owners } } : {}),
    ...(learned.brought ? { brought: { ...state.brought, ...learned.brought } } : {}),
    ...(learned.reviews ? { reviews: { ...state.reviews, ...learned.reviews } } : {}),
    standings: { ...state.standings, ...learned.standings },
    issues: { ...state.issues, ...learned.issues },
    ...(learned.issueSigns ? { issueSigns: { ...state.issueSigns, ...learned.issueSigns } } : {}),
    files: { ...state.files, ...learned.files },
    ...(learned.organisations
      ? { organisations: { ...state.organisations, ...rememberingStops(state.organisations, learned.organisations) } }
      : {}),
    ...(learned.metrics ? { metrics: { ...state.metrics, ...learned.metrics } } : {}),
    ...(learned.assets ? { assets: { ...state.assets, ...learned.assets } } : {}),
    ...withAttestations(state, learned),
    ...(learned.versions ? { versions: { ...state.versions, ...learned.versions } } : {}),
    ...(learned.neighbours ? { neighbours: learned.neighbours } : {}),
    ...(learned.approvers ? { approvers: learned.approvers } : {}),
    ...(learned.alerts ? { alerts: { ...state.alerts, ...learned.alerts } } : {}),
    ...(learned.probes ? { probes: { ...state.probes, ...learned.probes } } : {}),
    evidence: withRead(state.evidence, learned, at),
    announcements: facts.announcements,
    unknown: stillUnknown(state.unknown, facts),
  }
  return { ...next, lines: learnLines(next, learned, facts.unknown, defaultBranch) }
}

/** A default branch that was renamed goes on with the releases and the gates of the one that it was. */
function adopt(state: State, { learned }: Facts, defaultBranch: string): State {
  const config = own(learned.configs, defaultBranch)
  if (!own(learned.ledgers, defaultBranch) || !config || config.is === "invalid") return state
  const former = formerDefault(state, config.is === "valid" ? config.value : DEFAULT_CONFIG, defaultBranch)
  if (!former) return state
  const { [former.branch]: _, ...lines } = state.lines
  return {
    ...state,
    lines: { ...lines, [defaultBranch]: { ...former, branch: defaultBranch } },
    releases: state.releases.map((release) => renamed(release, former.branch, defaultBranch)),
  }
}

/** Of its own releases, and of the hotfixes that are brought to it. */
function renamed(release: Release, from: string, to: string): Release {
  const { branch, after } = release
  const back = after?.back?.to === from ? { ...after.back, to } : undefined
  return {
    ...release,
    branch: branch === from ? to : branch,
    ...(back ? { after: { ...after, back } } : {}),
  }
}

function withRead(evidence: State["evidence"], learned: Learned, at: string): State["evidence"] {
  const shas = new Set([...Object.keys(learned.evidence ?? {}), ...Object.keys(learned.workflows ?? {})])
  const read = [...shas].map((sha) => {
    const known = own(evidence, sha) ?? { items: [] }
    const items = own(learned.evidence, sha)
    const workflows = own(learned.workflows, sha)
    const fresh = items ? { items: withReading(known.items, items), readAt: at } : {}
    return [sha, { ...known, ...fresh, ...(workflows ? { workflows } : {}) }] as const
  })
  return { ...evidence, ...Object.fromEntries(read) }
}

function learnLines(
  state: State,
  learned: Learned,
  unknown: readonly Unknown[],
  defaultBranch: string,
): State["lines"] {
  const branches = new Set([
    ...Object.keys(state.lines),
    ...Object.keys(learned.ledgers ?? {}),
    ...Object.keys(learned.configs ?? {}),
    ...unknown.flatMap(({ what }) => (what.startsWith("history:") ? [what.slice("history:".length)] : [])),
  ])
  const lines = [own(state.lines, defaultBranch), ...Object.values(state.lines)]
  const heir = lines.find((line) => line?.inForce.config)?.inForce.config
  const learnt = [...branches].map((branch) => {
    const line = learnLine(own(state.lines, branch) ?? newLine(branch, heir), learned, unknown)
    return [branch, seeGates(line, state)] as const
  })
  return Object.fromEntries(learnt)
}

/** A branch that becomes a release branch later does not bring its own first gates: those of the others are in force. */
const newLine = (branch: string, heir: Line["inForce"]["config"]): Line => ({
  branch,
  config: { is: "absent" },
  plan: { is: "absent" },
  inForce: heir ? { config: heir } : {},
})

function learnLine(line: Line, learned: Learned, unknown: readonly Unknown[]): Line {
  const ledger = own(learned.ledgers, line.branch)
  const ci = own(learned.ci, line.branch)
  const github = own(learned.githubNotes, line.branch)
  const workspace = own(learned.workspaces, line.branch)
  const plans = own(learned.planFolders, line.branch)
  const lost = unknown.find((u) => u.what === `history:${line.branch}`)
  const { broken: _, outdated: __, ...rest } = line
  return {
    ...(ledger ? rest : line),
    config: own(learned.configs, line.branch) ?? line.config,
    ...(github ? { githubNotes: github } : {}),
    plan: own(learned.plans, line.branch) ?? line.plan,
    ...(plans ? { plans } : {}),
    ...(ledger ? { ledger: keepHeads(ledger, line.ledger) } : {}),
    ...(ci ? { ci } : {}),
    ...(workspace ? { workspace } : {}),
    ...(lost ? { broken: lost.because } : {}),
  }
}

/** A ledger that was read back knows no earlier heads: those of the mirror still tell late pushes. */
const keepHeads = (ledger: Ledger, old: Ledger | undefined): Ledger =>
  old ? { ...ledger, heads: [...old.heads, old.head].filter((h) => h !== ledger.head).slice(-50) } : ledger

/**
 * The first configuration and the first plan ever seen are in force at once: there is none whose gates they lower. A
 * configuration that comes when a release was cut, or a plan is in force, has the defaults before it.
 */
function seeGates(line: Line, state: State): Line {
  const { config, plan } = line
  // guard: first-configuration
  const value = isJudged(line, state) ? DEFAULT_CONFIG : config.is === "valid" ? config.value : undefined
  const first = {
    ...(config.is === "valid" && value ? { config: { value, hash: gatesHash(value) } } : {}),
    ...(plan.is === "valid" && planInForce(line, state) ? { plan: { value: plan.value, hash: seenHash(plan) } } : {}),
  }
  const all = validPlans([plan, ...(line.plans ?? [])])
  const named = [...new Set(all.flatMap(({ value }) => stakeholdersOf(value)))]
  const plans = seePlans(line, state)
  return {
    ...line,
    inForce: { ...first, ...line.inForce, ...(plans.length > 0 ? { plans } : {}) },
    trusted: line.trusted ?? (line.ledger ? named : []),
  }
}

/** Whether gates are asked for already, though no configuration names any. */
const isJudged = ({ branch, inForce }: Line, { releases }: State): boolean =>
  inForce.plan !== undefined ||
  (inForce.plans ?? []).length > 0 ||
  releases.some((release) => release.branch === branch && release.phase.is === "cut")

/**
 * The plans of `release-plans/` that are in force. Where none is that speaks of a component, those that are there are from
 * now on; where one is, a new one that comes before it, or takes its place, has to be approved with the release.
 */
function seePlans(line: Line, state: State): readonly ValidPlan[] {
  const known = line.inForce.plans ?? []
  const aboutOf = (plan: ValidPlan) => plan.value.release.component
  const taken = [
    ...known.filter((plan) => isUnspent(line, state, plan)).map(aboutOf),
    ...(line.inForce.plan ? [line.inForce.plan.value.release.component] : []),
  ]
  const fresh = validPlans(line.plans ?? []).filter(
    (plan) => isUnspent(line, state, plan) && !taken.some((about) => about === undefined || about === aboutOf(plan)),
  )
  const kept = known.filter((old) => !fresh.some(({ path }) => path === old.path))
  return [...kept, ...fresh]
}

function stillUnknown(before: readonly Unknown[], facts: Facts): readonly Unknown[] {
  const now = new Set(facts.unknown.map((u) => u.what))
  return [...before.filter((u) => !now.has(u.what) && !isLearned(u.what, facts.learned)), ...facts.unknown]
}

/** Whether what was unknown has been read since. */
function isLearned(what: string, learned: Learned): boolean {
  const at = what.indexOf(":")
  const kind = at < 0 ? what : what.slice(0, at)
  const key = what.slice(at + 1)
  const of: { readonly [kind: string]: { readonly [key: string]: unknown } | undefined } = {
    history: learned.ledgers,
    head: learned.ledgers,
    config: learned.configs,
    "github-notes": learned.githubNotes,
    plan: learned.plans,
    plans: learned.planFolders,
    workspace: learned.workspaces,
    ci: learned.ci,
    checks: learned.evidence,
    attempts: learned.attempts,
    status: learned.statuses,
    metric: learned.metrics,
    workflows: learned.workflows,
    authors: learned.authorship,
    brought: learned.brought,
    owners: learned.owners,
    reviews: learned.reviews,
    standing: learned.standings,
    issue: learned.issues,
    file: learned.files,
    tree: learned.trees,
    manifest: learned.versions,
    tag: learned.tags,
    deployment: learned.deployments,
    newest: learned.newest,
    assets: learned.assets,
    attestations: learned.attestations,
    pulls: learned.openPulls,
    proposal: learned.proposals,
    team: learned.approvers?.teams,
  }
  if (what === "approvers" || what === "hotfixes") return learned[what] !== undefined
  return own(own(of, kind), key) !== undefined
}

const ATTESTATIONS_KEPT = 100

/** Of artifacts that nobody waits to deploy any more nothing is kept. */
function withAttestations(state: State, { attestations }: Learned): Pick<State, "attestations"> {
  if (!attestations && !state.attestations) return {}
  const isWaiting = Object.values(state.requests ?? {}).some(({ end }) => !end)
  const all = isWaiting ? Object.entries({ ...state.attestations, ...attestations }) : []
  return { attestations: Object.fromEntries(all.slice(-ATTESTATIONS_KEPT)) }
}

type Organisations = NonNullable<State["organisations"]>

/** A file that cannot be read now lifts no stop: it is known until the file says something else. */
const rememberingStops = (before: Organisations | undefined, now: Organisations): Organisations =>
  Object.fromEntries(
    Object.entries(now).map(([name, one]) => {
      const stop = own(before, name)?.stop
      return [name, one.is === "unread" && stop ? { ...one, stop } : one]
    }),
  )
