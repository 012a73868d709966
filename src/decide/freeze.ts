import { itemsOf } from "../model/checklist.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { remindersAt } from "./asking.ts"
import { backTimes } from "./bring-back.ts"
import { watchTimes } from "./criteria/watched.ts"
import { dispatchLimits } from "./dispatch.ts"
import { ledgerFor } from "./division.ts"
import { drillLooks } from "./drill/follow.ts"
import { freezeLooks } from "./freeze-check.ts"
import { messageTimes } from "./informing/messages.ts"
import { rowsAt } from "./joint/row.ts"
import { landedBy } from "./landed-by.ts"
import { planOf } from "./plan-of.ts"
import { requestTimes } from "./promotion/answer.ts"
import { lookTimes } from "./promotion/look-before.ts"
import { verdictTimes } from "./promotion/verdicts.ts"
import { pullOf, usesPull } from "./pull-of.ts"
import { pinnedOn, treesAt } from "./release-pull.ts"
import { cut, pinnedAt } from "./releases.ts"
import { reminderTimes } from "./reminders.ts"
import { actionTimes } from "./rollback/actions.ts"
import { rollbackTimes } from "./rollback/follow.ts"
import { incidentTimes } from "./rollback/follow-incidents.ts"
import { firstWordTimes } from "./rollback/second-person.ts"
import { type Run, reply } from "./run.ts"
import { tellingAt } from "./telling.ts"
import { ticksAt } from "./ticked-metrics.ts"
import { trainTimes } from "./train.ts"
import { unattendedAt } from "./unattended.ts"
import { awaitedAt } from "./undo-publishing.ts"
import { verificationTimes } from "./verification.ts"
import { settingsAt } from "./watch-settings.ts"

/**
 * From the plan's code freeze on the release is pinned: it is cut at the last change that landed before it, and what
 * landed later drafts the next one. Where nothing before it asks for a version, there is nothing to pin.
 */
export function cutAtFreeze(run: Run, line: Line): void {
  if (line.broken) return
  for (const drafted of run.state.releases.filter((r) => r.branch === line.branch && r.phase.is === "drafted"))
    cutIfFrozen(run, line, drafted)
}

function cutIfFrozen(run: Run, line: Line, drafted: Release): void {
  const ledger = ledgerFor(line, drafted)
  if (!ledger) return
  const freeze = planOf(run.state, line, drafted)?.timeline.code_freeze
  if (!freeze || run.at < freeze) return
  const { sha, isAll } = landedBy(line, drafted, freeze)
  const by = "the plan's code freeze"
  const pull = isAll ? pullOf(line, drafted) : undefined
  // What landed too late is below the pull request as well: the gate says so until it is taken out or the freeze moved.
  if (usesPull(line) && !pull) return
  const asked = { by, at: run.at }
  const pinned = pull
    ? pinnedOn(run, line, drafted, pull, asked)
    : sha === undefined
      ? undefined
      : pinnedAt(run, line, drafted, { sha, ...asked })
  if (!pinned) return
  const { candidate } = cut(run, line, pinned).phase
  reply(run, pinned.id, `cut:${candidate.sha}`, {
    is: "cut",
    by,
    version: candidate.version,
    sha: candidate.sha,
    at: run.at,
  })
}

/** The next instant at which something changes by itself: a freeze begins, a test result gets too old, patience ends. */
export function nextLook(run: Run, more: readonly string[] = []): string | undefined {
  const instants = run.state.releases.flatMap((release) => {
    const line = own(run.state.lines, release.branch)
    const plan = line && release.phase.is !== "published" ? planOf(run.state, line, release) : null
    if (!plan || !line) return []
    const sha =
      release.phase.is === "drafted"
        ? ledgerFor(line, release)?.head
        : release.phase.is === "cut"
          ? release.phase.candidate.sha
          : undefined
    const reports = run.state.evidence[sha ?? ""]?.items ?? []
    const limits = Object.values(plan.testing.tests).flatMap((t) =>
      t.is === "bound" && t.within !== undefined ? [t.within] : [],
    )
    const ticks = itemsOf(plan.checklist).flatMap(({ by }) => (by.is === "check" ? (by.within ?? []) : []))
    const stale = [...limits, ...ticks].flatMap((minutes) =>
      reports.map((e) => new Date(new Date(e.at).getTime() + minutes * 60_000 + 1_000).toISOString()),
    )
    return [...(plan.timeline.code_freeze ? [plan.timeline.code_freeze] : []), ...stale]
  })
  return [
    ...instants,
    ...rollbackTimes(run),
    ...incidentTimes(run),
    ...drillLooks(run),
    ...firstWordTimes(run),
    ...actionTimes(run),
    ...retries(run),
    ...unattendedAt(run),
    ...treesAt(run),
    ...dispatchLimits(run),
    ...tellingAt(run),
    ...backTimes(run),
    ...settingsAt(run),
    ...awaitedAt(run),
    ...freezeLooks(run),
    ...requestTimes(run),
    ...remindersAt(run),
    ...verificationTimes(run),
    ...watchTimes(run),
    ...trainTimes(run),
    ...rowsAt(run),
    ...ticksAt(run),
    ...more,
    ...reminderTimes(run),
    ...messageTimes(run),
    ...verdictTimes(run),
    ...lookTimes(run),
  ]
    .filter((at) => at > run.at)
    .sort()[0]
}

const RETRY_MS = 5 * 60_000
const AT_ONCE_MS = 1_000

/** A history that is known to be old is read at once; one that could not be read is tried again, without hurry. */
function retries({ state, now }: Run): readonly string[] {
  const lines = Object.values(state.lines)
  const wait = lines.some((line) => line.outdated) ? AT_ONCE_MS : lines.some((line) => line.broken) ? RETRY_MS : null
  return wait === null ? [] : [new Date(now.getTime() + wait).toISOString()]
}
