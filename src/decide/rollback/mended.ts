import type { Change } from "../../model/change.ts"
import { closedIn } from "../../model/closes.ts"
import { isStable } from "../../model/known-tags.ts"
import type { Release } from "../../model/release.ts"
import { fullName } from "../../model/repository.ts"
import { undoingsIn, withoutReverted } from "../classify-reverts.ts"
import { putRelease, type Run, record, reply } from "../run.ts"
import { bare, SHORT, type Undoing } from "../undoing.ts"
import { short } from "../wording.ts"
import { incidentsOf } from "./follow-incidents.ts"
import { followed } from "./post-mortem.ts"

/**
 * A release comes out: what was rolled back before is mended by it if it takes a change of it back, or closes its
 * post-mortem, or an issue that asked for the rollback. The mark says so from now on, and the thread of the bad release
 * does, once. A prerelease mends no stable release: who runs that does not get it.
 *
 * @param changes of the release that comes out
 * @param at ISO 8601
 */
export function mendBad(run: Run, release: Release, changes: readonly Change[], at: string): void {
  if (release.phase.is !== "published") return
  const { version } = release.phase.candidate
  for (const bad of run.state.releases) {
    if (bad.id === release.id || bad.component !== release.component || bad.phase.is !== "published") continue
    if (bad.rolledBack.length === 0 || bad.mended) continue
    if (isStable(bad.phase.candidate.version) && !isStable(version)) continue
    const because = whyMended(run, bad, release, changes)
    if (because === undefined) continue
    const mended = { by: version, because, at }
    putRelease(run, { ...bad, mended })
    record(
      run,
      "mended",
      { version: bad.phase.candidate.version, fix: version, tag: release.tag, because, at },
      { release: bad.id },
    )
    reply(run, bad.id, `mended:${release.id}`, {
      is: "mended",
      version: bad.phase.candidate.version,
      by: version,
      because,
      at,
    })
  }
}

function whyMended(run: Run, bad: Release, { hand }: Release, changes: readonly Change[]): string | undefined {
  const left = withoutReverted(changes)
  const taken = left.flatMap(undoingsIn).flatMap((undoing) => takenBack(undoing, bad) ?? [])[0]
  if (taken !== undefined) return `it takes back ${taken}`
  const name = fullName(run.repo)
  const closed = new Set([
    ...left.flatMap(({ pull, commits }) => [
      ...(pull?.says?.closes ?? []),
      ...(pull ? closedIn(pull.title, name) : []),
      ...commits.flatMap(({ message }) => closedIn(message, name)),
    ]),
    ...closedIn(hand.above, name),
    ...closedIn(hand.below, name),
  ])
  const issues = followed(run).flatMap(({ release, number }) => (release === bad.id ? (number ?? []) : []))
  const issue = [...issues, ...incidentsOf(run, bad.id)].find((number) => closed.has(number))
  return issue === undefined ? undefined : `it closes #${issue}`
}

/** Which change of a bad release is taken back; undefined: none, as far as its notes have them. */
function takenBack({ shas, pulls, header }: Undoing, { phase }: Release): string | undefined {
  if (phase.is !== "published") return undefined
  const { breaking, sections } = phase.notes
  const entries = [...breaking, ...sections.flatMap((section) => section.entries)]
  const ids = entries.flatMap(({ sha, number, also = [] }) => [{ sha, number }, ...also])
  const bySha = ids.find(({ sha }) => shas.some((named) => named.length >= SHORT && sha.startsWith(named)))
  if (bySha) return nameOf(bySha)
  const byPull = ids.find(({ number }) => number !== undefined && pulls.includes(number))
  if (byPull) return nameOf(byPull)
  if (header === null || shas.length + pulls.length > 0) return undefined
  const text = withoutType(bare(header))
  const byText = entries.find((entry) => entry.text === text || entry.text === bare(header))
  return byText && nameOf(byText)
}

const nameOf = ({ number, sha }: { readonly number?: number | undefined; readonly sha: string }): string =>
  number === undefined ? short(sha) : `#${number}`

/** The notes show what a commit says without `feat(cart)!: ` before it. */
const withoutType = (header: string): string => header.replace(/^\w{1,40}(?:\([^()]{1,100}\))?!?: /, "")
