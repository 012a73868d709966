import { lt } from "semver"
import { isStable } from "../model/known-tags.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { putLine, putRelease, type Run, record, reply } from "./run.ts"
import { instant, short } from "./wording.ts"

type TagPush = NonNullable<Extract<Signal, { kind: "look" }>["tag"]>

/**
 * Says what somebody did to the tag of a release. What Slipway published stays out as what it was: its version is not
 * given again, and the next one goes on from it. A tag that Slipway did not make is only as good as it stands: without it
 * versions count from the release before, and that is said too.
 */
export function watchTags(run: Run, signals: readonly Signal[]): void {
  const pushed = signals.flatMap((signal) => (signal.kind === "look" && signal.tag ? [signal.tag] : []))
  for (const tag of pushed)
    for (const release of run.state.releases) if (release.tag === tag.name) watchRelease(run, release, tag)
  for (const line of Object.values(run.state.lines)) watchBase(run, line, pushed)
}

function watchRelease(run: Run, release: Release, { name, at, by = "somebody" }: TagPush): void {
  const { phase, strayed } = release
  if (phase.is !== "published" || phase.outside !== undefined) return
  const { sha, version } = phase.candidate
  if (at === sha) {
    if (!strayed) return
    const { strayed: _, ...back } = release
    record(run, "tag is back", { tag: name, sha }, { release: release.id, by })
    putRelease(run, back)
    return
  }
  if (strayed && strayed.to === at) return
  record(run, at === null ? "tag deleted" : "tag moved", { tag: name, from: sha, to: at }, { release: release.id, by })
  putRelease(run, { ...release, strayed: { to: at, by, at: run.at } })
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

/** What the page of a release says of its tag; undefined: it stands where it was made. */
export function strayedWarning({ tag, phase, strayed }: Release): string | undefined {
  if (!strayed || phase.is !== "published") return undefined
  const { sha, version } = phase.candidate
  const did =
    strayed.to === null
      ? `was deleted, which stood on ${short(sha)}`
      : `was moved from ${short(sha)} to ${short(strayed.to)}`
  return (
    `The tag ${tag} ${did}, by ${strayed.by} on ${instant(strayed.at)}: what people fetch as ${version} is not what was ` +
    `approved. Put it back with \`git push --force origin ${sha}:refs/tags/${tag}\`; ${version} is not given to another release.`
  )
}

/** The release that a line starts from is another one than before, and not a later one. */
function watchBase(run: Run, line: Line, pushed: readonly TagPush[]): void {
  const before = own(run.before?.lines, line.branch)?.ledger?.base
  const now = line.ledger?.base
  if (!before || now === undefined || !own(run.facts.learned.ledgers, line.branch) || !isStable(before.version)) return
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
