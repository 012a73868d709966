import type { Back } from "../model/after.ts"
import { holds } from "../model/ledger.ts"
import type { Reply } from "../model/message.ts"
import { own } from "../model/own.ts"
import { backBranch } from "../model/own-branch.ts"
import type { Release } from "../model/release.ts"
import type { Ended, Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { versionOf } from "./candidate.ts"
import { putRelease, type Run, record, releaseOf, reply } from "./run.ts"
import { plain } from "./wording.ts"

const DAY_MS = 24 * 60 * 60_000
/** A pull request that nobody merges is spoken of in the thread after so many days. */
const REMINDERS: readonly number[] = [1, 3, 7, 14, 28]

const TARGET = "back:"

/** A release of a hotfix branch is out: one pull request brings it to the default branch, where that has it not. */
export function beginBack(run: Run, release: Release): void {
  const { lines } = run.state
  if (release.phase.is !== "published" || own(lines, release.branch)?.kind?.is !== "hotfix" || release.after?.back)
    return
  const to = run.repo.defaultBranch
  const { candidate, notes } = release.phase
  const landed = landedOn(own(lines, to), candidate.sha)
  if (landed !== undefined) {
    put(run, release, { to, is: "reached", at: run.at, landed, reminded: 0 })
    return
  }
  put(run, release, { to, is: "asked", at: run.at, reminded: 0 })
  record(run, "brought back", { tag: release.tag, sha: candidate.sha, to }, { release: release.id })
  const head = backBranch(release.tag)
  run.effects.push({
    kind: "pull-request",
    key: `${TARGET}${release.id}`,
    target: `${TARGET}${release.id}`,
    lane: `pull:${head}`,
    mode: "append",
    content: {
      purpose: "back",
      repositoryId: run.repo.id,
      release: release.id,
      component: release.component,
      version: candidate.version,
      head,
      base: to,
      commit: { is: "pinned", sha: candidate.sha },
      notes,
    },
  })
}

/** The pull request stands, or GitHub refused it, or the branch has it already. */
export function backWritten(run: Run, { target, outcome, at }: Ended): void {
  const release = target.startsWith(TARGET) ? releaseOf(run.state, target.slice(TARGET.length)) : undefined
  const back = release?.after?.back
  if (!release || !back || back.is === "reached" || outcome.is === "retry") return
  if (outcome.is === "refused") {
    const because = plain(outcome.because)
    say(run, put(run, release, { ...back, is: "refused", because }), "refused", at)
    return
  }
  const { number, url, has } = outcome.result ?? {}
  if (has === true) {
    const line = own(run.state.lines, back.to)
    const sha = release.phase.is === "published" ? release.phase.candidate.sha : ""
    // Behind what is known of the branch; or it came a moment ago, and is in no candidate from before.
    reached(run, release, back, landedOn(line, sha) ?? line?.ledger?.head)
    return
  }
  if (typeof number !== "number" || typeof url !== "string") return
  const { because: _, ...rest } = back
  say(run, put(run, release, { ...rest, is: "open", number, url }), "opened", at)
}

/** Whether hotfixes have reached the branch by now, by their pull request or by another way; and who has to be reminded. */
export function followBack(run: Run, signals: readonly Signal[]): void {
  const { environments } = run.state
  const live = new Set(Object.values(environments).map((environment) => environment.live?.release))
  for (const release of run.state.releases) {
    // A hotfix that went round us is in front of people all the same.
    if (live.has(release.id)) beginBack(run, release)
    const back = release.after?.back
    if (back && back.is !== "reached") followOne(run, release, back, signals)
  }
}

function followOne(run: Run, release: Release, back: Back, signals: readonly Signal[]): void {
  const landed = reachedBy(run, release, back, signals)
  if (landed !== undefined) {
    reached(run, release, back, landed)
    return
  }
  const touched = signals.findLast((s) => s.kind === "issue" && s.number === back.number)
  if (touched?.kind === "issue" && touched.state === "not merged" && back.is === "open")
    say(run, put(run, release, { ...back, is: "closed" }), "closed", run.at)
  if (touched?.kind === "issue" && touched.state === "open" && back.is === "closed")
    put(run, release, { ...back, is: "open" })
  const due = remindAt(back)
  if (due !== undefined && run.at >= due)
    say(run, put(run, release, { ...back, reminded: back.reminded + 1 }), "waits", run.at)
}

/** @param landed the commit with which it landed, or that had it; absent: nothing is known of the branch */
function reached(run: Run, release: Release, { because: _, ...back }: Back, landed?: string): void {
  const where = landed === undefined ? {} : { landed }
  say(run, put(run, release, { ...back, is: "reached", ...where }), "reached", run.at)
  record(run, "reached", { tag: release.tag, to: back.to, ...where }, { release: release.id })
}

/** The commit with which it landed on the branch; undefined: the branch has it not, as far as is known. */
function reachedBy(run: Run, release: Release, back: Back, signals: readonly Signal[]): string | undefined {
  if (release.phase.is !== "published") return undefined
  const line = own(run.state.lines, back.to)
  const merged = signals.findLast((s) => s.kind === "merged" && s.base === back.to && s.pull.number === back.number)
  // Where nothing is released from it, its history is not followed.
  if (!line?.ledger) return merged?.kind === "merged" ? merged.pull.mergeSha : undefined
  const pull = line.ledger.pulls.find(({ number }) => number === back.number)
  const byPull = pull && landedOn(line, pull.mergeSha)
  return byPull ?? landedOn(line, release.phase.candidate.sha)
}

/** The commit with which another one landed on a line; undefined: it did not, since the line's last release. */
function landedOn(line: Line | undefined, sha: string): string | undefined {
  if (!line?.ledger || !holds(line.ledger, sha)) return undefined
  return line.ledger.commits.find((commit) => commit.sha === sha)?.landing ?? sha
}

/** When it is spoken of next. ISO 8601 */
function remindAt({ is, at, reminded }: Back): string | undefined {
  const days = is === "open" ? REMINDERS[reminded] : undefined
  return days === undefined ? undefined : new Date(Date.parse(at) + days * DAY_MS).toISOString()
}

export const backTimes = ({ state }: Run): readonly string[] =>
  state.releases.flatMap(({ after }) => (after?.back ? (remindAt(after.back) ?? []) : []))

function put(run: Run, release: Release, back: Back): Release {
  return putRelease(run, { ...release, after: { ...release.after, back } })
}

function say(run: Run, release: Release, state: Extract<Reply, { is: "back" }>["state"], at: string): void {
  const back = release.after?.back
  if (!back) return
  const { to, number, url, because, reminded } = back
  reply(run, release.id, `back:${state}:${state === "waits" ? reminded : at}`, {
    is: "back",
    state,
    version: versionOf(release),
    to,
    at,
    ...(number === undefined ? {} : { number }),
    ...(url === undefined ? {} : { url }),
    ...(because === undefined ? {} : { because }),
  })
}
