import type { Change, Person } from "../model/change.ts"
import { holds } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { isBeside, type Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { answer } from "./answers.ts"
import { coverage, mayClick, withApproval } from "./approvals.ts"
import { asksNobody } from "./asked.ts"
import { candidateHash, parseExternalId, versionOf } from "./candidate.ts"
import { ledgerFor } from "./division.ts"
import { followHistory } from "./follow-history.ts"
import { rulesFor, rulesOfButton } from "./gates/configuration.ts"
import { publish } from "./publication.ts"
import { usesPull } from "./pull-of.ts"
import { coveredChanges, subjectOf } from "./release-changes.ts"
import { gatesSeen } from "./release-evidence.ts"
import { pinnedOn, unpinned } from "./release-pull.ts"
import { cut, giveBack, type Pinned, pinnedAt } from "./releases.ts"
import { reviewOf } from "./reviewed.ts"
import {
  componentNamed,
  putRelease,
  type Run,
  readinessPlace,
  readinessTarget,
  record,
  releaseOf,
  reply,
  stamp,
} from "./run.ts"
import { list, plural, short } from "./wording.ts"

/**
 * A button on a readiness check. It counts when the page that was clicked is the one that stands, when what it showed
 * has not moved since, and when the person may; every other click is answered on the page with the reason.
 */
export function clickReadiness(run: Run, click: Clicked): void {
  const shown = parseExternalId(click.externalId)
  const release = shown ? releaseOf(run.state, shown.release) : undefined
  if (
    !shown ||
    !release ||
    release.phase.is === "published" ||
    release.shown?.sha !== click.sha || // guard: old-page
    release.component !== componentNamed(click.name)
  ) {
    stale(run, click, release)
    return
  }
  const subject = subjectOf(run, release)
  const line = own(run.state.lines, release.branch)
  if (!subject || !line?.ledger || line.broken) {
    answer(run, release, click, false, line?.broken ?? "the branch's history is not known yet")
    return
  }
  const ledger = ledgerFor(line, release)
  if (!ledger || !holds(ledger, release.shown.pull?.on ?? click.sha)) {
    answer(run, release, click, false, `${short(click.sha)} is no longer on ${line.branch}`)
    return
  }
  const may = mayClick(run.state, click.by, rulesOfButton(subject, click.button))
  if (!may.may) {
    answer(run, release, click, false, may.because)
    return
  }
  if (release.phase.is === "drafted" && usesPull(line) && !release.shown.pull && click.button === "approve") {
    answer(run, release, click, false, "its pull request is not written yet: what it brings is what is approved")
    return
  }
  const seen = asSeen(run, line, release, click)
  if (seen) act(run, line, release, seen, shown.hash, click)
  else answer(run, release, click, false, "nothing that asks for a version is left at this commit")
}

/**
 * The release as it was on the page, pinned: the branch may have moved on while the person read, and they speak of the
 * commit that they saw.
 */
function asSeen(run: Run, line: Line, release: Release, { sha, by, at }: Clicked): Pinned | undefined {
  if (isPinned(release)) return release
  const pull = release.shown?.pull
  const asked = { by: by.login, at }
  // guard: pinned-to-page
  return pull ? pinnedOn(run, line, release, pull, asked) : pinnedAt(run, line, release, { sha, ...asked })
}

const isPinned = (release: Release): release is Pinned => release.phase.is === "cut"

function act(run: Run, line: Line, release: Release, seen: Pinned, hash: string, click: Clicked): void {
  // guard: moved-under-click
  if (candidateHash(run.state, line, seen) !== hash && click.button !== "hold" && click.button !== "recut") {
    answer(
      run,
      release,
      click,
      false,
      "version, plan or configuration moved since the page was drawn: look at it again",
    )
    return
  }
  switch (click.button) {
    case "approve":
      approve(run, line, release, seen, hash, click)
      return
    case "hold":
      hold(run, release, click)
      return
    case "recut":
      recut(run, line, release, click)
      return
    case "publish":
      publish(run, release, click)
      return
    default:
      answer(run, release, click, false, "no such button is known here")
  }
}

function approve(run: Run, line: Line, release: Release, seen: Pinned, hash: string, click: Clicked): void {
  const changes = coveredChanges(run.state, line, seen)
  const covers = coverOf(run, line, seen, changes, click.by)
  if (!covers.counts && release.phase.is === "drafted" && pins(run, seen, changes)) {
    replyCut(run, cut(run, line, seen), click)
    const low = "every change is of low risk and was reviewed: the commit is pinned, and needs no approval"
    answer(run, releaseOf(run.state, release.id) ?? seen, click, true, low)
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
    ...lifted,
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

function hold(run: Run, release: Release, click: Clicked): void {
  const publishing = release.phase.is === "cut" && release.phase.publishing !== undefined
  const next = putRelease(run, { ...release, hold: { by: click.by, at: click.at } })
  const withdrawn = { ...next, approvals: next.approvals.filter((a) => a.by.id !== click.by.id) }
  const because = publishing
    ? "it is being published at this moment; the hold counts if that comes to nothing"
    : "nothing is published until they, or another approver, approve"
  answer(run, putRelease(run, withdrawn), click, true, because)
  record(
    run,
    "held",
    { sha: click.sha, at: click.at, checkRun: click.checkRun },
    { release: release.id, by: click.by.login },
  )
  reply(run, release.id, `held:${click.checkRun}:${click.by.id}:${click.at}`, {
    is: "held",
    by: click.by.login,
    at: click.at,
  })
}

/** Moves the candidate to the head: approvals were for another commit, and the next draft's changes come in. */
function recut(run: Run, line: Line, release: Release, click: Clicked): void {
  const head = ledgerFor(line, release)?.head
  if (release.phase.is !== "cut" || head === undefined) {
    answer(run, release, click, false, "there is no candidate to move: the first Approve cuts one")
    return
  }
  if (release.phase.publishing) {
    answer(run, release, click, false, "it is being published at this moment")
    return
  }
  const later = laterThan(run, release)
  const busy = later.find((r) => r.phase.is === "cut" && r.phase.publishing)
  if (busy) {
    answer(run, release, click, false, `${busy.tag} is being published at this moment`)
    return
  }
  if (usesPull(line)) {
    followAgain(run, line, release, later, click)
    return
  }
  const { words, ...asIs } = release
  const next = pinnedAt(run, line, asIs, { sha: head, by: click.by.login, at: click.at })
  if (!next) {
    answer(run, release, click, false, `at the head, ${short(head)}, nothing that asks for a version is left`)
    return
  }
  const isSame = next.phase.candidate.sha === release.phase.candidate.sha && next.tag === release.tag
  if (isSame && !words) {
    answer(run, release, click, false, `the candidate is the head of ${line.branch} already`)
    return
  }
  for (const one of later) giveBack(run, one, `its changes are in ${next.tag} now`)
  // Who held what is taken in holds all of it.
  const hold = release.hold ?? later.find((one) => one.hold)?.hold
  // On the same commit nothing but the words tells the candidates apart.
  const fresh = isSame ? { ...next, approvals: [] } : next
  const moved = cut(run, line, hold ? { ...fresh, hold } : fresh)
  const because = isSame
    ? "what was edited is taken in; earlier approvals were for other words"
    : `the candidate is ${short(head)} now; earlier approvals were for another commit`
  answer(run, moved, click, true, because)
  reply(run, release.id, `recut:${click.checkRun}:${click.at}`, {
    is: "recut",
    by: click.by.login,
    version: versionOf(moved),
    sha: head,
    at: click.at,
  })
}

/** In the mode of pull requests a Re-cut lets go of the candidate: the pull request is made anew at the head. */
function followAgain(run: Run, line: Line, release: Release, later: readonly Release[], click: Clicked): void {
  for (const one of later) giveBack(run, one, `its changes are in ${release.tag} now`)
  const hold = release.hold ?? later.find((one) => one.hold)?.hold
  const free = unpinned(hold ? { ...release, hold } : release)
  answer(
    run,
    putRelease(run, free),
    click,
    true,
    "its pull request is made anew at the head; earlier approvals are void",
  )
  const { sha, at, checkRun } = click
  record(
    run,
    "let go of the candidate",
    { tag: release.tag, sha, at, checkRun },
    { release: release.id, by: click.by.login },
  )
  followHistory(run, line)
}

/** What was cut or drafted after a release of its component: a Re-cut takes it in. */
const laterThan = (run: Run, release: Release): readonly Release[] =>
  run.state.releases.filter(
    (r) => isBeside(r, release) && r.phase.is !== "published" && Number(r.id) > Number(release.id),
  )

function replyCut(run: Run, release: Release, click: Clicked): void {
  reply(run, release.id, `cut:${click.sha}`, {
    is: "cut",
    by: click.by.login,
    version: versionOf(release),
    sha: click.sha,
    at: click.at,
  })
}

/** The page that was clicked is not the current one: it is turned into a signpost. */
function stale(run: Run, click: Clicked, release: Release | undefined): void {
  if (release?.phase.is === "published" && release.phase.candidate.sha === click.sha) {
    answer(run, release, click, false, `${release.phase.candidate.version} is published already`)
    return
  }
  const because = !release
    ? "This check belongs to a release that no longer exists."
    : release.phase.is === "published"
      ? `${release.phase.candidate.version} is published already.`
      : `The current check of ${release.tag} is on ${short(release.shown?.sha ?? "")}.`
  record(
    run,
    "click did not count",
    { button: click.button, because, checkRun: click.checkRun, sha: click.sha },
    {
      by: click.by.login,
      ...(release ? { release: release.id } : {}),
    },
  )
  const component = componentNamed(click.name)
  const isCurrent = run.state.releases.some(
    (r) =>
      r.component === component &&
      (r.shown?.sha === click.sha || (r.phase.is !== "drafted" && r.phase.candidate.sha === click.sha)),
  )
  if (isCurrent || !run.handles[readinessTarget(click.sha, component)]) return
  const place = readinessPlace(click.sha, component)
  run.state = { ...run.state, stale: { ...run.state.stale, [place]: { externalId: click.externalId, because } } }
}
