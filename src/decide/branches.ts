import { withBroughtPulls } from "../model/brought-pulls.ts"
import { rollbacksIn } from "../model/deployment.ts"
import { withReport } from "../model/evidence.ts"
import { hashOf } from "../model/hash.ts"
import { extend, join, type Ledger } from "../model/ledger.ts"
import { metricsAsked } from "../model/metrics-asked.ts"
import { organisationKey } from "../model/organisation.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { seeChangedGates } from "./changed-gates.ts"
import { extendedBy } from "./gates/stop.ts"
import { leftOf } from "./joint/row.ts"
import { keptEnvironments, keptIssues, keptStandings } from "./kept.ts"
import { keptMetrics } from "./metrics.ts"
import { configOf } from "./plan-of.ts"
import { keptAlerts } from "./promotion/again.ts"
import { keptRequests, openRequests } from "./promotion/requests.ts"
import { keptProbes } from "./promotion/smoke.ts"
import { keptVerdicts } from "./promotion/verdicts.ts"
import { putLine, type Run } from "./run.ts"

/**
 * Feeds the mirrors from the signals: pushes and merges into the ledgers, reports into the evidence, closed issues
 * into what features are bound to. A ledger that was just read back has all of it already.
 */
export function mirror(run: Run, signals: readonly Signal[]): void {
  for (const line of Object.values(run.state.lines))
    putLine(run, seeChangedGates(seeFiles(moveLine(run, line, signals)), run.state))
  for (const signal of signals) {
    if (signal.kind === "evidence") {
      const known = own(run.state.evidence, signal.sha) ?? { items: [] }
      const items = withReport(known.items, signal.report)
      run.state = { ...run.state, evidence: { ...run.state.evidence, [signal.sha]: { ...known, items } } }
    }
    if (signal.kind === "issue") tellIssue(run, `${signal.of ?? ""}#${signal.number}`, signal)
  }
}

/** Only issues that a plan is bound to are kept. What an event tells is known, though it could not be read before. */
function tellIssue(run: Run, said: string, { state, signs }: Extract<Signal, { kind: "issue" }>): void {
  const { issues, unknown } = run.state
  // A plan may write the name of another repository in other letters.
  const ref = said.startsWith("#") ? said : (knownAs(run, said) ?? said)
  const what = `issue:${ref}`
  if (issues[ref] === undefined && !unknown.some((u) => u.what === what)) return
  const { closedBy } = own(run.state.issueSigns, ref) ?? {}
  const kept = state === "open" || closedBy === undefined ? {} : { closedBy }
  run.state = {
    ...run.state,
    issues: { ...issues, [ref]: state },
    ...(signs ? { issueSigns: { ...run.state.issueSigns, [ref]: { ...kept, ...signs } } } : {}),
    unknown: unknown.filter((u) => u.what !== what),
  }
}

function knownAs({ state }: Run, ref: string): string | undefined {
  const unread = state.unknown.flatMap(({ what }) => (what.startsWith("issue:") ? [what.slice("issue:".length)] : []))
  return [...Object.keys(state.issues), ...unread].find((known) => known.toLowerCase() === ref.toLowerCase())
}

function moveLine(run: Run, line: Line, signals: readonly Signal[]): Line {
  if (!line.ledger) return line
  const moves = signals.filter((s) => s.kind === "moved" && s.branch === line.branch)
  const pulls = signals.flatMap((s) => (s.kind === "merged" && s.base === line.branch ? [s.pull] : []))
  const gone = moves.at(-1)
  if (gone?.kind === "moved" && gone.deleted && !own(run.facts.learned.ledgers, line.branch))
    return { ...line, broken: `the branch ${line.branch} was deleted` }
  if (own(run.facts.learned.ledgers, line.branch)) return { ...line, ledger: join(line.ledger, pulls) }
  const extended = extend(
    line.ledger,
    moves.flatMap((s) => (s.kind === "moved" && !s.deleted ? [s.advance] : [])),
  )
  if (extended.is === "gap") return { ...line, ledger: join(line.ledger, pulls), broken: extended.because }
  const untouched = moves.flatMap((s) => (s.kind === "moved" ? (s.files ?? []) : []))
  carryFiles(run, line.ledger, extended.ledger, new Set(untouched))
  return { ...line, ledger: withBroughtPulls(join(extended.ledger, pulls), run.state) }
}

/** Remembers the head at which configuration or plan last changed: there `Slipway / plan` speaks of them. */
function seeFiles(line: Line): Line {
  if (!line.ledger) return line
  const seen = [line.config, line.plan, ...(line.plans ?? [])]
  const hash = hashOf(seen.map(seenHash))
  if (line.files?.hash === hash) return line
  const nothing = !line.files && seen.every(({ is }) => is === "absent")
  return nothing ? line : { ...line, files: { sha: line.ledger.head, hash } }
}

/** A file that a push does not touch exists at the new head as it did at the old one. */
function carryFiles(run: Run, from: Ledger, to: Ledger, touched: ReadonlySet<string>): void {
  if (from.head === to.head) return
  const files: { [at: string]: boolean } = { ...run.state.files }
  for (const [at, exists] of Object.entries(run.state.files)) {
    const path = at.slice(from.head.length + 1)
    if (!at.startsWith(`${from.head}:`) || touched.has(path)) continue
    files[`${to.head}:${path}`] ??= exists
  }
  run.state = { ...run.state, files }
}

const OTHERS_KEPT = 20

/** Forgets what no open release, head or environment speaks of any more, so that the state does not grow. */
export function prune(all: State, at: string, defaultBranch: string): State {
  const state = { ...all, environments: keptEnvironments(all) }
  const releases = keptReleases(state)
  const shas = new Set([
    ...Object.values(state.lines).flatMap((l) => (l.ledger ? [l.ledger.head] : [])),
    // A drafted component may stand on an earlier landing than the head.
    ...releases.flatMap((r) => (r.phase.is === "drafted" ? (r.shown?.sha ?? []) : [r.phase.candidate.sha])),
    ...releases.flatMap(({ phase, pull }) => (pull && phase.is !== "published" ? [pull.sha] : [])),
  ])
  const evidence = Object.entries(state.evidence)
  const others = evidence.filter(([sha]) => !shas.has(sha)).slice(-OTHERS_KEPT)
  const changes = new Set(
    Object.values(state.lines).flatMap((l) => [
      ...(l.ledger?.pulls.map((p) => `#${p.number}`) ?? []),
      ...(l.ledger?.commits.map((c) => c.sha) ?? []),
    ]),
  )
  const spoken = new Set(releases.map(({ branch }) => branch))
  return {
    ...state,
    lines: pick(state.lines, (branch) => own(state.lines, branch)?.retired === undefined || spoken.has(branch)),
    releases,
    evidence: Object.fromEntries([...others, ...evidence.filter(([sha]) => shas.has(sha))]),
    ...(state.organisations ? { organisations: keptOrganisations(state, state.organisations) } : {}),
    ...(state.assets ? { assets: pick(state.assets, (id) => isOpen(releases, id)) } : {}),
    files: pick(state.files, (at) => shas.has(at.split(":", 1)[0] ?? "")),
    ...(state.versions ? { versions: pick(state.versions, (at) => shas.has(at.split(":", 1)[0] ?? "")) } : {}),
    authorship: pick(state.authorship, (change) => changes.has(change)),
    ...(state.owners ? { owners: pick(state.owners, (key) => isOwnedOf(key, changes, releases)) } : {}),
    ...(state.brought ? { brought: pick(state.brought, (change) => changes.has(change)) } : {}),
    ...(state.reviews ? { reviews: pick(state.reviews, (change) => changes.has(change)) } : {}),
    standings: keptStandings(state),
    ...keptAlerts(state),
    ...keptRequests(state),
    ...keptProbes(state),
    ...keptVerdicts(state, at),
    ...keptMetrics(
      state,
      new Set(metricsAsked(state, configOf, defaultBranch, at).map(({ question }) => question.key)),
    ),
    ...keptIssues(state),
    unknown: state.unknown.filter(
      ({ what }) =>
        isSpokenOf(what, shas, changes) &&
        !isClosedDraft(what, releases) &&
        !isOutside(what, state) &&
        !isOver(what, state) &&
        !isReplaced(what, state),
    ),
    refused: Object.fromEntries(Object.entries(state.refused).slice(-REFUSED_KEPT)),
    stale: Object.fromEntries(Object.entries(state.stale).slice(-OTHERS_KEPT)),
  }
}

/** `CHANGE@RELEASE`: who owns a change is asked by a release that is open. */
function isOwnedOf(key: string, changes: ReadonlySet<string>, releases: State["releases"]): boolean {
  const [change = "", release = ""] = key.split("@")
  return changes.has(change) && isOpen(releases, release)
}

/** How a deployment stands, or what an environment has, that nobody waits for any more. */
const isOutside = (what: string, { requests = {}, looks = {} }: State): boolean =>
  (what.startsWith("newest:") && !Object.hasOwn(looks, what.slice("newest:".length))) ||
  (what.startsWith("deployment:") &&
    !Object.values(requests).some(({ inside }) =>
      inside?.some(({ deployment }) => what === `deployment:${deployment}`),
    ))

/** A post-mortem that nobody is reminded of any more. */
const isOver = (what: string, { postMortems = [] }: State): boolean =>
  what.startsWith("post-mortem:") && !postMortems.some(({ id, is }) => is === "open" && what === `post-mortem:${id}`)

/** The files of a draft that is none any more. */
const isClosedDraft = (what: string, releases: State["releases"]): boolean =>
  what.startsWith("assets:") && !isOpen(releases, what.slice("assets:".length))

/** A deployment that something else took the place of. */
const isReplaced = (what: string, { environments }: State): boolean =>
  what.startsWith("status:") &&
  !Object.values(environments).some(({ live }) => live?.deployment === what.slice("status:".length))

const isOpen = (releases: State["releases"], id: string): boolean =>
  releases.some((release) => release.id === id && release.phase.is !== "published")

const ORGANISATIONS_KEPT = 10

/**
 * Those that a branch extends. Where a configuration could not be read, or is invalid, what it extends may be the reason:
 * then none is forgotten, so that a push which mends it is heard here.
 */
function keptOrganisations(
  { lines, unknown }: State,
  all: NonNullable<State["organisations"]>,
): NonNullable<State["organisations"]> {
  const branches = Object.values(lines)
  const extended = new Set(branches.flatMap(extendedBy).map(organisationKey))
  const isOpen =
    branches.some(({ config }) => config.is === "invalid") || unknown.some(({ what }) => what.startsWith("config:"))
  const others = isOpen ? Object.keys(all).filter((key) => !extended.has(key)) : []
  const kept = new Set([...extended, ...others.slice(-ORGANISATIONS_KEPT)])
  return pick(all, (key) => kept.has(key))
}

const REFUSED_KEPT = 50

/** What could not be read of commits and changes that nothing speaks of any more is nobody's question. */
function isSpokenOf(what: string, shas: ReadonlySet<string>, changes: ReadonlySet<string>): boolean {
  const [kind = "", of = ""] = what.split(":")
  if (["authors", "brought", "reviews", "owners"].includes(kind)) return changes.has(of.split("@", 1)[0] ?? "")
  return !["checks", "attempts", "workflows", "file", "tree", "manifest"].includes(kind) || shas.has(of)
}

const PUBLISHED_KEPT = 5
const BAD_KEPT = 5

/** Open releases, the newest published ones, and those that an environment still speaks of. */
function keptReleases(state: State): State["releases"] {
  const spoken = new Set([
    ...openRequests(state).flatMap(({ release }) => release ?? []),
    ...(state.postMortems ?? []).flatMap(({ release, is }) => (is === "over" ? [] : [release])),
    ...Object.values(state.environments).flatMap((e) => [
      e.live?.release,
      e.failed?.release,
      ...(e.failedBefore ?? []).map((one) => one.release),
      ...rollbacksIn(e).flatMap(({ from, to }) => [from.release, to.release]),
      ...[...e.good, ...(e.unverified ?? [])].map((g) => g.release),
    ]),
  ])
  const published = state.releases.filter((r) => r.phase.is === "published")
  const newest = new Set(published.slice(-PUBLISHED_KEPT))
  // What was rolled back waits for the release that mends it.
  for (const bad of published.filter((one) => one.rolledBack.length > 0 && !one.mended).slice(-BAD_KEPT))
    newest.add(bad)
  // The last one of each branch and component holds its version, though somebody deletes the tag.
  const followed = published.filter(({ branch }) => {
    const line = own(state.lines, branch)
    return line !== undefined && line.retired === undefined
  })
  const last = new Map(followed.map((release) => [`${release.branch}:${release.component}`, release]))
  for (const release of last.values()) newest.add(release)
  for (const release of published.filter((one) => isOnItsWay(state, one) || leftOf(one).length > 0)) newest.add(release)
  return state.releases.filter((r) => r.phase.is !== "published" || newest.has(r) || spoken.has(r.id))
}

/** A hotfix that the releases of the main branch still have to bring. */
function isOnItsWay({ lines }: State, { after }: Release): boolean {
  const back = after?.back
  if (back?.is !== "reached") return back !== undefined
  return own(lines, back.to)?.ledger?.commits.some(({ sha }) => sha === back.landed) === true
}

const pick = <T>(
  record: { readonly [key: string]: T },
  keep: (key: string) => boolean,
): { readonly [key: string]: T } => Object.fromEntries(Object.entries(record).filter(([key]) => keep(key)))
