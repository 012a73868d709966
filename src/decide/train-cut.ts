import { isBeside, type Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import type { TrainTicket } from "../model/train-ticket.ts"
import { landedBy } from "./landed-by.ts"
import { draftedOn } from "./next-draft.ts"
import { planOf } from "./plan-of.ts"
import { allPassed, gatesOfRelease } from "./readiness.ts"
import { subjectOf } from "./release-changes.ts"
import { cut, giveBack, type Pinned, pinnedAt } from "./releases.ts"
import { putRelease, type Run, reply } from "./run.ts"
import type { Departure } from "./timetable.ts"
import { instant } from "./wording.ts"

/** In whose name a release is cut and published that departs by the timetable. */
export const nameOf = (due: string): string => `the train of ${instant(due)}`

/**
 * Cuts what departs next, at the last change that had landed by the cutoff. What is cut already boards as it is; but what
 * the train itself cut, and what then missed it, takes in what came since, as a person would by Re-cut.
 */
export function cutForTrain(run: Run, line: Line, component: string, departure: Departure): void {
  const waiting = run.state.releases.filter(
    (r): r is Pinned => isBeside(r, { branch: line.branch, component }) && r.phase.is === "cut",
  )
  const drafted = draftedOn(run.state, line, component)
  const [first, ...others] = waiting
  if (!first && drafted) cutDrafted(run, line, drafted, departure)
  if (first && drafted && others.length === 0 && mayMove(run, first, drafted))
    takeIn(run, line, first, drafted, departure)
  for (const { id } of waiting) board(run, id, departure)
}

/** A hold is a person's word that it is not to go on; and a plan with a freeze to come says itself when it is cut. */
function cutDrafted(run: Run, line: Line, drafted: Release, { due, cutoff }: Departure): void {
  const freeze = planOf(run.state, line, drafted)?.timeline.code_freeze
  if (drafted.hold || (freeze !== undefined && freeze > cutoff)) return
  const { sha } = landedBy(line, drafted, cutoff)
  const by = nameOf(due)
  const pinned = sha === undefined ? undefined : pinnedAt(run, line, drafted, { sha, by, at: run.at })
  if (!pinned) return
  const made = cut(run, line, pinned)
  const { candidate } = made.phase
  putRelease(run, { ...made, train: { is: "boards", due, cut: candidate.sha } })
  reply(run, made.id, `cut:${candidate.sha}`, {
    is: "cut",
    by,
    version: candidate.version,
    sha: candidate.sha,
    at: run.at,
  })
}

/** What people pinned, hold or have made ready is theirs. */
function mayMove(run: Run, { train, hold, phase, ...rest }: Pinned, drafted: Release): boolean {
  if (train?.is !== "missed" || train.cut !== phase.candidate.sha || phase.publishing) return false
  const subject = subjectOf(run, { train, phase, ...rest })
  return !hold && !drafted.hold && subject !== undefined && !allPassed(gatesOfRelease(subject))
}

function takeIn(run: Run, line: Line, release: Pinned, drafted: Release, { due, cutoff }: Departure): void {
  const { sha } = landedBy(line, drafted, cutoff)
  const { words: _, ...asIs } = release
  const by = nameOf(due)
  const next = sha === undefined ? undefined : pinnedAt(run, line, asIs, { sha, by, at: run.at })
  if (!next) return
  giveBack(run, drafted, `its changes are in ${next.tag} now`)
  const moved = cut(run, line, next)
  const { candidate } = moved.phase
  putRelease(run, { ...moved, train: { is: "boards", due, cut: candidate.sha } })
  reply(run, moved.id, `recut:${candidate.sha}`, {
    is: "recut",
    by,
    version: candidate.version,
    sha: candidate.sha,
    at: run.at,
  })
}

/** It goes with this train, with what it was cut at. */
function board(run: Run, id: string, { due }: Departure): void {
  const release = run.state.releases.find((one) => one.id === id)
  if (!release || release.train?.due === due) return
  const cutBy = release.train?.cut
  const train: TrainTicket = { is: "boards", due, ...(cutBy === undefined ? {} : { cut: cutBy }) }
  putRelease(run, { ...release, train })
}
