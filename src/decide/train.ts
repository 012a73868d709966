import type { Gate } from "../model/gate.ts"
import { own } from "../model/own.ts"
import { isBeside, type Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { cutoffOf, departureAfter, departureUpTo, type Train } from "../model/train.ts"
import type { TrainSeen } from "../model/train-ticket.ts"
import { candidateHash, versionOf } from "./candidate.ts"
import { componentsOn } from "./division.ts"
import { isUnderWay } from "./joint/row.ts"
import { draftedOn } from "./next-draft.ts"
import { begin, unread, whyNot } from "./publication.ts"
import { gatesOfRelease, notPassed } from "./readiness.ts"
import { subjectOf } from "./release-changes.ts"
import { putLine, putRelease, type Run, record, reply } from "./run.ts"
import { stopped } from "./stopped.ts"
import { seenOf, trainOf } from "./timetable.ts"
import { cutForTrain, nameOf } from "./train-cut.ts"
import { instant, list } from "./wording.ts"

/**
 * Something that no gate knows (a restart, a peer that does not answer) may delay a departure by so much. What is not
 * out then has missed it: people who planned by the timetable are not surprised hours later.
 */
const GRACE_MS = 60 * 60_000

/**
 * Cuts what departs by a timetable, and lets it depart: it is published if every gate is passed on what was read for it
 * then, else it has missed the train, and the thread says by which gate. No gate is asked less than for a button.
 */
export function runTrains(run: Run, { branch }: Line): void {
  const line = own(run.state.lines, branch)
  if (!line?.ledger) return
  for (const { name } of componentsOn(line)) followTimetable(run, branch, name)
  forgetOthers(run, branch)
  for (const release of run.state.releases)
    if (release.branch === branch && release.train?.is === "departs") followDeparture(run, release)
}

function followTimetable(run: Run, branch: string, component: string): void {
  const line = own(run.state.lines, branch)
  const train = line && trainOf(line, component)
  if (!line || !train) return
  const before = seenOf(line, component, train, run.at)
  const due = currentOf(train, before, run.at)
  const cutoff = cutoffOf(train, due)
  let seen = before
  if (run.at >= cutoff && seen.cut !== due && !line.broken && line.outdated === undefined) {
    cutForTrain(run, line, component, { due, cutoff })
    seen = { ...seen, cut: due }
  }
  if (run.at >= due && (seen.cut === due || run.at > graceOf(due))) {
    depart(run, line, component, due)
    seen = { of: seen.of, after: due }
  }
  const now = own(run.state.lines, branch)
  if (now && own(now.trains, component) !== seen) putLine(run, { ...now, trains: { ...now.trains, [component]: seen } })
}

/** The departure that is dealt with: the last one that is over, of several while the process was down, else the next. */
function currentOf(train: Train, { after }: TrainSeen, at: string): string {
  const last = departureUpTo(train, at)
  return last > after ? last : departureAfter(train, after)
}

const graceOf = (due: string): string => new Date(Date.parse(due) + GRACE_MS).toISOString()

/** A component that has no train any more: one that comes back begins anew. */
function forgetOthers(run: Run, branch: string): void {
  const line = own(run.state.lines, branch)
  if (!line?.trains) return
  const kept = Object.entries(line.trains).filter(
    ([name]) => trainOf(line, name) && componentsOn(line).some((one) => one.name === name),
  )
  if (kept.length === Object.keys(line.trains).length) return
  const { trains: _, ...rest } = line
  putLine(run, kept.length > 0 ? { ...rest, trains: Object.fromEntries(kept) } : rest)
}

/** Of what waits the first that was cut goes; where nothing was cut in time, what is drafted has missed it. */
function depart(run: Run, line: Line, component: string, due: string): void {
  const of = { branch: line.branch, component }
  const release =
    run.state.releases.find((one) => isBeside(one, of) && one.phase.is === "cut") ??
    draftedOn(run.state, line, component)
  if (!release || (release.phase.is === "cut" && release.phase.publishing)) return
  if (release.phase.is === "drafted") missed(run, release, due, `it was not cut in time (${obstaclesOf(run, release)})`)
  else if (run.at > graceOf(due)) missed(run, release, due, whyLate(line))
  else ask(run, line, { ...release, train: { is: "departs", due, ...cutOf(release) } })
}

const whyLate = ({ branch, broken }: Line): string =>
  broken === undefined
    ? "Slipway was not there when it departed"
    : `the history of ${branch} could not be known in time: ${broken}`

/** At which commit the train cut it, if it did. */
const cutOf = ({ train }: Release): { readonly cut?: string } => (train?.cut === undefined ? {} : { cut: train.cut })

function obstaclesOf(run: Run, release: Release): string {
  const subject = subjectOf(run, release)
  const open = subject ? notPassed(gatesOfRelease(subject)) : []
  return open.length === 0 ? "nothing had landed by its cutoff" : gateList(open)
}

const gateList = (gates: readonly Gate[]): string =>
  list(
    gates.map(({ name, state, because }) => `${name} is ${state}: ${because}`),
    gates.length,
  )

/** Everything that it rests on is read for it by the next run, as for a press of Publish. */
function ask(run: Run, line: Line, release: Release): void {
  const hash = candidateHash(run.state, line, release)
  const times = release.unattended?.hash === hash ? release.unattended.times : 0
  const sha = release.phase.is === "drafted" ? "" : release.phase.candidate.sha
  putRelease(run, { ...release, unattended: { is: "asked", sha, hash, at: run.at, times } })
}

function followDeparture(run: Run, release: Release): void {
  const line = own(run.state.lines, release.branch)
  const { train, unattended, phase } = release
  if (!line || train?.is !== "departs") return
  if (phase.is !== "cut") {
    // Somebody let go of the candidate meanwhile.
    if (phase.is === "drafted") missed(run, release, train.due, "it is not cut any more")
    return
  }
  if (phase.publishing || isUnderWay(release)) return
  if (release.row?.is === "stopped" && release.row.asked >= train.due) {
    // It departed, and did not get through: what is tried again by itself is the next departure.
    missed(run, release, train.due, release.row.because)
    return
  }
  if (!trainOf(line, release.component)) {
    missed(run, release, train.due, "slipway.yml has no train for it any more")
    return
  }
  const late = run.at > graceOf(train.due)
  if (unattended?.is === "asked") {
    if (unattended.at !== run.at) judge(run, line, release, train.due, late)
  } else if (late) missed(run, release, train.due, unattended?.because ?? "it could not be looked at in time")
  else if (!unattended || run.at >= unattended.again) ask(run, line, release)
}

function judge(run: Run, line: Line, release: Release, due: string, late: boolean): void {
  const subject = subjectOf(run, release)
  const missing = subject ? unread(run, subject) : ["what it rests on"]
  const open = subject ? notPassed(gatesOfRelease(subject)) : []
  const stands = open.filter(({ state }) => state === "failed" || (state === "pending" && missing.length === 0))
  if (stands.length > 0) {
    missed(run, release, due, gateList(open))
    return
  }
  const obstacle = missing.length > 0 ? `could not be read: ${list(missing)}` : whyNot(run, release)
  if (obstacle === undefined) {
    begin(run, release, { by: nameOf(due), asked: run.at })
    return
  }
  if (late) missed(run, release, due, obstacle)
  else {
    const hash = candidateHash(run.state, line, release)
    putRelease(run, { ...release, unattended: stopped(release.unattended, hash, obstacle, run.now) })
  }
}

function missed(run: Run, release: Release, due: string, because: string): void {
  const line = own(run.state.lines, release.branch)
  const train = line && trainOf(line, release.component)
  const { unattended: _, ...rest } = release
  const next = train ? departureAfter(train, run.at) : null
  putRelease(run, { ...rest, train: { is: "missed", due, because, next, ...cutOf(release) } })
  const version = versionOf(release)
  record(run, "missed the train", { version, tag: release.tag, due, because, next }, { release: release.id })
  reply(run, release.id, `missed-train:${due}`, { is: "missed the train", version, because, due, next })
}

/** When something of a timetable is due. */
export function trainTimes(run: Run): readonly string[] {
  const lines = Object.values(run.state.lines).flatMap((line) =>
    Object.entries(line.trains ?? {}).flatMap(([component, seen]) => {
      const train = trainOf(line, component)
      if (!train) return []
      const due = departureAfter(train, seen.after)
      return [due, ...(seen.cut === due ? [] : [cutoffOf(train, due)])]
    }),
  )
  const late = run.state.releases.flatMap(({ train, phase }) =>
    train?.is === "departs" && phase.is !== "published"
      ? [new Date(Date.parse(graceOf(train.due)) + 1_000).toISOString()]
      : [],
  )
  return [...lines, ...late]
}

/** What the page of an open release says of its train. */
export function trainWarnings({ train, tag, phase }: Release): readonly string[] {
  if (train?.is !== "missed" || phase.is === "published") return []
  const next = train.next === null ? "" : ` The next one departs on ${instant(train.next)}.`
  return [`${tag} missed the train of ${instant(train.due)}: ${train.because}.${next}`]
}
