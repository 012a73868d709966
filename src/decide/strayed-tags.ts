import { lt } from "semver"
import { isStable } from "../model/known-tags.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { versionOfTag } from "../model/tag.ts"
import { componentOf } from "./division.ts"
import { endFinding, find } from "./findings.ts"
import { putLine, putRelease, type Run, record, reply } from "./run.ts"
import { isTakenBack } from "./undo-publishing.ts"
import { short } from "./wording.ts"

type TagPush = NonNullable<Extract<Signal, { kind: "look" }>["tag"]>

/**
 * Says what somebody did to the tag of a release. What Slipway published stays out as what it was: its version is not
 * given again, and the next one goes on from it. A tag that Slipway did not make is only as good as it stands: without it
 * versions count from the release before, and that is said too.
 */
export function watchTags(run: Run, signals: readonly Signal[]): void {
  const pushed = signals.flatMap((signal) => (signal.kind === "look" && signal.tag ? [signal.tag] : []))
  for (const tag of pushed) {
    const release = run.state.releases.find((one) => one.tag === tag.name || one.byHand?.tag === tag.name)
    if (release?.phase.is === "published") watchRelease(run, release, tag)
    else watchForeign(run, release, tag)
  }
  for (const line of Object.values(run.state.lines)) watchBase(run, line, pushed)
}

const findingOf = (tag: string): string => `tag:${tag}`

function watchRelease(run: Run, release: Release, { name, at, by = "somebody" }: TagPush): void {
  const { phase, strayed } = release
  if (phase.is !== "published") return
  const { sha, version } = phase.candidate
  if (phase.outside !== undefined) {
    if (at === null) endFinding(run, findingOf(name), `The tag ${name} was deleted by ${by}.`)
    return
  }
  if (at === sha) {
    if (!strayed) return
    const { strayed: _, ...back } = release
    record(run, "tag is back", { tag: name, sha }, { release: release.id, by })
    putRelease(run, back)
    endFinding(run, findingOf(name), `The tag ${name} was put back on ${short(sha)} by ${by}.`)
    return
  }
  if (strayed && strayed.to === at) return
  record(run, at === null ? "tag deleted" : "tag moved", { tag: name, from: sha, to: at }, { release: release.id, by })
  putRelease(run, { ...release, strayed: { to: at, by, at: run.at } })
  // Moved on from where it strayed to: what it is now replaces what was said of it.
  endFinding(run, findingOf(name), `The tag ${name} was moved on by ${by}.`, "elsewhere")
  find(run, strayedFinding(release, name, sha, { to: at, by }), "elsewhere")
  reply(run, release.id, `strayed:${at}:${run.at}`, {
    is: "tag strayed",
    tag: name,
    version,
    from: sha,
    to: at,
    by,
    at: run.at,
  })
}

/** The thread says it in a reply of its own, which shows both commits. */
function strayedFinding(release: Release, tag: string, sha: string, { to, by }: { to: string | null; by: string }) {
  const did = to === null ? `deleted, which stood on ${short(sha)}` : `moved from ${short(sha)} to ${short(to)}`
  return {
    id: findingOf(tag),
    kind: to === null ? "tag deleted" : "tag moved",
    says: `The tag ${tag} was ${did}: what people fetch by it is not what was approved.`,
    todo: `Put it back with “git push --force origin ${sha}:refs/tags/${tag}”; its version is not given to another release. ${RULESET}`,
    by,
    release: release.id,
  } as const
}

const RULESET = "A ruleset on tags that only Slipway may bypass prevents it."

/** A version tag that Slipway did not make: of its next release, or of none. */
function watchForeign(run: Run, open: Release | undefined, tag: TagPush): void {
  const { name, at, by } = tag
  if (at === null) {
    endFinding(run, findingOf(name), `The tag ${name} was deleted${by === undefined ? "" : ` by ${by}`}.`)
    return
  }
  if (open?.byHand || (open && isOwn(open, tag))) return
  const release = open ?? concernedBy(run, name)
  if (!release) return
  find(run, madeFinding(name, at, release.id, by))
}

/** Our own tag is made first: news of it may come before the end of its publication, or after that was refused. */
const isOwn = ({ phase }: Release, { at, isPerson }: TagPush): boolean =>
  phase.is === "cut" && phase.candidate.sha === at && (phase.publishing !== undefined || !isPerson)

/** A version tag of an open release stands, and no webhook told who made it. */
export function tagStands(run: Run, release: Release, { tag, sha }: { tag: string; sha: string }): void {
  find(run, madeFinding(tag, sha, release.id, undefined))
}

function madeFinding(tag: string, sha: string, release: string, by: string | undefined) {
  return {
    id: findingOf(tag),
    kind: "tag made",
    says: `The version tag ${tag} was made on ${short(sha)}, and not by Slipway: no gate was asked.`,
    todo: `Delete it, if it is not meant to be a release. ${RULESET}`,
    release,
    ...(by === undefined ? {} : { by }),
  } as const
}

/** The release that a version tag comes in the way of: the open one of its line and component, else the last one. */
function concernedBy(run: Run, tag: string): Release | undefined {
  const { lines, releases } = run.state
  const of = releases.filter(({ branch, component }) => {
    const line = own(lines, branch)
    const template = line && componentOf(line, { component })?.tag
    return template !== undefined && versionOfTag(tag, template) !== null
  })
  return of.find(({ phase }) => phase.is !== "published") ?? of.at(-1)
}

/** The release that a line starts from is another one than before, and not a later one. */
function watchBase(run: Run, line: Line, pushed: readonly TagPush[]): void {
  const before = own(run.before?.lines, line.branch)?.ledger?.base
  const now = line.ledger?.base
  if (!before || now === undefined || !own(run.facts.learned.ledgers, line.branch) || !isStable(before.version)) return
  if (before && isTakenBack(run, before.tag)) return
  const isBack = now === null || lt(now.version, before.version)
  const isMoved = now?.tag === before.tag && now.sha !== before.sha
  if (!isBack && !isMoved) return
  const tag = pushed.find(({ name }) => name === before.tag)
  const by = tag?.by
  const what = isMoved
    ? `The tag ${before.tag} was moved from ${short(before.sha)} to ${short(now.sha)}`
    : tag
      ? `The tag ${before.tag} was ${tag.at === null ? "deleted" : "moved"}`
      : `${before.tag} is not behind ${line.branch} any more`
  const from = now ? now.tag : "the first commit"
  const says = `${what}${by === undefined ? "" : ` by ${by}`}: changes count from ${from}${isMoved ? " as it stands now" : " again"}. If that was not meant, put the tag back on ${short(before.sha)}.`
  record(
    run,
    isMoved ? "base moved" : "base rewound",
    { branch: line.branch, from: before.tag, to: now?.tag ?? null, was: before.sha },
    by === undefined ? {} : { by },
  )
  putLine(run, { ...line, notice: { says, base: now?.sha ?? null } })
}

/** What happened to the release that a line starts from, for as long as it starts from it. */
export const baseNotice = ({ notice, ledger }: Line): string | undefined =>
  notice && notice.base === (ledger?.base?.sha ?? null) ? notice.says : undefined
