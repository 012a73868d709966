import type { OwnCommit, OwnPull } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
import type { Outcome } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import { releaseBranch } from "../model/own-branch.ts"
import type { Candidate, Release, ReleasePull } from "../model/release.ts"
import { releaseFiles } from "../model/release-files.ts"
import type { Ended, Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { versionOf } from "./candidate.ts"
import { ledgerFor } from "./division.ts"
import { landings } from "./gates/code-freeze.ts"
import { configOf } from "./plan-of.ts"
import { pinnedBefore, pullOf, usesPull } from "./pull-of.ts"
import { changesOfRelease } from "./release-changes.ts"
import { notesOf } from "./release-notes.ts"
import { cut, type Pinned, pinnedAt } from "./releases.ts"
import { pullTarget, putRelease, type Run, record, releaseOf } from "./run.ts"

/** What the pull request of an open release shall be; undefined: it has none, or has to wait for the one before it. */
export function pullWanted(run: Run, line: Line, release: Release): OwnPull | undefined {
  const commit = commitWanted(run, line, release)
  if (!commit) return undefined
  return {
    purpose: "release",
    repositoryId: run.repo.id,
    release: release.id,
    component: release.component,
    version: versionOf(release),
    head: releaseBranch(release.branch, release.component),
    base: release.branch,
    commit,
    notes: notesOf(run, release),
  }
}

function commitWanted(run: Run, line: Line, release: Release): OwnCommit | undefined {
  const { phase } = release
  if (phase.is === "cut") return pullOf(line, release) ? { is: "pinned", sha: phase.candidate.sha } : undefined
  if (phase.is === "published" || !usesPull(line) || pinnedBefore(run.state, release)) return undefined
  const changes = changesOfRelease(line, release)
  // Where the newest change landed is told by GitHub, and the same whenever it is asked: today would not be.
  const date = landings(changes).at(-1)?.slice(0, 10) ?? run.at.slice(0, 10)
  const on = ledgerFor(line, release)?.head
  if (on === undefined) return undefined
  const files = releaseFiles(configOf(line), release.component, line.workspace)
  return { is: "built", on, ...files, entries: [{ notes: notesOf(run, release), date }] }
}

/** The effect of one wish ended: what stands on the branch now is what can be approved. */
export function pullWritten(run: Run, { target, outcome, effect }: Ended): void {
  const [kind, id = ""] = target.split(":")
  const release = kind === "pull" ? releaseOf(run.state, id) : undefined
  if (outcome.is !== "done" || !release || release.pull?.is === "merged") return
  const written = writtenIn(outcome, release)
  if (!written || written.sha === release.pull?.sha) return
  putRelease(run, { ...release, pull: written })
  record(run, "pull request written", { number: written.number, sha: written.sha, effect }, { release: release.id })
}

function writtenIn({ result }: Extract<Outcome, { is: "done" }>, release: Release): ReleasePull | undefined {
  const text = (key: string): string | undefined => asText(result?.[key])
  const [sha, url, number] = [text("sha"), text("url"), result?.number]
  if (sha === undefined || url === undefined || typeof number !== "number") return undefined
  // An approved commit that was put back is the one that is known.
  const known = release.shown?.pull?.sha === sha ? release.shown.pull : release.pull
  const [tree, on, version] = [text("tree") ?? known?.tree, text("on") ?? known?.on, text("version") ?? known?.version]
  if (tree === undefined || on === undefined || version === undefined) return undefined
  return { number, url, sha, tree, on, version, is: "open" }
}

const asText = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined)

/** Somebody closed it or opened it again, or put commits of their own on its branch. */
export function pullTouched(run: Run, signal: Signal): void {
  for (const release of run.state.releases) {
    const { pull } = release
    if (!pull || pull.is === "merged" || release.phase.is === "published") continue
    if (
      signal.kind === "issue" &&
      signal.of === undefined &&
      signal.number === pull.number &&
      signal.state !== "closed"
    ) {
      const is = signal.state === "open" ? "open" : "closed"
      if (is === pull.is) continue
      putRelease(run, { ...release, pull: { ...pull, is } })
      record(run, is === "open" ? "pull request reopened" : "pull request closed", { number: pull.number }, of(release))
    }
    if (signal.kind === "moved" && signal.branch === releaseBranch(release.branch, release.component)) {
      const { strayed: _, ...rest } = pull
      const { after } = signal.advance
      const isOurs = signal.deleted || after === pull.sha || isOnItsWay(run, release)
      putRelease(run, { ...release, pull: isOurs ? rest : { ...rest, strayed: after } })
    }
  }
}

const of = ({ id }: Release) => ({ release: id })

/** While a rewriting is on its way the branch moves before we hear how it ended. */
const isOnItsWay = (run: Run, release: Release): boolean => {
  const line = own(run.state.lines, release.branch)
  return release.phase.is === "drafted" && line !== undefined && pullOf(line, release) === undefined
}

/** Takes in which release pull requests of a line are merged. */
export function followPulls(run: Run, line: Line): void {
  if (!line.ledger || line.broken) return
  for (const release of run.state.releases) if (release.branch === line.branch) followPull(run, line, release)
}

/**
 * Merged: the candidate is the merge commit now, on the branch that it is released from. What was approved holds where
 * the merge made the very tree that was; that is read once, and until then no approval counts.
 */
function followPull(run: Run, line: Line, release: Release): void {
  const { pull, phase } = release
  if (phase.is !== "cut" && phase.is !== "drafted") return
  if (pull?.is === "merged") {
    learnTree(run, release)
    return
  }
  const landed = pull && line.ledger?.pulls.find(({ number }) => number === pull.number)
  if (!pull || !landed || !ledgerFor(line, release)?.commits.some(({ sha }) => sha === landed.mergeSha)) return
  const sha = landed.mergeSha
  const by = phase.is === "cut" ? phase.candidate.by : `the merge of #${pull.number}`
  const sized = pinnedAt(run, line, release, { sha, by, at: landed.mergedAt })
  const asked = sized?.phase.candidate.version
  const tree = own(run.facts.learned.trees, sha)
  const version = phase.is === "cut" ? phase.candidate.version : pull.version
  const division = phase.is === "cut" ? phase.candidate.division : sized?.phase.candidate.division
  const candidate: Candidate = {
    sha,
    by,
    at: landed.mergedAt,
    version,
    ...(tree === undefined ? {} : { tree }),
    ...(division === undefined ? {} : { division }),
  }
  const isOther = asked !== undefined && asked !== version
  const merged: Pinned = {
    ...release,
    ...(phase.is === "drafted" && sized && !isOther ? { next: sized.next, tag: sized.tag } : {}),
    pull: { ...pull, is: "merged", ...(isOther ? { asked } : {}) },
    phase: { is: "cut", candidate },
  }
  record(run, "pull request merged", { number: pull.number, sha, tree: tree ?? null }, of(release))
  if (phase.is === "drafted") cut(run, line, merged)
  else putRelease(run, merged)
}

function learnTree(run: Run, release: Release): void {
  if (release.phase.is !== "cut" || release.phase.candidate.tree !== undefined) return
  const { candidate } = release.phase
  const tree = own(run.facts.learned.trees, candidate.sha)
  if (tree !== undefined)
    putRelease(run, { ...release, phase: { ...release.phase, candidate: { ...candidate, tree } } })
}

/** The release pinned at the head of its pull request, as it was shown. */
export function pinnedOn(
  run: Run,
  line: Line,
  release: Release,
  pull: ReleasePull,
  { by, at }: { readonly by: string; readonly at: string },
): Pinned | undefined {
  const pinned = pinnedAt(run, line, release, { sha: pull.on, by, at })
  if (!pinned) return undefined
  const candidate = { ...pinned.phase.candidate, sha: pull.sha, tree: pull.tree, base: pull.on }
  return { ...pinned, pull, phase: { is: "cut", candidate } }
}

/** Re-cut: the release follows its branch again, and its pull request is made anew at the head. */
export function unpinned(release: Release): Release {
  const { pull, words: _, covers: __, ...rest } = release
  const drafted: Release = { ...rest, phase: { is: "drafted" } }
  if (!pull) return drafted
  return pull.is === "merged" ? { ...drafted, pullRound: (release.pullRound ?? 0) + 1 } : { ...drafted, pull }
}

/** A release that is no more takes its open pull request along. */
export function withdrawPulls(run: Run): void {
  for (const release of run.before?.releases ?? [])
    if (release.pull?.is === "open" && release.phase.is !== "published" && !releaseOf(run.state, release.id))
      withdraw(run, release, release.pull)
}

function withdraw(run: Run, release: Release, pull: ReleasePull): void {
  const target = pullTarget(release)
  run.effects.push({
    kind: "pull-request",
    key: `${target}:withdrawn@${run.at}`,
    target,
    lane: `pull:${releaseBranch(release.branch, release.component)}`,
    mode: "replace",
    forgets: true,
    content: {
      purpose: "release",
      repositoryId: run.repo.id,
      release: release.id,
      component: release.component,
      version: pull.version,
      head: releaseBranch(release.branch, release.component),
      base: release.branch,
      commit: { is: "withdrawn", number: pull.number },
      notes: notesOf(run, release),
    },
  })
}

/** A merge commit whose tree is not known yet is looked at at once; where it could not be read, in a while. */
export function treesAt(run: Run): readonly string[] {
  return run.state.releases.flatMap(({ phase, pull }) => {
    if (phase.is !== "cut" || pull?.is !== "merged" || phase.candidate.tree !== undefined) return []
    const isUnread = run.state.unknown.some(({ what }) => what === `tree:${phase.candidate.sha}`)
    return [new Date(run.now.getTime() + (isUnread ? TREE_AGAIN_MS : 1)).toISOString()]
  })
}

const TREE_AGAIN_MS = 5 * 60_000
