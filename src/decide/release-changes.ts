import type { Change } from "../model/change.ts"
import { changesBetween, type Which } from "../model/component-ledger.ts"
import { vouchedFrom } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { endOf, isBeside, type Release } from "../model/release.ts"
import type { Line, State } from "../model/state.ts"
import { tagOf } from "../model/tag.ts"
import { candidateHash, shaOf } from "./candidate.ts"
import { comesWith } from "./companions.ts"
import { componentOf, ledgerFor, trackFor } from "./division.ts"
import type { Subject } from "./gates/subject.ts"
import { nextOnLine } from "./next-on-line.ts"
import { configOf, planOf } from "./plan-of.ts"
import type { Run } from "./run.ts"

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
  // guard: foreign-tag
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

/** The release with version and tag as its changes and its plan ask for now. */
export function withVersion(state: State, line: Line, release: Release): Release {
  const next = nextOnLine(state, line, release, changesOfRelease(line, release))
  const template = componentOf(line, release)?.tag ?? configOf(line).version.tag
  return { ...release, next, tag: next.next === null ? "" : tagOf(next.next, template) }
}
