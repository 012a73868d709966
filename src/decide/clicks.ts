import { holds } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { answer } from "./answers.ts"
import { mayClick } from "./approvals.ts"
import { approve } from "./approving.ts"
import { candidateHash, parseExternalId } from "./candidate.ts"
import { ledgerFor } from "./division.ts"
import { rulesOfButton } from "./gates/configuration.ts"
import { hold } from "./holding.ts"
import { whyLate } from "./late.ts"
import { publish } from "./publication.ts"
import { usesPull } from "./pull-of.ts"
import { recut } from "./recut.ts"
import { subjectOf } from "./release-changes.ts"
import { pinnedOn } from "./release-pull.ts"
import { type Pinned, pinnedAt } from "./releases.ts"
import { componentNamed, type Run, readinessPlace, readinessTarget, record, releaseOf } from "./run.ts"
import { short } from "./wording.ts"

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
  const late = click.button === "publish" || click.button === "recut" ? whyLate(run, click) : undefined
  if (late !== undefined) {
    answer(run, release, click, false, late)
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
