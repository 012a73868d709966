import { isBeside, type Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { answer } from "./answers.ts"
import { versionOf } from "./candidate.ts"
import { ledgerFor } from "./division.ts"
import { followHistory } from "./follow-history.ts"
import { usesPull } from "./pull-of.ts"
import { unpinned } from "./release-pull.ts"
import { cut, giveBack, pinnedAt } from "./releases.ts"
import { putRelease, type Run, record, reply } from "./run.ts"
import { short } from "./wording.ts"

/** Moves the candidate to the head: approvals were for another commit, and the next draft's changes come in. */
export function recut(run: Run, line: Line, release: Release, click: Clicked): void {
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
