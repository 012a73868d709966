import type { Row, RowAnswer } from "../../model/joint.ts"
import { neighbourKey } from "../../model/joint.ts"
import { own } from "../../model/own.ts"
import type { Joined, Release } from "../../model/release.ts"
import type { Line } from "../../model/state.ts"
import { candidateHash, shaOf } from "../candidate.ts"
import { configOf } from "../plan-of.ts"
import { unread, whyNot } from "../publication.ts"
import { gatesOfRelease, notPassed } from "../readiness.ts"
import { subjectOf } from "../release-changes.ts"
import { type Pinned, pinnedAt } from "../releases.ts"
import { putRelease, type Run, record, releaseOf } from "../run.ts"
import { list, plain } from "../wording.ts"
import { calledBy } from "./called-by.ts"

/** Ties open releases to the release of another repository whose plan names them, or lets them go again. */
export function followCalls(run: Run): void {
  for (const release of run.state.releases) {
    const line = own(run.state.lines, release.branch)
    if (!line?.ledger || release.phase.is === "published") continue
    const called = calledBy({ repo: run.repo, state: run.state, line, release })
    const { joined, ...alone } = release
    if (called.is === "called") {
      const { by, lead } = called.call
      const same = joined && neighbourKey(joined.lead) === neighbourKey(by) && joined.version === lead.version
      if (!same) {
        putRelease(run, { ...alone, joined: { news: [], lead: by, version: lead.version } })
        record(run, "joined", { lead: by, version: lead.version, tag: release.tag }, { release: release.id })
      }
    } else if (joined && called.is === "alone" && !isPublishing(release)) {
      putRelease(run, alone)
      record(run, "left", { lead: joined.lead, version: joined.version, tag: release.tag }, { release: release.id })
    }
  }
}

const isPublishing = ({ phase }: Release): boolean => phase.is === "cut" && phase.publishing !== undefined

/** The row in which a release stands, and whether it is its turn. */
interface Standing {
  readonly row: Row
  readonly isTurn: boolean
}

function standingOf(run: Run, line: Line, release: Release): Standing | undefined {
  if (!release.joined || release.phase.is === "published") return undefined
  const called = calledBy({ repo: run.repo, state: run.state, line, release })
  if (called.is !== "called") return undefined
  const { lead, at } = called.call
  const { row } = lead
  if (row?.is !== "asking" && row?.is !== "going") return undefined
  const place = row.places[at]
  if (!place || place.isOut || place.sha !== shaOf(line, release)) return undefined
  return { row, isTurn: row.is === "going" && row.turn === at }
}

/** In whose name a release goes out whose turn it is; undefined: it is not its turn. */
export function turnOf(run: Run, line: Line, release: Release): { readonly by: string } | undefined {
  const standing = standingOf(run, line, release)
  return standing?.isTurn && release.joined
    ? { by: `${standing.row.by}, with ${release.joined.lead} ${release.joined.version}` }
    : undefined
}

/**
 * Answers the rows that releases stand in. The question, before anything is out: all that its gates rest on is read afresh,
 * and they are judged by that. The turn: it goes by itself (`unattended`), by its own gates; what stands in its way is told.
 */
export function answerRows(run: Run): void {
  for (const { id } of run.state.releases) {
    const release = releaseOf(run.state, id)
    const line = release && own(run.state.lines, release.branch)
    const standing = line && standingOf(run, line, release)
    if (!release?.joined || !line || !standing || isPublishing(release)) continue
    if (standing.isTurn) answerTurn(run, line, release, release.joined, standing.row)
    else if (standing.row.is === "asking" && release.joined.answer?.row !== standing.row.id)
      answerQuestion(run, line, release, release.joined, standing.row)
  }
}

function answerQuestion(run: Run, line: Line, release: Release, joined: Joined, row: Row): void {
  const pinned = pinnedFor(run, line, release)
  const subject = pinned && subjectOf(run, pinned)
  const missing = subject ? unread(run, subject) : []
  if (!subject) {
    say(run, line, release, row, "not ready", "it is not cut: the first Approve pins what ships")
  } else if (missing.length === 0) {
    const obstacle = whyNot(run, pinned, "together")
    say(run, line, release, row, obstacle === undefined ? "ready" : "not ready", obstacle)
  } else if (joined.reads !== row.id) {
    const hash = candidateHash(run.state, line, release)
    const unattended = { is: "asked" as const, sha: shaOf(line, release), hash, at: run.at, times: 0 }
    putRelease(run, { ...release, joined: { ...joined, reads: row.id }, unattended })
  } else if (release.unattended?.is !== "asked" || release.unattended.at !== run.at) {
    // What was asked for in this very run, the next one has.
    say(run, line, release, row, "not ready", `could not be read: ${list(missing)}`)
  }
}

/** Its turn has come: what was tried in vain for something else before stands in nobody's way. */
function answerTurn(run: Run, line: Line, release: Release, joined: Joined, row: Row): void {
  const turn = `${row.id}:turn`
  if (joined.reads !== turn) {
    const { unattended: _, ...rest } = release
    putRelease(run, { ...rest, joined: { ...joined, reads: turn } })
    record(run, "its turn", { row: row.id, lead: joined.lead, tag: release.tag }, { release: release.id, by: row.by })
    return
  }
  const subject = subjectOf(run, release)
  const open = subject ? notPassed(gatesOfRelease(subject)) : []
  if (open.length > 0)
    say(run, line, release, row, "failed", open.map((g) => `${g.name} is ${g.state} (${g.because})`).join("; "))
  else if (release.unattended?.is === "stopped") say(run, line, release, row, "failed", release.unattended.because)
}

/** A release that goes by itself is pinned by Slipway when it goes. */
export function pinnedFor(run: Run, line: Line, release: Release): Pinned | undefined {
  if (isPinned(release)) return release
  if (configOf(line).publish.mode !== "auto") return undefined
  return pinnedAt(run, line, release, { sha: shaOf(line, release), by: "Slipway", at: run.at })
}

const isPinned = (release: Release): release is Pinned => release.phase.is === "cut"

function say(run: Run, line: Line, release: Release, row: Row, is: RowAnswer["is"], because?: string): void {
  const now = releaseOf(run.state, release.id)
  if (!now?.joined || (now.joined.answer?.row === row.id && now.joined.answer.is === is)) return
  const why = because === undefined ? {} : { because: plain(because) }
  const answer: RowAnswer = { row: row.id, sha: shaOf(line, release), is, ...why }
  // Read for the question: what was asked for is done.
  const { unattended, ...rest } = now
  const kept = is === "failed" && unattended ? { unattended } : {}
  putRelease(run, { ...rest, ...kept, joined: { ...now.joined, answer } })
  record(
    run,
    "answered a row",
    { row: row.id, lead: now.joined.lead, is, sha: answer.sha, ...why },
    { release: release.id, by: row.by },
  )
}
