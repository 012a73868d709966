import { own } from "../model/own.ts"
import { type Beside, isBeside, type Release } from "../model/release.ts"
import type { Ended } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { endFinding, find } from "./findings.ts"
import { configOf } from "./plan-of.ts"
import { putLine, putRelease, type Run, record, releaseOf } from "./run.ts"
import { plain } from "./wording.ts"

/** GitHub tells of the tag and of the release that it came with in either order; the second comes within this. */
const PARTNER_MS = 10_000
/** The clocks of GitHub and of this machine differ by less. */
const CLOCKS_DIFFER_MS = 10 * 60_000

export const publishedFinding = (release: string): string => `published:${release}`
const target = (release: string): string => `unpublish:${release}`

/** Whether what is published by hand is taken back: so do the gates in force say, or those of the branch. */
export const reverts = (line: Line): boolean =>
  line.inForce.config?.value.onBypass === "revert" || configOf(line).onBypass === "revert"

/** Takes the release back that a person published; until that has ended, its line waits. */
export function undoPublishing(run: Run, release: Release): void {
  const { byHand } = release
  if (!byHand) return
  const { awaits: _, ...rest } = release
  putRelease(run, { ...rest, byHand: { ...byHand, undo: "asked" } })
  record(run, "unpublishing", { tag: byHand.tag }, { release: release.id, by: byHand.by })
  run.effects.push({
    kind: "unpublish",
    key: `${target(release.id)}@${run.at}`,
    target: target(release.id),
    lane: `release:${release.id}`,
    mode: "append",
    forgets: true,
    content: {
      release: release.id,
      tag: byHand.tag,
      since: new Date(Date.parse(byHand.at) - CLOCKS_DIFFER_MS).toISOString(),
    },
  })
}

/** How that ended: the release is open again and its line's history read anew; or it stays out, and is marked so. */
export function undoEnded(run: Run, { target: of, outcome }: Ended): void {
  const release = releaseOf(run.state, of.slice(target("").length))
  const byHand = release?.byHand
  const line = release && own(run.state.lines, release.branch)
  if (!release || !byHand || !line || outcome.is === "retry") return
  const { tag } = byHand
  if (outcome.is === "done" && outcome.result?.tag === "removed") {
    const { byHand: _, ...back } = release
    putRelease(run, { ...back, redraws: release.redraws + 1, tookBack: tag })
    putLine(run, { ...line, outdated: `Slipway took back the tag ${tag}, which came by hand` })
    endFinding(run, publishedFinding(release.id), `Slipway turned ${tag} back into a draft and removed its tag.`)
    return
  }
  const because = plain(
    outcome.is === "refused" ? outcome.because : String(outcome.result?.because ?? "no reason is known"),
  )
  const left =
    outcome.is === "done"
      ? `it is a draft again, but its tag stays: ${because}`
      : `it could not be taken back: ${because}`
  putRelease(run, { ...release, byHand: { ...byHand, undo: { left } } })
  endFinding(run, publishedFinding(release.id), `It was published by hand: ${left}`, "elsewhere")
  find(run, {
    id: `left:${release.id}`,
    kind: "published by hand",
    says: `${tag} was published by hand, with no gate asked; ${left}`,
    todo: "Whoever uses it has to know: see what was deployed from it, and release the next version by the button of its check.",
    by: byHand.by,
    release: release.id,
  })
}

/** Whether a tag goes, or went, since Slipway takes it back: that is said elsewhere. */
export const isTakenBack = ({ state }: Run, tag: string): boolean =>
  state.releases.some(
    ({ phase, byHand, tookBack }) =>
      phase.is !== "published" && (tookBack === tag || (byHand?.tag === tag && byHand.undo === "asked")),
  )

/** What is being taken back is not taken for a release meanwhile. */
export const isUndone = (run: Run, of: Beside): boolean =>
  run.state.releases.some((one) => isBeside(one, of) && one.phase.is !== "published" && one.byHand?.undo === "asked")

/** Whether a tag of an open release still waits for the release that it may have come with. */
export function awaitsPartner(run: Run, line: Line, release: Release): boolean {
  if (release.byHand || !reverts(line)) return false
  if (release.awaits !== undefined) return run.at < release.awaits
  putRelease(run, { ...release, awaits: new Date(run.now.getTime() + PARTNER_MS).toISOString() })
  return true
}

/** The tag that was waited about is gone. */
export function awaitNothing(run: Run, of: Beside): void {
  for (const release of run.state.releases) {
    if (release.awaits === undefined || !isBeside(release, of)) continue
    const { awaits: _, ...rest } = release
    putRelease(run, rest)
  }
}

/** When such a wait ends (ISO 8601). */
export const awaitedAt = ({ state }: Run): readonly string[] =>
  state.releases.flatMap(({ awaits, phase }) => (awaits === undefined || phase.is === "published" ? [] : [awaits]))
