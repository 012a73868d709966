import { mayEverCount } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import { own } from "../model/own.ts"
import { followBranches, mayTouch } from "../model/proposal.ts"
import type { Repository } from "../model/repository.ts"
import type { Proposed, Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { assetNeeds } from "./asset-needs.ts"
import { silentDeployments } from "./deployment-ends.ts"
import { type EntryNeeds, entryApprovers, entryNeeds } from "./entries.ts"
import { glancedCommits } from "./glance.ts"
import { ruling } from "./line-config.ts"
import { type LineNeeds, lineNeeds } from "./line-needs.ts"
import { environmentsToAsk } from "./newest-deployments.ts"
import { type ReleaseNeeds, releaseNeeds } from "./release-needs.ts"
import { type VerificationNeeds, verificationNeeds } from "./verifications.ts"

/** What has to be read of GitHub for one run. Nothing, as a rule: the payloads and the state have told it already. */
export interface Needs {
  readonly lines: { readonly [branch: string]: LineNeeds }
  readonly releases: { readonly [release: string]: ReleaseNeeds }
  /** Whose standing has to be known. */
  readonly people: readonly Person[]
  /** Who may approve at all. */
  readonly approvers: boolean
  /** Releases of whose drafts the files are read. */
  readonly assets: readonly string[]
  /** Branches whose open pull requests are to show a freeze that has begun. */
  readonly openPulls: readonly string[]
  /** Releases that are about to be let into an environment. */
  readonly entries: readonly EntryNeeds[]
  /** Deployments of which it is asked whether they have ended. */
  readonly deployments: readonly string[]
  /** Environments of which it is asked what was deployed there. */
  readonly environments: readonly string[]
  /** What is live and is to be shown to be good. */
  readonly verifications: readonly VerificationNeeds[]
  /** Commits of open releases at whose checks is glanced. */
  readonly glances: readonly string[]
  /** Open pull requests of which it is to be known whether they touch configuration or plan. */
  readonly proposals: readonly Proposed[]
}

const NOTHING: Needs = {
  lines: {},
  releases: {},
  people: [],
  approvers: false,
  assets: [],
  openPulls: [],
  entries: [],
  deployments: [],
  environments: [],
  verifications: [],
  glances: [],
  proposals: [],
}

/**
 * What a run has to read, from what is known and what has happened. Pure.
 *
 * @param refused clicks of people who may not: they are answered by that alone
 */
export function needs(
  repo: Repository,
  state: State | undefined,
  heard: readonly Signal[],
  refused: ReadonlySet<Signal> = new Set(),
): Needs {
  if (isUninstalled(state, heard)) return NOTHING
  const signals = heard.filter((signal) => !isOwnTag(signal, state) && !refused.has(signal))
  // Nothing but news of our own tag, or of who may not: without any signal at all it would pass for a timer.
  if (heard.length > 0 && signals.length === 0) return NOTHING
  const releases = releaseNeeds(state, signals)
  const entries = entryNeeds(state, repo.defaultBranch)
  const fresh = state?.releases.filter(({ id }) => Object.hasOwn(releases.fresh, id)) ?? []
  const read = new Set([...fresh, ...entries].map(({ branch }) => branch))
  const lines = lineNeeds(repo, state, signals, read)
  const reread = Object.values(lines).some((line) => line.config || line.plan || line.plans)
  return {
    lines,
    releases: { ...releases.pinned, ...releases.fresh },
    people: peopleOf([
      ...releases.people,
      ...askersOf(repo, state, signals),
      ...entryApprovers(state),
      ...(fresh.length > 0 ? doubted(state) : []),
    ]),
    approvers: reread || Object.keys(releases.fresh).length > 0,
    assets: assetNeeds(state, signals, Object.keys(releases.fresh)),
    openPulls: unlisted(state, signals),
    entries,
    deployments: silentDeployments(state),
    environments: environmentsToAsk(state),
    verifications: verificationNeeds(state, repo.defaultBranch),
    glances: glancedCommits(state, signals),
    proposals: unseen(state, signals),
  }
}

/** Each as it is now; what its pushes told of its files already is not asked. */
function unseen(state: State | undefined, signals: readonly Signal[]): readonly Proposed[] {
  if (!state) return []
  const branches = followBranches(state, signals)
  const known = branches ? { ...state, branches } : state
  const proposed = new Map(signals.flatMap((s) => (s.kind === "proposed" ? [[s.pull.number, s] as const] : [])))
  return [...proposed.values()].filter((one) => mayTouch(known, one))
}

/** Listed once a freeze; what could not be read then is tried again by a timer, or when somebody looks. */
function unlisted(state: State | undefined, signals: readonly Signal[]): readonly string[] {
  const again = signals.length === 0 || signals.some(({ kind }) => kind === "look")
  return Object.entries(state?.freezes ?? {}).flatMap(([branch, { listed, over }]) => {
    const failed = state?.unknown.some(({ what }) => what === `pulls:${branch}`) === true
    return listed || over !== undefined || (failed && !again) ? [] : [branch]
  })
}

/** Whether nothing has to be asked of GitHub. */
export const isNothing = (needed: Needs): boolean =>
  Object.keys(needed.lines).length +
    Object.keys(needed.releases).length +
    needed.people.length +
    needed.openPulls.length +
    needed.proposals.length +
    needed.glances.length +
    needed.assets.length +
    needed.entries.length +
    needed.deployments.length +
    needed.environments.length +
    needed.verifications.length ===
    0 && !needed.approvers

/** After the App was taken away only a new installation, which says `look`, gives anything to read. */
function isUninstalled(state: State | undefined, signals: readonly Signal[]): boolean {
  const last = signals.findLast((s) => s.kind === "uninstalled" || s.kind === "look")
  return last ? last.kind === "uninstalled" : state?.uninstalled === true
}

/** The tag that a publication of ours made, or is making: it stands where the state knows it. */
function isOwnTag(signal: Signal, state: State | undefined): boolean {
  if (signal.kind !== "look" || !signal.tag) return false
  const { name, at } = signal.tag
  return (
    state?.releases.some(
      ({ tag, phase }) =>
        tag === name &&
        phase.is !== "drafted" &&
        phase.candidate.sha === at &&
        (phase.is === "published" || phase.publishing !== undefined),
    ) === true
  )
}

/** Who labelled an issue as an incident, and who wrote it. Other labels are nobody's question. */
function askersOf(repo: Repository, state: State | undefined, signals: readonly Signal[]): readonly Person[] {
  const label = ruling(repo, state)?.incident?.label.toLowerCase()
  return signals.flatMap((signal) =>
    signal.kind === "labelled" && signal.label.toLowerCase() === label
      ? [signal.by, ...(signal.author && signal.by.type === "User" ? [signal.author] : [])]
      : [],
  )
}

const DOUBTED_MOST = 10

/**
 * Of whom it was read that their word never counts, and who is listed among those who may write: they may have come back,
 * and somebody else would stand in for them.
 */
const doubted = (state: State | undefined): readonly Person[] =>
  (state?.approvers?.writers ?? [])
    .filter(({ login }) => {
      const standing = own(state?.standings, login)
      return standing?.belongs !== undefined && !mayEverCount(standing)
    })
    .slice(0, DOUBTED_MOST)

/** A bot's click never counts: what it may do is not asked. */
function peopleOf(people: readonly Person[]): readonly Person[] {
  return [
    ...new Map(people.filter((person) => person.type === "User").map((person) => [person.login, person])).values(),
  ]
}
