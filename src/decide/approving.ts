import type { Change, Person } from "../model/change.ts"
import type { Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { answer } from "./answers.ts"
import { coverage, withApproval } from "./approvals.ts"
import { asksNobody } from "./asked.ts"
import { versionOf } from "./candidate.ts"
import { rulesFor } from "./gates/configuration.ts"
import { coveredChanges, subjectOf } from "./release-changes.ts"
import { gatesSeen } from "./release-evidence.ts"
import { cut, type Pinned } from "./releases.ts"
import { reviewOf } from "./reviewed.ts"
import { putRelease, type Run, record, releaseOf, reply, stamp } from "./run.ts"
import { tellStoodIn } from "./stood-in.ts"
import { list, plural, short } from "./wording.ts"

/**
 * Approve: cuts the commit that was seen where nothing is cut yet, and keeps the approval where it covers anything. Who
 * held the release lifts that with it.
 *
 * @param seen the release as it was on the page
 * @param hash of the candidate that the page showed
 */
export function approve(run: Run, line: Line, release: Release, seen: Pinned, hash: string, click: Clicked): void {
  const changes = coveredChanges(run.state, line, seen)
  const covers = coverOf(run, line, seen, changes, click.by)
  if (!covers.counts && release.phase.is === "drafted" && pins(run, seen, changes)) {
    replyCut(run, cut(run, line, seen), click)
    const low = "every change is of low risk and was reviewed: the commit is pinned, and needs no approval"
    answer(run, releaseOf(run.state, release.id) ?? seen, click, true, low)
    return
  }
  // What was pressed before it, and came late, is no answer to it.
  const heldSince = release.hold && release.hold.at > click.at ? release.hold : undefined
  if (heldSince?.by.id === click.by.id) {
    answer(run, release, click, false, "they held it after it was pressed")
    return
  }
  const lifts = release.hold?.by.id === click.by.id
  if (!covers.counts && !lifts) {
    answer(run, release, click, false, covers.because)
    return
  }
  const approval = { by: click.by, does: "approve" as const, at: click.at, sha: click.sha, candidate: hash }
  const pinned = release.phase.is === "drafted" && covers.counts ? cut(run, line, seen) : release
  if (pinned !== release) replyCut(run, pinned, click)
  const { hold: _, ...lifted } = pinned
  const next = putRelease(run, {
    ...(heldSince ? pinned : lifted),
    approvals: covers.counts ? withApproval(pinned.approvals, approval) : pinned.approvals,
  })
  answer(
    run,
    next,
    click,
    covers.counts,
    covers.counts ? covers.because : `the hold is lifted; as an approval it does not count: ${covers.because}`,
  )
  if (!covers.counts) return
  record(
    run,
    "approved",
    {
      sha: click.sha,
      candidate: hash,
      covers: covers.because,
      id: click.by.id,
      at: click.at,
      checkRun: click.checkRun,
      gates: gatesSeen(run, next),
    },
    { release: release.id, by: click.by.login },
  )
  stamp(run, "approval-given", release.id, `${click.by.login}@${short(click.sha)}`, click.at)
  reply(run, release.id, `approved:${click.checkRun}:${click.by.id}:${click.at}`, {
    is: "approved",
    by: click.by.login,
    sha: click.sha,
    at: click.at,
    covers: covers.because,
  })
  const subject = subjectOf(run, next)
  if (subject) tellStoodIn(run, subject, click.by.login, click.at)
}

/**
 * A release of low risk needs nobody's approval, but a commit that is pinned: who wrote all of it may say so. Their word
 * counts for nothing else.
 */
function pins(run: Run, seen: Release, changes: readonly Change[]): boolean {
  const subject = subjectOf(run, seen)
  if (!subject || seen.hold || changes.length === 0) return false
  return rulesFor(subject).every((rule) =>
    changes.every((change) => reviewOf(run.state, change, rule.risk).is === "covered"),
  )
}

/** What a person's approval reaches: the changes that they neither authored nor committed. */
function coverOf(
  run: Run,
  line: Line,
  seen: Release,
  changes: readonly Change[],
  who: Person,
): { readonly counts: boolean; readonly because: string } {
  const subject = subjectOf(run, seen)
  if (!subject || changes.length === 0) return { counts: false, because: "which changes are in it is not known" }
  if (rulesFor(subject).every(asksNobody)) return { counts: true, because: "no approval is required here" }
  const { by, unread } = coverage(run.state, changes, [who], () => 1)
  const own = changes.filter((c) => by[c.id]?.length === 0)
  const covered = changes.filter((c) => (by[c.id]?.length ?? 0) > 0)
  if (covered.length === 0 && unread.length > 0)
    return {
      counts: false,
      because: `the authors of ${list(unread.map(label))} could not be read on ${line.branch}; press again`,
    }
  if (covered.length === 0)
    return {
      counts: false,
      because: `four eyes: they wrote ${changes.length === 1 ? label(changes[0] as Change) : `all ${changes.length} changes`}`,
    }
  if (own.length === 0) return { counts: true, because: `covers ${plural(covered.length, "change")}` }
  return {
    counts: true,
    because: `covers ${covered.length} of ${changes.length} changes; not their own ${list(own.map(label))}`,
  }
}

const label = (change: Change): string => (change.pull ? change.id : short(change.sha))

function replyCut(run: Run, release: Release, click: Clicked): void {
  reply(run, release.id, `cut:${click.sha}`, {
    is: "cut",
    by: click.by.login,
    version: versionOf(release),
    sha: click.sha,
    at: click.at,
  })
}
