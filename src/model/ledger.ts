import type { Change, Commit, Pull } from "./change.ts"
import { channelOf, type KnownTags, tagsFrom } from "./known-tags.ts"
import { asAsked } from "./path-glob.ts"

/** The release that a line of changes starts from. */
export interface Base {
  readonly tag: string
  readonly version: string
  readonly sha: string
}

/** Where the changes of one component begin; the fields are those of a ledger. */
export interface Start {
  readonly base: Base | null
  readonly vouched?: Base | null
  /** Known from a read-back. */
  readonly tags?: KnownTags
}

/**
 * A mirror of one branch since its last release. It is fed by `push` and `pull_request` payloads, so that a merge
 * costs no reading; continuity is checked, and any gap means a full read-back.
 */
export interface Ledger {
  readonly branch: string
  /** null: the branch has no release yet. */
  readonly base: Base | null
  /**
   * Set while the base is a tag that Slipway did not make: the release before it, null for none. `commits` begin there,
   * since a pushed tag asks no gate, and what lies behind it still needs its four eyes.
   */
  readonly vouched?: Base | null
  /**
   * By component, in a repository that has some: where the changes of each begin. Then `base` is null, and `commits`
   * go back to the oldest of them: what one component sees is `componentLedger`.
   */
  readonly starts?: { readonly [component: string]: Start }
  /** The patterns of paths that the files of the commits speak of. Absent: nothing asks for files, and none are kept. */
  readonly paths?: readonly string[]
  readonly head: string
  /** In the order in which they landed, oldest first; commits of one landing stand together, its end last. */
  readonly commits: readonly Commit[]
  /** Merged pull requests whose merge commit is in `commits`, or is still to arrive. */
  readonly pulls: readonly Pull[]
  /** Earlier heads, newest last: by them a late push event is known for what it is. */
  readonly heads: readonly string[]
  /** Known from a read-back. */
  readonly tags?: KnownTags
}

/** What a push did to a branch. */
export interface Advance {
  readonly before: string
  readonly after: string
  readonly forced: boolean
  /** False where GitHub cut the list of commits (2,048) or of files. */
  readonly complete: boolean
  readonly commits: readonly Commit[]
}

export type Extended =
  | { readonly is: "extended"; readonly ledger: Ledger }
  | { readonly is: "gap"; readonly because: string }

const HEADS_KEPT = 50
const WAITING_PULLS_KEPT = 100

/**
 * Follows pushes from the ledger's head, whatever order they arrived in. A push that the ledger has already seen
 * changes nothing; one that does not connect is a gap.
 */
export function extend(ledger: Ledger, advances: readonly Advance[]): Extended {
  let next = ledger
  let rest = advances.filter((a) => !isOld(ledger, a))
  while (rest.length > 0) {
    const step = rest.find((a) => a.before === next.head)
    if (!step) return { is: "gap", because: disconnected(next, rest) }
    if (step.forced) return { is: "gap", because: `${ledger.branch} was force-pushed to ${step.after.slice(0, 7)}` }
    if (!step.complete)
      return { is: "gap", because: `the push to ${step.after.slice(0, 7)} does not list all its commits` }
    next = append(next, step)
    rest = rest.filter((a) => a !== step && !isOld(next, a))
  }
  return { is: "extended", ledger: next }
}

/**
 * Whether the ledger is past a push. One that is forced, or makes the branch anew, may lead back to what is known; one
 * that starts at the head goes on from there, also to a commit that was taken away before.
 */
const isOld = (ledger: Ledger, { before, after, forced }: Advance): boolean => {
  if (after === ledger.head) return true
  return before !== ledger.head && !forced && !/^0+$/.test(before) && isKnown(ledger, after)
}

const isKnown = (ledger: Ledger, sha: string): boolean =>
  sha === ledger.head || ledger.heads.includes(sha) || ledger.commits.some((c) => c.sha === sha)

const disconnected = (ledger: Ledger, rest: readonly Advance[]): string =>
  `${ledger.branch} was last seen at ${ledger.head.slice(0, 7)}, but a push starts at ${rest[0]?.before.slice(0, 7)}`

function append(ledger: Ledger, step: Advance): Ledger {
  const known = new Set(ledger.commits.map((c) => c.sha))
  return {
    ...ledger,
    head: step.after,
    heads: [...ledger.heads, ledger.head].slice(-HEADS_KEPT),
    commits: [...ledger.commits, ...step.commits.filter((c) => !known.has(c.sha)).map((c) => keepAsked(c, ledger))],
  }
}

/** The files of a commit as far as the ledger speaks of files: long lists would swell the state for nothing. */
function keepAsked(commit: Commit, { paths }: Ledger): Commit {
  const { files, ...rest } = commit
  return files && paths ? { ...rest, files: asAsked(files, paths) } : rest
}

/**
 * Adds merged pull requests, by number; one that is already there is replaced (an edited title, a new label). That it
 * was its author's first only the first event tells: by the next one they are a contributor.
 */
export function join(ledger: Ledger, pulls: readonly Pull[]): Ledger {
  if (pulls.length === 0) return ledger
  const byNumber = new Map(ledger.pulls.map((p) => [p.number, p]))
  for (const pull of pulls)
    byNumber.set(pull.number, byNumber.get(pull.number)?.firstTime ? { ...pull, firstTime: true } : pull)
  const known = new Set(ledger.commits.map((c) => c.sha))
  const all = [...byNumber.values()].sort((a, b) => a.number - b.number)
  const waiting = new Set(all.filter((p) => !known.has(p.mergeSha)).slice(-WAITING_PULLS_KEPT))
  return { ...ledger, pulls: all.filter((p) => known.has(p.mergeSha) || waiting.has(p)) }
}

/** The ledger from a release on: everything up to and including its commit is behind it. Null: not on this branch. */
export function startFrom(ledger: Ledger, base: Base): Ledger | null {
  const { vouched, ...rest } = ledger
  if (base.sha === ledger.base?.sha && vouched === undefined)
    return { ...ledger, base, ...knownFrom(ledger, base, ledger.commits) }
  const at = ledger.commits.findIndex((c) => c.sha === base.sha)
  if (at < 0) return null
  const commits = ledger.commits.slice(at + 1)
  const gone = new Set(ledger.commits.slice(0, at + 1).map((c) => c.sha))
  const pulls = ledger.pulls.filter((p) => !gone.has(p.mergeSha))
  return { ...rest, base, commits, pulls, ...knownFrom(ledger, base, commits) }
}

const knownFrom = ({ tags }: Start, base: Base, commits: readonly Commit[]): Pick<Start, "tags"> =>
  tags ? { tags: tagsFrom(tags, base, commits) } : {}

/** The release that `commits` begin after; null: they begin with the first commit. */
export const startOf = ({ base, vouched }: Start): Base | null => (vouched === undefined ? base : vouched)

/**
 * The commit behind which nobody has vouched for anything yet: that of the last release of Slipway's own making. Undefined:
 * the start of the ledger. A prerelease that somebody else tagged asked no gate.
 */
export function vouchedFrom(ledger: Ledger, previous: Base | null): string | undefined {
  if (previous === null || !holds(ledger, previous.sha)) return undefined
  if (previous.sha === ledger.base?.sha) return ledger.vouched === undefined ? previous.sha : undefined
  const marks = ledger.tags?.inside ?? []
  const at = marks.findIndex(({ tag }) => tag === previous.tag)
  if (at < 0) return ledger.vouched === undefined ? previous.sha : undefined
  const channel = channelOf(previous.version)
  return marks.slice(0, at + 1).findLast((mark) => mark.ours && mark.landed && channelOf(mark.version) === channel)?.sha
}

/** The changes from `after` (exclusive; undefined: from the start) to `upTo` (inclusive; undefined: to the head). */
export function changesOf(ledger: Ledger, after?: string, upTo?: string): readonly Change[] {
  const start = after === undefined ? 0 : indexOf(ledger, after) + 1
  const end = upTo === undefined ? ledger.commits.length : indexOf(ledger, upTo) + 1
  return group(ledger.commits.slice(start, end), ledger.pulls)
}

const places = new WeakMap<readonly Commit[], ReadonlyMap<string, number>>()

/** By SHA: where each commit of a list stands; made once for each list. */
export function placesIn(commits: readonly Commit[]): ReadonlyMap<string, number> {
  const found = places.get(commits) ?? new Map(commits.map(({ sha }, at) => [sha, at]))
  places.set(commits, found)
  return found
}

/** Whether `sha` is where the ledger begins, or a commit of it. */
export const holds = (ledger: Ledger, sha: string): boolean =>
  sha === startOf(ledger)?.sha || placesIn(ledger.commits).has(sha)

/** -1 for the start itself, which stands before the first commit; throws for a commit of another history. */
function indexOf(ledger: Ledger, sha: string): number {
  const at = placesIn(ledger.commits).get(sha) ?? -1
  if (at < 0 && sha !== startOf(ledger)?.sha) throw new Error(`${sha} is not in the ledger of ${ledger.branch}`)
  return at
}

/**
 * Groups commits into changes. A pull request claims the commit that it was merged as, and before it, of the same
 * landing: nothing (squash), the branch's commits (merge commit), or as many as its branch had (rebase).
 *
 * GitHub calls a pull request merged when its commits are on the base, so a merge that carries another one's branch
 * merges both, as one commit. The commits go with the one that was merged; the other is a change without any, so that
 * its entry and its authors count too.
 */
export function group(commits: readonly Commit[], pulls: readonly Pull[]): readonly Change[] {
  const pullsAt = Map.groupBy(pulls, (p) => p.mergeSha)
  const changes: Change[] = []
  let loose: Commit[] = []
  const flush = () => {
    if (loose.length === 0) return
    for (const commit of loose) changes.push({ id: commit.sha, sha: commit.sha, commits: [commit] })
    loose = []
  }
  for (const commit of commits) {
    const merged = pullsAt.get(commit.sha)
    const pull = merged && mergedAs(commit, merged)
    if (!merged || !pull) {
      loose.push(commit)
      continue
    }
    const claimed = claim(loose, commit, pull)
    const own = claimed === 0 ? [] : loose.splice(loose.length - claimed)
    flush()
    for (const other of merged)
      changes.push({
        id: `#${other.number}`,
        sha: commit.sha,
        commits: other === pull ? [...own, commit] : [],
        pull: other,
      })
  }
  flush()
  return changes
}

/** Of the pull requests that were merged as one commit, the one that the commit names, else the newest. */
const mergedAs = (end: Commit, merged: readonly Pull[]): Pull | undefined =>
  merged.length === 1 ? merged[0] : (merged.find(({ number }) => landsPull(end, number)) ?? merged.at(-1))

/** Whether a commit says, as GitHub writes it for a merge and for a squash, that the pull request landed with it. */
export const landsPull = (end: Commit, number: number): boolean =>
  end.message.startsWith(`Merge pull request #${number} `) || subject(end).endsWith(`(#${number})`)

/** Commits what is squashed in GitHub's pages; a rebase is committed by the person who merged. */
const WEB_FLOW = "web-flow"

/** How many of the commits that came before, and that nobody claimed, belong to the pull request merged as `end`. */
function claim(before: readonly Commit[], end: Commit, pull: Pull): number {
  let sameLanding = 0
  while (before[before.length - 1 - sameLanding]?.landing === end.landing) sameLanding++
  if (isMergeCommit(end)) return sameLanding
  if (sameLanding === 0 && (pull.commits ?? 1) === 1) return 0
  const landed = before.slice(before.length - sameLanding)
  if (!end.parents && sameLanding > 0 && sameLanding === pull.commits && !landed.some(isSquash)) return sameLanding
  if (end.committer === WEB_FLOW) return 0
  if (subject(end).endsWith(`(#${pull.number})`) || subject(end) === pull.title) return 0
  const rebased = (pull.commits ?? 1) - 1
  return Math.min(rebased, end.parents ? before.length : sameLanding)
}

/**
 * Whether the commit that a change ends with only merged a branch. A push payload names no parents, and a merge commit
 * may bear the pull request's title: then it is the one that the branch's own commits do not count.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/configuring-commit-merging-for-pull-requests
 */
export function endsInMerge({ commits, pull }: Change): boolean {
  const end = commits.at(-1)
  if (!end) return false
  return isMergeCommit(end) || (!end.parents && pull?.commits !== undefined && commits.length > pull.commits)
}

const isSquash = (commit: Commit): boolean => /\(#\d+\)$/.test(subject(commit))

/** Whether a commit joins two lines; a push payload names no parents, so there its message says it. */
export const isMergeCommit = (commit: Commit): boolean =>
  commit.parents ? commit.parents.length > 1 : /^Merge (pull request|branch|remote-tracking) /.test(commit.message)

function subject({ message }: Commit): string {
  const end = message.indexOf("\n")
  return end < 0 ? message : message.slice(0, end)
}
