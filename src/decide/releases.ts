import type { Change } from "../model/change.ts"
import type { Json } from "../model/json.ts"
import { isStable } from "../model/known-tags.ts"
import { own } from "../model/own.ts"
import { isInPlanFolder, type ValidPlan } from "../model/plan-folder.ts"
import type { Phase, Publishing, Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { stakeholdersOf } from "./approvals.ts"
import { gatesHash } from "./candidate.ts"
import { divisionOf } from "./division.ts"
import { lineAfter, tellOthers } from "./line-after.ts"
import { chosenPlan, configOf, isUnspent, planInForce } from "./plan-of.ts"
import { changesOfRelease, coveredChanges, withVersion } from "./release-changes.ts"
import { mendBad } from "./rollback/mended.ts"
import { putLine, putRelease, type Run, record, releaseOf, stamp } from "./run.ts"
import { hasNoThread, placesOf } from "./thread-places.ts"

/** The release gives its changes back to the draft: it is forgotten, and its draft with it. */
export function giveBack(run: Run, release: Release, because: string): void {
  supersede(run, release, because)
  run.state = { ...run.state, releases: run.state.releases.filter((r) => r.id !== release.id) }
  const sha = release.phase.is === "drafted" ? null : release.phase.candidate.sha
  record(run, "abandoned", { tag: release.tag, sha, because }, { release: release.id })
  run.effects.push({
    kind: "draft-delete",
    key: `draft-delete:${release.id}@${run.at}`,
    target: `draft:${release.id}`,
    lane: `release:${release.id}`,
    mode: "replace",
    forgets: true,
    content: { release: release.id, ...(release.foundDraft ? { found: release.foundDraft } : {}) },
  })
}

/** The threads of a release that is no more end with where its changes went. */
function supersede(run: Run, release: Release, because: string): void {
  if (!release.announced) return
  const says = `Not released on its own: ${because}`
  const announcement = { ...release.announced, state: "superseded", says } as const
  for (const { channel, thread, lane, apart } of placesOf(run, release.id)) {
    const isNowhere = apart === "" ? hasNoThread(run, release.id) : run.handles[thread] === undefined
    if (isNowhere) continue
    run.effects.push({
      kind: "thread",
      key: `${thread}@${run.at}`,
      target: thread,
      lane,
      mode: "replace",
      content: { channel, release: release.id, announcement },
    })
  }
}

/** A release with a candidate. */
export type Pinned = Release & { readonly phase: Extract<Phase, { is: "cut" }> }

/** The release as it is when it is cut at a commit, at an instant; undefined: nothing up to there asks for a version. */
export function pinnedAt(
  run: Run,
  line: Line,
  release: Release,
  { sha, by, at }: { readonly sha: string; readonly by: string; readonly at: string },
): Pinned | undefined {
  const division = divisionOf(line, release)
  const candidate = { sha, version: "", at, by, ...(division === undefined ? {} : { division }) }
  const sized = withVersion(run.state, line, { ...release, phase: { is: "cut", candidate } })
  const version = sized.next.next
  return version === null ? undefined : { ...sized, phase: { is: "cut", candidate: { ...candidate, version } } }
}

/** Cuts a release; from now on gates, approvals, tag and deployments speak of its candidate alone. */
export function cut(run: Run, line: Line, pinned: Pinned): Pinned {
  const { sha, version, by, at } = pinned.phase.candidate
  record(run, "cut", { version, sha, at, branch: line.branch, tag: pinned.tag }, { release: pinned.id, by })
  stamp(run, "cut", pinned.id, sha, at)
  stamp(run, "approval-asked", pinned.id, sha, at)
  for (const change of changesOfRelease(line, pinned)) stampChange(run, pinned.id, change)
  const { covers: _, ...anew } = pinned
  const isDivided = pinned.phase.candidate.division !== undefined
  const covers = isDivided ? coveredChanges(run.state, line, anew).map(({ id }) => id) : undefined
  const made: Pinned = covers ? { ...anew, covers } : anew
  putRelease(run, made)
  return made
}

/** Lead times start here: what was committed when, and merged when. */
function stampChange(run: Run, release: string, change: Change): void {
  for (const commit of change.commits) stamp(run, "committed", release, commit.sha, commit.at)
  if (change.pull) stamp(run, "merged", release, change.id, change.pull.mergedAt)
}

/**
 * The release is out: the line starts from it, its plan is spent, and the gates that it was approved under are in
 * force. Those are the ones of the moment when it was decided to publish: what landed since was not approved with it.
 */
export function published(
  run: Run,
  release: Release,
  publishing: Publishing,
  at: string,
  result: { readonly [key: string]: Json } = {},
): void {
  const line = own(run.state.lines, release.branch)
  if (release.phase.is !== "cut" || !line?.ledger) return
  const { candidate } = release.phase
  const { by, notes, gates, approvals, authors, risk, hotfixes, lasting, checklist, agenda, communication, under } =
    publishing
  const evidence = {
    notes,
    gates,
    ...(approvals ? { approvals } : {}),
    ...(authors ? { authors } : {}),
    ...(risk ? { risk } : {}),
    ...(hotfixes ? { hotfixes } : {}),
    ...(lasting ? { lasting } : {}),
    ...(checklist ? { checklist } : {}),
    ...(agenda ? { agenda } : {}),
    ...(communication ? { communication } : {}),
  }
  const { covers: _, words: __, ...out } = release
  putRelease(run, { ...out, phase: { is: "published", candidate, at, by, ...evidence } })
  record(
    run,
    "published",
    { version: candidate.version, tag: release.tag, sha: candidate.sha, ...result, at },
    { release: release.id, by },
  )
  keepShipped(run, publishing.features ?? [], release.component, candidate.version)
  stamp(run, "published", release.id, candidate.sha, at)
  mendBad(run, releaseOf(run.state, release.id) ?? release, changesOfRelease(line, release), at)
  const base = { tag: release.tag, version: candidate.version, sha: candidate.sha }
  const next = {
    ...line,
    ...lineAfter(line, release.component, base),
    ...(release.component === ""
      ? { spent: under.plan }
      : { spentBy: { ...line.spentBy, [release.component]: under.plan } }),
    ...spentBefore(line, release.component),
    trusted: [...new Set([...(line.trusted ?? []), ...under.trusted])],
  }
  const { plan } = line.inForce
  // Other components may still be released under it.
  const stays = release.component !== "" && plan !== undefined && planInForce(next, run.state)
  const plans = plansLeft(next, run.state, release.component)
  putLine(run, {
    ...next,
    inForce: { config: under.config, ...(stays ? { plan } : {}), ...(plans.length > 0 ? { plans } : {}) },
  })
  tellOthers(run, release, base)
}

const SHIPPED_KEPT = 500

/** What came out is known by its id when its plan is gone: plans of other repositories may need it. */
function keepShipped(run: Run, ids: readonly string[], component: string, version: string): void {
  if (ids.length === 0) return
  const before = (run.state.shipped ?? []).filter(({ id }) => !ids.includes(id))
  const shipped = [...before, ...ids.map((id) => ({ id, component, version }))].slice(-SHIPPED_KEPT)
  run.state = { ...run.state, shipped }
}

const SPENT_KEPT = 50

/** What the release before used up stays used up: in `release-plans/` its plan may still stand. */
function spentBefore({ spent, spentBy, spentBefore }: Line, component: string): Pick<Line, "spentBefore"> {
  const last = component === "" ? spent : own(spentBy, component)
  if (last === undefined || !isInPlanFolder(last.slice(0, last.lastIndexOf("@")))) return {}
  const before = (own(spentBefore, component) ?? []).filter((hash) => hash !== last)
  return { spentBefore: { ...spentBefore, [component]: [...before, last].slice(-SPENT_KEPT) } }
}

/** Plans of the folder that others than the component that is out are still released under. */
const plansLeft = (line: Line, state: State, component: string): readonly ValidPlan[] =>
  (line.inForce.plans ?? []).filter((plan) => {
    const about = plan.value.release.component
    return (about === undefined ? component !== "" : about !== component) && isUnspent(line, state, plan)
  })

/**
 * What a release that goes out now is approved under. Without a configuration that is the defaults: after a release
 * under them the first slipway.yml changes gates that were in force.
 */
export function approvedUnder(state: State, line: Line, release: Release): Publishing["under"] {
  const value = configOf(line)
  const chosen = chosenPlan(state, line, release)
  const plan = chosen.is === "one" ? chosen.plan : line.plan
  const named = plan.is === "valid" ? stakeholdersOf(plan.value) : []
  return { plan: seenHash(plan), config: { value, hash: gatesHash(value) }, trusted: named }
}

export const isPrerelease = (version: string): boolean => !isStable(version)
