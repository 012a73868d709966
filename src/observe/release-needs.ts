import type { Person } from "../model/change.ts"
import { own } from "../model/own.ts"
import { endOf, landingOf, type Release } from "../model/release.ts"
import type { Clicked, Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { draftTarget } from "../model/target.ts"
import { configFor } from "./line-config.ts"

/** What has to be read of one release. */
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

/** Buttons on a readiness check; what else is pressed (`rollback:production`) asks only who pressed. */
const READINESS = ["approve", "hold", "recut", "publish"]

/** The clicks for which a release would be read afresh: about twenty requests, which not everybody may cause. */
export const pressesOf = (state: State | undefined, signals: readonly Signal[]): readonly Clicked[] =>
  signals.filter(
    (s): s is Clicked =>
      s.kind === "clicked" &&
      READINESS.includes(s.button) &&
      state?.releases.some((release) => release.phase.is !== "published" && isAbout(s, release)) === true,
  )

/** By release: what has to be read of it. */
interface ReleasesNeed {
  /** Read whole: a button was pressed, or they were merged, expired, or are to be published unattended. */
  readonly fresh: { readonly [release: string]: ReleaseNeeds }
  /** Of which the candidate, or its tree, is all that is not read yet. */
  readonly pinned: { readonly [release: string]: ReleaseNeeds }
  /** Who pressed, and whose word a publication rests on. */
  readonly people: readonly Person[]
}

/** What has to be read of the releases that are not published, from what was pressed and what has happened to them. */
export function releaseNeeds(state: State | undefined, signals: readonly Signal[]): ReleasesNeed {
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
