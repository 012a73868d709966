import type { Person } from "../model/change.ts"
import { holidayFilesIn } from "../model/holiday-files.ts"
import { extend } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { PLAN_FOLDER } from "../model/plan-folder.ts"
import { followBranches, mayTouch } from "../model/proposal.ts"
import { endOf, landingOf, type Release } from "../model/release.ts"
import type { Repository } from "../model/repository.ts"
import type { Clicked, Moved, Proposed, Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { draftTarget } from "../model/target.ts"
import { CONFIG_PATH, GITHUB_NOTES_PATH, OTHER_PLAN_PATH } from "../model/written-paths.ts"
import { assetNeeds } from "./asset-needs.ts"
import { WORKFLOWS_PATH } from "./ci.ts"
import { silentDeployments } from "./deployment-ends.ts"
import { type EntryNeeds, entryApprovers, entryNeeds } from "./entries.ts"
import { configFor, filesNamed, releaseBranches, ruling } from "./line-config.ts"
import { type VerificationNeeds, verificationNeeds } from "./verifications.ts"
import { isManifest } from "./workspace.ts"

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
  /** What is live and is to be shown to be good. */
  readonly verifications: readonly VerificationNeeds[]
  /** Open pull requests of which it is to be known whether they touch configuration or plan. */
  readonly proposals: readonly Proposed[]
}

export interface LineNeeds {
  /** `if moved`: the head is compared with GitHub's, and only a difference is read back. */
  readonly history: "known" | "if moved" | "read back"
  readonly config: boolean
  /** GitHub's own arrangement of notes, where there is no configuration. */
  readonly githubNotes: boolean
  readonly plan: boolean
  /** The plans of `release-plans/`. */
  readonly plans: boolean
  /** Which packages the workspace has, where the configuration asks for them. */
  readonly workspace: boolean
  readonly workflows: boolean
  readonly rules: boolean
  /** The files that plans name, at the head: the rollback procedure, what ticks an item. */
  readonly procedure: boolean
  /** Checks at the head. */
  readonly evidence: boolean
}

export interface ReleaseNeeds {
  /** Commits whose checks and files are read. */
  readonly shas: readonly string[]
  /** The head of the branch is one of them, once it is known. */
  readonly head: boolean
  /** Where the tag stands, and the issues that features are bound to. */
  readonly fresh: boolean
  /** Who wrote each change up to a commit; `again`: also where it was read before. */
  readonly authors?: { readonly upTo: string; readonly again: boolean }
  /** A merge commit of its pull request, whose tree is read. */
  readonly tree?: string
}

const KNOWN: LineNeeds = {
  history: "known",
  config: false,
  githubNotes: false,
  plan: false,
  plans: false,
  workspace: false,
  workflows: false,
  rules: false,
  procedure: false,
  evidence: false,
}

const ALL: Omit<LineNeeds, "history"> = {
  config: true,
  githubNotes: true,
  plan: true,
  plans: true,
  workspace: true,
  workflows: true,
  rules: true,
  procedure: true,
  evidence: true,
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
  verifications: [],
  proposals: [],
}

/** Everything of a line that nothing is known of. */
export const readBack: LineNeeds = { history: "read back", ...ALL }

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
    people: peopleOf([...releases.people, ...entryApprovers(state)]),
    approvers: reread || Object.keys(releases.fresh).length > 0,
    assets: assetNeeds(state, signals, Object.keys(releases.fresh)),
    openPulls: unlisted(state, signals),
    entries,
    deployments: silentDeployments(state),
    verifications: verificationNeeds(state, repo.defaultBranch),
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

/** The clicks for which a release would be read afresh: about twenty requests, which not everybody may cause. */
export const pressesOf = (state: State | undefined, signals: readonly Signal[]): readonly Clicked[] =>
  signals.filter(
    (s): s is Clicked =>
      s.kind === "clicked" &&
      READINESS.includes(s.button) &&
      state?.releases.some((release) => release.phase.is !== "published" && isAbout(s, release)) === true,
  )

export const isNothing = (needed: Needs): boolean =>
  Object.keys(needed.lines).length +
    Object.keys(needed.releases).length +
    needed.people.length +
    needed.openPulls.length +
    needed.proposals.length +
    needed.assets.length +
    needed.entries.length +
    needed.deployments.length +
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

function lineNeeds(
  repo: Repository,
  state: State | undefined,
  signals: readonly Signal[],
  fresh: ReadonlySet<string>,
): Needs["lines"] {
  const released = releaseBranches(repo, ruling(repo, state), present(state, signals))
  const branches = new Set([repo.defaultBranch, ...released, ...fresh])
  const needed = [...branches].flatMap((branch) => {
    const line = own(state?.lines, branch)
    const need = !line ? readBack : lineNeed(line, signals, fresh.has(branch), released.includes(branch))
    return Object.values(need).some((value) => value !== false && value !== "known") ? [[branch, need] as const] : []
  })
  return Object.fromEntries(needed)
}

/** Branches that are known, and those that just came. */
function present(state: State | undefined, signals: readonly Signal[]): ReadonlySet<string> {
  const lines = Object.values(state?.lines ?? {})
  const branches = new Set(lines.flatMap(({ branch, retired }) => (retired === undefined ? [branch] : [])))
  for (const signal of signals)
    if (signal.kind === "moved") signal.deleted ? branches.delete(signal.branch) : branches.add(signal.branch)
  return branches
}

function lineNeed(line: Line, signals: readonly Signal[], clicked: boolean, released: boolean): LineNeeds {
  const moves = signals.filter((s): s is Moved => s.kind === "moved" && s.branch === line.branch)
  const merged = signals.some((s) => s.kind === "merged" && s.base === line.branch)
  const look = signals.some((s) => s.kind === "look")
  // The default branch only names the release branches, where it is none of them.
  const above = signals.some((s) => s.kind === "organisation")
  if (!released && !clicked) return { ...KNOWN, config: look || above || touches(line, moves).config }
  if (line.outdated !== undefined || line.retired !== undefined || bringsRelease(line, moves)) return readBack
  // No signal at all: a timer is due, and what could not be read is what it was set for.
  const happened = moves.length > 0 || merged || look || clicked || signals.length === 0
  if (happened && (!line.ledger || line.broken !== undefined)) return readBack
  if (line.ledger && isGap(line.ledger, moves)) return readBack
  if (look) return { history: "if moved", ...ALL }
  const known = touches(line, moves)
  const touched = above ? { ...known, config: true } : known
  if (!clicked) return touched
  // guard: publish-reads
  return { ...touched, history: "if moved", config: true, plan: true, plans: true, rules: true }
}

/** A release of another branch was merged: it may be what this one starts from now, and history divides differently. */
function bringsRelease({ ledger }: Line, moves: readonly Moved[]): boolean {
  const elsewhere = new Set(ledger?.tags?.outside.map(({ sha }) => sha))
  return elsewhere.size > 0 && moves.some(({ advance }) => advance.commits.some(({ sha }) => elsewhere.has(sha)))
}

/** A branch that was deleted is looked at too, to be told by GitHub: it may be back. */
function isGap(ledger: NonNullable<Line["ledger"]>, moves: readonly Moved[]): boolean {
  const advances = moves.filter((move) => !move.deleted).map((move) => move.advance)
  return moves.some((move) => move.deleted) || extend(ledger, advances).is === "gap"
}

/** Files that pushes touched, among those that decide. Where a push does not list its files, any may be. */
function touches(line: Line, moves: readonly Moved[]): LineNeeds {
  const paths = moves.flatMap((move) => move.files ?? [])
  const any = moves.some((move) => move.files === null)
  const named = filesNamed(line)
  const plans = [configFor(line).plan.path, OTHER_PLAN_PATH, ...(line.plan.is === "absent" ? [] : [line.plan.path])]
  const configs = configFiles(line)
  const touched = (is: (path: string) => boolean) => any || paths.some(is)
  return {
    ...KNOWN,
    config: touched((path) => configs.includes(path)),
    githubNotes: touched((path) => path === CONFIG_PATH || path === GITHUB_NOTES_PATH),
    plan: touched((path) => plans.includes(path)),
    plans: touched((path) => path.startsWith(`${PLAN_FOLDER}/`)),
    workspace: configFor(line).workspaces && touched(isManifest),
    workflows: touched((path) => path.startsWith(`${WORKFLOWS_PATH}/`)),
    procedure: touched((path) => named.includes(path)),
  }
}

/** The configuration, the files that it takes holidays from, and those in which something was wrong. */
const configFiles = (line: Line): readonly string[] => [
  CONFIG_PATH,
  ...holidayFilesIn(configFor(line)).map(({ file }) => file),
  ...(line.config.is === "invalid" ? line.config.problems.map(({ file }) => file) : []),
]

/** Buttons on a readiness check; what else is pressed (`rollback:production`) asks only who pressed. */
const READINESS = ["approve", "hold", "recut", "publish"]

function releaseNeeds(state: State | undefined, signals: readonly Signal[]) {
  const clicks = signals.filter((s) => s.kind === "clicked")
  const fresh: { [release: string]: ReleaseNeeds } = {}
  const pinned: { [release: string]: ReleaseNeeds } = {}
  const people: Person[] = clicks.map((click) => click.by)
  for (const release of state?.releases ?? []) {
    if (release.phase.is === "published") continue
    const candidate = candidateOf(release)
    const pressed = clicks.filter((click) => READINESS.includes(click.button) && isAbout(click, release))
    const merged = mergeOf(release, signals)
    const again = isExpired(release, signals) || release.unattended?.is === "asked" || merged !== undefined
    const tree = merged ?? treeless(release)
    const withTree = tree === undefined ? {} : { tree }
    if (pressed.length > 0 || again) fresh[release.id] = { ...freshNeeds(release, pressed, again, merged), ...withTree }
    else if (isUnread(state, candidate))
      pinned[release.id] = { shas: [candidate], head: false, fresh: false, ...withTree, ...reviewNeeds(state, release) }
    else if (tree !== undefined) pinned[release.id] = { shas: [], head: false, fresh: false, tree }
    // guard: left-the-team
    if (again || pressed.some((click) => click.button === "publish")) people.push(...decidersOf(release))
  }
  return { fresh, pinned, people }
}

/** Where changes may be of low risk nobody has to press Approve: what they need is read once the release is cut. */
function reviewNeeds(state: State | undefined, { branch, phase }: Release): Pick<ReleaseNeeds, "authors"> {
  const line = own(state?.lines, branch)
  if (!line || phase.is !== "cut" || configFor(line).risk.low.length === 0) return {}
  return { authors: { upTo: endOf(phase.candidate), again: false } }
}

/** An attempt to publish came too late for what its gates were seen by: they are looked at again before the next. */
const isExpired = ({ id, phase }: Release, signals: readonly Signal[]): boolean =>
  phase.is === "cut" &&
  phase.publishing !== undefined &&
  signals.some(
    (s) =>
      s.kind === "ended" &&
      s.of === "publish" &&
      s.target === draftTarget(id) &&
      s.outcome.is === "refused" &&
      s.outcome.code === "expired",
  )

/** `slipway:RELEASE:HASH`: the check run that was pressed says which release it shows. */
const isAbout = (click: Clicked, release: Release): boolean => click.externalId.split(":")[1] === release.id

function freshNeeds(
  release: Release,
  pressed: readonly Clicked[],
  again: boolean,
  merged: string | undefined,
): ReleaseNeeds {
  const about =
    merged ?? candidateOf(release) ?? (release.unattended?.is === "asked" ? release.unattended.sha : undefined)
  const shas = new Set([...pressed.map((click) => click.sha), ...(about === undefined ? [] : [about])])
  const publishes = again || pressed.some(({ button }) => button === "publish")
  const counts = publishes || pressed.some(({ button }) => button === "approve")
  const upTo = about ?? pressed.at(-1)?.sha
  return {
    shas: [...shas],
    head: pressed.some((click) => click.button === "recut"),
    fresh: true,
    ...(counts && upTo !== undefined ? { authors: { upTo: landingOf(release, upTo), again: publishes } } : {}),
  }
}

/** The commit that the release's pull request was merged as, if that is what has happened. */
const mergeOf = ({ branch, pull }: Release, signals: readonly Signal[]): string | undefined =>
  signals.flatMap((s) =>
    s.kind === "merged" && s.base === branch && pull?.is === "open" && s.pull.number === pull.number
      ? [s.pull.mergeSha]
      : [],
  )[0]

/** A merge whose tree is not known yet. */
function treeless({ phase, pull }: Release): string | undefined {
  if (phase.is !== "cut" || pull?.is !== "merged" || phase.candidate.tree !== undefined) return undefined
  return phase.candidate.sha
}

/** Whose word a publication rests on: a permission may have been taken away since. */
const decidersOf = (release: Release): readonly Person[] => [
  ...release.approvals.map((approval) => approval.by),
  ...(release.hold ? [release.hold.by] : []),
]

/** A cut that no click made (a code freeze) has a commit whose checks only events have told of. */
function isUnread(state: State | undefined, sha: string | undefined): sha is string {
  if (!state || sha === undefined) return false
  const known = own(state.evidence, sha)
  const isMissing = (what: string) => !state.unknown.some((unknown) => unknown.what === `${what}:${sha}`)
  return (known?.readAt === undefined && isMissing("checks")) || (!known?.workflows && isMissing("workflows"))
}

const candidateOf = ({ phase }: Release): string | undefined =>
  phase.is === "drafted" ? undefined : phase.candidate.sha

/** A bot's click never counts: what it may do is not asked. */
function peopleOf(people: readonly Person[]): readonly Person[] {
  return [
    ...new Map(people.filter((person) => person.type === "User").map((person) => [person.login, person])).values(),
  ]
}
