import type { Gate } from "../model/gate.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { candidateHash, shaOf } from "./candidate.ts"
import type { Subject } from "./gates/subject.ts"
import { turnOf } from "./joint/member.ts"
import { isOwnTurn, isUnderWay } from "./joint/row.ts"
import { configOf } from "./plan-of.ts"
import { begin, unread, whyNot } from "./publication.ts"
import { usesPull } from "./pull-of.ts"
import { gatesOfRelease, notPassed } from "./readiness.ts"
import { subjectOf } from "./release-changes.ts"
import { cut, type Pinned, pinnedAt } from "./releases.ts"
import { mayBeReviewed } from "./reviewed.ts"
import { putRelease, type Run, record, reply } from "./run.ts"
import { stopped } from "./stopped.ts"
import { list } from "./wording.ts"

/** In whose name a release goes out that nobody pressed Publish for. */
const BY = "Slipway, since every gate is passed"

/**
 * Publishes without a button what is to go by itself: a release whose pull request was merged, and every release where
 * `publish.mode` is `auto`. It goes by what was read in this very run; while the gates are passed only by what is known,
 * the next run is asked to read. What stands in the way afterwards is not tried in a circle: see `stopped`.
 */
export function publishUnattended(run: Run, line: Line): void {
  if (line.broken) return
  for (const release of run.state.releases)
    if (release.branch === line.branch && goesByItself(run, line, release)) consider(run, line, release)
}

function goesByItself(run: Run, line: Line, release: Release): boolean {
  const { id, branch, component, phase, pull } = release
  const { state } = run
  const isAuto = configOf(line).publish.mode === "auto"
  if (release.row && isUnderWay(release)) return phase.is === "cut" && !phase.publishing && isOwnTurn(run, release)
  if (phase.is === "cut" && !phase.publishing && turnOf(run, line, release)) return true
  if (phase.is === "cut") return !phase.publishing && (isAuto || (usesPull(line) && pull?.is === "merged"))
  if (phase.is !== "drafted" || !isAuto) return false
  return !state.releases.some(
    (r) => r.branch === branch && r.component === component && r.id !== id && r.phase.is === "cut",
  )
}

function consider(run: Run, line: Line, release: Release): void {
  const sha = shaOf(line, release)
  const pinned = isPinned(release) ? release : pinnedAt(run, line, release, { sha, by: BY, at: run.at })
  const subject = pinned && subjectOf(run, pinned)
  if (!pinned || !subject) return
  if (waits(run, line, release)) return
  const isReady = allPassedAsKnown(run, release)
  const missing = unread(run, subject)
  if (missing.length > 0) {
    if (!isReady) return
    const { unattended } = release
    const wasRead = unattended?.is === "asked" && unattended.hash === candidateHash(run.state, line, release)
    if (wasRead) stop(run, line, release, `could not be read: ${list(missing)}`)
    else ask(run, line, release, sha)
    return
  }
  const obstacle = whyNot(run, pinned)
  if (obstacle === undefined) go(run, line, release, pinned)
  // What is read now is known from now on: where it is a gate that does not pass, its passing is heard of.
  else if (isReady || notPassed(gatesOfRelease(subject)).length === 0) stop(run, line, release, obstacle)
  else putRelease(run, without(release))
}

/** What was tried in vain waits for its time, unless something else is to be published now. */
function waits(run: Run, line: Line, release: Release): boolean {
  const { unattended } = release
  if (unattended?.is !== "stopped" || run.at >= unattended.again) return false
  return unattended.hash === candidateHash(run.state, line, release)
}

const isPinned = (release: Release): release is Pinned => release.phase.is === "cut"

/** What is read only for a release that is about to go is no reason not to look. */
const READ_THEN: readonly string[] = ["manifests", "assets"]

function allPassedAsKnown(run: Run, release: Release): boolean {
  const subject: Subject | undefined = subjectOf(run, release)
  return subject !== undefined && subject.changes.length > 0 && openAsKnown(subject).length === 0
}

/** Gates that are not passed by what is known, but for those that are only read for a release that is about to go. */
export function openAsKnown(subject: Subject): readonly Gate[] {
  const isReadThen = ({ name, state }: Gate) =>
    (state === "pending" && READ_THEN.includes(name)) || (name === "approvals" && mayBeReviewed(subject))
  return notPassed(gatesOfRelease(subject).filter((gate) => !isReadThen(gate)))
}

function ask(run: Run, line: Line, release: Release, sha: string): void {
  const before = release.unattended
  const hash = candidateHash(run.state, line, release)
  const times = before && before.hash === hash ? before.times : 0
  putRelease(run, { ...release, unattended: { is: "asked", sha, hash, at: run.at, times } })
}

function stop(run: Run, line: Line, release: Release, because: string): void {
  const hash = candidateHash(run.state, line, release)
  putRelease(run, { ...release, unattended: stopped(release.unattended, hash, because, run.now) })
  record(
    run,
    "not published by itself",
    { tag: release.tag, sha: shaOf(line, release), because },
    { release: release.id },
  )
}

function go(run: Run, line: Line, release: Release, pinned: Pinned): void {
  const hash = candidateHash(run.state, line, pinned)
  const { sha, version } = pinned.phase.candidate
  const times = release.unattended?.hash === hash ? release.unattended.times : 0
  const going = { ...pinned, unattended: { is: "asked" as const, sha, hash, at: run.at, times } }
  const made = isPinned(release) ? going : cut(run, line, going)
  if (!isPinned(release)) {
    reply(run, release.id, `cut:${sha}`, { is: "cut", by: BY, version, sha, at: run.at })
  }
  const pressed = isOwnTurn(run, release) ? release.row : turnOf(run, line, made)
  begin(run, made, { by: pressed?.by ?? BY, asked: run.at })
}

function without(release: Release): Release {
  const { unattended: _, ...rest } = release
  return rest
}

/** When a release that goes by itself is looked at again. */
export function unattendedAt(run: Run): readonly string[] {
  return run.state.releases.flatMap(({ phase, unattended }) => {
    if (!unattended || phase.is === "published" || (phase.is === "cut" && phase.publishing)) return []
    if (unattended.is === "stopped") return [unattended.again]
    // At once: but a look at a past instant would be none.
    return unattended.at === run.at ? [new Date(run.now.getTime() + 1).toISOString()] : []
  })
}
