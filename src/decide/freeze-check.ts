import { type Freeze, type FrozenPull, OPEN_PULLS, type OpenPulls } from "../model/freeze.ts"
import { hashOf } from "../model/hash.ts"
import { own } from "../model/own.ts"
import type { FreezeEnd, FreezePage } from "../model/page.ts"
import type { Plan } from "../model/plan.ts"
import type { ValidPlan } from "../model/plan-folder.ts"
import type { Release } from "../model/release.ts"
import type { Seen } from "../model/seen.ts"
import type { Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { closedBy, isClosed } from "./closed-pulls.ts"
import { chosenPlan, isUnspent } from "./plan-of.ts"
import { freezeTarget, type Run } from "./run.ts"
import { plain, plural } from "./wording.ts"

/** The label that lets an urgent fix in. */
const HOTFIX = "hotfix"
/** More than are listed: those that come during the freeze join them. */
const KEPT = 2 * OPEN_PULLS
const AT_ONCE_MS = 1_000
const RETRY_MS = 5 * 60_000

type Open = OpenPulls["pulls"][number]

/** A code freeze as the plan has it at this moment. */
interface Frozen {
  readonly since: string
  readonly plan: string
  readonly until: FreezeEnd
  readonly features: Plan["features"]
}

/**
 * `Slipway / freeze`: from the plan's code freeze on until its release is out, the open pull requests to the branch show
 * that it is frozen, and how a fix gets in. Without a freeze there is no check, and it costs nothing.
 */
export function showFreezes(run: Run, signals: readonly Signal[]): void {
  for (const branch of new Set([...Object.keys(run.state.lines), ...Object.keys(run.state.freezes ?? {})]))
    show(run, branch, signals)
}

function show(run: Run, branch: string, signals: readonly Signal[]): void {
  const known = own(run.state.freezes, branch)
  const line = own(run.state.lines, branch)
  const frozen = line ? frozenOn(run, line, known) : null
  if (frozen) keep(run, branch, hold(run, branch, frozen, known, signals))
  else if (known) keep(run, branch, lift(run, branch, known, line, signals))
}

function keep(run: Run, branch: string, freeze: Freeze): void {
  const { [branch]: _, ...others } = run.state.freezes ?? {}
  const isGone = freeze.over !== undefined && Object.keys(freeze.pulls).length === 0
  const unknown = run.state.unknown.filter(({ what }) => freeze.over === undefined || what !== `pulls:${branch}`)
  run.state = { ...run.state, unknown, freezes: isGone ? others : { ...others, [branch]: freeze } }
}

/** The freeze of a line, if there is one now. While the plan cannot be read, a freeze that had begun goes on. */
function frozenOn({ state, at }: Run, line: Line, known: Freeze | undefined): Frozen | null {
  if (line.retired !== undefined) return null
  const broken = plansOn(line).find((plan) => plan.is === "invalid")
  if (broken && known && known.over === undefined)
    return { since: known.since, plan: broken.path, until: { version: null }, features: [] }
  const open = state.releases.filter((r) => r.branch === line.branch && r.phase.is !== "published")
  const planned = open.flatMap((release) => {
    const chosen = chosenPlan(state, line, release)
    return chosen.is === "one" ? [{ plan: chosen.plan, release }] : []
  })
  // Nothing asks for a version yet: what is merged now would.
  const unreleased = unspentOn(line, state).map((plan) => ({ plan }))
  for (const { plan, release } of [...planned, ...unreleased] as { plan: ValidPlan; release?: Release }[]) {
    const { path, value } = plan
    const since = value.timeline.code_freeze
    if (since !== undefined && since <= at)
      return { since, plan: path, until: endOf(value, release), features: value.features }
  }
  return null
}

const plansOn = (line: Line): readonly Seen<Plan>[] => [...(line.plans ?? []), line.plan]

const unspentOn = (line: Line, state: State): readonly ValidPlan[] =>
  plansOn(line).filter((plan) => isUnspent(line, state, plan))

function endOf({ timeline, release: { date, component } }: Plan, release: Release | undefined): FreezeEnd {
  const planned = timeline.production_deploy ?? date
  const of = release?.component || component
  return {
    version: !release ? null : release.phase.is === "drafted" ? release.next.next : release.phase.candidate.version,
    ...(of ? { component: of } : {}),
    ...(planned === undefined ? {} : { planned }),
  }
}

function hold(run: Run, branch: string, frozen: Frozen, known: Freeze | undefined, signals: readonly Signal[]): Freeze {
  const before: Freeze = known && known.over === undefined ? known : { since: "", listed: false, pulls: {} }
  const listed = own(run.facts.learned.openPulls, branch)
  const open = new Map<string, Open>()
  for (const [number, pull] of Object.entries(before.pulls)) open.set(number, asOpen(Number(number), pull))
  for (const signal of signals) {
    const closed = closedBy(signal)
    if (closed !== undefined) open.delete(String(closed))
    if (signal.kind !== "proposed" || isClosed(run.state, signal.pull.number)) continue
    const { number, headSha, labels, says } = signal.pull
    if (signal.base === branch) open.set(String(number), { number, headSha, labels, closes: says?.closes ?? [] })
    else if (open.delete(String(number)) && own(before.pulls, String(number))?.sha === headSha)
      // The check on its head would go on failing.
      check(run, branch, { number, sha: headSha }, lifted(before, frozen.plan, `it goes to ${signal.base} now`))
  }
  for (const pull of listed?.pulls ?? []) open.set(String(pull.number), pull)
  const looks = signals.some(({ kind }) => kind === "look")
  // By number: of very many, the newest.
  const shown = [...open.values()].toSorted((a, b) => a.number - b.number).slice(-KEPT)
  const pulls = shown.map((pull) => {
    const page = pageOf(pull, branch, frozen)
    const shows = hashOf(page)
    const last = own(before.pulls, String(pull.number))
    if (looks || last?.shows !== shows || last.sha !== pull.headSha)
      check(run, branch, { number: pull.number, sha: pull.headSha }, page)
    return [String(pull.number), { ...asFrozen(pull), shows }] as const
  })
  const more = listed ? listed.more : before.more === true
  return {
    since: frozen.since,
    listed: before.listed || listed !== undefined,
    ...(more ? { more } : {}),
    pulls: Object.fromEntries(pulls),
  }
}

const asOpen = (number: number, { sha, isHotfix, closes }: FrozenPull): Open => ({
  number,
  headSha: sha,
  labels: isHotfix ? [HOTFIX] : [],
  closes,
})

const asFrozen = ({ headSha, labels, closes }: Open): Omit<FrozenPull, "shows"> => ({
  sha: headSha,
  isHotfix: isHotfix(labels),
  closes,
})

const isHotfix = (labels: readonly string[]): boolean => labels.some((label) => label.toLowerCase() === HOTFIX)

function pageOf(pull: Open, base: string, { since, plan, until, features }: Frozen): FreezePage {
  const because = isHotfix(pull.labels) ? `it has the label “${HOTFIX}”` : featureOf(pull, features)
  const state = because === undefined ? { is: "frozen" as const, until } : { is: "let in" as const, because, until }
  return { is: "freeze", number: pull.number, base, plan, since, state }
}

/** The plan names the pull request itself, or an issue that merging it closes. */
function featureOf({ number, closes }: Open, features: Plan["features"]): string | undefined {
  const refs = [number, ...closes].map((of) => `#${of}`)
  const feature = features.find(({ issue, status }) => status !== "dropped" && issue && refs.includes(issue))
  return feature && `it is the plan's feature “${plain(feature.id)}” (${feature.issue})`
}

/** The freeze is over: who saw it fail sees it pass. Entries stay until their pull requests move on. */
function lift(run: Run, branch: string, known: Freeze, line: Line | undefined, signals: readonly Signal[]): Freeze {
  const because = known.over ?? whyOver(run.state, branch, line)
  const gone = new Set(
    signals.flatMap((signal) => {
      if (signal.kind !== "proposed") return closedBy(signal) ?? []
      // A new commit has no check.
      return own(known.pulls, String(signal.pull.number))?.sha === signal.pull.headSha ? [] : signal.pull.number
    }),
  )
  const pulls = Object.entries(known.pulls).filter(([number]) => !gone.has(Number(number)))
  const looks = signals.some(({ kind }) => kind === "look")
  if (known.over === undefined || looks)
    for (const [number, { sha }] of pulls)
      check(run, branch, { number: Number(number), sha }, lifted(known, planPath(line), because))
  const { more: _, ...rest } = known
  return { ...rest, over: because, pulls: Object.fromEntries(pulls) }
}

const planPath = (line: Line | undefined): string => {
  const [only, ...others] = line ? plansOn(line).filter(({ is }) => is !== "absent") : []
  return only && only.is !== "absent" && others.length === 0 ? only.path : "the plan"
}

function whyOver(state: State, branch: string, line: Line | undefined): string {
  if (!line || line.retired !== undefined) return `nothing is released from ${branch} any more`
  if (plansOn(line).every(({ is }) => is === "absent")) return "the plan was taken away"
  return unspentOn(line, state).length > 0 ? "the plan moved its code freeze" : "the release of the plan is out"
}

const lifted = ({ since }: Freeze, plan: string, because: string): Omit<FreezePage, "number" | "base"> => ({
  is: "freeze",
  plan,
  since,
  state: { is: "lifted", because },
})

function check(
  run: Run,
  base: string,
  { number, sha }: { readonly number: number; readonly sha: string },
  page: Omit<FreezePage, "number" | "base">,
): void {
  const target = freezeTarget(number, sha)
  const content = { ...page, number, base }
  run.effects.push({
    kind: "check",
    key: `${target}@${run.at}:${hashOf(content).slice(0, 8)}`,
    target,
    lane: target,
    mode: "replace",
    content: {
      name: "Slipway / freeze",
      sha,
      externalId: `slipway:freeze:${number}`,
      conclusion: page.state.is === "frozen" ? "failure" : "success",
      page: content,
      buttons: [],
    },
  })
}

/** When to look again: a freeze begins, or the pull requests that are to show it are still to be listed. */
export function freezeLooks(run: Run): readonly string[] {
  const begins = Object.values(run.state.lines).flatMap((line) =>
    line.retired === undefined
      ? unspentOn(line, run.state).flatMap(({ value }) => value.timeline.code_freeze ?? [])
      : [],
  )
  const lists = Object.entries(run.state.freezes ?? {}).flatMap(([branch, { listed, over }]) => {
    if (listed || over !== undefined) return []
    const failed = run.state.unknown.some(({ what }) => what === `pulls:${branch}`)
    return [new Date(run.now.getTime() + (failed ? RETRY_MS : AT_ONCE_MS)).toISOString()]
  })
  return [...begins, ...lists]
}

/** What the pages say of pull requests that do not show the freeze. */
export function freezeWarnings(state: State, { branch }: Line): readonly string[] {
  const freeze = own(state.freezes, branch)
  if (!freeze || freeze.over !== undefined) return []
  const unread = state.unknown.find(({ what }) => what === `pulls:${branch}`)
  if (unread) return [`Not every pull request shows the code freeze yet: ${unread.because}`]
  const shown = Object.keys(freeze.pulls).length
  return freeze.more
    ? [
        `The code freeze is shown on ${plural(shown, "pull request")}, those that changed last; others show it when they change.`,
      ]
    : []
}
