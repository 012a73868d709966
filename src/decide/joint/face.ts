import type { Decision } from "../../model/decision.ts"
import type { Effect } from "../../model/effect.ts"
import { hashOf } from "../../model/hash.ts"
import { type Face, issueSubject, type Lead, neighbourKey, type Offer, repositorySubject } from "../../model/joint.ts"
import { neighbourNames } from "../../model/neighbour-names.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { fullName } from "../../model/repository.ts"
import type { Line, State } from "../../model/state.ts"
import { shaOf, versionOf } from "../candidate.ts"
import { pageUrl } from "../links.ts"
import { oldPlan, planOf } from "../plan-of.ts"
import { gatesOfRelease, notPassed } from "../readiness.ts"
import { subjectOf } from "../release-changes.ts"
import { type Run, readinessTarget } from "../run.ts"
import { openAsKnown } from "../unattended.ts"
import { plain } from "../wording.ts"
import { letsOf } from "./called-by.ts"
import { featuresShown } from "./features-shown.ts"
import { pinnedFor } from "./member.ts"
import { leftOf, orderOf } from "./row.ts"
import { unreadPlans } from "./unread.ts"

/** What the others are shown of a decision's state, and what it listens to; they are told where they see something new. */
export function withFace(run: Run, kept: State): Pick<Decision<State, Effect>, "state" | "listens" | "tells"> {
  const face = faceOf(run, kept)
  const { face: _, neighbours, ...rest } = kept
  const isAlone = neighbourNames(Object.values(kept.lines), kept.releases).length === 0
  const state = { ...rest, ...(face ? { face } : {}), ...(neighbours && !isAlone ? { neighbours } : {}) }
  const listens = listensOf(run, state)
  const before = run.before?.face
  const isNew = (face ? hashOf(face) : "") !== (before ? hashOf(before) : "")
  return {
    state,
    ...(listens.length > 0 ? { listens } : {}),
    ...(isNew
      ? {
          tells: {
            subjects: [repositorySubject(fullName(run.repo))],
            signal: { kind: "neighbour", of: fullName(run.repo) },
          },
        }
      : {}),
  }
}

/** Nothing is shown any more: what it let the others see stands for a repository that the App can act in. */
export function withoutFace(run: Run, state: State): Pick<Decision<State, Effect>, "state" | "tells"> {
  const { face, ...rest } = state
  if (!face) return { state }
  const name = fullName(run.repo)
  return { state: rest, tells: { subjects: [repositorySubject(name)], signal: { kind: "neighbour", of: name } } }
}

/**
 * When what was just subscribed to is looked at once more: it may have changed between our reading and the commit by which
 * we listen to it.
 */
export function newlyListening(run: Pick<Run, "repo" | "before" | "now">, state: State): readonly string[] {
  const before = new Set(run.before ? listensOf(run, run.before) : [])
  const isNew = listensOf(run, state).some((subject) => subject.startsWith("repository:") && !before.has(subject))
  return isNew ? [new Date(run.now.getTime() + 1_000).toISOString()] : []
}

function listensOf({ repo }: Pick<Run, "repo">, { lines, releases, issues, unknown }: State): readonly string[] {
  const self = neighbourKey(fullName(repo))
  const names = neighbourNames(Object.values(lines), releases).filter((name) => name !== self)
  const unread = unknown.flatMap(({ what }) => (what.startsWith("issue:") ? [what.slice("issue:".length)] : []))
  const elsewhere = [...new Set([...Object.keys(issues), ...unread])].filter((ref) => !ref.startsWith("#")).sort()
  return [...names.map(repositorySubject), ...elsewhere.map(issueSubject)]
}

function faceOf(run: Run, state: State): Face | undefined {
  const unread = unreadPlans(state)
  const names = neighbourNames(Object.values(state.lines), state.releases)
  const open = names.length === 0 ? [] : state.releases
  const offers = open.flatMap((release) => offerOf(run, state, release) ?? [])
  const leads = open.flatMap((release) => leadOf(run, state, release) ?? [])
  const features = featuresShown(run)
  const lets = [...new Set(Object.values(state.lines).flatMap(letsOf).map(neighbourKey))].sort()
  if (offers.length + leads.length + features.length + lets.length === 0 && unread === undefined) return undefined
  return {
    offers,
    leads,
    ...(features.length > 0 ? { features } : {}),
    ...(lets.length > 0 ? { lets } : {}),
    ...(unread === undefined ? {} : { unread: plain(unread) }),
  }
}

function offerOf(run: Run, state: State, release: Release): Offer | undefined {
  const line = own(state.lines, release.branch)
  const lets = line ? letsOf(line) : []
  if (!line?.ledger || lets.length === 0) return undefined
  const { phase, component } = release
  const sha = shaOf(line, release)
  const shared = {
    component,
    version: versionOf(release),
    sha,
    url: pageOf(run, release, sha),
    lets: lets.map(neighbourKey),
    ...(release.joined?.answer ? { answer: release.joined.answer } : {}),
    news: release.joined?.news ?? [],
  }
  if (phase.is === "published") return { ...shared, is: "published", isPinned: true, leads: false, open: [] }
  const is = phase.is === "cut" && phase.publishing ? "publishing" : phase.is
  return { ...shared, is, ...readinessOf(run, line, release), leads: planNames(state, line, release) !== undefined }
}

/** Gates that are not passed, but for the one that waits for the row: that one would wait for itself. */
function readinessOf(run: Run, line: Line, release: Release): Pick<Offer, "open" | "isPinned"> {
  const isPinned = pinnedFor(run, line, release) !== undefined
  const subject = subjectOf(run, release)
  if (!subject) {
    const because = line.broken ?? "its history is not known"
    return { open: [{ name: "configuration", state: "unknown", because }], isPinned: false }
  }
  // What goes by itself is not pinned yet, and some of its gates are only read when it goes.
  const gates = isPinned && release.phase.is === "drafted" ? openAsKnown(subject) : notPassed(gatesOfRelease(subject))
  const open = gates.filter(({ name }) => name !== "together")
  return {
    open: [...open.map(({ name, state, because }) => ({ name, state, because })), ...unmerged(release)],
    isPinned,
  }
}

/** In the mode of pull requests nothing is out before the pull request is merged, though every gate is passed. */
function unmerged({ phase, pull }: Release): Offer["open"] {
  if (phase.is !== "cut" || phase.candidate.base === undefined) return []
  return [{ name: "pull request", state: "pending", because: `#${pull?.number} is not merged yet` }]
}

function leadOf(run: Run, state: State, release: Release): Lead | undefined {
  const line = own(state.lines, release.branch)
  const { row, id, component, phase } = release
  const version = versionOf(release)
  const shared = { release: id, component, version }
  if (phase.is === "published") {
    const left = leftOf(release)
    const url = pageOf(run, release, phase.candidate.sha)
    return row && left.length > 0 ? { ...shared, url, places: left.map(placeOnly), row, isOut: true } : undefined
  }
  if (!line?.ledger) return undefined
  const url = pageOf(run, release, shaOf(line, release))
  const listed = planNames(state, line, release)
  return listed ? { ...shared, url, places: orderOf(run.repo, release, listed), ...(row ? { row } : {}) } : undefined
}

const placeOnly = ({ repo, component, version }: Lead["places"][number]) => ({ repo, component, version })

/** A plan that is broken, deleted or names nobody any more lets go of nobody before that was approved, and is out. */
const planNames = (state: State, line: Line, release: Release) =>
  planOf(state, line, release)?.repositories ?? oldPlan(state, line, release)?.value.repositories

const pageOf = (run: Run, { shown, component }: Release, sha: string): string =>
  run.handles[readinessTarget(shown?.sha ?? sha, component)]?.url ?? pageUrl(run.repo, `commit/${sha}/checks`)
