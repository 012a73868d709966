import type { Change } from "../model/change.ts"
import { changesBetween, type Which } from "../model/component-ledger.ts"
import { handOf } from "../model/hand.ts"
import { isStable } from "../model/known-tags.ts"
import { type Base, holds, type Ledger, vouchedFrom } from "../model/ledger.ts"
import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import { type Beside, endOf, isBeside, type Phase, type Publishing, type Release } from "../model/release.ts"
import { releaseFiles } from "../model/release-files.ts"
import { fullName } from "../model/repository.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { tagOf, versionOfTag } from "../model/tag.ts"
import { stakeholdersOf } from "./approvals.ts"
import { candidateHash, gatesHash, shaOf, versionOf } from "./candidate.ts"
import { comesWith, companionLines } from "./companions.ts"
import { componentOf, componentsOn, divisionOf, ledgerFor, trackFor } from "./division.ts"
import type { Subject } from "./gates/subject.ts"
import { lineAfter, tellOthers } from "./line-after.ts"
import { hostUrl } from "./links.ts"
import { nextOnLine, previousOn } from "./next-on-line.ts"
import { buildNotes, withLines } from "./notes.ts"
import { configOf, githubNotesOf, planInForce, planOf } from "./plan-of.ts"
import { withSums } from "./release-assets.ts"
import { channelOf, putLine, putRelease, type Run, record, releaseOf, stamp, threadTarget } from "./run.ts"

/**
 * The changes of a release: what landed after the one before it, up to its candidate, or to the head while drafted.
 * What Slipway itself brought to the branch, version files and changelog, is none of them: it says what they are.
 */
export function changesOfRelease(line: Line, release: Release): readonly Change[] {
  const landed = landedChanges(line, release, "own", release.previous?.sha)
  const known = ofPeople.get(landed) ?? landed.filter(({ pull }) => pull?.from === undefined)
  ofPeople.set(landed, known)
  return release.phase.is === "cut" && release.words ? known.map((change) => asCut(change, release.words)) : known
}

const ofPeople = new WeakMap<readonly Change[], readonly Change[]>()

/** A change with the words that its pull request had when the release was cut: see `keepWords`. */
function asCut(change: Change, words: Release["words"]): Change {
  const { pull } = change
  const kept = pull && own(words, String(pull.number))
  if (!pull || !kept) return change
  const { says: _, ...rest } = pull
  return { ...change, pull: { ...rest, ...kept } }
}

/** Everything that landed with a release, Slipway's own pull requests too: people may have pushed to their branches. */
function landedChanges(line: Line, release: Release, which: Which, after?: string): readonly Change[] {
  const track = trackFor(line, release)
  if (!track || release.phase.is === "published") return []
  const head = track.own ? track.ledger.head : undefined
  return changesBetween(track, which, after, release.phase.is === "cut" ? endOf(release.phase.candidate) : head)
}

/**
 * What approvals of a release have to cover. Where a tag that Slipway did not make stands between the last release and
 * this one, what lies behind it is not vouched for by anybody: it is covered by the next release that Slipway makes.
 * What lies outside all components ships with each of them, and is covered with each.
 */
export function coveredChanges(state: State, line: Line, release: Release): readonly Change[] {
  const isFirst = !state.releases.some(
    (r) => isBeside(r, release) && r.phase.is === "cut" && Number(r.id) < Number(release.id),
  )
  const ledger = ledgerFor(line, release)
  const from = isFirst && ledger ? vouchedFrom(ledger, release.previous) : release.previous?.sha
  const covered = withCompanions(line, release, landedChanges(line, release, "covered", from), from)
  const known = release.phase.is === "cut" ? (release.covers ?? []) : []
  if (known.length === 0) return covered
  const ids = new Set([...known, ...covered.map(({ id }) => id)])
  return landedChanges(line, release, "all", from).filter(({ id }) => ids.has(id))
}

/** What a release goes with, or is built with, is in nobody's notes twice, but it ships: its changes are covered with each. */
function withCompanions(
  line: Line,
  release: Release,
  covered: readonly Change[],
  from: string | undefined,
): readonly Change[] {
  const others = comesWith(line, release)
  if (others.size === 0) return covered
  const touched = trackFor(line, release)?.touched
  const ids = new Set(covered.map(({ id }) => id))
  const all = landedChanges(line, release, "all", from)
  const found = all.filter(({ id }) => ids.has(id) || touched?.get(id)?.some((name) => others.has(name)))
  return found.length > 0 ? found : all
}

/** Everything that the gates look at; undefined where the line's history is not known. */
export function subjectOf(run: Run, release: Release): Subject | undefined {
  const line = own(run.state.lines, release.branch)
  if (!line?.ledger || release.phase.is === "published") return undefined
  return {
    repo: run.repo,
    state: run.state,
    line,
    release,
    sha: shaOf(line, release),
    changes: changesOfRelease(line, release),
    covered: coveredChanges(run.state, line, release),
    config: configOf(line),
    plan: planOf(run.state, line, release),
    hash: candidateHash(run.state, line, release),
    now: run.now,
  }
}

/**
 * Brings the releases of a line up to its history: what somebody published elsewhere is out, a candidate whose commit
 * left the branch is given back, and what landed since the last release or cut is in the one drafted release.
 */
export function followHistory(run: Run, line: Line): void {
  if (!line.ledger || line.broken || line.outdated !== undefined || line.retired !== undefined) return
  for (const release of run.state.releases)
    if (release.branch === line.branch && isWithoutComponent(line, release))
      giveBack(run, release, "the configuration has no such component any more")
  for (const { name } of componentsOn(line)) followComponent(run, line, name)
}

/** What is being published at this moment is left to come to its end. */
const isWithoutComponent = (line: Line, release: Release): boolean =>
  (release.phase.is === "drafted" || (release.phase.is === "cut" && !release.phase.publishing)) &&
  !componentOf(line, release)

function followComponent(run: Run, line: Line, component: string): void {
  const of = { branch: line.branch, component }
  const ledger = ledgerFor(line, of)
  if (!ledger) return
  settlePublishedElsewhere(run, line, ledger, of)
  for (const release of run.state.releases)
    if (isBeside(release, of) && release.phase.is === "cut" && !holds(ledger, endOf(release.phase.candidate)))
      giveBack(run, release, "its commit does not lie between the last release and the head any more")
  draftNext(run, line, component)
}

/** A tag of an open release stands on the branch, but Slipway did not publish it. */
function settlePublishedElsewhere(run: Run, line: Line, { base: last, tags }: Ledger, of: Beside): void {
  const stands = [...(last ? [last] : []), ...(tags?.inside ?? [])]
  const found = run.state.releases.flatMap((release) => {
    const base = stands.find(({ tag }) => tag === release.tag)
    return base && isBeside(release, of) && release.phase.is !== "published" ? [{ release, base }] : []
  })[0]
  if (!found || isOurTag(found.release, found.base)) return
  const { release, base } = found
  const candidate = { sha: base.sha, version: base.version, at: run.at, by: "outside Slipway" }
  const notes = notesAt(
    run,
    lineBefore(run, line, release, base.sha),
    { ...release, phase: { is: "cut", candidate } },
    base.version,
  )
  record(run, "published outside Slipway", { tag: base.tag, sha: base.sha }, { release: release.id })
  putRelease(run, {
    ...release,
    phase: {
      is: "published",
      candidate,
      at: run.at,
      by: "outside Slipway",
      notes,
      gates: [],
      outside: "not published by Slipway: no gate was asked",
    },
  })
}

/**
 * A tag on our own candidate is ours, as long as its release is not out: the tag is made first, and what came after may
 * have been refused. Publish takes it up again.
 */
const isOurTag = ({ phase }: Release, base: Base): boolean =>
  phase.is === "cut" && (phase.publishing !== undefined || phase.candidate.sha === base.sha)

/** A read-back begins after the tag: which changes were in the release only the mirror of the last run knows. */
function lineBefore(run: Run, line: Line, release: Release, sha: string): Line {
  const before = own(run.before?.lines, line.branch)
  const ledger = before && ledgerFor(before, release)
  return ledger && holds(ledger, sha) ? before : line
}

/** The release gives its changes back to the draft: it is forgotten, and its draft with it. */
export function giveBack(run: Run, release: Release, because: string): void {
  supersede(run, release, because)
  run.state = { ...run.state, releases: run.state.releases.filter((r) => r.id !== release.id) }
  record(run, "abandoned", { tag: release.tag, because }, { release: release.id })
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

/** The thread of a release that is no more ends with where its changes went. */
function supersede(run: Run, release: Release, because: string): void {
  const channel = channelOf(run, release.id)
  if (channel === null || !release.announced) return
  const target = threadTarget(release.id)
  run.effects.push({
    kind: "thread",
    key: `${target}@${run.at}`,
    target,
    lane: `slack:${release.id}`,
    mode: "replace",
    content: {
      channel,
      release: release.id,
      announcement: { ...release.announced, state: "superseded", says: `Not released on its own: ${because}` },
    },
  })
}

/** The release that a component's changes ask for, whether it is drafted already or not; it may have no version. */
export function nextDraft(run: Run, line: Line, component = ""): Release {
  const drafted = draftedOn(run.state, line, component) ?? newRelease(run, line, component)
  return withVersion(run.state, line, { ...drafted, previous: previousOn(run.state, line, component) })
}

/** The one that follows the head of a line. */
export const draftedOn = (state: State, line: Line, component = ""): Release | undefined =>
  state.releases.find((r) => isBeside(r, { branch: line.branch, component }) && r.phase.is === "drafted")

function draftNext(run: Run, line: Line, component: string): void {
  const drafted = draftedOn(run.state, line, component)
  const release = nextDraft(run, line, component)
  if (release.next.next === null) {
    if (drafted) giveBack(run, drafted, "nothing that it would release is left")
    return
  }
  if (!drafted) {
    run.state = { ...run.state, lastRelease: Math.max(run.state.lastRelease, Number(release.id)) }
    record(
      run,
      "drafted",
      { version: release.next.next, because: release.next.because.slice(0, 10).map((r) => r.subject) },
      { release: release.id },
    )
  } else if (drafted.next.next !== release.next.next) {
    record(run, "version moved", { from: drafted.next.next, to: release.next.next }, { release: release.id })
  }
  putRelease(run, release)
}

/** A release that nothing is known of yet, or the draft that a read-back found: the state was lost, the draft was not. */
function newRelease(run: Run, line: Line, component: string): Release {
  const found = newestDraft(run, line, component)
  return {
    id: found?.release ?? String(Math.max(run.state.lastRelease, ...foundIds(run)) + 1),
    branch: line.branch,
    component,
    phase: { is: "drafted" },
    previous: null,
    next: { current: null, next: null, bump: null, because: [] },
    tag: "",
    hand: found ? handOf(found.body) : { above: "", below: "" },
    redraws: 0,
    approvals: [],
    answers: [],
    rolledBack: [],
    ...(found ? { foundDraft: found.id } : {}),
  }
}

/** Ids of drafts with our marker that the state of the last run did not know of yet. */
const foundIds = (run: Run): readonly number[] =>
  Object.keys(run.facts.learned.drafts ?? {}).flatMap((id) =>
    /^\d{1,9}$/.test(id) && Number(id) > (run.before?.lastRelease ?? 0) ? [Number(id)] : [],
  )

/** The newest draft with our marker that no release of the state speaks of, and whose tag is one of the component's. */
function newestDraft(run: Run, line: Line, component: string) {
  const template = componentOf(line, { component })?.tag
  return foundIds(run)
    .filter((id) => !releaseOf(run.state, String(id)))
    .sort((x, y) => y - x)
    .flatMap((id) => {
      const draft = run.facts.learned.drafts?.[id]
      const isOurs = draft && (component === "" || (template && versionOfTag(draft.tag, template) !== null))
      return isOurs ? [{ release: String(id), ...draft }] : []
    })[0]
}

/** The release with version and tag as its changes and its plan ask for now. */
function withVersion(state: State, line: Line, release: Release): Release {
  const next = nextOnLine(state, line, release, changesOfRelease(line, release))
  const template = componentOf(line, release)?.tag ?? configOf(line).version.tag
  return { ...release, next, tag: next.next === null ? "" : tagOf(next.next, template) }
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
  record(run, "cut", { version, sha }, { release: pinned.id, by })
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
export function published(run: Run, release: Release, publishing: Publishing, at: string): void {
  const line = own(run.state.lines, release.branch)
  if (release.phase.is !== "cut" || !line?.ledger) return
  const { candidate } = release.phase
  const { by, notes, gates, approvals, under } = publishing
  const evidence = { notes, gates, ...(approvals ? { approvals } : {}) }
  const { covers: _, words: __, ...out } = release
  putRelease(run, { ...out, phase: { is: "published", candidate, at, by, ...evidence } })
  record(
    run,
    "published",
    { version: candidate.version, tag: release.tag, sha: candidate.sha },
    { release: release.id, by },
  )
  stamp(run, "published", release.id, candidate.sha, at)
  const base = { tag: release.tag, version: candidate.version, sha: candidate.sha }
  const next = {
    ...line,
    ...lineAfter(line, release.component, base),
    ...(release.component === ""
      ? { spent: under.plan }
      : { spentBy: { ...line.spentBy, [release.component]: under.plan } }),
    trusted: [...new Set([...(line.trusted ?? []), ...under.trusted])],
  }
  const { plan } = line.inForce
  // Other components may still be released under it.
  const stays = release.component !== "" && plan !== undefined && planInForce(next, run.state)
  putLine(run, { ...next, inForce: { config: under.config, ...(stays ? { plan } : {}) } })
  tellOthers(run, release, base)
}

/**
 * What a release that goes out now is approved under. Without a configuration that is the defaults: after a release
 * under them the first slipway.yml changes gates that were in force.
 */
export function approvedUnder(line: Line): Publishing["under"] {
  const value = configOf(line)
  const named = line.plan.is === "valid" ? stakeholdersOf(line.plan.value) : []
  return { plan: seenHash(line.plan), config: { value, hash: gatesHash(value) }, trusted: named }
}

/** What is written of a release: of its changes while it is open, kept afterwards. */
export function notesOf(run: Run, release: Release): Notes {
  if (release.phase.is === "published") return release.phase.notes
  const line = own(run.state.lines, release.branch)
  if (!line) throw new Error(`release ${release.id} is on ${release.branch}, which is not known`)
  return withSums(run, release, notesAt(run, line, release, versionOf(release)))
}

/** What would be written of a release if its line were this; a release without a version is the next one. */
export const notesOn = (run: Run, line: Line, release: Release): Notes =>
  notesAt(run, line, release, release.next.next ?? "next")

function notesAt(run: Run, line: Line, release: Release, version: string): Notes {
  const config = configOf(line)
  const { previous } = release
  const notes = buildNotes({
    changes: changesOfRelease(line, release),
    version,
    previous: previous && { version: previous.version, tag: previous.tag },
    tag: release.tag,
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    config,
    earlier: run.state.contributors,
    github: githubNotesOf(line),
  })
  const { changelog } = releaseFiles(config, release.component, line.workspace)
  return {
    ...withLines(notes, companionLines(release.next.with ?? [])),
    ...(changelog === undefined ? {} : { changelog }),
  }
}

export const isPrerelease = (version: string): boolean => !isStable(version)
